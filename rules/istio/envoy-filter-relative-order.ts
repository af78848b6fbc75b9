import { defineRule } from '../../engine/findings/rule';
import { isAnchored, patchFaults, setPriority } from '../../engine/mesh/istio/envoy-filter';
import type { EnvoyPatch } from '../../engine/mesh/istio/envoy-filter';
import type { Resource } from '../../engine/resources/resource';

const filter = (anchor: string, more = ''): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: lua\n  namespace: shop\nspec:\n${more}  configPatches:\n    - applyTo: HTTP_FILTER\n      match:\n        listener:\n          filterChain:\n            filter:\n              name: envoy.filters.network.http_connection_manager\n              subFilter:\n                name: ${anchor}\n      patch:\n        operation: INSERT_AFTER\n        value:\n          name: example.lua\n`;

export const rule = defineRule({
  id: 'istio/envoy-filter-relative-order',
  severity: 'warning',
  summary: 'An EnvoyFilter goes by other filters, and nothing says when it is applied.',
  why:
    'Istio applies EnvoyFilters in the order of their `priority`, then of their creation. An operation that goes by another filter ' +
    '(`INSERT_BEFORE`, `INSERT_AFTER`, `REMOVE`, `REPLACE`) finds it only if what adds that filter was applied before; else nothing happens, ' +
    'and nobody is told. Whoever restores or reinstalls the resources creates them in another order.',
  todo:
    'Set `priority`: filters with a higher one are applied later, 0 is the default. Or insert without going by others, with `ADD` and a ' +
    '`filterClass`, or with `INSERT_FIRST`.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: ['IST0151'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0151/',
  since: '0.1.0',
  fix: 'sets `priority`',
  examples: {
    bad: [
      {
        title: 'Behind a filter that another EnvoyFilter adds',
        files: { 'lua.yaml': filter('example.auth') },
        findings: [
          {
            at: 'lua.yaml:17:20',
            text: 'INSERT_AFTER',
            message:
              'INSERT_AFTER goes by filter example.auth, and EnvoyFilter shop/lua has no priority. Istio applies such filters in the order in which they were created: if example.auth is not there yet, this patch does nothing. Set spec.priority.',
          },
        ],
      },
      {
        title: "At Istio's own router",
        files: { 'lua.yaml': filter('envoy.filters.http.router').replace('INSERT_AFTER', 'INSERT_BEFORE') },
        findings: [
          {
            at: 'lua.yaml:17:20',
            text: 'INSERT_BEFORE',
            message:
              'INSERT_BEFORE goes by what is there, and EnvoyFilter shop/lua has no priority. Its place among filters that other EnvoyFilters insert at the same spot depends on which of them was created first. Set spec.priority if there are others.',
          },
        ],
      },
    ],
    good: [
      { title: 'With a priority', files: { 'lua.yaml': filter('example.auth', '  priority: 10\n') } },
      {
        title: 'In front of all',
        files: { 'lua.yaml': filter('example.auth').replace('INSERT_AFTER', 'INSERT_FIRST') },
      },
    ],
  },
  *check(subject) {
    for (const fault of patchFaults(subject)) {
      if (fault.is !== 'relative') continue;
      const { patch } = fault;
      yield {
        place: { node: patch.operation },
        ...(isAnchored(patch) ? { severity: 'info' as const } : {}),
        message: messageOf(subject, patch),
        fixes: [
          {
            title: 'Set priority to 10, behind all filters without one',
            safe: false,
            preferred: true,
            edits: () => setPriority(subject),
          },
        ],
      };
    }
  },
});

function messageOf(subject: Resource, patch: EnvoyPatch): string {
  const { operationName, anchor } = patch;
  if (isAnchored(patch)) {
    return `${operationName} goes by what is there, and ${subject.title} has no priority. Its place among filters that other EnvoyFilters insert at the same spot depends on which of them was created first. Set spec.priority if there are others.`;
  }
  const what = anchor === undefined ? `what it ${operationName === 'REMOVE' ? 'removes' : 'matches'}` : `filter ${anchor}`;
  const missing = anchor ?? 'that';
  return `${operationName} goes by ${what}, and ${subject.title} has no priority. Istio applies such filters in the order in which they were created: if ${missing} is not there yet, this patch does nothing. Set spec.priority.`;
}
