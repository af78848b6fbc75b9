import { defineRule } from '../../engine/findings/rule';
import { injectionWebhooks, MUTATING, overlapsOf } from '../../engine/mesh/istio/injection-webhooks';
import { lookup } from '../../engine/yaml/tree';

const webhook = (name: string, selector: string): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: ${name}\nwebhooks:\n  - name: namespace.sidecar-injector.istio.io\n    clientConfig:\n      url: https://${name}.example:15017/inject\n    namespaceSelector:\n      matchLabels:\n        ${selector}\n`;

export const rule = defineRule({
  id: 'istio/webhook-overlap',
  severity: 'warning',
  summary: 'Two webhooks of the injector match the same pods.',
  why:
    'The API server calls every webhook that matches. With two control planes behind them, each injects its own proxy: which of them a pod ' +
    'ends up with, and in which version, is a matter of the order in which they are called.',
  todo: 'Change the selectors, so that at most one webhook matches a pod; or remove the configuration of the control plane that is no longer used.',
  kinds: [MUTATING],
  mentions: ['istio.io'],
  equivalents: ['IST0139'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0139/',
  since: '0.1.0',
  noFix: 'which control plane is to inject, only who runs them can tell',
  examples: {
    bad: [
      {
        title: 'Two control planes for one label',
        files: {
          'webhooks.yaml': `${webhook('istio-sidecar-injector', 'istio-injection: enabled')}---\n${webhook('istio-sidecar-injector-old', 'istio-injection: enabled')}`,
        },
        findings: [
          {
            at: 'webhooks.yaml:6:11',
            text: 'namespace.sidecar-injector.istio.io',
            message:
              'Webhook namespace.sidecar-injector.istio.io of MutatingWebhookConfiguration istio-sidecar-injector matches pods that another one matches as well: namespace.sidecar-injector.istio.io of istio-sidecar-injector-old, for a pod with no label of Istio in a namespace with istio-injection=enabled. Such a pod is injected twice. Let the selectors exclude each other.',
          },
          {
            at: 'webhooks.yaml:18:11',
            text: 'namespace.sidecar-injector.istio.io',
            message:
              'Webhook namespace.sidecar-injector.istio.io of MutatingWebhookConfiguration istio-sidecar-injector-old matches pods that another one matches as well: namespace.sidecar-injector.istio.io of istio-sidecar-injector, for a pod with no label of Istio in a namespace with istio-injection=enabled. Such a pod is injected twice. Let the selectors exclude each other.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A revision, and namespaces that name none',
        files: {
          'webhooks.yaml': `${webhook('istio-sidecar-injector', 'istio-injection: enabled')}---\n${webhook('istio-sidecar-injector-old', 'istio.io/rev: old')}      matchExpressions:\n        - key: istio-injection\n          operator: DoesNotExist\n`,
        },
      },
    ],
  },
  *check(subject, view) {
    for (const webhook of injectionWebhooks(subject)) {
      const overlaps = overlapsOf(webhook, view);
      const [first] = overlaps;
      if (first === undefined) continue;
      const { name, node } = webhook;
      const more = overlaps.length > 1 ? ` and ${overlaps.length - 1} more` : '';
      const whose =
        first.other.configuration === subject ? 'of the same configuration' : `of ${first.other.configuration.name ?? ''}`;
      yield {
        place: { node: lookup(node, 'name') ?? node },
        message: [
          `Webhook ${name} of ${subject.title} matches pods that another one matches as well:`,
          `${first.other.name} ${whose}${more}, for a pod ${first.pod}.`,
          'Such a pod is injected twice. Let the selectors exclude each other.',
        ].join(' '),
        related: overlaps.map(({ other }) => ({
          place: { node: lookup(other.node, 'name') ?? other.node },
          message: `${other.configuration.title} matches them as well.`,
        })),
      };
    }
  },
});
