import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutate, mutation } from '../../test/support/yaml';
import { absent, known } from '../tristate';
import { Manifest } from '../yaml/manifest';
import { headerOf } from './resource';
import type { ResourceHeader } from './resource';
import { scanHeader } from './scan-header';

const HEADER: ResourceHeader = { apiVersion: 'apps/v1', kind: 'Deployment', name: known('cart'), namespace: known('shop') };
const PLAIN = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec: {}\n';

describe('scanHeader reads', () => {
  it.each<[what: string, text: string]>([
    ['a plain document', PLAIN],
    ['one behind a marker', `--- # c\n${PLAIN}...\n`],
    ['one with Windows line breaks', PLAIN.replaceAll('\n', '\r\n')],
    [
      'quotes and comments',
      PLAIN.replace('cart', '"cart"   # c').replace(': shop', ":\t'shop'\t# c").replace('metadata:', 'metadata:  # c'),
    ],
    ['another order', 'metadata:\n    namespace: shop\n    name: cart\nspec:\nkind: Deployment\napiVersion: apps/v1'],
    [
      'comments and blank lines',
      PLAIN.replace('metadata:\n', 'metadata:\n\n# c\n    # name: x\n').replace('  namespace', '   \n  namespace'),
    ],
    [
      'deeper keys of the same names',
      PLAIN.replace('  name:', '  labels:\n    name: x\n    namespace: |\n      name: y\n  name:'),
    ],
    ['lists at the margin below another key', `${PLAIN}rules:\n- kind: x\n  metadata:\n    name: y\n`],
  ])('%s', (_, text) => {
    expect(scanHeader(text)).toEqual(HEADER);
  });

  it('no namespace of a kind that has none', () => {
    expect(scanHeader(PLAIN.replace('apps/v1', 'v1').replace('Deployment', 'Namespace'))?.namespace).toEqual(absent);
    expect(scanHeader(PLAIN.replace('  namespace: shop\n', ''))?.namespace).toEqual(absent);
  });
});

describe('scanHeader leaves to the parser', () => {
  it.each<[what: string, text: string]>([
    ['a name that is a number', PLAIN.replace('cart', '123')],
    ['a name that is a boolean of YAML 1.1', PLAIN.replace('cart', 'on')],
    ['a name with a comment sign in it', PLAIN.replace('cart', 'cart#1')],
    ['a name of two lines', PLAIN.replace('cart', 'cart\n    wheel')],
    ['a kind of two lines', PLAIN.replace('Deployment', 'Deployment\n\n  Set')],
    ['a name in a template', PLAIN.replace('cart', '{{ .name }}')],
    ['a variable', PLAIN.replace('cart', '${NAME}')],
    ['an anchor', PLAIN.replace('cart', '&x cart')],
    ['a merge key', PLAIN.replace('  name: cart', '  <<: *x')],
    ['a list at the place of a name', PLAIN.replace('  name:', '  ownerReferences:\n  - name: x\n    kind: y\n  name:')],
    ['a key twice', PLAIN.replace('  namespace: shop', '  name: other')],
    ['a top-level key twice', `${PLAIN}kind: Other\n`],
    ['a quoted key', `${PLAIN}"kind": Other\n`],
    ['an explicit key', `${PLAIN}? kind\n: Other\n`],
    ['a block scalar', `--- |\n${PLAIN}`],
    ['quotes around all', `"\n${PLAIN}"`],
    ['a key without a space', PLAIN.replace('kind: ', 'kind:')],
    ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'A', metadata: { name: 'x' } }, null, 2)],
    ['metadata in braces', PLAIN.replace('metadata:\n  name: cart', 'metadata: {name: cart,\n ').replace('shop', 'shop }')],
    ['annotations in open braces', PLAIN.replace('  name: cart', '  annotations: {a: b,\n  name: cart\n  }')],
    ['no name', PLAIN.replace('  name: cart\n', '')],
    ['no metadata', 'apiVersion: v1\nkind: A\n'],
    ['metadata last', 'apiVersion: v1\nkind: A\nmetadata:'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(scanHeader(text)).toBeUndefined();
  });
});

