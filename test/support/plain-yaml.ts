/** Texts for the fast YAML parser: what manifests hold and the parser accepts, and what is like it and may not be. */
import fc from 'fast-check';

/** What follows `key:` or `-` of a collection at a column, from the space or line break on, without the last line break. */
type Part = (column: number) => string;

const pad = (column: number): string => ' '.repeat(Math.max(0, column));
const maybe = <T>(often: T, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: seldom });

const KEYS = ['a', 'b', 'name', 'x.y/z', 'e f', '"g"', "'h'", '8080', 'yes', '~', 'ключ', 'a#b', '-c', '🙂'];
const WORDS =
  '1 -1 0777 0x1F 0o17 1e3 .5 -0 .inf .NaN 1_000 0x 1. ~ null True FALSE yes Off n tRUE 12:30 2001-01-01 http://a:80/b a#b -x :x ?x 1.2.3 naïve 日本 🙂 \u0085 a\u2028b ${x}'.split(
    ' ',
  );
const TEXTS = ['', 'some words', '"a"', '""', "'it''s'", '"\\n\\x41\\u00e9\\U0001F642\\/\\""', '"{{ x }}"', "'# no'", '"a: b"'];
const FLOWS = ['{}', '[]', '[a, "b",\'c\']', '{a: b, "c":1}', '[ [x], {y: {z: ~}} , ]', '[a b, -1, c#d]', '{a : 1 , e f: [] }'];

const comment = maybe('', fc.constantFrom(' # c', '  ', '   #', ' # ü: - "'));

/** Blank lines and comments at any column around that of what stands above. */
const trivia: fc.Arbitrary<Part> = maybe<Part>(
  () => '',
  fc
    .array(fc.tuple(fc.integer({ min: -6, max: 4 }), fc.constantFrom('# c', '#', '', ' ')), { minLength: 1, maxLength: 3 })
    .map((lines) => (column) => lines.map(([shift, text]) => `\n${pad(column + shift)}${text}`).join('')),
);

const BLOCK_LINES = ['text', 'a: b', '', '  deeper', '# no comment', '\ttab', '- x', '${x}', '\u2028'];

const blockScalar = fc
  .tuple(
    fc.constantFrom('|', '|-', '|+', '>', '>-', '>+'),
    comment,
    fc.integer({ min: 1, max: 3 }),
    fc.array(fc.oneof(fc.constantFrom(...BLOCK_LINES), fc.nat(6)), { minLength: 1, maxLength: 6 }),
  )
  .map(
    ([header, end, step, lines]): Part =>
      (column) =>
        ` ${header}${end}${lines.map((line) => `\n${typeof line === 'number' ? pad(line) : line && pad(column + step) + line}`).join('')}`,
  );

/** Scalars and flow collections of several lines, each line deeper than what is around. */
const spread = fc
  .tuple(
    fc.constantFrom<readonly string[]>(
      ['some', 'words', '', '- and more', 'a:b'],
      ['"some \\', ' \\ words\\n', '', 'it is', '  end"'],
      ["'it''s ", '', ' ', "words'"],
      ['"\\', '\t "'],
      ['[', '"a", # c', '', '{b: c,', 'd:', 'e f}', ']'],
      ['{a: 1,', 'b: "x', 'y",}'],
      ['', '{}'],
      ['# c', '"a"'],
      ['', 'word'],
    ),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 7, maxLength: 7 }),
    comment,
  )
  .map(([lines, steps, end]): Part => {
    const [first = '', ...others] = lines;
    return (column) => ` ${first}${others.map((line, i) => `\n${line && pad(column + (steps[i] ?? 1)) + line}`).join('')}${end}`;
  });

const INDENTED = /^\n( *)(?=[^\s#])/;

/** A collection in a list starts behind its dash, or below it. */
function listItem(part: Part, column: number, gap: number): string {
  const flush = INDENTED.exec(part(column))?.[1]?.length === column;
  const text = part(flush ? column + 1 + gap : column);
  const inner = INDENTED.exec(text)?.[1]?.length;
  return `${pad(column)}-${inner === undefined || gap === 0 ? text : pad(inner - column - 1) + text.slice(inner + 1)}`;
}

interface Entry {
  readonly key: string;
  readonly part: Part;
  /** Spaces before the colon or behind the dash; where there are none, what is nested stands below the dash. */
  readonly gap: number;
  readonly below: Part;
}

const entriesOf = (part: fc.Arbitrary<Part>): fc.Arbitrary<Entry[]> =>
  fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), part, gap: fc.constantFrom(0, 0, 0, 1, 3), below: trivia }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ key }) => key,
  });

const mapAt = (column: number, entries: readonly Entry[]): string =>
  entries.map(({ key, part, gap, below }) => `\n${pad(column)}${key}${pad(gap)}:${part(column)}${below(column)}`).join('');

const listAt = (column: number, items: readonly Entry[]): string =>
  items.map(({ part, gap, below }) => `\n${listItem(part, column, gap === 3 ? 0 : gap + 1)}${below(column)}`).join('');

const value = fc.letrec<{ value: Part; collection: Part; scalar: Part }>((tie) => ({
  scalar: fc.tuple(fc.constantFrom(...WORDS, ...TEXTS, ...FLOWS), comment).map(
    ([text, end]) =>
      () =>
        `${text && ' '}${text}${end}`,
  ),
  collection: fc.tuple(entriesOf(tie('value')), fc.constantFrom(mapAt, listAt), fc.integer({ min: 0, max: 4 }), trivia).map(
    ([entries, at, step, above]) =>
      (column) =>
        above(column) + at(column + (at === mapAt ? Math.max(1, step) : step), entries),
  ),
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    { weight: 5, arbitrary: tie('scalar') },
    { weight: 1, arbitrary: blockScalar },
    { weight: 1, arbitrary: spread },
    { weight: 6, arbitrary: tie('collection') },
  ),
})).value;

