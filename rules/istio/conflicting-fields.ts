import { defineRule } from '../../engine/findings/rule';
import { ISTIO_KINDS } from '../../schemas/istio';
import { REFUSED, apiServerFindings } from './refusal';

const policy = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\nspec:\n${spec}`;

const rulePart = (balancer: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\nspec:\n  host: cart\n  trafficPolicy:\n    loadBalancer:\n${balancer}`;

export const rule = defineRule({
  id: 'istio/conflicting-fields',
  severity: 'error',
  summary: 'A resource of Istio sets fields that exclude each other.',
  why:
    'Some fields are alternatives, such as a selector and the targets of a policy. The API server refuses a resource that sets more than one of ' +
    'them, by its schema or by a rule of the CRD: what the cluster already has under the name stays as it is.',
  todo: 'Keep the field that says what is meant.',
  kinds: ISTIO_KINDS,
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/',
  since: '0.1.0',
  noFix: 'which of the fields was meant is not known',
  examples: {
    bad: [
      {
        title: 'A selector and a target',
        files: {
          'cart.yaml': policy(
            '  selector:\n    matchLabels:\n      app: cart\n  targetRefs:\n    - kind: Service\n      group: ""\n      name: cart\n',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:9:3',
            text: 'targetRefs',
            message:
              '"selector" and "targetRefs" are set together, and only one of them may be. The API server refuses AuthorizationPolicy cart: none of it takes effect. Keep the one that is meant.',
          },
        ],
      },
      {
        title: 'Two ways to choose an endpoint',
        files: { 'cart.yaml': rulePart('      simple: RANDOM\n      consistentHash:\n        useSourceIp: true\n') },
        findings: [
          {
            at: 'cart.yaml:10:7',
            text: 'consistentHash',
            message:
              'spec.trafficPolicy.loadBalancer sets "simple" and "consistentHash", of which only one may be set. The API server refuses DestinationRule cart: none of it takes effect. Keep the one that is meant.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'One of them',
        files: {
          'policy.yaml': policy('  targetRefs:\n    - kind: Service\n      group: ""\n      name: cart\n'),
          'rule.yaml': rulePart('      simple: RANDOM\n'),
        },
      },
      {
        title: 'One that a template may leave empty',
        files: {
          'chart/Chart.yaml': 'apiVersion: v2\nname: cart\nversion: 1.0.0\n',
          'chart/templates/cart.yaml': rulePart('      simple: RANDOM\n      consistentHash: {{ .Values.hash }}\n'),
        },
      },
    ],
  },
  check: (subject, view) => apiServerFindings(subject, view, 'conflicting-fields'),
});
