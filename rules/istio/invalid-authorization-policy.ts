import { defineRule } from '../../engine/findings/rule';
import { checkAuthorizationPolicy } from '../../engine/mesh/istio/validation/webhook/authorization-policy';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-authorization-policy',
  severity: 'error',
  summary: 'An AuthorizationPolicy says something that Istio refuses, or takes with a warning.',
  why:
    "When an AuthorizationPolicy is applied, istiod's webhook checks what the schema cannot: that no part of a rule is " +
    'empty, that addresses, ports and attributes exist, that a CUSTOM policy names its authorizer and asks only what that ' +
    'can see. A policy that is refused protects nothing. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['AuthorizationPolicy.security.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
  since: '0.1.0',
  noFix: 'whom a policy lets in is for its author to say',
  examples: {
    bad: [
      {
        title: 'A condition on what does not exist, and a port that is a range',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n  rules:\n    - to:\n        - operation:\n            ports: ["8000-8080"]\n      when:\n        - key: request.path\n          values: [/admin]\n',
        },
        findings: [
          {
            at: 'cart.yaml:9:21',
            text: '"8000-8080"',
            message:
              '"8000-8080" is no port. Istio\'s webhook refuses AuthorizationPolicy cart: none of it takes effect. Write a number, in quotes: ranges and wildcards do not exist.',
          },
          {
            at: 'cart.yaml:11:16',
            text: 'request.path',
            message:
              '"request.path" is no attribute that a condition can compare. Istio\'s webhook refuses AuthorizationPolicy cart: none of it takes effect. Use to.operation.paths.',
          },
        ],
      },
      {
        title: 'An authorizer that is not named',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n  action: CUSTOM\n  rules:\n    - to:\n        - operation:\n            paths: [/admin]\n',
        },
        findings: [
          {
            at: 'cart.yaml:6:11',
            text: 'CUSTOM',
            message:
              "CUSTOM asks an authorizer, and the policy names none. Istio's webhook refuses AuthorizationPolicy cart: none of it takes effect. Set provider.name to one of the mesh configuration's extension providers.",
          },
        ],
      },
      {
        title: 'Denied by HTTP alone',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n  action: DENY\n  rules:\n    - to:\n        - operation:\n            methods: [DELETE]\n',
        },
        findings: [
          {
            at: 'cart.yaml:10:13',
            text: 'methods',
            message:
              'The rule denies by "methods" alone. On ports that are not HTTP the proxy cannot see them, and denies every connection. Name the ports that are meant, in to.operation.ports.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Who may do what',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n  selector:\n    matchLabels:\n      app: cart\n  rules:\n    - from:\n        - source:\n            serviceAccounts: [web, checkout/worker]\n      to:\n        - operation:\n            methods: [GET]\n            paths: [/items/{*}, /public/*]\n      when:\n        - key: request.headers[X-Team]\n          values: [shop-*]\n',
        },
      },
      {
        title: 'Nobody may do anything',
        files: {
          'cart.yaml': 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n  {}\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkAuthorizationPolicy),
});
