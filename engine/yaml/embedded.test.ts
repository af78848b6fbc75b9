import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlDocument } from '../../test/support/yaml';
import { parseEmbedded } from './embedded';
import type { EmbeddedDocument } from './embedded';
import { Manifest } from './manifest';
import { plainValue } from './plain';
import { entriesOf, itemsOf, locate, lookup } from './tree';
import type { YamlNode } from './tree';

function embeddedIn(node: YamlNode | undefined): EmbeddedDocument {
  const document = node?.type === 'scalar' ? parseEmbedded(node) : undefined;
  if (document === undefined) throw new Error('no text is embedded here');
  return document;
}

function embedded(text: string, ...path: string[]): EmbeddedDocument {
  return embeddedIn(lookup(new Manifest('a.yaml', text, false).documents[0]?.root, ...path));
}

function coveredBy(text: string, node: YamlNode | undefined): string {
  if (node === undefined) return '';
  const { start, end } = locate({ node });
  return text.slice(start, end);
}

describe('YAML in a scalar', () => {
  it.each<[what: string, text: string]>([
    ['a literal block', 'data:\n  mesh: |\n    a: 1\n    b: {c: "x y"}\n'],
    ['a block that is stripped', 'data:\n  mesh: |-\n    a: 1\n    b:\n      c: "x y"\n'],
    ['a block that keeps its end', 'data:\n  mesh: |+\n    a: 1\n    b:\n      c: "x y"\n\n\n'],
    ['a block at the end of the file', 'data:\n  mesh: |\n    a: 1\n    b: {c: "x y"}'],
    ['a block that is indented little', 'data:\n  mesh: |\n   a: 1\n   b: {c: "x y"}\nx: y\n'],
    ['a block with blank lines', 'data:\n  mesh: | # why\n\n\n       a: 1\n\n    \n       b: {c: "x y"}\n'],
    ['a block with an indicator', 'data:\n  mesh: |2\n      a: 1\n      b: {c: "x y"}\n'],
    ['a block that starts with a space of no YAML', 'data:\n  mesh: |\n    #\u00a0\n    a: 1\n    b: {c: "x y"}\n'],
    ['a block with Windows line breaks', 'data:\r\n  mesh: |\r\n    a: 1\r\n\r\n    b:\r\n      c: "x y"\r\n'],
    ['a block with an anchor and a tag', 'data:\n  mesh: !!str &x |\n    a: 1\n    b: {c: "x y"}\n'],
    ['single quotes', `data:\n  mesh: '{a: 1, b: {c: "x y"}}'\n`],
  ])('has its places in the file: %s', (_, text) => {
    const { root, problem } = embedded(text, 'data', 'mesh');
    expect(problem).toBeUndefined();
    expect(plainValue(root)).toEqual({ a: 1, b: { c: 'x y' } });
    expect(coveredBy(text, lookup(root, 'b', 'c'))).toBe('"x y"');
    expect(coveredBy(text, lookup(root, 'b', 'c')?.key)).toBe('c');
    expect(coveredBy(text, lookup(root, 'a'))).toBe('1');
  });

  it.each<[what: string, text: string]>([
    ['escapes', String.raw`data: {mesh: "{\"a\": 1}"}`],
    ['doubled quotes', `data: {mesh: '{''a'': 1}'}`],
    ['a folded block', 'data:\n  mesh: >\n    a: 1\n'],
    ['quotes over several lines', 'data:\n  mesh: "{a:\n    1}"\n'],
  ])('stands as a whole where its characters do not lie one by one: %s', (_, text) => {
    const outer = lookup(new Manifest('a.yaml', text, false).documents[0]?.root, 'data', 'mesh');
    const { root } = embeddedIn(outer);
    expect(plainValue(root)).toEqual({ a: 1 });
    expect(coveredBy(text, lookup(root, 'a'))).toBe(coveredBy(text, outer));
  });

  it('can hold YAML in a scalar again', () => {
    const text = 'a:\n  b: |\n    c:\n      d: |\n        e: {f: here}\n      g: \'{h: "there"}\'\n';
    const outer = embedded(text, 'a', 'b');
    const inner = embeddedIn(lookup(outer.root, 'c', 'd'));
    expect(coveredBy(text, lookup(inner.root, 'e', 'f'))).toBe('here');
    expect(coveredBy(text, lookup(embeddedIn(lookup(outer.root, 'c', 'g')).root, 'h'))).toBe('"there"');
  });

  it('ends before the next line’s indentation', () => {
    const text = 'a: |\n  b: |\n    c\n  d: 1\n';
    expect(coveredBy(text, lookup(embedded(text, 'a').root, 'b'))).toBe('|\n    c\n');
  });

  it('is broken by itself', () => {
    const { problem, root } = embedded('a: |\n  b: 1\n  c: d: e\nf: 1\n', 'a');
    expect(problem?.message).toContain('nested mappings');
    expect(plainValue(root)).toMatchObject({ b: 1 });
    expect(embedded('a: |\n  b: 1\n  ---\n  b: 2\n', 'a').problem?.message).toBe('a second document starts here');
    const number = lookup(new Manifest('a.yaml', 'a: 1\n', false).documents[0]?.root, 'a');
    expect(number?.type === 'scalar' && parseEmbedded(number)).toBeUndefined();
  });

  it('follows its scalar when that moves or is spelt in another way', () => {
    const manifest = new Manifest('a.yaml', 'a: |\n  b: here\n', false);
    const outer = lookup(manifest.documents[0]?.root, 'a');
    const { root } = embeddedIn(outer);
    const text = '# moved\na: |\n        b: here\n';
    manifest.update(text);
    expect(lookup(manifest.documents[0]?.root, 'a')).toBe(outer);
    expect(coveredBy(text, lookup(root, 'b'))).toBe('here');
  });
});

/** Every node with a text of its own. */
function nodesOf(node: YamlNode | undefined, into = new Set<YamlNode>()): Set<YamlNode> {
  if (node === undefined || into.has(node)) return into;
  into.add(node);
  for (const item of itemsOf(node)) nodesOf(item, into);
  for (const { key, value } of entriesOf(node)) nodesOf(value, nodesOf(key, into));
  return into;
}

/** A text as it stood before it was indented and given other line breaks. */
const unindented = (text: string): string => text.replaceAll('\r\n', '\n').replace(/\n +/g, '\n').replace(/ +$/, '');

describe('any document in a block', () => {
  it('has ranges that hold its text, at any indentation', () => {
    fc.assert(
      fc.property(
        yamlDocument,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('', '-', '+'),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('', 'next: 1'),
        (document, indent, chomping, feed, next) => {
          const lines = document.replaceAll('\r\n', '\n').split('\n');
          fc.pre(lines[0] !== '' && !/\t|\{\{/.test(document) && !/[\x80-\x9f\u2028\u2029]/.test(document));
          const block = lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n');
          const text = `outer: |${chomping}\n${block}\n${next}`.replaceAll('\n', feed);
          const inner = embedded(text, 'outer');
          expect(inner.text.trimEnd()).toBe(lines.join('\n').trimEnd());
          for (const node of nodesOf(inner.root)) {
            expect(unindented(coveredBy(text, node))).toBe(unindented(inner.slice(node.start, node.end)));
            if (!inner.slice(node.start, node.end).includes('\n'))
              expect(coveredBy(text, node)).toBe(inner.slice(node.start, node.end));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