const NAMES = ['cart', '"cart"', "'cart'", 'v1', 'apps/v1', 'x-y.z'];
const ODD_VALUES = [
  ...[
    '1',
    '"1"',
    '1e3',
    '0x1',
    'true',
    'Yes',
    'n',
    'null',
    '~',
    '',
    'a b',
    'a#b',
    'a # b',
    'a\u00a0',
    'a: b',
    'a:b',
    'ü',
    '[a]',
    '{a: b}',
  ],
  ...[
    '&x a',
    '*x',
    '!!str 1',
    '|\n    a',
    '>-\n   a',
    'a\n    b',
    '"a\n    b"',
    '{{ .x }}',
    '{{ .x }}-role',
    'x-{{ .y }}',
    '${X}',
  ],
];
const ODD_METADATA = [
  ...[
    '',
    '  ',
    '# c',
    '  # c',
    '  "name": x',
    '  <<: *x',
    '  - name: x',
    '    name: x',
    ' name: x',
    '  annotations: |\n    name: x',
  ],
  ...[
    '  annotations: {name: a,',
    '  name: z }',
    '  }',
    '  a: "b',
    '  c"',
    '{{- if .x }}',
    '{{- end }}',
    '  {{- include "x" . | nindent 2 }}',
  ],
  ...['  labels:\n    {{- toYaml .x | nindent 4 }}', '  labels:\n    name: x\n    namespace: y', '  uid: x\n  labels: {a: b}'],
];
const ODD_LINES = [
  ...[
    'rules:',
    '- kind: x',
    '{{- if .a }}',
    '{{- end }}',
    '---',
    '--- |',
    '"',
    '# kind: x',
    '',
    'word',
    '? kind',
    ': x',
    '<<: {kind: x}',
  ],
  ...['"kind": x', ' kind: x', 'kind : x', 'kind: ConfigMap', 'spec: |\n  kind: x', 'spec:\n  kind: x', 'data: {a: b}'],
];

const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NAMES) }, fc.constantFrom(...ODD_VALUES));
const comment = fc.constantFrom('', '', '', ' # c', '  ', '\t# c', '\r');
const entry = (key: string): fc.Arbitrary<string> => fc.tuple(value, comment).map(([text, end]) => `${key}: ${text}${end}`);
/** No line, mostly. */
const seldom = (lines: readonly string[], key: string): fc.Arbitrary<string[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.oneof(fc.constantFrom(...lines), entry(key)), { minLength: 1, maxLength: 2 }) },
  );

const manifest = fc
  .tuple(
    seldom(ODD_LINES, 'type'),
    fc.oneof({ weight: 3, arbitrary: fc.constant('apiVersion: v1') }, entry('apiVersion')),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('kind: Role', "kind: 'Namespace'") }, entry('kind')),
    fc.constantFrom('metadata:', 'metadata: # c', 'metadata:\t', 'metadata: &x', 'metadata: {}'),
    fc.oneof({ weight: 3, arbitrary: fc.constant('  name: cart') }, entry('  name')),
    seldom(ODD_METADATA, '  namespace'),
    seldom(ODD_LINES, 'status'),
    fc.constantFrom('\n', '\n', '\r\n'),
    fc.boolean(),
  )
  .map(([above, apiVersion, kind, metadata, name, more, below, feed, isFirst]) => {
    const named = isFirst ? [name, ...more] : [...more, name];
    return [...above, apiVersion, kind, metadata, ...named, ...below, ''].join('\n').replaceAll('\n', feed);
  });

describe('what scanHeader answers', () => {
  it.each([false, true])('is what the parsed document says (a template: %s)', (templated) => {
    let answers = 0;
    fc.assert(
      fc.property(manifest, fc.option(mutation, { freq: 3, nil: undefined }), (text, change) => {
        const changed = change === undefined ? text : mutate(text, change);
        for (const document of new Manifest('a.yaml', changed, templated).documents) {
          const header = scanHeader(document.readable, document.text);
          if (header === undefined || document.problem !== undefined) continue;
          answers++;
          expect(document.root?.type === 'map' ? headerOf(document.root) : undefined).toEqual(header);
        }
      }),
      { numRuns: 1000 },
    );
    expect(answers).toBeGreaterThan(50);
  });
});
