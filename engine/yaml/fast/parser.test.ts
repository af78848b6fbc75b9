import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareParsers } from '../../../test/support/fast-parse';
import { splitDocuments } from '../split';
import { parseFast } from './parser';
import { wordIn } from './words';

describe('reads as the `yaml` package does', () => {
  it.each<[what: string, texts: string[]]>([
    ['nothing', ['', '\n', '# c', '---', '--- # c\n\n# d\n', '---\n...\n', '---\n... # c\n# d']],
    ['maps', ['a: 1', 'a: 1\nb: 2\n', '  a: 1\n  b: 2', 'a:\n b:\n    c: 1\nd: 2', '"a" : 1\n\'b\': 2\n3: 4\n~: 5\na b: c']],
    [
      'lists',
      ['- 1', '- a\n- - b\n  - - c\n-   - d', 'a:\n- 1\n- 2\nb:\n  - 3\n', '- a: 1\n  b:\n  - 2\n-   c: 3\n-\n  d: 4\n-\n - 5'],
    ],
    ['empty values', ['a:', 'a:  \nb: # c\n', '-\n- # c\n-', 'a:\n  b:\n  # c\nd:', '- 1\n# c\n-\n- 2', 'a:\n- 1\n# c\n-\n# d']],
    [
      'comments',
      [
        'a: 1 # c\n  # d\n# e\nb: 2',
        'a:\n  b: 1\n  # c\n # d\ne:\n  f: |\n    g\n   # h\n  # i\n',
        '- a: [1]\n   # b\n  # c\n # d',
      ],
    ],
    [
      'the ends of lines',
      ['a: 1\r\nb:\r\n- x\r\n\r\n# c\r\nc: |\r\n  x\r\n\r\n   y\r\n', 'a: 1  \n   ', '\n\na: 1\n\n\n', 'a: "b\r\n\r\n c"\r\n'],
    ],
    [
      'literal scalars',
      ['a: |\n  b\n   c\n\n  d\n\n\ne: 1', 'a: |-\n  \n  b\n   ', 'a: |+ # c\n b\n\n \n', '- |+\n b\n  ', 'a: |\n  \tb\n  # c'],
    ],
    ['folded scalars', ['a: >\n  b\n  c\n\n  d\n   e\n  f\n\n\n', 'a: >-\n\n b\n\n\n \tc\n  d\n e', 'a: >+\n b\n\nc: 1']],
    [
      'quoted scalars',
      [
        "a: 'it''s'\nb: ''",
        'a: "\\n\\x41\\u00e9\\U0001F642\\"" # c',
        'a: "b\n  \\  c\\\n d\n\n e"',
        "- 'a\n \n  b\n  '",
        '"a": "b"',
      ],
    ],
    ['plain scalars of several lines', ['a: b\n  c\n\n\n  - d # e\nf: 1', '- a\n b', 'a: b\n\n\n  c  \n   d\n']],
    ['values below their keys', ['a:\n  {}\nb:\n\n  # c\n  [d]\ne: \n  "f"\n', '-\n  a\n-\n  b: 1']],
    [
      'flow collections',
      [
        'a: [b, "c", \'d\', 1]\ne: {f: g, "h":i, j: [k, {l: m}, ]}',
        'a: [ # b\n  c,\n\n  {d: e,\n  f: "g"}\n]',
        '{"a": 1,\n\t"b": [2]\n}',
      ],
    ],
    ['text that something fills in', ['a: "\\x7b{ b }}"', 'a: "$\\\n  {b}"', 'a: ${b}\nc: "{{ d }}"\ne: |\n  ${f}\ng: x{{ h }}']],
    [
      'what else is text',
      ['a: b:c\nd: e#f\ng: -h\ni: ?j\nk: :l\nm: n"o\'p\nq: r, s] t}\nu: \u0085\u2028', '-a: 1\n?b: 2\n:c: 3\na#b: 4'],
    ],
    ['markers that are none', ['----: 1', 'a:\n  ---\nb: 1', 'a: ---', '- ...']],
  ])('%s', (_, texts) => {
    for (const text of texts) expect([text, compareParsers(text)]).toEqual([text, { is: 'equal' }]);
  });

  it.each<[value: string]>([
    ['~'],
    ['nUll'],
    ['True'],
    ['yes'],
    ['YeS'],
    ['n'],
    ['0'],
    ['-0'],
    ['+12'],
    ['0777'],
    ['0o17'],
    ['0o18'],
    ['0xfF'],
    ['-0x1'],
    ['12345678901234567890'],
    ['1e3'],
    ['1.e-3'],
    ['.5'],
    ['+.5E+2'],
    ['.'],
    ['-.'],
    ['1.2.3'],
    ['1e'],
    ['.inf'],
    ['+.INF'],
    ['-.Inf'],
    ['.NaN'],
    ['-.nan'],
    ['1_000'],
    ['12:30'],
    ['2001-01-01'],
  ])('the value %s', (value) => {
    expect(compareParsers(`${value}: ${value}\na: [${value}]\n`)).toEqual({ is: 'equal' });
  });
});

