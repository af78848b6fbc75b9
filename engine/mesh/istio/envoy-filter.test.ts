import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { applyEdits } from '../../../test/support/lint';
import { isAnchored, patchFaults, setPriority } from './envoy-filter';

const filter = (patches: readonly string[], priority = ''): string =>
  `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: a\nspec:\n${priority}  configPatches:\n${patches.map((patch) => `    - ${patch}\n`).join('')}`;

/** What is said of each patch, `sort operation`. */
const said = (patches: readonly string[], priority?: string): string[] =>
  ask({ 'a.yaml': filter(patches, priority) }, (view) =>
    view
      .ofKind('EnvoyFilter.networking.istio.io')
      .flatMap((it) => patchFaults(it).map(({ is, patch }) => `${is} ${patch.operationName}`)),
  );
const patch = (applyTo: string, operation: string, more = ''): string =>
  `{ applyTo: ${applyTo}, ${more}patch: { operation: ${operation}, value: { name: x } } }`;

// istio/istio pkg/config/analysis/analyzers/envoyfilter, 1.32 development; istio/api networking/v1alpha3/envoy_filter.proto, v1.31.1.
describe('patchFaults', () => {
  it.each([
    ['ADD', 'HTTP_FILTER', []],
    ['ADD', 'CLUSTER', []],
    ['ADD', 'ROUTE_CONFIGURATION', ['ineffective ADD']],
    ['ADD', 'HTTP_ROUTE', ['ineffective ADD']],
    ['REMOVE', 'ROUTE_CONFIGURATION', ['ineffective REMOVE']],
    ['REMOVE', 'HTTP_ROUTE', ['ineffective REMOVE']],
    ['REMOVE', 'HTTP_FILTER', ['relative REMOVE']],
    ['REPLACE', 'NETWORK_FILTER', ['relative REPLACE']],
    ['REPLACE', 'HTTP_FILTER', ['relative REPLACE']],
    ['REPLACE', 'VIRTUAL_HOST', ['relative REPLACE']],
    ['REPLACE', 'CLUSTER', ['ineffective REPLACE']],
    ['REPLACE', 'LISTENER', ['ineffective REPLACE']],
    ['REPLACE', 'HTTP_ROUTE', ['ineffective REPLACE']],
    ['INSERT_BEFORE', 'HTTP_FILTER', ['relative INSERT_BEFORE']],
    ['INSERT_AFTER', 'HTTP_ROUTE', ['relative INSERT_AFTER']],
    ['INSERT_FIRST', 'HTTP_FILTER', []],
    ['MERGE', 'ROUTE_CONFIGURATION', []],
    ['MERGE_AND_REPLACE_LIST', 'CLUSTER', []],
    ['"${OPERATION}"', 'CLUSTER', []],
  ])('%s on %s', (operation, applyTo, expected) => {
    expect(said([patch(applyTo, operation)])).toEqual(expected);
    // A priority orders what is relative; what has no effect has none in any order.
    const inOrder = expected.filter((fault) => fault.startsWith('ineffective'));
    expect(said([patch(applyTo, operation)], '  priority: -5\n')).toEqual(inOrder);
    expect(said([patch(applyTo, operation)], '  priority: "${PRIORITY}"\n')).toEqual(inOrder);
    expect(said([patch(applyTo, operation)], '  priority: 0\n')).toEqual(expected);
  });

  const forVersion = "match: { proxy: { proxyVersion: '^1\\.28.*' } }, ";

  it('remembers the filters that are for a version, from the patch behind on', () => {
    const relative = patch('HTTP_FILTER', 'INSERT_AFTER');
    expect(said([patch('HTTP_FILTER', 'INSERT_AFTER', forVersion), relative])).toEqual([
      'relative INSERT_AFTER',
      'relative-to-version INSERT_AFTER',
    ]);
    expect(said([relative, patch('HTTP_FILTER', 'ADD', forVersion)])).toEqual(['relative INSERT_AFTER']);
    expect(said([patch('HTTP_FILTER', 'ADD', forVersion), relative.replace('name: x', 'name: y')])).toEqual([
      'relative INSERT_AFTER',
    ]);
  });

  it('looks at every patch, one without an operation or without anything aside', () => {
    expect(said(['{ applyTo: CLUSTER }', 'null', '{ patch: { operation: ADD } }', patch('HTTP_ROUTE', 'ADD')])).toEqual([
      'ineffective ADD',
    ]);
  });
});

describe('isAnchored', () => {
  const anchored = (operation: string, match: string): boolean[] =>
    ask({ 'a.yaml': filter([patch('HTTP_FILTER', operation, match)]) }, (view) =>
      view.ofKind('EnvoyFilter.networking.istio.io').flatMap((it) => patchFaults(it).map((fault) => isAnchored(fault.patch))),
    );
  const at = (name: string): string =>
    `match: { listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: ${name} } } } } }, `;

  it.each([
    ['INSERT_BEFORE', '', true],
    ['INSERT_BEFORE', at('envoy.filters.http.router'), true],
    ['INSERT_BEFORE', at('example.lua'), false],
    ['REMOVE', at('envoy.filters.http.router'), false],
  ])('%s %s', (operation, match, expected) => {
    expect(anchored(operation, match)).toEqual([expected]);
  });
});

describe('setPriority', () => {
  it.each([
    ['nothing', filter([patch('HTTP_FILTER', 'REMOVE')]), /^ {2}priority: 10$/m],
    ['zero', filter([patch('HTTP_FILTER', 'REMOVE')], '  priority: 0\n'), /^ {2}priority: 10$/m],
    [
      'JSON',
      '{"apiVersion":"networking.istio.io/v1alpha3","kind":"EnvoyFilter","metadata":{"name":"a"},"spec":{"configPatches":[]}}',
      /"priority": 10\}\}$/,
    ],
  ])('writes a number in place of %s', (_title, text, expected) => {
    const files = { 'a.yaml': text };
    const edits = ask(files, (view) => view.ofKind('EnvoyFilter.networking.istio.io').flatMap((it) => setPriority(it) ?? []));
    expect(applyEdits(files, edits)['a.yaml']?.trim()).toMatch(expected);
  });
});
