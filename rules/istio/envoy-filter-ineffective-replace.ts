import { defineRule } from '../../engine/findings/rule';
import { patchFaults, REPLACEABLE } from '../../engine/mesh/istio/envoy-filter';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import { replaceScalar } from '../../engine/yaml/edit';

const filter = (applyTo: string, operation: string): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: timeouts\n  namespace: shop\nspec:\n  priority: 10\n  configPatches:\n    - applyTo: ${applyTo}\n      match:\n        context: SIDECAR_OUTBOUND\n      patch:\n        operation: ${operation}\n        value:\n          connect_timeout: 5s\n`;

export const rule = defineRule({
  id: 'istio/envoy-filter-ineffective-replace',
  severity: 'error',
  summary: 'An EnvoyFilter replaces what cannot be replaced.',
  why:
    '`REPLACE` puts one named filter, or one virtual host, in the place of another. To clusters, listeners, routes and the rest it does ' +
    'nothing: Istio takes the resource, the proxies run without the patch, and no message says so.',
  todo: 'Use `MERGE`, which sets the fields that the patch names, or `MERGE_AND_REPLACE_LIST`, which also replaces the lists among them.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: ['IST0152'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0152/',
  since: '0.1.0',
  fix: 'writes `MERGE` or `MERGE_AND_REPLACE_LIST`',
  examples: {
    bad: [
      {
        title: 'A cluster',
        files: { 'timeouts.yaml': filter('CLUSTER', 'REPLACE') },
        findings: [
          {
            at: 'timeouts.yaml:13:20',
            text: 'REPLACE',
            message:
              'REPLACE does nothing to a CLUSTER: it works on NETWORK_FILTER, HTTP_FILTER and VIRTUAL_HOST. Istio takes EnvoyFilter shop/timeouts, and leaves this patch out. Use MERGE or MERGE_AND_REPLACE_LIST.',
          },
        ],
      },
    ],
    good: [
      { title: 'Merged', files: { 'timeouts.yaml': filter('CLUSTER', 'MERGE') } },
      { title: 'A filter', files: { 'timeouts.yaml': filter('NETWORK_FILTER', 'REPLACE') } },
    ],
  },
  *check(subject) {
    for (const { is, patch } of patchFaults(subject)) {
      if (is !== 'ineffective' || patch.operationName !== 'REPLACE') continue;
      const node = replaceable(patch.operation);
      yield {
        place: { node: patch.operation },
        // The reference says that it does nothing; what istiod makes of a listener filter is not certain.
        ...(patch.applyTo === 'LISTENER_FILTER' ? { severity: 'warning' as const } : {}),
        message: [
          `REPLACE does nothing to a ${patch.applyTo}: it works on ${REPLACEABLE.slice(0, -1).join(', ')} and ${REPLACEABLE.at(-1) ?? ''}.`,
          `Istio takes ${subject.title}, and leaves this patch out. Use MERGE or MERGE_AND_REPLACE_LIST.`,
        ].join(' '),
        fixes:
          node === undefined
            ? []
            : ['MERGE', 'MERGE_AND_REPLACE_LIST'].map((operation) => ({
                title: `Write ${operation}`,
                safe: false,
                preferred: operation === 'MERGE',
                edits: () => [replaceScalar(node, operation)],
              })),
      };
    }
  },
});
