import { defineRule } from '../../engine/findings/rule';
import { checkProxyConfig } from '../../engine/mesh/istio/validation/webhook/proxy-config';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-proxy-config',
  severity: 'error',
  summary: 'A ProxyConfig says something that Istio refuses, or takes with a warning.',
  why:
    "When a ProxyConfig is applied, istiod's webhook checks its selector and annotations. Proxies start without the " +
    'settings of one that is refused. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['ProxyConfig.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/proxy-config/',
  since: '0.1.0',
  noFix: 'which workloads are meant is for its author to say',
  examples: {
    bad: [
      {
        title: 'A selector that selects everything',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata:\n  name: cart\nspec:\n  selector:\n    matchLabels: {}\n  concurrency: 2\n',
        },
        findings: [
          {
            at: 'cart.yaml:6:3',
            text: 'selector',
            message:
              'The selector names no labels. It selects all workloads, as none at all would. Name the labels of the workloads that are meant, or remove the selector.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'One workload',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata:\n  name: cart\nspec:\n  selector:\n    matchLabels:\n      app: cart\n  concurrency: 2\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkProxyConfig),
});
