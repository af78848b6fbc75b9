import { defineRule } from '../../engine/findings/rule';
import { ISTIO_KINDS } from '../../schemas/istio';
import { REFUSED, apiServerFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/missing-field',
  severity: 'error',
  summary: 'A resource of Istio lacks a field that its kind demands.',
  why:
    'The API server refuses a resource that lacks a field which the schema or a rule of the CRD demands. What the cluster already has under the ' +
    'name stays as it is; what it has not is missing, and nothing in the manifests shows that. A field whose value is null counts as not set.',
  todo: 'Set the field.',
  kinds: ISTIO_KINDS,
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/',
  since: '0.1.0',
  noFix: 'what belongs there is for its author to say',
  examples: {
    bad: [
      {
        title: 'A port without a name',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  ports:\n    - number: 443\n      protocol: TLS\n',
        },
        findings: [
          {
            at: 'payments.yaml:8:7',
            text: 'number',
            message:
              'spec.ports[0] lacks the field "name". The API server refuses ServiceEntry payments: none of it takes effect. Set it: a name that no other port here has.',
          },
        ],
      },
      {
        title: 'A value that is not there, and a rule of the CRD',
        files: {
          'plugin.yaml': 'apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: filter\nspec:\n  url:\n',
          'mtls.yaml':
            'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ports\nspec:\n  portLevelMtls:\n    8080:\n      mode: STRICT\n',
        },
        findings: [
          {
            at: 'mtls.yaml:6:3',
            text: 'portLevelMtls',
            message:
              '"portLevelMtls" is set in a policy that selects no workloads by labels. The API server refuses PeerAuthentication ports: none of it takes effect. Ports are those of a container: add the labels of its pods as selector.matchLabels.',
          },
          {
            at: 'plugin.yaml:6:3',
            text: 'url',
            message:
              'spec.url has no value. The API server refuses WasmPlugin filter: none of it takes effect. Set it: where the module is: `oci://` (assumed where no scheme is given), `https://`, `http://`, or `file://` for one in the proxy.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'All that is demanded',
        files: {
          'payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  ports:\n    - number: 443\n      name: tls\n      protocol: TLS\n',
        },
      },
      {
        title: 'A template that may set it',
        files: {
          'chart/Chart.yaml': 'apiVersion: v2\nname: pay\nversion: 1.0.0\n',
          'chart/templates/payments.yaml':
            'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\nspec:\n  hosts: [pay.example.com]\n  ports:\n    - number: 443\n      {{- include "port" . | nindent 6 }}\n',
        },
      },
    ],
  },
  check: (subject, view) => apiServerFindings(subject, view, 'missing-field'),
});
