import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { controlPlaneWebhooks, WEBHOOK_KINDS } from '../../engine/mesh/istio/injection-webhooks';
import { parseRequestUri } from '../../engine/mesh/istio/validation/values/url';
import type { Resource } from '../../engine/resources/resource';
import { isSet, lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const webhook = (target: string): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: istio-sidecar-injector-external\nwebhooks:\n  - name: rev.namespace.sidecar-injector.istio.io\n    clientConfig:\n${target}    failurePolicy: Fail\n`;

export const rule = defineRule({
  id: 'istio/webhook-without-address',
  severity: 'error',
  summary: 'A webhook of an external control plane leads nowhere.',
  why:
    'A webhook calls a Service of its own cluster, or a URL where the control plane runs elsewhere. The API server wants exactly one of the ' +
    'two, and for the URL one that begins with `https://`; it refuses the whole configuration otherwise, and no pod is injected.',
  todo: 'Set `clientConfig.url` to the address of the control plane, or `clientConfig.service`.',
  kinds: WEBHOOK_KINDS,
  mentions: ['istio.io'],
  equivalents: ['IST0163'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0163/',
  since: '0.1.0',
  noFix: 'only who runs the control plane knows its address',
  examples: {
    bad: [
      {
        title: 'A URL that was not filled in',
        files: { 'webhook.yaml': webhook('      url:\n') },
        findings: [
          {
            at: 'webhook.yaml:7:5',
            text: 'clientConfig',
            message:
              'Webhook rev.namespace.sidecar-injector.istio.io has neither a URL nor a Service. The API server refuses MutatingWebhookConfiguration istio-sidecar-injector-external: without it nothing is injected. Set clientConfig.url to the address of the control plane, or clientConfig.service.',
          },
        ],
      },
      {
        title: 'No URL for the API server',
        files: { 'webhook.yaml': webhook('      url: istiod.example:15017/inject\n') },
        findings: [
          {
            at: 'webhook.yaml:8:12',
            text: 'istiod.example:15017/inject',
            message:
              'Webhook rev.namespace.sidecar-injector.istio.io has a URL that does not begin with https:// and a host. The API server refuses MutatingWebhookConfiguration istio-sidecar-injector-external: without it nothing is injected. Write it as https://host:15017/inject.',
          },
        ],
      },
    ],
    good: [
      { title: 'An address', files: { 'webhook.yaml': webhook('      url: https://istiod.example:15017/inject\n') } },
      {
        title: 'A Service',
        files: { 'webhook.yaml': webhook('      service:\n        name: istiod\n        namespace: istio-system\n') },
      },
    ],
  },
  *check(subject) {
    for (const webhook of controlPlaneWebhooks(subject)) {
      const config = lookup(webhook, 'clientConfig');
      const url = lookup(config, 'url');
      const isUnset = !isSet(url) || stringOf(url) === '';
      if (isUnset && !isSet(lookup(config, 'service'))) yield missing(subject, webhook);
      else if (!isUnset && isWrong(url)) yield wrong(subject, webhook, url);
    }
  },
});

function missing(subject: Resource, webhook: YamlNode): Finding {
  const config = webhook.type === 'map' ? webhook.entry('clientConfig') : undefined;
  return {
    place: { node: config?.key ?? lookup(webhook, 'name') ?? webhook },
    message: `Webhook ${nameOf(webhook)} has neither a URL nor a Service. ${refusal(subject)} Set clientConfig.url to the address of the control plane, or clientConfig.service.`,
  };
}

function wrong(subject: Resource, webhook: YamlNode, url: YamlNode): Finding {
  const path = subject.header.kind.startsWith('Validating') ? 'validate' : 'inject';
  return {
    place: { node: url },
    message: `Webhook ${nameOf(webhook)} has a URL that does not begin with https:// and a host. ${refusal(subject)} Write it as https://host:15017/${path}.`,
  };
}

function refusal(subject: Resource): string {
  const result = subject.header.kind.startsWith('Validating') ? 'nothing is validated' : 'nothing is injected';
  return `The API server refuses ${subject.title}: without it ${result}.`;
}

function nameOf(webhook: YamlNode): string {
  return stringOf(lookup(webhook, 'name')) ?? '(without a name)';
}

/** The API server's own rule for URLs of webhooks (kubernetes/apiserver pkg/util/webhook/validation.go ValidateWebhookURL). */
function isWrong(url: YamlNode): boolean {
  const text = stringOf(url);
  if (text === undefined) return false;
  const parsed = parseRequestUri(text);
  return parsed?.scheme !== 'https' || parsed.host === '';
}