/** A document as manifests are; most are valid, and most of these within what the parser accepts. */
export const manifestDocument: fc.Arbitrary<string> = fc
  .record({
    start: maybe('', fc.constantFrom('---\n', '--- # c\n', '# c\n---\n\n# d\n', '\n  # c\n', '  \n')),
    entries: entriesOf(value),
    at: fc.constantFrom(mapAt, mapAt, listAt),
    column: maybe(0, fc.constantFrom(1, 2)),
    end: fc.constantFrom('', '\n', '\n', '\n', '\n...\n', '\n# c\n... # c\n\n# c', '\n\n  \n  # c', '\n   '),
    feed: maybe('\n', fc.constant('\r\n')),
  })
  .map(({ start, entries, at, column, end, feed }) => `${start}${at(column, entries).slice(1)}${end}`.replaceAll('\n', feed));

/** Spaces are underscores here. */
const SCALARS = [
  '# #x : :: x: - -- --- ... ? ?x ~ ~x <<: <<:_x "<<":_x |_#c |2 |x >+ [] [a []] [a,] [,] [a:_b] [a_#_c {} }: {a} {a:_}',
  '{a:b} {"a":1} {a:_1,_a:_2} {?_a} {{_x_}} x{{_y_}} ${x}:_1 "a" "a"_b "a"#c "a":b "a":_b "open "\\q" "\\ a_\\ end" k:_"q',
  "'open k:_'s 'a'' !x !!str_1 &a &a_x *a %x @x `x` a:_b:_c a:_b a_#b a\tb a\t \ta a\0b \ufeffx \ud83d k:_| k:_>- k:_[a,",
  '-_- -_| -_k:_v -_k: -_"a":_b -_-\tx -\tx k:\tv',
]
  .join(' ')
  .split(' ')
  .map((text) => text.replaceAll('_', ' '));

const looseLine = fc
  .tuple(
    fc.constantFrom(0, 0, 0, 1, 2, 2, 3, 4, 6),
    fc.oneof(
      fc.constantFrom('k: v', '- i', 'a:', 'b:', 'c:', '-', '# c', '', 'words', '- a:', 'a: |', 'b: [', 'c: "'),
      fc.constantFrom(...SCALARS),
      fc
        .tuple(fc.constantFrom('a: ', 'b: ', '"c": ', '- ', '- - ', '- d: ', '-   '), fc.constantFrom(...SCALARS, ...WORDS))
        .map((parts) => parts.join('')),
    ),
    fc.constantFrom('', '', '', '', '', '', ' # c', ' ', '#', '\t', ':'),
  )
  .map(([column, text, end]) => pad(column) + text + end);

/** A few lines at any indentation, of which it matters which follows which. Most are broken. */
export const looseLines: fc.Arbitrary<string> = fc
  .tuple(
    maybe('', fc.constantFrom('---\n', '--- # c\n', '%YAML 1.2\n---\n', '\ufeff', '...\n', '\t\n')),
    fc.array(looseLine, { minLength: 1, maxLength: 7 }),
    fc.constantFrom('\n', '\n', '', '\n  ', '\n\n # c\n', '\n...\n', '\n---\n', '\r'),
    maybe('\n', fc.constant('\r\n')),
  )
  .map(([start, lines, end, feed]) => `${start}${lines.join('\n')}${end}`.replaceAll('\n', feed));

/** A text with some of its lines moved to the left or right. */
export function withShifts(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const shifts = fc.array(fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 2 });
  return fc.tuple(texts, shifts).map(([text, moves]) => {
    const lines = text.split('\n');
    for (const [at, by] of moves) {
      const line = lines[at % lines.length] ?? '';
      const indent = line.length - line.trimStart().length;
      lines[at % lines.length] = by > 0 ? pad(by) + line : line.slice(Math.min(-by, indent));
    }
    return lines.join('\n');
  });
}

const ACTIONS = [
  '{{ .x }}',
  '{{- .x | quote }}',
  '{{ include "a" . | nindent 4 }}',
  '{{- toYaml .x | indent 2 -}}',
  '{{/* c */}}',
  '{{ $a := 1 }}',
];
const REGIONS = ['{{- if .x }}', '{{ range .y }}', '{{- end }}', '{{ else }}'];

/** A text with template actions: on lines of their own, as values, and inside of anything. */
export function withActions(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const action = fc.constantFrom(...ACTIONS, ...ACTIONS, ...REGIONS);
  const place = fc.record({
    at: fc.nat(),
    column: fc.integer({ min: 0, max: 6 }),
    action,
    where: fc.constantFrom('line', 'value', 'end', 'inside'),
  });
  return fc.tuple(texts, fc.array(place, { minLength: 1, maxLength: 4 })).map(([text, places]) => {
    const lines = text.split('\n');
    for (const { at, column, action, where } of places) {
      const i = at % lines.length;
      const line = lines[i] ?? '';
      if (where === 'line') lines.splice(i, 0, pad(column) + action);
      else if (where === 'value') lines[i] = line.replace(/([:-])( .*)?$/, `$1 ${action.replaceAll('$', '$$$$')}`);
      else if (where === 'end') lines[i] = `${line} ${action}`;
      else lines[i] = line.slice(0, at % (line.length + 1)) + action + line.slice(at % (line.length + 1));
    }
    return lines.join('\n');
  });
}
