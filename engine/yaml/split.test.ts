import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { splitDocuments } from './split';

const slicesOf = (text: string): string[] => splitDocuments(text).map(({ start, end }) => text.slice(start, end));

describe('splitDocuments', () => {
  it.each<[what: string, text: string, slices: string[]]>([
    ['nothing', '', ['']],
    ['one document', 'a: 1\n', ['a: 1\n']],
    ['one without a last line feed', 'a: 1', ['a: 1']],
    ['only comments', '# a\n\n# b\n', ['# a\n\n# b\n']],
    ['only markers', '---\n---\n---', ['---\n', '---\n', '---']],
    ['a marker first', '---\na: 1\n---\nb: 2\n', ['---\na: 1\n', '---\nb: 2\n']],
    ['a marker between', 'a: 1\n---\nb: 2', ['a: 1\n', '---\nb: 2']],
    ['a marker last', 'a: 1\n---\n', ['a: 1\n', '---\n']],
    ['a marker last without a line feed', 'a: 1\n---', ['a: 1\n', '---']],
    ['an empty document between', 'a: 1\n---\n---\nb: 2\n', ['a: 1\n', '---\n', '---\nb: 2\n']],
    ['text behind a marker', 'a\n--- b\n---\tc\n', ['a\n', '--- b\n', '---\tc\n']],
    ['a comment behind a marker', 'a\n--- # b\nc\n', ['a\n', '--- # b\nc\n']],
    ['what only looks like a marker', 'a: |\n  ---\n----\n---b\n ---\n', ['a: |\n  ---\n----\n---b\n ---\n']],
    ['a license above the first marker', '# license\n\n---\na: 1\n', ['# license\n\n---\na: 1\n']],
    ['directives', '%YAML 1.2\n# c\n---\na: 1\n', ['%YAML 1.2\n# c\n---\na: 1\n']],
    ['indented blank lines above the first marker', ' \t\n  # c\n---\na\n', [' \t\n  # c\n---\na\n']],
    ['a comment below the last marker', 'a: 1\n---\n# b\n', ['a: 1\n', '---\n# b\n']],
    ['an end', 'a: 1\n...\nb: 2\n', ['a: 1\n...\n', 'b: 2\n']],
    ['an end and a marker', 'a: 1\n...\n---\nb: 2\n', ['a: 1\n...\n', '---\nb: 2\n']],
    ['an end and nothing', 'a: 1\n...', ['a: 1\n...']],
    ['ends in a row', 'a: 1\n...\n# b\n...\n# c\n', ['a: 1\n...\n# b\n...\n', '# c\n']],
    ['an end of nothing', '...\n# c\n...\n', ['...\n# c\n...\n']],
    ['directives after an end', 'a\n... # c\n%YAML 1.2\n---\nb\n', ['a\n... # c\n', '%YAML 1.2\n---\nb\n']],
    ['comments after an end', 'a\n...\n# c\n\n---\nb\n', ['a\n...\n', '# c\n\n---\nb\n']],
    ['a marker in a block scalar at the margin', '--- |\na\n---\nb\n', ['--- |\na\n', '---\nb\n']],
    ['a marker in a nested block scalar', 'a: |\n  b\n---\n  c\n', ['a: |\n  b\n', '---\n  c\n']],
    ['Windows line breaks', 'a: 1\r\n---\r\nb: 2\r\n...\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n...\r\n']],
  ])('cuts %s', (_, text, slices) => {
    expect(slicesOf(text)).toEqual(slices);
  });

  it('leaves a byte order mark outside', () => {
    expect(splitDocuments('\uFEFFa: 1\n---\nb: 2\n')).toEqual([
      { start: 1, end: 6 },
      { start: 6, end: 15 },
    ]);
    expect(splitDocuments('\uFEFF')).toEqual([{ start: 1, end: 1 }]);
    expect(splitDocuments('\uFEFF---\na: 1\n')).toEqual([{ start: 1, end: 10 }]);
  });
});

const line = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('---', '--- ', '---\t', '--- # c', '--- a', '--- {a: 1}', '...', '... # c', '...\t') },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'a: 1',
      'b:',
      '  c: [1]',
      '- x',
      'word',
      '',
      ' ',
      '# c',
      '  # c',
      '-- -',
      '----',
      '...a',
      '---a',
      '🙂',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a: |', '  text', '  ---', '--- |', '--- >', 'a: "x', '  y"', '%YAML 1.2', '%TAG ! a:'),
  },
);
const stream = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([mark, lines, feed, last]) => mark + lines.join(feed) + (last ? feed : ''));

/** The documents that hold something: where it starts, and what it is. */
function contentsOf(document: ReturnType<typeof parseDocument>, offset: number): [start: number, value: unknown][] {
  const { contents } = document;
  const [start = 0, end = 0] = contents?.range ?? [];
  return start === end ? [] : [[start + offset, document.toJS()]];
}

describe('slices of any text', () => {
  it('cover it in order, without gaps', () => {
    fc.assert(
      fc.property(
        fc.oneof(stream, fc.string({ unit: fc.constantFrom('-', '.', '\n', '\r', ' ', 'a', '#', '\uFEFF') })),
        (text) => {
          const slices = splitDocuments(text);
          expect(slices[0]?.start).toBe(text.startsWith('\uFEFF') ? 1 : 0);
          expect(slices.at(-1)?.end).toBe(text.length);
          slices.slice(1).forEach(({ start }, i) => {
            expect(start).toBe(slices[i]?.end);
          });
          if (slices.length > 1) for (const { start, end } of slices) expect(end).toBeGreaterThan(start);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hold the documents that the `yaml` package finds in the whole', () => {
    fc.assert(
      fc.property(stream, (marked) => {
        // The package takes the mark for a column of the first line.
        const text = marked.replace('\uFEFF', '');
        const options = { logLevel: 'silent', prettyErrors: false } as const;
        const whole = parseAllDocuments(text, options);
        const documents = 'empty' in whole ? [] : whole;
        fc.pre([...documents, whole].every((part) => !('errors' in part) || part.errors.length === 0));
        const parts = splitDocuments(text).map(({ start, end }) => ({
          start,
          document: parseDocument(text.slice(start, end), options),
        }));
        expect(parts.flatMap(({ start, document }) => contentsOf(document, start))).toEqual(
          documents.flatMap((document) => contentsOf(document, 0)),
        );
        // Directives that no document follows are no error to `parseAllDocuments`, but to `parseDocument`.
        expect(parts.flatMap(({ document }) => (document.contents === null ? [] : document.errors))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
