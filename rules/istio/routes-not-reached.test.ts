import { describe, expect, it } from 'vitest';
import type { Rule } from '../../engine/findings/rule';
import { applyEdits, coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as ineffectiveMatch } from './ineffective-match';
import { rule as unreachableRoute } from './unreachable-route';

/** Severity, text and codes of what a rule finds. */
function told(rule: Rule, files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const virtualService = (spec: string): Files => ({
  'a.yaml': `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web }\nspec:\n  hosts: [web]\n${spec}`,
});
const A = '{ uri: { prefix: /a } }';
const AB = '{ uri: { prefix: /ab } }';
const B = '{ uri: { prefix: /b } }';

/** Which codes: those that istioctl gives in its own cases of duplicate and overlapping matches (facts 3.3, Reachability). */
describe('unreachable-route', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a second rule without a match', '  http: [{ route: [] }, { name: b, route: [] }]\n', ['warning name IST0130']],
    ['a match behind a rule without one', `  http: [{ route: [] }, { match: [${A}] }]\n`, ['warning match IST0130']],
    ['the same match', `  http: [{ match: [${A}] }, { match: [${A}] }]\n`, ['warning uri IST0130 IST0131']],
    ['the same matches', `  http: [{ match: [${A}, ${B}] }, { match: [${B}, ${A}] }]\n`, ['warning match IST0130 IST0131']],
    ['a longer prefix', `  http: [{ match: [${A}] }, { match: [${AB}] }]\n`, ['warning uri IST0131']],
    [
      'a longer prefix and the same match',
      `  http: [{ match: [${A}, ${B}] }, { match: [${AB}, ${B}] }]\n`,
      ['warning match IST0131'],
    ],
    [
      'an exact path, of which istioctl says nothing',
      `  http: [{ match: [${A}] }, { match: [{ uri: { exact: /ab } }] }]\n`,
      ['warning uri'],
    ],
    ['everything below the root', `  http: [{ match: [{ uri: { prefix: / } }] }, { route: [] }]\n`, ['warning route']],
    ['TCP', '  tcp: [{ match: [{ port: 1 }] }, { match: [{ port: 1 }] }]\n', ['warning port IST0130 IST0131']],
    [
      'TLS',
      '  tls: [{ match: [{ sniHosts: [web] }] }, { match: [{ sniHosts: [web] }] }]\n',
      ['warning sniHosts IST0130 IST0131'],
    ],
    [
      'what is left by a delegate',
      `  http: [{ match: [${A}], delegate: { name: x } }, { match: [${A}] }]\n`,
      ['info uri IST0130 IST0131'],
    ],
    ['part of a rule', `  http: [{ match: [${A}] }, { match: [${A}, ${B}] }]\n`, []],
    ['a template', '  http:\n    - match: [{ uri: { prefix: "{{ a }}" } }]\n    - match: [{ uri: { prefix: "{{ a }}" } }]\n', []],
  ])('%s', (_title, spec, expected) => {
    expect(told(unreachableRoute, virtualService(spec))).toEqual(expected);
  });

  it('names rules as their authors do', () => {
    const [finding] = workspaceOf(virtualService('  tcp: [{ name: "one", route: [] }, { name: "two", route: [] }]\n'), [
      unreachableRoute,
    ]).findings();
    expect(finding?.reported.message).toBe(
      'TCP rule "two" of VirtualService web is never reached: TCP rule "one" has no match and takes every connection. Put it before that, or remove it.',
    );
  });

  it('names all that take its requests', () => {
    const [finding] = workspaceOf(virtualService(`  http: [{ match: [${A}] }, { match: [${B}] }, { match: [${B}, ${A}] }]\n`), [
      unreachableRoute,
    ]).findings();
    expect(finding?.reported.message).toBe(
      'HTTP rule 3 of VirtualService web is never reached: HTTP rule 2 and HTTP rule 1 have the same matches. Remove it.',
    );
  });
});

describe('ineffective-match', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a longer prefix in one rule', `  http: [{ match: [${A}, ${AB}] }]\n`, ['info uri IST0131']],
    ['a match of an earlier rule', `  http: [{ match: [${A}] }, { match: [${A}, ${B}] }]\n`, ['info uri IST0131']],
    ['an exact path, of which istioctl says nothing', `  http: [{ match: [${A}, { uri: { exact: /ab } }] }]\n`, ['info uri']],
    ['TCP', '  tcp: [{ match: [{ port: 1 }] }, { match: [{ port: 1 }, { port: 2 }] }]\n', ['info port IST0131']],
    ['a rule that is not reached at all', `  http: [{ match: [${A}] }, { match: [${A}] }]\n`, []],
    [
      'another method',
      `  http: [{ match: [{ uri: { prefix: /a }, method: { exact: GET } }, { uri: { prefix: /ab }, method: { exact: POST } }] }]\n`,
      [],
    ],
  ])('%s', (_title, spec, expected) => {
    expect(told(ineffectiveMatch, virtualService(spec))).toEqual(expected);
  });

  it('takes a match out that stands twice', () => {
    const rules = '  http:\n    - match:\n        - port: 80\n        - port: 80 # again\n      route: []\n';
    const files = virtualService(rules);
    const [finding] = workspaceOf(files, [ineffectiveMatch]).findings();
    expect(finding?.fixes.map(({ safe }) => safe)).toEqual([true]);
    expect(applyEdits(files, finding?.fixes[0]?.edits() ?? [])).toEqual(
      virtualService(rules.replace('        - port: 80 # again\n', '')),
    );
  });
});
