import { describe, expect, it } from 'vitest';
import { ManifestDocument } from './document';
import { plainValue } from './plain';
import { entriesOf, itemsOf, lookup } from './tree';
import type { YamlNode } from './tree';

function parse(text: string): ManifestDocument {
  const document = new ManifestDocument('file.yaml');
  document.place(0, 0, text, undefined);
  return document;
}

const valueOf = (text: string): unknown => plainValue(parse(text).root);
const covered = (document: ManifestDocument, node: YamlNode | undefined): string => document.text.slice(node?.start, node?.end);

it.each(['[a::]', '[b, a:]', '[001:db8::, b]'])('a word that ends in a colon is left open in %s: decoders disagree', (text) => {
  const items = itemsOf(parse(text).root);
  expect(items.find((item) => item.type !== 'scalar')?.type).toBe('unknown');
});

describe('values', () => {
  it.each<[text: string, value: unknown]>([
    ['v', 'v'],
    ['"v"', 'v'],
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['"yes"', 'yes'],
    ['!!str yes', 'yes'],
    ['! yes', 'yes'],
    ['yEs', 'yEs'],
    ['0x1F', 31],
    ['1e3', 1000],
    ['12:30', '12:30'],
    ['2001-01-01', '2001-01-01'],
    ['!!timestamp 2001-01-01', '2001-01-01'],
    ['!!binary aGk=', 'aGk='],
    ['!custom v', 'v'],
    ['~', null],
    ['', null],
    ['|\n    a\n     b\n', 'a\n b\n'],
    ['>-\n    a\n    b\n', 'a b'],
    ['"\\ud83d\\ude42"', '🙂'],
    ['"\ud83d"', '\ud83d'],
    ['"a\\u0000b"', 'a\0b'],
    ['12345678901234567890', 12345678901234567890],
  ])('of %j', (text, value) => {
    expect(valueOf(`key: ${text}`)).toEqual({ key: value });
  });

  it('are those of YAML 1.2 under a directive for 1.1 too', () => {
    expect(valueOf('%YAML 1.1\n---\na: 0777\nb: 2001-01-01\n')).toEqual({ a: 777, b: '2001-01-01' });
    expect(valueOf('%YAML 1.1\n---\na: &x {b: 1}\nc:\n  <<: *x\n')).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  it('are unknown where something fills them in later', () => {
    const { root } = parse('a: "{{ name }}"\nb: ${NAME}-x\nc: $HOME {{\n');
    expect(lookup(root, 'a')?.type).toBe('unknown');
    expect(lookup(root, 'b')?.type).toBe('unknown');
    expect(lookup(root, 'c')?.type).toBe('scalar');
  });

  it('of a merge key stand behind a map’s own, the first of several maps first', () => {
    const text = 'x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\nw: {<<: *x, "<<": 4}\n';
    expect(valueOf(text)).toMatchObject({ z: { a: 1, b: 1, c: 3 }, w: { a: 1, b: 1, '<<': 4 } });
  });

  it('of JSON are read, indented by tabs or not at all', () => {
    const object = { apiVersion: 'v1', kind: 'List', items: [{ 'a/b': 'c\nd', n: -1.5e3, on: true, no: null, empty: [{}, []] }] };
    expect(valueOf(JSON.stringify(object))).toEqual(object);
    expect(valueOf(JSON.stringify(object, null, '\t'))).toEqual(object);
    expect(parse(JSON.stringify(object, null, '\t')).problem).toBeUndefined();
  });

  it('nothing is the value of an empty document', () => {
    for (const text of ['', '# c\n', '---\n', '--- # c\n\n', '---\n# c\n...\n'])
      expect(parse(text)).toMatchObject({ root: undefined, problem: undefined });
    expect(valueOf('--- ~')).toBeNull();
  });

  it('of keys that are no strings answer to their text', () => {
    const { root } = parse('1: a\ntrue: b\nyes: c\n2: d\n"2": e\n');
    expect(['1', 'true', '2'].map((key) => plainValue(lookup(root, key)))).toEqual(['a', 'c', 'e']);
  });
});

describe('anchors', () => {
  it('give one node to all their aliases', () => {
    const { root } = parse('a: &x {k: v}\nb: *x\nc: [*x]\n');
    expect(lookup(root, 'b')).toBe(lookup(root, 'a'));
    expect(itemsOf(lookup(root, 'c'))[0]).toBe(lookup(root, 'a'));
  });

  it('give what stood last above', () => {
    expect(valueOf('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('leave a key that is an alias where it stands', () => {
    const document = parse('a: &x k\n*x : v\n');
    const entry = entriesOf(document.root)[1];
    expect([entry?.key.value, covered(document, entry?.key)]).toEqual(['k', '*x']);
  });

  it.each([
    ['a: *none\n', 'the alias *none names no anchor above it', '*none'],
    ['a: &x\n  b: *x\n', 'the alias *x stands in what it names', '*x'],
  ])('that cannot be followed are a problem: %j', (text, message, at) => {
    const document = parse(text);
    expect(document.problem).toMatchObject({ message });
    expect(text.slice(document.problem?.start, document.problem?.end)).toBe(at);
    expect(lookup(document.root, 'a')).toBeDefined();
  });
});

describe('broken documents', () => {
  it.each<[what: string, text: string, at: string, read: unknown]>([
    ['a value that is a map', 'a: 1\nb: c: d\ne: 2\n', 'c', { a: 1, b: { c: 'd' } }],
    ['a tab', 'a: 1\nb:\n\tc: 2\n', '\t', { a: 1 }],
    ['an open quote', 'a: 1\nb: "x\n', '', { a: 1 }],
    ['an open list', 'a: 1\nb: [x, y\nc: 2\n', '', { a: 1 }],
    ['a key twice', 'a: 1\nb: 2\na: 3\na: 4\n', 'a', { a: 4, b: 2 }],
    ['a word without a colon', 'a: 1\nword\nb: 2\n', 'word', { a: 1 }],
    ['a line that is not indented enough', 'a:\n    b: 1\n  c: 2\nd: 3\n', '  c', { a: { b: 1 } }],
    ['a merge conflict', 'a: 1\n<<<<<<< HEAD\nb: 2\n', '<<<<<<< HEAD', { a: 1 }],
    ['a stray character', 'a: 1\nb: @x\nc: 2\n', '@', { a: 1, c: 2 }],
  ])('give one problem and what could be read: %s', (_, text, at, read) => {
    const document = parse(text);
    expect(document.problem).toBeDefined();
    expect(text.slice(document.problem?.start).startsWith(at)).toBe(true);
    expect(plainValue(document.root)).toMatchObject(read as object);
  });

  it('name the earlier of two problems', () => {
    expect(parse('a: 1\na: 2\nb: c: d\n').problem).toMatchObject({ start: 5, end: 6 });
    expect(parse('b: c: d\na: 1\na: 2\n').problem).toMatchObject({ start: 3 });
    expect(parse('a: 1\n--- \nb: 2\n').problem).toMatchObject({ message: 'a second document starts here', start: 5 });
  });

  it('do not take a comment below an empty value for part of the next key', () => {
    const text = `a:\n  b:\n${'  # c\n'.repeat(300)}  d: 1\n`;
    expect(parse(text).problem).toBeUndefined();
  });
});

describe('bombs', () => {
  const DEPTH = 10_000;
  const chain = Array.from({ length: DEPTH }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('');

  it.each<[what: string, text: string]>([
    ['lists', '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
    ['lists that stay open', '['.repeat(DEPTH)],
    ['maps', `${'{a: '.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`],
    ['pairs in lists', `${'[a: '.repeat(DEPTH)}1${']'.repeat(DEPTH)}`],
    ['block lists', `${'- '.repeat(DEPTH)}x\n`],
    ['explicit keys', `${'? '.repeat(DEPTH)}x\n`],
    ['block maps', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('') + 'b: 1\n'],
    ['lists of maps', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(2 * i)}- a:\n`).join('')],
    ['aliases', `a0: &a0 [x]\n${chain}`],
    ['merged maps', `a0: &a0 {x: 1}\n${chain.replace(/\[(\*\w+)\]/g, '{x: {<<: $1}}')}`],
  ])('of nested %s are cut at 400 levels', (_, text) => {
    const document = parse(text);
    expect(document.problem?.message).toBe('nested deeper than 400 levels');
    expect(document.root).toBeDefined();
    expect(document.root?.end).toBeGreaterThan(398);
  });

  it('of 399 levels are read', () => {
    expect(parse('['.repeat(399) + ']'.repeat(399)).problem).toBeUndefined();
  });

  it('of aliases are read at once, and spelt out only so far', () => {
    const laughs = `a0: &a0 lol\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]\n`).join('')}`;
    const document = parse(laughs);
    expect(document.problem).toBeUndefined();
    expect(JSON.stringify(plainValue(document.root)).length).toBeLessThan(5_000_000);
  });

  it('of merge keys end with a problem, and leave the map open', () => {
    const lines = Array.from({ length: 16 }, (_, i) => `a${i + 1}: &a${i + 1} {k${i}: 1, <<: [*a${i}, *a${i}]}\n`);
    expect(parse(`a0: &a0 {x: 1}\n${lines.join('')}`).problem).toBeUndefined();
    const wide = `a: &a {${Array.from({ length: 300 }, (_, i) => `k${i}: 1`).join(', ')}}\n`;
    const document = parse(`${wide}${Array.from({ length: 100 }, (_, i) => `b${i}: {<<: *a}\n`).join('')}`);
    expect(document.problem?.message).toContain('merge keys expand');
    expect(lookup(document.root, 'b0')).toMatchObject({ open: false });
    expect(lookup(document.root, 'b99')).toMatchObject({ open: true });
  });

  it('of 20,000 keys take no time for comparing each with each', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `key-${i}: v\n`).join('');
    const start = performance.now();
    expect(entriesOf(parse(text).root)).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it('leaves to others where their errors come from', () => {
  const before = Error.stackTraceLimit;
  expect(parse(`a: ${'"" '.repeat(50)}\n`).problem?.message).toBeDefined();
  expect(Error.stackTraceLimit).toBe(before);
  expect(new Error('later').stack).toContain('parse.test.ts');
});
