import { defineRule } from '../../engine/findings/rule';
import { patchFaults, setPriority } from '../../engine/mesh/istio/envoy-filter';

const patch = (match: string, operation: string): string =>
  `    - applyTo: HTTP_FILTER\n      match:\n${match}        listener:\n          filterChain:\n            filter:\n              name: example.chain\n      patch:\n        operation: ${operation}\n        value:\n          name: example.lua\n`;
const filter = (more: string): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: lua\n  namespace: shop\nspec:\n${more}  configPatches:\n${patch("        proxy:\n          proxyVersion: '^1\\.28.*'\n", 'INSERT_FIRST')}${patch('', 'INSERT_AFTER')}`;

export const rule = defineRule({
  id: 'istio/envoy-filter-version-order',
  severity: 'warning',
  summary: 'An EnvoyFilter changes a filter for some versions of the proxy, then for all, and nothing says when it is applied.',
  why:
    'While Istio is upgraded, proxies of two versions are there at once. A patch with `proxyVersion` is for one of them; a further one for ' +
    'the same filter, which goes by other filters, is for both. Which of them finds what it goes by then depends on the order in which ' +
    'EnvoyFilters are applied: without a `priority` that is the order of their creation, and a patch that does not find it does nothing.',
  todo: 'Set `priority`, or insert without going by other filters, with `ADD` and a `filterClass`, or with `INSERT_FIRST`.',
  kinds: ['EnvoyFilter.networking.istio.io'],
  equivalents: ['IST0155'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0155/',
  since: '0.1.0',
  fix: 'sets `priority`',
  examples: {
    bad: [
      {
        title: 'One filter for a version, and again for all',
        files: { 'lua.yaml': filter('') },
        findings: [
          {
            at: 'lua.yaml:27:20',
            text: 'INSERT_AFTER',
            message:
              'INSERT_AFTER of filter example.lua has no certain place: an earlier patch names the same filter for some versions of the proxy alone, and EnvoyFilter shop/lua has no priority. While proxies of two versions run, the patch may do nothing for one of them. Set spec.priority.',
          },
        ],
      },
    ],
    good: [{ title: 'With a priority', files: { 'lua.yaml': filter('  priority: 10\n') } }],
  },
  *check(subject) {
    for (const fault of patchFaults(subject)) {
      if (fault.is !== 'relative-to-version') continue;
      const { patch: at, filter: name, earlier } = fault;
      yield {
        place: { node: at.operation },
        message: [
          `${at.operationName} of filter ${name} has no certain place: an earlier patch names the same filter for some versions of the proxy`,
          `alone, and ${subject.title} has no priority. While proxies of two versions run, the patch may do nothing for one of them.`,
          'Set spec.priority.',
        ].join(' '),
        related: [{ place: { node: earlier }, message: `For these versions there is filter ${name} already.` }],
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
