import { defineRule } from '../../engine/findings/rule';
import { checkRequestAuthentication } from '../../engine/mesh/istio/validation/webhook/request-authentication';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-request-authentication',
  severity: 'error',
  summary: 'A RequestAuthentication says something that Istio refuses, or takes with a warning.',
  why:
    "When a RequestAuthentication is applied, istiod's webhook checks that each rule says whose tokens it takes, that " +
    'inline keys can be read, and that the policy attaches to something that it can attach to. A policy that is refused ' +
    'checks no token. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names. Of a key only the public part belongs into a policy.',
  kinds: ['RequestAuthentication.security.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/security/request_authentication/',
  since: '0.1.0',
  noFix: 'whose tokens are good is for its author to say',
  examples: {
    bad: [
      {
        title: 'Tokens of nobody, at a target that takes no policies',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: cart\nspec:\n  targetRefs:\n    - kind: Deployment\n      group: apps\n      name: cart\n  jwtRules:\n    - audiences: [shop]\n',
        },
        findings: [
          {
            at: 'cart.yaml:7:13',
            text: 'Deployment',
            message:
              'A policy cannot attach to a Deployment of group "apps". Istio\'s webhook refuses RequestAuthentication cart: none of it takes effect. Name a Service, a ServiceEntry, a Gateway or a GatewayClass.',
          },
          {
            at: 'cart.yaml:11:7',
            text: 'audiences',
            message:
              "The rule says neither who issues the tokens nor where the keys are. Istio's webhook refuses RequestAuthentication cart: none of it takes effect. Set issuer, jwksUri, or both.",
          },
        ],
      },
      {
        title: 'A key that nobody should see',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: cart\nspec:\n  jwtRules:\n    - issuer: https://id.example.com\n      jwks: \'{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}\'\n',
        },
        findings: [
          {
            at: 'cart.yaml:8:13',
            text: '\'{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}\'',
            message:
              '"jwks" holds a private or symmetric key. Whoever reads the policy can issue tokens that it accepts. Keep the public part alone, and replace the key.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Tokens of one issuer',
        files: {
          'cart.yaml':
            'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: cart\nspec:\n  jwtRules:\n    - issuer: https://id.example.com\n      jwksUri: https://id.example.com/keys\n      timeout: 2s\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkRequestAuthentication),
});
