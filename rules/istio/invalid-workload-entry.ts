import { defineRule } from '../../engine/findings/rule';
import { checkWorkloadEntry } from '../../engine/mesh/istio/validation/webhook/workload-entry';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-workload-entry',
  severity: 'error',
  summary: 'A WorkloadEntry says something that Istio refuses, or takes with a warning.',
  why:
    "When a WorkloadEntry is applied, istiod's webhook checks that its address is one, and its labels and ports. A workload " +
    'that is refused gets no traffic. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['WorkloadEntry.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/workload-entry/',
  since: '0.1.0',
  noFix: 'where the workload is, is for its author to say',
  examples: {
    bad: [
      {
        title: 'An address with a port',
        files: {
          'vm.yaml':
            'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm\nspec:\n  address: 10.0.0.1:8080\n  labels:\n    app: -pay\n',
        },
        findings: [
          {
            at: 'vm.yaml:6:12',
            text: '10.0.0.1:8080',
            message:
              '"10.0.0.1:8080" is no address. Istio\'s webhook refuses WorkloadEntry vm: none of it takes effect. Write an IP address, or the name of a host.',
          },
          {
            at: 'vm.yaml:8:10',
            text: '-pay',
            message:
              'The label value "-pay" may hold letters, digits, and inside of it hyphens, underscores and dots. Istio\'s webhook refuses WorkloadEntry vm: none of it takes effect. Write a value that Kubernetes takes.',
          },
        ],
      },
      {
        title: 'A network and no address',
        files: {
          'vm.yaml': 'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm\nspec:\n  network: west\n',
        },
        findings: [
          {
            at: 'vm.yaml:6:3',
            text: 'network',
            message:
              "The workload has a network and no address. Traffic for it goes to the network's gateway, which must know where it is. Set the address, if there is one.",
          },
        ],
      },
    ],
    good: [
      {
        title: 'A machine',
        files: {
          'vm.yaml':
            'apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata:\n  name: vm\nspec:\n  address: 10.0.0.1\n  labels:\n    app: pay\n  ports:\n    http: 8080\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkWorkloadEntry),
});
