import { defineRule } from '../../engine/findings/rule';
import { checkSidecar } from '../../engine/mesh/istio/validation/webhook/sidecar';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-sidecar',
  severity: 'error',
  summary: 'A Sidecar says something that Istio refuses, or takes with a warning.',
  why:
    "When a Sidecar is applied, istiod's webhook checks what the schema cannot: that hosts name a namespace, that listeners " +
    "do not take each other's ports, that what is set has an effect. What the cluster has under the name stays as it is.",
  todo:
    'Correct what the finding names. Hosts are written `namespace/host`: `./*` for all of the own namespace, ' +
    '`istio-system/*` for all of the control plane.',
  kinds: ['Sidecar.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/sidecar/',
  since: '0.1.0',
  noFix: 'which hosts are meant is for its author to say',
  examples: {
    bad: [
      {
        title: 'A host without its namespace',
        files: {
          'default.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\nspec:\n  egress:\n    - hosts: [cart.shop.svc.cluster.local]\n',
        },
        findings: [
          {
            at: 'default.yaml:7:15',
            text: 'cart.shop.svc.cluster.local',
            message:
              '"cart.shop.svc.cluster.local" names no namespace. Istio\'s webhook refuses Sidecar default: none of it takes effect. Write namespace/host, such as ./* or shop/cart.shop.svc.cluster.local.',
          },
        ],
      },
      {
        title: 'Everything, and something else',
        files: {
          'default.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\nspec:\n  egress:\n    - hosts: ["*/*", istio-system/*]\n',
        },
        findings: [
          {
            at: 'default.yaml:7:15',
            text: '"*/*"',
            message:
              '"*/*" takes in every host, and others are named beside it. The others have no effect. Remove it, or the others.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'The own namespace and the control plane',
        files: {
          'default.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\nspec:\n  egress:\n    - hosts: ["./*", istio-system/*]\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkSidecar),
});
