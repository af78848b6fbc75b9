import fc from 'fast-check';

/**
 * A part of a document, made for the column of its parent: what follows `key:` or `-`, from the space or line break on, without the last
 * line break.
 */
type Part = (column: number) => string;

const pad = (column: number): string => ' '.repeat(column);
const always = (text: string): Part => {
  return () => text;
};

const KEYS = 'a b name app.kubernetes.io/name "q_k" \'s\' yes 1 ключ 🙂 spec labels <<'.split(' ');
/** What decoders of YAML 1.1 and 1.2 do not agree on, and ordinary words. */
const WORDS =
  'v yes Off y N true False null ~ 0 -1 0777 0x1F 0o17 1_000 1e3 .5 .inf .nan 12:30:45 2001-01-01 http://a:80/b a#b naïve 日本 🙂👍 -x :x ?x 1.2.3'.split(
    ' ',
  );
const QUOTED = [
  '""',
  "''",
  '"yes"',
  "'1'",
  '"a\\n\\tb\\u0041\\x41"',
  "'it''s'",
  '"# no"',
  "'{{'",
  '"\\ud83d\\ude42"',
  '"a\\\n     b"',
];
const TAGGED = ['!!str 5', '!!str yes', '! y', '!custom x', '!!binary aGk='];
const BLOCK_LINES = ['text', 'a: b', '', '  deeper', '# no comment', '🙂', '- x', '\ttab'];

const anchor = fc.constantFrom('x', 'y', 'z');
const comment = fc.constantFrom('', '', '', ' # c', ' #', '\t# ü', ' ');

/** The entries of a map, seldom with a key that stands twice. */
function entriesOf<T>(part: fc.Arbitrary<T>, size: { minLength?: number; maxLength: number }): fc.Arbitrary<[string, T][]> {
  const entry = fc.tuple(fc.constantFrom(...KEYS), part);
  return fc.oneof(
    { weight: 15, arbitrary: fc.uniqueArray(entry, { ...size, selector: ([key]) => key }) },
    { weight: 1, arbitrary: fc.array(entry, size) },
  );
}

const quoted = fc.oneof(
  fc.constantFrom(...QUOTED),
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text)),
);

const flow = fc.letrec<{ flow: string; list: string; map: string; pair: string }>((tie) => ({
  flow: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'flow' },
    fc.constantFrom(...WORDS.filter((word) => !/[:?-]/.test(word))),
    quoted,
    tie('list'),
    tie('map'),
  ),
  pair: fc.tuple(fc.constantFrom(...KEYS), tie('flow')).map((pair) => pair.join(': ')),
  list: fc.array(fc.oneof(tie('flow'), tie('pair')), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  map: entriesOf(fc.oneof(tie('flow'), fc.constant('')), { maxLength: 3 }).map(
    (entries) => `{${entries.map(([key, value]) => (value === '' ? key : `${key}: ${value}`)).join(', ')}}`,
  ),
})).flow;

const blockScalar = fc
  .tuple(
    fc.constantFrom('|', '|-', '|+', '>', '>-', '>+', '| # c', '|2'),
    fc.array(fc.constantFrom(...BLOCK_LINES), { minLength: 1, maxLength: 4 }),
  )
  .map(([header, lines]): Part => {
    return (column) => ` ${header}\n${lines.map((line) => (line === '' ? '' : pad(column + 2) + line)).join('\n')}`;
  });

const multiline: Part = (column) => ` one\n${pad(column + 2)}two\n\n${pad(column + 1)}three`;

const INDENTED = /^\n( *)(?=[^\s#])/;

/** A map in a list starts behind its dash, and a list in a list is indented. */
function listItem(part: Part, column: number): string {
  const flush = INDENTED.exec(part(column))?.[1]?.length === column;
  const text = part(flush ? column + 2 : column);
  const inner = INDENTED.exec(text)?.[1]?.length;
  return `${pad(column)}-${inner === undefined ? text : pad(inner - column - 1) + text.slice(inner + 1)}`;
}

const value = fc.letrec<{ value: Part; map: Part; list: Part; scalar: Part; named: Part }>((tie) => ({
  scalar: fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.oneof(fc.constantFrom(...WORDS), quoted, flow), comment)
        .map(([text, end]) => always(` ${text}${end}`)),
    },
    { weight: 2, arbitrary: blockScalar },
    { weight: 1, arbitrary: comment.map(always) },
    { weight: 1, arbitrary: fc.constant(multiline) },
    { weight: 1, arbitrary: anchor.map((name) => always(` *${name}`)) },
    { weight: 1, arbitrary: fc.constantFrom(...TAGGED).map((text) => always(` ${text}`)) },
  ),
  named: fc
    .tuple(anchor, fc.oneof(tie('map'), tie('list'), fc.constantFrom(' v', ' "w"').map(always)))
    .map(([name, part]): Part => {
      return (column) => ` &${name}${part(column)}`;
    }),
  map: fc
    .tuple(
      entriesOf(fc.tuple(fc.constantFrom('', '', '', '# c\n', '\n'), tie('value')), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 2, max: 4 }),
    )
    .map(([entries, step]): Part => {
      return (column) =>
        entries.map(([key, [above, part]]) => `\n${above}${pad(column + step)}${key}:${part(column + step)}`).join('');
    }),
  list: fc.tuple(fc.array(tie('value'), { minLength: 1, maxLength: 3 }), fc.constantFrom(0, 2)).map(([items, step]): Part => {
    return (column) => items.map((part) => `\n${listItem(part, column + step)}`).join('');
  }),
  value: fc.oneof({ maxDepth: 3, depthIdentifier: 'value' }, tie('scalar'), tie('map'), tie('list'), tie('named')),
})).value;

/** One document with a map at its root. Most, but not all, are valid. */
export const yamlDocument: fc.Arbitrary<string> = fc
  .record({
    start: fc.constantFrom('', '', '', '---\n', '--- # c\n', '# license\n'),
    entries: entriesOf(value, { minLength: 1, maxLength: 5 }),
    end: fc.constantFrom('', '\n', '\n', '\n# c\n', '\n...\n'),
    feed: fc.constantFrom('\n', '\n', '\r\n'),
  })
  .map(({ start, entries, end, feed }) => {
    const lines = entries.map(([key, part]) => `${key}:${part(0)}`);
    return `${start}${lines.join('\n')}${end}`.replaceAll('\n', feed);
  });

const INSERTS =
  ' |\n|\t|:|: |-|- |#| # c|"|\'|[|}|{|&x |*x|!|>|\n---\n|\n...\n|\r|\0|\ud83d|🙂|%|?|,|<<: *x\n|\uFEFF|x|\n  |{{ .x }}|{{ if .x }}|{{ end }}|${x}'.split(
    '|',
  );

/** A part cut out of a text and another put in, as a key press or a paste would. */
export interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly insert: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.constantFrom(0, 0, 1, 2, 10),
  insert: fc.constantFrom('', '|', ...INSERTS),
});

export function mutate(text: string, { at, cut, insert }: Mutation): string {
  const from = Math.round(at * text.length);
  return text.slice(0, from) + insert + text.slice(from + cut);
}
