import { defineRule } from '../../engine/findings/rule';
import { checkServiceEntry } from '../../engine/mesh/istio/validation/webhook/service-entry';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-service-entry',
  severity: 'error',
  summary: 'A ServiceEntry says something that Istio refuses, or takes with a warning.',
  why:
    "When a ServiceEntry is applied, istiod's webhook checks what the schema cannot: whether hosts, addresses and endpoints " +
    'fit the way in which they are resolved, and whether the ports of endpoints exist. What the cluster has under the name ' +
    'stays as it is.',
  todo:
    'Correct what the finding names. Addresses as endpoints are for resolution STATIC, names for DNS, and NONE takes ' +
    'neither.',
  kinds: ['ServiceEntry.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/service-entry/',
  since: '0.1.0',
  noFix: 'how the service is to be found is for its author to say',
  examples: {
    bad: [
      {
        title: 'A name where an address is wanted, and a port that does not exist',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  resolution: STATIC\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  endpoints:\n    - address: pay-1.example.com\n      ports:\n        https: 8443\n',
        },
        findings: [
          {
            at: 'payments.yaml:13:16',
            text: 'pay-1.example.com',
            message:
              'Resolution STATIC takes addresses, and "pay-1.example.com" is a name. Istio\'s webhook refuses ServiceEntry payments: none of it takes effect. Write its IP address, or set resolution to DNS.',
          },
          {
            at: 'payments.yaml:15:9',
            text: 'https',
            message:
              'The endpoint maps port "https", which the service does not have. Istio\'s webhook refuses ServiceEntry payments: none of it takes effect. Use the name of one of its ports.',
          },
        ],
      },
      {
        title: 'A wildcard that DNS cannot be asked for',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: ["*.example.com"]\n  resolution: DNS\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n',
        },
        findings: [
          {
            at: 'payments.yaml:6:11',
            text: '"*.example.com"',
            message:
              'Resolution DNS has no endpoints to ask for, and the host "*.example.com" is a wildcard. Istio\'s webhook refuses ServiceEntry payments: none of it takes effect. Name the host in full, add endpoints, or set resolution to NONE.',
          },
        ],
      },
      {
        title: 'A selector without effect',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  location: MESH_INTERNAL\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  workloadSelector:\n    labels:\n      app: pay\n',
        },
        findings: [
          {
            at: 'payments.yaml:12:3',
            text: 'workloadSelector',
            message:
              'Workloads are selected, and resolution NONE sends traffic to the address that the client asked for. The selector has no effect. Set resolution to STATIC.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A service outside, by DNS',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  location: MESH_EXTERNAL\n  resolution: DNS\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n',
        },
      },
      {
        title: 'Machines by address',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.internal]\n  location: MESH_INTERNAL\n  resolution: STATIC\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n  endpoints:\n    - address: 10.0.0.1\n      ports:\n        tls: 8443\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkServiceEntry),
});
