import { defineRule } from '../../engine/findings/rule';
import { ISTIO_KINDS } from '../../schemas/istio';
import { REFUSED, apiServerFindings } from './refusal';

const document = (kind: string, spec: string): string =>
  `apiVersion: ${kind === 'PeerAuthentication' ? 'security' : 'networking'}.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: cart\nspec:\n${spec}`;

export const rule = defineRule({
  id: 'istio/invalid-value',
  severity: 'error',
  summary: 'A field of a resource of Istio has a value that the API server refuses.',
  why:
    'The CRDs of Istio say for each field of which type it is, which words it takes and within which bounds its value must be. The API server ' +
    'refuses the whole resource for one value that does not fit: what the cluster already has under the name stays as it is.',
  todo: 'Write a value that fits. A number or `true` that is meant as a string needs quotes.',
  kinds: ISTIO_KINDS,
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/',
  since: '0.1.0',
  fix: 'puts quotes around a string, or writes the word that was most likely meant',
  examples: {
    bad: [
      {
        title: 'A word that does not exist',
        files: { 'mtls.yaml': document('PeerAuthentication', '  mtls:\n    mode: strict\n') },
        findings: [
          {
            at: 'mtls.yaml:7:11',
            text: 'strict',
            message:
              'spec.mtls.mode is strict, which is none of its values. The API server refuses PeerAuthentication cart: none of it takes effect. Did you mean "STRICT"? The values are UNSET, DISABLE, PERMISSIVE, STRICT.',
          },
        ],
      },
      {
        title: 'A string without quotes, and a number with them',
        files: {
          'cart.yaml': document(
            'DestinationRule',
            '  host: cart\n  subsets:\n    - name: new\n      labels:\n        version: 2\n  trafficPolicy:\n    connectionPool:\n      http:\n        maxRetries: "3"\n',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:10:18',
            text: '2',
            message:
              'spec.subsets[0].labels.version is the number 2, not a string. The API server refuses DestinationRule cart: none of it takes effect. Put it in quotes.',
          },
          {
            at: 'cart.yaml:14:21',
            text: '"3"',
            message:
              'spec.trafficPolicy.connectionPool.http.maxRetries is the string "3", not a whole number. The API server refuses DestinationRule cart: none of it takes effect. Take the quotes away.',
          },
        ],
      },
      {
        title: 'A length of time without a unit, and a port beyond the last',
        files: {
          'cart.yaml': document(
            'DestinationRule',
            '  host: cart\n  trafficPolicy:\n    connectionPool:\n      tcp:\n        connectTimeout: "10"\n',
          ),
          'pay.yaml': document('ServiceEntry', '  hosts: [pay.example.com]\n  ports:\n    - name: tls\n      number: 70000\n'),
        },
        findings: [
          {
            at: 'cart.yaml:10:25',
            text: '"10"',
            message:
              '"10" is no length of time. The API server refuses DestinationRule cart: none of it takes effect. Write numbers with units, such as "1.5s", "250ms" or "1h30m".',
          },
          {
            at: 'pay.yaml:9:15',
            text: '70000',
            message:
              '70000 is no port. The API server refuses ServiceEntry cart: none of it takes effect. Write a number from 1 to 65535.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Values that fit',
        files: {
          'mtls.yaml': document('PeerAuthentication', '  mtls:\n    mode: STRICT\n'),
          'cart.yaml': document(
            'DestinationRule',
            '  host: cart\n  subsets:\n    - name: new\n      labels:\n        version: "2"\n  trafficPolicy:\n    connectionPool:\n      tcp:\n        connectTimeout: 10s\n      http:\n        maxRetries: 3\n',
          ),
        },
      },
      {
        title: 'A value that is filled in later',
        files: { 'mtls.yaml': document('PeerAuthentication', '  mtls:\n    mode: ${MTLS_MODE}\n') },
      },
    ],
  },
  check: (subject, view) => apiServerFindings(subject, view, 'invalid-value'),
});
