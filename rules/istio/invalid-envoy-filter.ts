import { defineRule } from '../../engine/findings/rule';
import { checkEnvoyFilter } from '../../engine/mesh/istio/validation/webhook/envoy-filter';
import { REFUSED, webhookFindings } from './refusal';

export const rule = defineRule({
  id: 'istio/invalid-envoy-filter',
  severity: 'error',
  summary: 'An EnvoyFilter says something that Istio refuses, or takes with a warning.',
  why:
    "When an EnvoyFilter is applied, istiod's webhook checks that each patch says what it changes and how, and that it is " +
    'matched by what it is applied to. It warns of names that filters no longer have, and of each EnvoyFilter as such, ' +
    'since what it changes is no API; both are an info here. Patches for waypoints it leaves out. The Envoy ' +
    'configuration inside of a patch is not looked at. What the cluster has under the name stays as it is.',
  todo: 'Correct what the finding names.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: REFUSED,
  docs: 'https://istio.io/latest/docs/reference/config/networking/envoy-filter/',
  since: '0.1.0',
  fix: 'writes the name that the filter has today',
  examples: {
    bad: [
      {
        title: 'A match of the wrong sort, and a patch without a value',
        files: {
          'buffer.yaml':
            'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: buffer\nspec:\n  configPatches:\n    - applyTo: HTTP_FILTER\n      match:\n        cluster:\n          name: inbound\n      patch:\n        operation: INSERT_BEFORE\n',
        },
        findings: [
          {
            at: 'buffer.yaml:2:7',
            text: 'EnvoyFilter',
            message:
              "An EnvoyFilter changes configuration that Istio generates and may generate otherwise in the next release. An upgrade can leave it without effect, or break the traffic of the proxies that it is for. Use an API of Istio's where there is one, and test this filter with each upgrade.",
          },
          {
            at: 'buffer.yaml:9:9',
            text: 'cluster',
            message:
              'A patch of HTTP_FILTER is matched by "cluster". Istio\'s webhook refuses EnvoyFilter buffer: none of it takes effect. Match by "listener".',
          },
          {
            at: 'buffer.yaml:12:20',
            text: 'INSERT_BEFORE',
            message:
              "INSERT_BEFORE has no value. Istio's webhook refuses EnvoyFilter buffer: none of it takes effect. Set value.",
          },
        ],
      },
      {
        title: 'The name that a filter had',
        files: {
          'buffer.yaml':
            'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: buffer\nspec:\n  configPatches:\n    - applyTo: HTTP_FILTER\n      match:\n        listener:\n          filterChain:\n            filter:\n              name: envoy.http_connection_manager\n      patch:\n        operation: INSERT_FIRST\n        value:\n          name: envoy.filters.http.buffer\n          typed_config:\n            "@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer\n            max_request_bytes: 65536\n',
        },
        findings: [
          {
            at: 'buffer.yaml:2:7',
            text: 'EnvoyFilter',
            message:
              "An EnvoyFilter changes configuration that Istio generates and may generate otherwise in the next release. An upgrade can leave it without effect, or break the traffic of the proxies that it is for. Use an API of Istio's where there is one, and test this filter with each upgrade.",
          },
          {
            at: 'buffer.yaml:12:21',
            text: 'envoy.http_connection_manager',
            message:
              '"envoy.http_connection_manager" is a name that a filter had in old releases of Envoy. From which release on it finds no filter any more, is not known here. Write envoy.filters.network.http_connection_manager.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'No EnvoyFilter',
        files: {
          'mtls.yaml':
            'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\nspec:\n  mtls:\n    mode: STRICT\n',
        },
      },
    ],
  },
  check: (subject, view) => webhookFindings(subject, view, checkEnvoyFilter),
});
