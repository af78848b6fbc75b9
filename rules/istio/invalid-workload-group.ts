import { defineRule } from '../../engine/findings/rule';
import { checkWorkloadGroup } from '../../engine/mesh/istio/validation/webhook/workload-entry';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-workload-group',
  severity: 'error',
  summary: 'A WorkloadGroup says something that Istio refuses, or takes with a warning.',
  why:
    "When a WorkloadGroup is applied, istiod's webhook checks its labels and that its probe can be asked. Machines cannot " +
    'join a group that is refused. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['WorkloadGroup.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/workload-group/',
  since: '0.1.0',
  noFix: 'how health is found out is for its author to say',
  examples: {
    bad: [
      {
        title: 'A probe that asks nothing',
        files: {
          'vms.yaml':
            'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata:\n  name: vms\nspec:\n  template:\n    serviceAccount: pay\n  probe:\n    periodSeconds: 5\n',
        },
        findings: [
          {
            at: 'vms.yaml:8:3',
            text: 'probe',
            message:
              "The probe does not say how to ask. Istio's webhook refuses WorkloadGroup vms: none of it takes effect. Set one of httpGet, tcpSocket, exec, grpc.",
          },
        ],
      },
    ],
    good: [
      {
        title: 'A probe by HTTP',
        files: {
          'vms.yaml':
            'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata:\n  name: vms\nspec:\n  template:\n    serviceAccount: pay\n  probe:\n    httpGet:\n      port: 8080\n      path: /healthy\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkWorkloadGroup),
});