describe('hands over', () => {
  it.each<[what: string, texts: string[]]>([
    [
      'errors',
      [
        'a: b: c',
        'a: "b',
        'a: [b',
        'a: @b',
        'a: 1\n  b: 2',
        'a:\n    b: 1\n  c: 2',
        'a\nb: 1',
        'a: "b" c',
        'a: |b\n  c',
        '- a\nb: 1',
      ],
    ],
    [
      'keys that stand twice',
      ['a: 1\nb: 2\na: 3', '1: a\n"1": b', 'a: {b: 1, b: 2}', Array.from({ length: 20 }, (_, i) => `k${i % 19}: 1\n`).join('')],
    ],
    ['anchors, aliases and tags', ['a: &b c', 'a: *b', 'a: !c d', '&a b: c', '- !!str 1', '[&a b]']],
    ['merge keys and explicit ones', ['a:\n  <<: b', '{<<: a}', '? a\n: b']],
    [
      'several documents and directives',
      ['a: 1\n---\nb: 2', '---\n---\n', '%YAML 1.2\n---\na: 1', 'a: 1\n...\nb: 2', '...\n', '--- a: 1'],
    ],
    ['tabs that indent or separate', ['a:\n\tb: 1', 'a:\tb', 'a: b\t', '-\ta', 'a: 1\n\t\n', '\ta: 1']],
    ['what a document of scalars is', ['a', '"a"', '| \n a', '-a']],
    ['control characters and a byte order mark', ['a: b\0', '\ufeffa: 1', 'a: \ufeffb', 'a: "\x01"', 'a: b\rc: d', '\ra: 1']],
    ['keys that something fills in', ['${a}: 1', 'b: {"{{ a }}": 1}', 'a: {{ b }}']],
    [
      'what flow collections leave out',
      ['a: {b}', 'a: {b: }', 'a: [b: c]', 'a: [b\n c]', 'a: {b\n : c}', 'a: [b,, c]', 'a:\n  [b\n  ]: c'],
    ],
    ['comments that are not set off', ['a: "b"#c', 'a: [b]#c', 'a: [b,#c\n ]', 'a: |#c\n b']],
    [
      'block scalars without lines, or whose indentation is not that of their first',
      ['a: |', 'a: |\nb: 1', 'a: |2\n  b', 'a: |\n   \n  b', 'a: |\n  b\n\t'],
    ],
  ])('%s', (_, texts) => {
    for (const text of texts) expect([text, compareParsers(text)]).toEqual([text, { is: 'handed over' }]);
  });

  it('what is nested deeper than any manifest', () => {
    const nested = (depth: number): string[] => [
      Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
      `${'- '.repeat(depth)}a`,
      `a: ${'['.repeat(depth)}${']'.repeat(depth)}`,
    ];
    expect(nested(100).map((text) => compareParsers(text))).toEqual(nested(100).map(() => ({ is: 'equal' })));
    expect(compareParsers(`${'- '.repeat(100)}${'['.repeat(100)}${']'.repeat(100)}`)).toEqual({ is: 'equal' });
    expect(nested(101).map((text) => compareParsers(text))).toEqual(nested(101).map(() => ({ is: 'handed over' })));
    expect(nested(2_000).map((text) => compareParsers(text))).toEqual(nested(2_000).map(() => ({ is: 'handed over' })));
  });
});

describe('the examples', () => {
  const root = join(import.meta.dirname, '../../../examples');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path));

  it('are all read, and as the package reads them', () => {
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      const outcomes = splitDocuments(text).map(({ start, end }) => compareParsers(text.slice(start, end)).is);
      expect([file, new Set(outcomes)]).toEqual([file, new Set(['equal'])]);
    }
  });
});

describe('100 kB', () => {
  const source = { file: 'a.yaml', text: '', locate: (start: number, end: number) => [start, end] as const, slice: () => '' };

  it.each([
    'a: b\n',
    '- a\n',
    '- ',
    '-\n',
    ' ',
    ' \n',
    '# c\n',
    ' # c\n  # d\n',
    'a:\n ',
    'a: |\n b\n',
    '\r\n',
    '\r',
    "'",
    '"',
    '\\',
    '[',
    '[],',
    'a ',
    'a\n  ',
    ':',
    '...\n',
  ])('of %j is read, or given up, at once', (part) => {
    for (const start of ['', 'a: ', 'a: |\n  ', 'a: >+\n x', 'a: "', "a: '", 'a: [', '- x', 'a:\n']) {
      const text = start + part.repeat(100_000 / part.length);
      const before = performance.now();
      parseFast(source, text, []);
      expect(performance.now() - before).toBeLessThan(1_000);
    }
  });
});

it('a word is its own text, whatever words came before it', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0', 'é', '\ud83d'), maxLength: 14 });
  fc.assert(
    fc.property(letters, letters, letters, (before, word, behind) => {
      const text = before + word + behind;
      expect(wordIn(text, before.length, before.length + word.length)).toBe(word);
    }),
    { numRuns: 5_000 },
  );
});
