import { defineRule } from '../../engine/findings/rule';
import { controlPlaneWebhooks, WEBHOOK_KINDS } from '../../engine/mesh/istio/injection-webhooks';
import { isIp } from '../../engine/mesh/istio/validation/values/ip';
import { parseRequestUri } from '../../engine/mesh/istio/validation/values/url';
import { lookup, stringOf } from '../../engine/yaml/tree';

const webhook = (host: string): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: istio-sidecar-injector-external\nwebhooks:\n  - name: rev.namespace.sidecar-injector.istio.io\n    clientConfig:\n      url: https://${host}:15017/inject\n`;

export const rule = defineRule({
  id: 'istio/webhook-address-is-ip',
  severity: 'info',
  summary: 'A webhook calls an external control plane by an IP address.',
  why:
    "The API server checks the control plane's certificate against the host of the URL. Certificates are for names, as a rule: one that " +
    'does not list the address is refused, and so are the pods; and the address of a load balancer may change.',
  todo: 'Use a host name that leads to the control plane and stands in its certificate.',
  kinds: WEBHOOK_KINDS,
  mentions: ['istio.io'],
  equivalents: ['IST0164'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0164/',
  since: '0.1.0',
  noFix: 'which name leads to the address, no manifest tells',
  examples: {
    bad: [
      {
        title: 'An address of a load balancer',
        files: { 'webhook.yaml': webhook('192.0.2.7') },
        findings: [
          {
            at: 'webhook.yaml:8:12',
            text: 'https://192.0.2.7:15017/inject',
            message:
              'Webhook rev.namespace.sidecar-injector.istio.io calls the control plane at the IP address 192.0.2.7. Its certificate has to list the address, and the address has to stay. Use a host name.',
          },
        ],
      },
    ],
    good: [{ title: 'A host name', files: { 'webhook.yaml': webhook('istiod.example') } }],
  },
  *check(subject) {
    for (const webhook of controlPlaneWebhooks(subject)) {
      const url = lookup(webhook, 'clientConfig', 'url');
      const host = hostOf(stringOf(url) ?? '');
      if (url === undefined || !isIp(host)) continue;
      yield {
        place: { node: url },
        message: `Webhook ${stringOf(lookup(webhook, 'name')) ?? '(without a name)'} calls the control plane at the IP address ${host}. Its certificate has to list the address, and the address has to stay. Use a host name.`,
      };
    }
  },
});

/** Without port and brackets. */
function hostOf(url: string): string {
  const host = parseRequestUri(url)?.host ?? '';
  return host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '');
}
