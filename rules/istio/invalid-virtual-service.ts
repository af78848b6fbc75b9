import { defineRule } from '../../engine/findings/rule';
import { checkVirtualService } from '../../engine/mesh/istio/validation/webhook/virtual-service';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-virtual-service',
  severity: 'error',
  summary: 'A VirtualService says something that Istio refuses, or takes with a warning.',
  why:
    "When a VirtualService is applied, istiod's webhook checks what the schema cannot: hosts and names of gateways, that a " +
    'rule does one thing with its requests, regular expressions, weights, retries, headers. What the cluster has under the ' +
    'name stays as it is. Conditions for retries are a list of Envoy that grows: one that is not known here is an info.',
  todo:
    'Correct what the finding names. A host is a name such as `cart.shop.svc.cluster.local`, a gateway `namespace/name`, ' +
    'and a rule has one of `route`, `redirect`, `directResponse` and `delegate`.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
  since: '0.1.0',
  fix: 'writes the form or the word that was meant',
  examples: {
    bad: [
      {
        title: 'A route and a redirect',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart.example.com]\n  http:\n    - redirect:\n        uri: /basket\n      route:\n        - destination:\n            host: cart\n',
        },
        findings: [
          {
            at: 'cart.yaml:10:7',
            text: 'route',
            message:
              'One rule has both "redirect" and "route". Istio\'s webhook refuses VirtualService cart: none of it takes effect. Keep one of them, or make two rules of it.',
          },
        ],
      },
      {
        title: 'An expression that RE2 does not know, and a retry that is off',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart]\n  http:\n    - match:\n        - uri:\n            regex: ^/(?!admin)\n      route:\n        - destination:\n            host: cart\n      retries:\n        retryOn: 5xx\n',
        },
        findings: [
          {
            at: 'cart.yaml:10:20',
            text: '^/(?!admin)',
            message:
              'The regular expression "^/(?!admin)" looks ahead or behind, which RE2 cannot do. Istio\'s webhook refuses VirtualService cart: none of it takes effect. Write one in the syntax of RE2.',
          },
          {
            at: 'cart.yaml:15:9',
            text: 'retryOn',
            message:
              '"retryOn" is set, and "attempts" is not set, which means 0. Istio\'s webhook refuses VirtualService cart: none of it takes effect. Say in attempts how often to retry, or leave the rest out.',
          },
        ],
      },
      {
        title: 'A gateway named as nobody names them any more',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart.example.com]\n  gateways: [public.ingress]\n  http:\n    - route:\n        - destination:\n            host: cart\n',
        },
        findings: [
          {
            at: 'cart.yaml:7:14',
            text: 'public.ingress',
            message:
              'The gateway "public.ingress" is named in the old form with a dot. Istio reads it as ingress/public, and asks to write it so. Write ingress/public.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Rules that do one thing each',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  hosts: [cart.example.com]\n  gateways: [ingress/public, mesh]\n  http:\n    - match:\n        - uri:\n            prefix: /old\n      redirect:\n        uri: /basket\n    - route:\n        - destination:\n            host: cart\n          weight: 90\n        - destination:\n            host: cart-next\n          weight: 10\n      retries:\n        attempts: 3\n        retryOn: connect-failure,503\n',
        },
      },
      {
        title: 'Rules that others delegate to',
        files: {
          'cart.yaml':
            'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\nspec:\n  http:\n    - route:\n        - destination:\n            host: cart\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkVirtualService),
});
