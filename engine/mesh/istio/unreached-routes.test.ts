import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { shadowedRoutes } from './unreached-routes';

/** `index: what takes it`, for each rule of which something is taken. */
function shadowed(field: 'http' | 'tls' | 'tcp', rules: string): string[] {
  const text = `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a }\nspec:\n  hosts: [a]\n  ${field}: ${rules}\n`;
  return ask({ 'a.yaml': text }, (view) =>
    view
      .ofKind('VirtualService.networking.istio.io')
      .flatMap(shadowedRoutes)
      .map(({ index, behind, matches, isUnreached, isDelegated }) =>
        [
          `${index}:`,
          isUnreached ? 'unreached' : 'in part',
          ...(behind === undefined ? [] : [behind.node === behind.route ? 'behind a rule' : 'behind a match']),
          ...matches.map(({ how }) => how),
          ...(isDelegated ? ['delegated'] : []),
        ].join(' '),
      ),
  );
}

const prefix = (path: string, more = ''): string => `{ uri: { prefix: "${path}" }${more} }`;
const rule = (...matches: readonly string[]): string => `{ match: [${matches.join(', ')}] }`;
const list = (...rules: readonly string[]): string => `[${rules.join(', ')}]`;

/** Expectations are those of istioctl's own cases of duplicate and overlapping matches (facts 3.3 "Reachability"), where it has one. */
describe('shadowedRoutes of HTTP', () => {
  it.each([
    ['two rules without a match', list('{ name: a }', '{ name: b }'), ['1: unreached behind a rule']],
    ['a match behind a rule without one', list('{ name: a }', rule(prefix('/a'))), ['1: unreached behind a rule']],
    ['the same match twice', list(rule(prefix('/a')), rule(prefix('/a', ', name: b'))), ['1: unreached same']],
    ['one match of two', list(rule(prefix('/a')), rule(prefix('/a'), prefix('/b'))), ['1: in part same']],
    ['both matches of two', list(rule(prefix('/a'), prefix('/b')), rule(prefix('/b'), prefix('/a'))), ['1: unreached same same']],
    ['a longer prefix in the same rule', list(rule(prefix('/a'), prefix('/ab'))), ['0: in part prefix']],
    ['a longer prefix in the next rule', list(rule(prefix('/a')), rule(prefix('/ab'))), ['1: unreached prefix']],
    ['a shorter prefix', list(rule(prefix('/ab')), rule(prefix('/a'))), []],
    [
      'another method',
      list(rule(prefix('/a', ', method: { exact: GET }')), rule(prefix('/ab', ', method: { exact: POST }'))),
      [],
    ],
    [
      'any method, of which istioctl thinks otherwise',
      list(rule(prefix('/a')), rule(prefix('/ab', ', method: { exact: POST }'))),
      ['1: unreached wider'],
    ],
    ['an exact path below a prefix', list(rule(prefix('/a')), rule('{ uri: { exact: /ab } }')), ['1: unreached wider']],
    [
      'everything below the root',
      list(rule(prefix('/')), rule('{ method: { exact: GET } }'), '{ name: a }'),
      ['1: unreached wider', '2: unreached behind a match'],
    ],
    ['an empty match', list(rule('{}'), '{ name: a }'), ['1: unreached behind a match']],
    [
      'what another VirtualService may leave',
      list('{ match: [{ uri: { prefix: /a } }], delegate: { name: b } }', rule(prefix('/a'))),
      ['1: unreached same delegated'],
    ],
    [
      'what a template hides',
      list(
        '"{{ rule }}"',
        '{ match: "{{ match }}" }',
        rule('{ uri: { prefix: "{{ a }}" } }'),
        rule('{ uri: { prefix: "{{ a }}" } }'),
      ),
      [],
    ],
    ['null', list('null', 'null'), []],
  ])('%s', (_title, rules, expected) => {
    expect(shadowed('http', rules)).toEqual(expected);
  });
});

describe('shadowedRoutes of connections', () => {
  it.each([
    ['tcp', list(rule('{ port: 31400 }'), rule('{ port: 31400 }')), ['1: unreached same']],
    ['tcp', list('{ route: [] }', '{ route: [] }'), ['1: unreached behind a rule']],
    ['tcp', list(rule('{ port: 31400 }'), rule('{ port: 31400 }', '{ port: 31401 }')), ['1: in part same']],
    ['tls', list(rule('{ port: 443, sniHosts: [a] }'), rule('{ sniHosts: [a], port: 443 }')), ['1: unreached same']],
    ['tls', list(rule('{ sniHosts: [a] }'), rule('{ sniHosts: [a], port: 443 }')), []],
  ] as const)('%s %s', (field, rules, expected) => {
    expect(shadowed(field, rules)).toEqual(expected);
  });
});

it('is quick with very many rules', () => {
  const rules = Array.from({ length: 3000 }, (_, i) => rule(prefix('/a', `, headers: { h${i}: { exact: b } }`)));
  expect(shadowed('http', list(...rules))).toEqual([]);
});
