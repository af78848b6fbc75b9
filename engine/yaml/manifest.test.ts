import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mutate, mutation, yamlDocument } from '../../test/support/yaml';
import { Manifest } from './manifest';
import { PiecedText } from './pieces';
import { entriesOf, itemsOf, locate, lookup } from './tree';
import type { YamlNode } from './tree';

const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  labels: &labels {app: ${name}}\nspec:\n  ports:\n    - port: 80\n  selector: *labels\n`;

/** All nodes of a tree, each once. */
function nodesOf(root: YamlNode | undefined, into = new Set<YamlNode>()): Set<YamlNode> {
  if (root === undefined || into.has(root)) return into;
  into.add(root);
  for (const item of itemsOf(root)) nodesOf(item, into);
  for (const { key, value } of entriesOf(root)) nodesOf(value, nodesOf(key, into));
  return into;
}

/** A tree with the places of its nodes in the file, keys and what is open included. */
function placed(node: YamlNode): unknown {
  const { start, end } = locate({ node });
  const at = [start, end, node.key && locate({ node: node.key }).start];
  if (node.type === 'unknown') return [...at, '?'];
  if (node.type === 'scalar') return [...at, node.style, Object.is(node.value, -0) ? '-0' : node.value];
  if (node.type === 'sequence') return [...at, node.flow, node.open, node.items.map(placed)];
  return [...at, node.flow, node.open, node.entries.map(({ key, value }) => [placed(key), placed(value)])];
}

/** The offsets of a text at which something begins or ends. */
const offsetsOf = (text: string): number[] => [0, ...[...text.matchAll(/\b|\n/g)].map(({ index }) => index), text.length];

/** The edit that makes one text of another. */
function editOf(before: string, after: string): { start: number; end: number; text: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = before.length;
  let newEnd = after.length;
  while (end > start && newEnd > start && before[end - 1] === after[newEnd - 1]) {
    end--;
    newEnd--;
  }
  return { start, end, text: after.slice(start, newEnd) };
}

/** A text edited as an editor would. */
function edited(before: PiecedText, to: string): PiecedText {
  const { start, end, text } = editOf(String(before), to);
  const document = TextDocument.create('a', 'yaml', 1, String(before));
  const [from, until] = [document.positionAt(start), document.positionAt(end)];
  // Within a break of a line there is no position.
  return document.offsetAt(from) === start && document.offsetAt(until) === end
    ? before.edited([{ range: { start: from, end: until }, text }])
    : before.edited([{ text: to }]);
}

function stateOf(manifest: Manifest): unknown {
  return manifest.documents.map(({ index, start, text, readable, root, problem }) => {
    return { index, start, text, readable, problem, root: root && placed(root) };
  });
}

describe('an edit', () => {
  const text = Array.from({ length: 200 }, (_, i) => service(`s${i}`)).join('---\n');

  it('in one document of many reads that one alone again', () => {
    const manifest = new Manifest('a.yaml', text, false);
    const documents = [...manifest.documents];
    const roots = documents.map(({ root }) => root);
    const versions = documents.map(({ version }) => version);
    manifest.update(text.replace('name: s77\n', 'name: changed-77\n'));
    expect(manifest.documents).toEqual(documents);
    manifest.documents.forEach((document, i) => {
      expect(document).toBe(documents[i]);
      expect(document.version === versions[i]).toBe(i !== 77);
      expect(document.root === roots[i]).toBe(i !== 77);
    });
    const changed = lookup(manifest.documents[77]?.root, 'metadata', 'name');
    expect(changed && text.replace('s77\n', 'changed-77\n').slice(locate({ node: changed }).start)).toMatch(/^changed-77\n/);
    expect(lookup(manifest.documents[77]?.root, 'spec')).toBe(lookup(roots[77], 'spec'));
  });

  it('that adds or removes documents leaves the others as they are', () => {
    const manifest = new Manifest('a.yaml', text, false);
    const [first, second, third] = manifest.documents;
    const roots = manifest.documents.map(({ root }) => root);
    const without = text.replace(service('s1') + '---\n', '');
    manifest.update(without);
    expect(manifest.documents.slice(0, 2)).toEqual([first, third]);
    expect(manifest.documents.map(({ root }) => root)).toEqual(roots.filter((_, i) => i !== 1));
    manifest.update(`# above\n${service('zero')}---\n${without}`);
    expect(manifest.documents).toHaveLength(200);
    expect(manifest.documents[2]).toBe(third);
    expect(manifest.documents).not.toContain(second);
    expect(manifest.documents.map(({ index }) => index)).toEqual(roots.map((_, i) => i));
  });

  it.each<[what: string, before: string, after: string]>([
    ['a comment above', service('a'), `# note\n${service('a')}`],
    ['a comment between', service('a'), service('a').replace('metadata:\n', 'metadata: # note\n  # more\n')],
    ['another indentation', 'a:\n  b: [1, &x .nan]\n  c: *x\n', 'a:\n      b: [ 1,   &x .nan ]\n      c: *x\n'],
    ['Windows line breaks', service('a'), service('a').replaceAll('\n', '\r\n')],
    ['another spelling of a value', 'a: "b"\nc: 0x10\nd: |\n  e\n', 'a: "\\x62"\nc: 16\nd: |2\n  e\n'],
    ['a document above', service('a'), `x: 1\n---\n${service('a')}`],
  ])('that changes no value keeps every node: %s', (_, before, after) => {
    const manifest = new Manifest('a.yaml', before, false);
    const last = manifest.documents.at(-1);
    const root = last?.root;
    const nodes = nodesOf(root);
    manifest.update(after);
    const now = manifest.documents.at(-1);
    expect(now?.root).toBe(root);
    expect([...nodesOf(now?.root)].filter((node) => !nodes.has(node))).toHaveLength(0);
    expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', after, false)));
  });

  it('of a value makes new nodes of it and what holds it, and no others', () => {
    const manifest = new Manifest('a.yaml', 'a: {b: 1}\nc: {d: {e: 2}, f: 3}\n', false);
    const [document] = manifest.documents;
    const before = document?.root;
    manifest.update('a: {b: 1}\nc: {d: {e: 4}, f: 3}\n');
    const same = (...path: string[]): boolean => lookup(document?.root, ...path) === lookup(before, ...path);
    expect([[], ['a'], ['a', 'b'], ['c'], ['c', 'd'], ['c', 'd', 'e'], ['c', 'f']].map((path) => same(...path))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('of the order of keys keeps the values', () => {
    const manifest = new Manifest('a.yaml', 'a: {x: 1}\nb: {y: 2}\n', false);
    const [document] = manifest.documents;
    const [a, b] = [lookup(document?.root, 'a'), lookup(document?.root, 'b')];
    manifest.update('b: {y: 2}\nc: 3\na: {x: 1}\n');
    expect([lookup(document?.root, 'a'), lookup(document?.root, 'b')]).toEqual([a, b]);
    expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', manifest.text, false)));
  });

  it('leaves a value that an alias names under its own key', () => {
    const manifest = new Manifest('a.yaml', 'a: &x 1\nb: *x\n', false);
    const [document] = manifest.documents;
    manifest.update('# moved\na: &x 1\nb: *x\n');
    expect(lookup(document?.root, 'b')?.key?.value).toBe('a');
    expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', manifest.text, false)));
  });
});

describe('a template', () => {
  const texts = [
    '{{- if .a }}\na: 1\n---\nb: 2\n{{- end }}\nc: 3\n',
    '{{- if .b }}\na: 1\n---\nb: 2\n{{- end }}\nc: 3\n',
    '{{- define "a" }}\na: 1\n---\nb: 2\n{{- end }}\nc: 3\n',
    'a: 1\n---\nb: 2\n{{- end }}\nc: 3\n',
    'a: {{ .a }}\n---\nb: 2\nc: 3\n',
    'a: 1\n---\nb: 2\nc: 3\n',
    '{{- if .a }}\na: 1\n---\nb: 2\nc: 3\n',
  ];

  it('is read as a whole: what one document opens reaches into the next', () => {
    const [document] = new Manifest('templates/a.yaml', `z: 1\n${texts[0]}`, true).documents.slice(1);
    expect(document?.root).toMatchObject({ type: 'map', open: true });
    expect(lookup(document?.root, 'c')?.type).toBe('scalar');
    expect(lookup(document?.root, 'b')?.type).toBe('unknown');
  });

  it.each([true, false])('gives after any edit what a fresh reading gives (below templates: %s)', (templated) => {
    for (const before of texts) {
      for (const after of texts) {
        const manifest = new Manifest('a.yaml', before, templated);
        stateOf(manifest);
        manifest.update(after);
        expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', after, templated)));
      }
    }
  });

  it('keeps what an edit elsewhere leaves alone', () => {
    const text = 'a: {{ .a }}\n---\nb: {{ .b }}\n---\nc: 1\n';
    const manifest = new Manifest('templates/a.yaml', text, true);
    const roots = manifest.documents.map(({ root }) => root);
    manifest.update(text.replace('.a', '.aaa | quote'));
    expect(manifest.documents.map(({ root }, i) => root === roots[i])).toEqual([true, true, true]);
    expect(manifest.documents.map(({ version }) => version)).toEqual([2, 1, 1]);
  });
});

describe('any edits', () => {
  const files = fc
    .array(
      fc.oneof({ weight: 4, arbitrary: yamlDocument }, fc.constantFrom(...['# c\n', '', 'a: {{ .x }}\n', '{{ if .x }}\nb: 1\n'])),
      { minLength: 1, maxLength: 4 },
    )
    .map((documents) => documents.join('\n---\n'));
  // Some documents are read between two edits, others are not.
  const steps = fc.array(fc.tuple(mutation, fc.nat(3)), { minLength: 1, maxLength: 6 });

  it('leave the documents, values and places of a fresh reading', () => {
    fc.assert(
      fc.property(files, steps, fc.boolean(), (text, changes, templated) => {
        const manifest = new Manifest('a.yaml', text, templated);
        let current = text;
        for (const [change, read] of changes) {
          for (const document of manifest.documents) if (document.index % 3 === read) nodesOf(document.root);
          current = mutate(current, change);
          manifest.update(current);
        }
        expect(manifest.text).toBe(current);
        expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', current, templated)));
      }),
      { numRuns: 200 },
    );
  });

  it('leave the same where the text is edited in pieces', () => {
    fc.assert(
      fc.property(files, steps, fc.boolean(), (text, changes, templated) => {
        let current = PiecedText.of(text);
        const manifest = new Manifest('a.yaml', current, templated);
        for (const [change, read] of changes) {
          for (const document of manifest.documents) if (document.index % 3 === read) nodesOf(document.root);
          current = edited(current, mutate(String(current), change));
          manifest.update(current);
          expect(manifest.text).toBe(String(current));
          expect(manifest.handed).toBe(current);
        }
        expect(stateOf(manifest)).toEqual(stateOf(new Manifest('a.yaml', String(current), templated)));
      }),
      { numRuns: 200 },
    );
  });

  it('leave lines and words as they would be found anew', () => {
    const words = ['a', 'kind', '{{'];
    const lookedUp = (manifest: Manifest): unknown => [
      offsetsOf(manifest.text).map((offset) => manifest.positionAt(offset)),
      words.map((word) => manifest.documents.map((document) => manifest.mentions(word).all.has(document))),
      words.map((word) => manifest.mentions(word).all.size),
    ];
    fc.assert(
      fc.property(files, steps, fc.boolean(), (text, changes, templated) => {
        let current = PiecedText.of(text);
        const manifest = new Manifest('a.yaml', current, templated);
        for (const [change, read] of changes) {
          if (read > 0) lookedUp(manifest);
          current = edited(current, mutate(String(current), change));
          manifest.update(current);
        }
        expect(lookedUp(manifest)).toEqual(lookedUp(new Manifest('a.yaml', String(current), templated)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('mentions', () => {
  it('change with the documents that hold the word, and with no others', () => {
    const manifest = new Manifest('a.yaml', 'a: 1\n---\nb: 1\n---\nc: 1\n', false);
    const versionAfter = (text: string): number => {
      manifest.update(text);
      return manifest.mentions('b:').version;
    };
    expect(manifest.mentions('b:').version).toBe(1);
    expect(manifest.mentions('d:').version).toBe(0);
    expect(versionAfter('a: 2\n---\nb: 1\n---\nc: 1\n')).toBe(1);
    expect(versionAfter('a: 2\n---\nb: 2\n---\nc: 1\n')).toBe(2);
    expect(versionAfter('a: 2\n---\nx: 2\n---\nc: 1\n')).toBe(3);
    expect(versionAfter('a: 2\n---\nx: 3\n---\nc: 1\n')).toBe(3);
    expect(manifest.mentions('b:').all.size).toBe(0);
  });
});

describe('positionAt', () => {
  it.each<[offset: number, line: number, column: number]>([
    [0, 0, 0],
    [3, 0, 3],
    [5, 0, 5],
    [6, 1, 0],
    [8, 1, 2],
    [9, 2, 0],
  ])('counts lines, and columns in UTF-16 code units: %i', (offset, line, column) => {
    expect(new Manifest('a.yaml', 'a: 🙂\nb\r\n', false).positionAt(offset)).toEqual({ line, column });
  });

  it('leads back to the offset in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '🙂', 'ü') }), fc.nat(200), (text, n) => {
        const offset = n % (text.length + 1);
        const { line, column } = new Manifest('a.yaml', text, false).positionAt(offset);
        const lines = text.split('\n');
        expect(lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + column).toBe(offset);
        expect(column).toBeLessThanOrEqual(lines[line]?.length ?? -1);
      }),
    );
  });
});
