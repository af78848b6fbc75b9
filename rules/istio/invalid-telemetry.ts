import { defineRule } from '../../engine/findings/rule';
import { checkTelemetry } from '../../engine/mesh/istio/validation/webhook/telemetry';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-telemetry',
  severity: 'error',
  summary: 'A Telemetry says something that Istio refuses, or takes with a warning.',
  why:
    "When a Telemetry is applied, istiod's webhook reads the filters of its access logs as CEL, and warns of entries that " +
    'it does not use: of tracing it takes one entry and one provider. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names. A filter is an expression such as `response.code >= 400`.',
  kinds: ['Telemetry.telemetry.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/telemetry/',
  since: '0.1.0',
  noFix: 'what is to be reported is for its author to say',
  examples: {
    bad: [
      {
        title: 'A filter that is no expression',
        files: {
          'default.yaml':
            'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: default\nspec:\n  accessLogging:\n    - filter:\n        expression: response.code => 400\n',
        },
        findings: [
          {
            at: 'default.yaml:8:21',
            text: 'response.code => 400',
            message:
              'The filter "response.code => 400" has a "=", which means nothing in CEL. Istio\'s webhook refuses Telemetry default: none of it takes effect. Write an expression in CEL, such as `response.code >= 400`.',
          },
        ],
      },
      {
        title: 'Two places for traces',
        files: {
          'default.yaml':
            'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: default\nspec:\n  tracing:\n    - providers:\n        - name: zipkin\n        - name: jaeger\n',
        },
        findings: [
          {
            at: 'default.yaml:9:11',
            text: 'name',
            message: 'There are several providers of tracing. Istio uses one of them. Keep one.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'What fails is logged',
        files: {
          'default.yaml':
            'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata:\n  name: default\nspec:\n  tracing:\n    - providers:\n        - name: zipkin\n      randomSamplingPercentage: 5\n  accessLogging:\n    - filter:\n        expression: response.code >= 400 || !has(response.code)\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkTelemetry),
});
