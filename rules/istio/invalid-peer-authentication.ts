import { defineRule } from '../../engine/findings/rule';
import { checkPeerAuthentication } from '../../engine/mesh/istio/validation/webhook/peer-authentication';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-peer-authentication',
  severity: 'error',
  summary: 'A PeerAuthentication says something that Istio refuses, or takes with a warning.',
  why:
    "When a PeerAuthentication is applied, istiod's webhook checks its selector and annotations; what it says of ports is " +
    "the API server's to check. A policy that is refused demands mutual TLS of nobody. What the cluster has under the name " +
    'stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['PeerAuthentication.security.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
  since: '0.1.0',
  noFix: 'which workloads are meant is for its author to say',
  examples: {
    bad: [
      {
        title: 'A selector that selects everything, and a trial run that does not exist',
        files: {
          'mtls.yaml':
            'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: cart\n  annotations:\n    istio.io/dry-run: "true"\nspec:\n  selector:\n    matchLabels: {}\n  mtls:\n    mode: STRICT\n',
        },
        findings: [
          {
            at: 'mtls.yaml:6:5',
            text: 'istio.io/dry-run',
            message:
              "The annotation istio.io/dry-run is for AuthorizationPolicies with action ALLOW or DENY alone. Istio's webhook refuses PeerAuthentication cart: none of it takes effect. Remove it.",
          },
          {
            at: 'mtls.yaml:8:3',
            text: 'selector',
            message:
              'The selector names no labels. It selects all workloads, as none at all would. Name the labels of the workloads that are meant, or remove the selector.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A policy for one workload',
        files: {
          'mtls.yaml':
            'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: cart\nspec:\n  selector:\n    matchLabels:\n      app: cart\n  mtls:\n    mode: STRICT\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkPeerAuthentication),
});
