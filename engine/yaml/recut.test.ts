import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Replaced } from './pieces';
import { recut } from './recut';
import { splitDocuments } from './split';

const documentsOf = (text: string): { start: number; text: string }[] =>
  splitDocuments(text).map(({ start, end }) => ({ start, text: text.slice(start, end) }));

/** All slices of a text after an edit: those left alone, moved, and those that were cut anew. */
function edited(text: string, to: string, replaced?: Replaced): { start: number; end: number }[] {
  const before = documentsOf(text);
  const { head, tail, slices } = recut(before, text.length, to, replaced);
  const shift = to.length - text.length;
  const all = before.map((document) => ({ start: document.start, end: document.start + document.text.length }));
  const moved = all.slice(all.length - tail).map(({ start, end }) => ({ start: start + shift, end: end + shift }));
  return [...all.slice(0, head), ...slices, ...moved];
}

describe('recut', () => {
  it.each<[what: string, text: string, to: string, head: number, tail: number]>([
    ['a change in the middle', 'a\n---\nb\n---\nc\n---\nd\n', 'a\n---\nb2\n---\nc\n---\nd\n', 1, 2],
    ['a change in the first', 'a\n---\nb\n---\nc\n', 'a2\n---\nb\n---\nc\n', 0, 2],
    ['a change in the last', 'a\n---\nb\n---\nc\n', 'a\n---\nb\n---\nc2\n', 2, 0],
    ['a document that is put between', 'a\n---\nb\n---\nc\n', 'a\n---\nx\n---\nb\n---\nc\n', 1, 2],
    ['one of two equal ones that goes', 'a\n---\nb\n---\nb\n---\nc\n', 'a\n---\nb\n---\nc\n', 2, 1],
    ['a marker that goes', 'a\n---\nb\n---\nc\n---\nd\n', 'a\n---\nb\nc\n---\nd\n', 1, 1],
    ['a marker that becomes none', 'a\n---\nb\n---\nc\n---\nd\n', 'a\n---\nb\n--- c\nc\n---\nd\n', 2, 1],
    ['an end that comes', 'a\n---\nb\n---\nc\n', 'a\n---\nb\n...\n---\nc\n', 1, 1],
    ['a byte order mark that comes', 'a\n---\nb\n', '\uFEFFa\n---\nb\n', 0, 2],
    ['everything', 'a\n---\nb\n', '', 0, 0],
  ])('looks at little of the text: %s', (_, text, to, head, tail) => {
    const { head: left, tail: right } = recut(documentsOf(text), text.length, to);
    expect([left, right]).toEqual([head, tail]);
    expect(edited(text, to)).toEqual(splitDocuments(to));
  });

  const line = fc.constantFrom('---', '---', '...', '--- # c', '# c', '', 'a', 'b', ' x', '%YAML 1.2', '----');
  const lines = fc.array(line, { maxLength: 14 });

  it('cuts as if it had never seen the text before', () => {
    fc.assert(
      fc.property(
        lines,
        lines,
        fc.nat(14),
        fc.nat(4),
        fc.constantFrom('', '\uFEFF'),
        fc.constantFrom('', '\uFEFF'),
        (before, added, at, removed, mark, newMark) => {
          const from = Math.min(at, before.length);
          const after = [...before.slice(0, from), ...added.slice(0, 3), ...before.slice(from + removed)];
          const [text, to] = [mark + before.join('\n'), newMark + after.join('\n')];
          expect(edited(text, to)).toEqual(splitDocuments(to));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('does so after edits within a line, told of them or not', () => {
    const stream = fc.string({ unit: fc.constantFrom('-', '.', '\n', '---\n', '...\n', ' ', 'a', '#', '\r\n', '\uFEFF') });
    fc.assert(
      fc.property(stream, stream, fc.nat(30), fc.nat(4), (text, added, at, removed) => {
        const to = text.slice(0, at) + added.slice(0, 4) + text.slice(at + removed);
        expect(edited(text, to)).toEqual(splitDocuments(to));
        const start = Math.min(at, text.length);
        const told = { start, end: Math.min(at + removed, text.length), newEnd: start + added.slice(0, 4).length };
        expect(edited(text, to, told)).toEqual(splitDocuments(to));
      }),
      { numRuns: 3000 },
    );
  });
});
