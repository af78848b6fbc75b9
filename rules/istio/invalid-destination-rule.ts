import { defineRule } from '../../engine/findings/rule';
import { checkDestinationRule } from '../../engine/mesh/istio/validation/webhook/destination-rule';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-destination-rule',
  severity: 'error',
  summary: 'A DestinationRule says something that Istio refuses, or takes with a warning.',
  why:
    "When a DestinationRule is applied, istiod's webhook checks what the schema cannot: that names of subsets differ, that " +
    'shares of localities add up, that TLS has the certificates it needs, that settings do not contradict each other. What ' +
    'the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['DestinationRule.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
  since: '0.1.0',
  noFix: 'which of the settings was meant is not known',
  examples: {
    bad: [
      {
        title: 'Mutual TLS without a certificate',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\nspec:\n  host: cart.example.com\n  trafficPolicy:\n    tls:\n      mode: MUTUAL\n      clientCertificate: /etc/certs/client.pem\n',
        },
        findings: [
          {
            at: 'cart.yaml:9:7',
            text: 'mode',
            message:
              'MUTUAL shows a certificate of the client, and "privateKey" is not set. Istio\'s webhook refuses DestinationRule cart: none of it takes effect. Set clientCertificate and privateKey, or credentialName.',
          },
        ],
      },
      {
        title: 'Shares that are not all of the traffic, and a failover that never happens',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\nspec:\n  host: cart\n  trafficPolicy:\n    loadBalancer:\n      localityLbSetting:\n        distribute:\n          - from: eu/*\n            to:\n              eu/*: 80\n              us/*: 10\n  subsets:\n    - name: next\n      trafficPolicy:\n        loadBalancer:\n          localityLbSetting:\n            failover:\n              - from: eu\n                to: us\n',
        },
        findings: [
          {
            at: 'cart.yaml:12:13',
            text: 'to',
            message:
              "The shares add up to 90 per cent. Istio's webhook refuses DestinationRule cart: none of it takes effect. Make them add up to 100.",
          },
          {
            at: 'cart.yaml:20:13',
            text: 'failover',
            message:
              'Failover is configured without "outlierDetection". No proxy finds out that endpoints fail, so that nothing ever fails over. Set outlierDetection beside loadBalancer.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Settings that go together',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\nspec:\n  host: cart\n  trafficPolicy:\n    outlierDetection:\n      consecutive5xxErrors: 5\n    loadBalancer:\n      localityLbSetting:\n        failover:\n          - from: eu\n            to: us\n  subsets:\n    - name: next\n      labels:\n        version: next\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkDestinationRule),
});
