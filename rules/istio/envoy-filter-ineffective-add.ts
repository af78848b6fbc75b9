import { defineRule } from '../../engine/findings/rule';
import { patchFaults } from '../../engine/mesh/istio/envoy-filter';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import { replaceScalar } from '../../engine/yaml/edit';

const filter = (applyTo: string, operation: string): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: routes\n  namespace: shop\nspec:\n  configPatches:\n    - applyTo: ${applyTo}\n      match:\n        context: SIDECAR_OUTBOUND\n      patch:\n        operation: ${operation}\n        value:\n          name: maintenance\n`;

export const rule = defineRule({
  id: 'istio/envoy-filter-ineffective-add',
  severity: 'error',
  summary: 'An EnvoyFilter adds to what takes no additions.',
  why:
    '`ADD` appends an object to a list: of listeners, clusters, virtual hosts, filters. For route configurations and routes Istio ignores ' +
    'it: the resource is accepted, the proxies run without the patch, and no message says so.',
  todo:
    'A route configuration can be merged into (`MERGE`). A route wants a place, since the first that matches counts: `INSERT_FIRST`, ' +
    '`INSERT_BEFORE` or `INSERT_AFTER`.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: ['IST0153'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0153/',
  since: '0.1.0',
  fix: 'writes `MERGE` for a route configuration, `INSERT_FIRST` or `MERGE` for a route',
  examples: {
    bad: [
      {
        title: 'To a route configuration, and to the routes',
        files: { 'routes.yaml': `${filter('ROUTE_CONFIGURATION', 'ADD')}---\n${filter('HTTP_ROUTE', 'ADD')}` },
        findings: [
          {
            at: 'routes.yaml:12:20',
            text: 'ADD',
            message:
              'ADD is ignored for ROUTE_CONFIGURATION: Istio takes EnvoyFilter shop/routes, and leaves this patch out. A route configuration can only be merged into: use MERGE.',
          },
          {
            at: 'routes.yaml:27:20',
            text: 'ADD',
            message:
              'ADD is ignored for HTTP_ROUTE: Istio takes EnvoyFilter shop/routes, and leaves this patch out. Give the route a place among the others: use INSERT_FIRST, or MERGE to change one that is there.',
          },
        ],
      },
    ],
    good: [
      { title: 'Merged', files: { 'routes.yaml': filter('ROUTE_CONFIGURATION', 'MERGE') } },
      { title: 'A cluster', files: { 'routes.yaml': filter('CLUSTER', 'ADD') } },
    ],
  },
  *check(subject) {
    for (const { is, patch } of patchFaults(subject)) {
      if (is !== 'ineffective' || patch.operationName !== 'ADD') continue;
      const node = replaceable(patch.operation);
      const isRoute = patch.applyTo === 'HTTP_ROUTE';
      const instead = isRoute ? ['INSERT_FIRST', 'MERGE'] : ['MERGE'];
      const advice = isRoute
        ? 'Give the route a place among the others: use INSERT_FIRST, or MERGE to change one that is there.'
        : 'A route configuration can only be merged into: use MERGE.';
      yield {
        place: { node: patch.operation },
        // The reference has routes as well; releases of istiod differ.
        ...(isRoute ? { severity: 'warning' as const } : {}),
        message: `ADD is ignored for ${patch.applyTo}: Istio takes ${subject.title}, and leaves this patch out. ${advice}`,
        fixes:
          node === undefined
            ? []
            : instead.map((operation, i) => ({
                title: `Write ${operation}`,
                safe: false,
                preferred: i === 0,
                edits: () => [replaceScalar(node, operation)],
              })),
      };
    }
  },
});
