import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../test/support/lint';
import { withoutFieldChecks } from './field-checks';
import { readSettings } from './settings';

const named = (schema: string): string => `# yaml-language-server: $schema=${schema}\n`;
const CATALOG = 'https://example.com/crds/security.istio.io/peerauthentication_v1.json';
const policy = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n${spec}`;
const WRONG = policy('  mtls:\n    mode: strictly\n  more: 1\n');

/** The rules that an editor hears from, in the order of the text. */
function heard(text: string): string[] {
  const workspace = workspaceOf({ 'a.yaml': text });
  const findings = withoutFieldChecks(workspace.findingsIn('a.yaml'), workspace.repository.peekManifest('a.yaml'));
  return findings.map(({ reported }) => `${reported.rule}:${reported.range.start.line}`);
}

const FOUND = ['istio/invalid-value:8', 'istio/unknown-field:9'];
const below = (lines: number): string[] => FOUND.map((one) => `${one.split(':')[0] ?? ''}:${Number(one.split(':')[1]) + lines}`);

describe('a document that names a schema for its kind', () => {
  it.each([
    ['at its top', `${named(CATALOG)}${WRONG}`],
    ['ahead of its ---', `${named(CATALOG)}---\n${WRONG}`],
    ['behind its ---', `---\n${named(CATALOG)}${WRONG}`],
    ['by a path', `${named('../schemas/peer-authentication.json')}${WRONG}`],
    ['with a query', `${named(`${CATALOG}?version=1`)}${WRONG}`],
    ['with other spaces', `#yaml-language-server : $schema=${CATALOG}\n${WRONG}`],
  ])('%s', (_title, text) => {
    expect(heard(text)).toEqual([]);
  });

  it('keeps what other rules say', () => {
    expect(heard(`${named(CATALOG)}${WRONG.replace('istio.io/v1', 'istio.io/v3')}`)).toEqual(['istio/unserved-version:2']);
  });
});

describe('all is said', () => {
  it.each([
    ['without a schema', WRONG, 0],
    ['with one for another kind', `${named('https://example.com/virtualservice_v1.json')}${WRONG}`, 1],
    ['with one that says no kind', `${named('https://example.com/all.json')}${WRONG}`, 1],
    ['with the kind in the path alone', `${named('https://example.com/peerauthentication/all.json')}${WRONG}`, 1],
    ['with one in a later document', `${WRONG}---\n${named(CATALOG)}kind: A\napiVersion: v1\n`, 0],
    ['with one in an earlier document', `${named(CATALOG)}kind: A\napiVersion: v1\n---\n${WRONG}`, 4],
    ['with the words elsewhere', WRONG.replace('more: 1', 'more: "# yaml-language-server: $schema=peerauthentication.json"'), 0],
  ])('%s', (_title, text, lines) => {
    expect(heard(text)).toEqual(below(lines));
  });
});

describe('the setting', () => {
  it('turns the rules off, but for those that are named', () => {
    const { rules } = readSettings({ fieldChecks: false, rules: { 'istio/unknown-field': 'info' } });
    expect(Object.fromEntries(rules)).toEqual({
      'istio/conflicting-fields': 'off',
      'istio/invalid-value': 'off',
      'istio/missing-field': 'off',
      'istio/unknown-field': 'info',
    });
  });

  it.each([true, undefined, null, 'no', 0])('leaves them on for %j', (fieldChecks) => {
    expect([...readSettings({ fieldChecks }).rules]).toEqual([]);
  });
});
