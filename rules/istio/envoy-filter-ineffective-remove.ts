import { defineRule } from '../../engine/findings/rule';
import { patchFaults } from '../../engine/mesh/istio/envoy-filter';

const filter = (applyTo: string): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: routes\n  namespace: shop\nspec:\n  priority: 10\n  configPatches:\n    - applyTo: ${applyTo}\n      match:\n        context: SIDECAR_OUTBOUND\n      patch:\n        operation: REMOVE\n`;

export const rule = defineRule({
  id: 'istio/envoy-filter-ineffective-remove',
  severity: 'error',
  summary: 'An EnvoyFilter removes what cannot be removed.',
  why:
    '`REMOVE` takes an object out of a list: of listeners, clusters, virtual hosts, filters. For route configurations and routes Istio ' +
    'ignores it: the resource is accepted, and what was to go is still there, and serves.',
  todo: 'Remove the virtual host that holds the route (`applyTo: VIRTUAL_HOST`), or change what the routes come from: a VirtualService, a Service.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: ['IST0154'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0154/',
  since: '0.1.0',
  noFix: 'no operation does what was meant; it takes another object, or another resource',
  examples: {
    bad: [
      {
        title: 'A route configuration',
        files: { 'routes.yaml': filter('ROUTE_CONFIGURATION') },
        findings: [
          {
            at: 'routes.yaml:13:20',
            text: 'REMOVE',
            message:
              'REMOVE is ignored for ROUTE_CONFIGURATION: Istio takes EnvoyFilter shop/routes, and what it was to remove stays. Remove a VIRTUAL_HOST, or change the VirtualService that the routes come from.',
          },
        ],
      },
    ],
    good: [{ title: 'A virtual host', files: { 'routes.yaml': filter('VIRTUAL_HOST') } }],
  },
  *check(subject) {
    for (const { is, patch } of patchFaults(subject)) {
      if (is !== 'ineffective' || patch.operationName !== 'REMOVE') continue;
      yield {
        place: { node: patch.operation },
        // The reference has routes as well; releases of istiod differ.
        ...(patch.applyTo === 'HTTP_ROUTE' ? { severity: 'warning' as const } : {}),
        message: `REMOVE is ignored for ${patch.applyTo}: Istio takes ${subject.title}, and what it was to remove stays. Remove a VIRTUAL_HOST, or change the VirtualService that the routes come from.`,
      };
    }
  },
});
