import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PiecedText } from './pieces';
import type { TextChange } from './pieces';

/** Lines of all lengths and with all breaks, so many that there are several pieces. */
const unit = fc.constantFrom('a', 'b', 'ü', '🙂', '\n', '\n', '\r\n', '\r', ' '.repeat(900), `${'x'.repeat(2000)}\n`);
const text = fc.string({ unit, maxLength: 40 });
const position = fc.record({ line: fc.nat(30), character: fc.oneof(fc.nat(8), fc.nat(4000)) });
const change: fc.Arbitrary<TextChange> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      range: fc.record({ start: position, end: position }),
      text: fc.string({ unit, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ text }) },
);
const edits = fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 8 });

describe('a text in pieces', () => {
  it('is after any edits what the document of the language server protocol is', () => {
    fc.assert(
      fc.property(text, edits, position, (before, all, asked) => {
        let pieced = PiecedText.of(before);
        let plain = before;
        for (const changes of all) {
          pieced = pieced.edited(changes);
          // Made anew for each change: how that one counts lines after an edit is its own affair.
          for (const one of changes) {
            const document = TextDocument.create('a', 'yaml', 1, plain);
            plain = TextDocument.update(document, [one], 2).getText();
          }
          expect(pieced.slice(0, pieced.length)).toBe(plain);
          expect(String(pieced)).toBe(plain);
          expect(pieced.length).toBe(plain.length);
          expect(pieced.offsetAt(asked)).toBe(TextDocument.create('a', 'yaml', 1, plain).offsetAt(asked));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('knows what replaced what in the text that it was made of', () => {
    fc.assert(
      fc.property(text, edits, (before, all) => {
        let pieced = PiecedText.of(before);
        for (const changes of all) {
          const earlier = pieced;
          pieced = earlier.edited(changes);
          const replaced = pieced.replacedIn(earlier);
          expect(replaced === undefined).toBe(changes.length === 0 || changes.some(({ range }) => range === undefined));
          if (replaced === undefined) continue;
          const { start, end, newEnd } = replaced;
          expect(pieced.slice(0, start)).toBe(earlier.slice(0, start));
          expect(pieced.slice(newEnd, pieced.length)).toBe(earlier.slice(end, earlier.length));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('hands out whole lines, all of them', () => {
    fc.assert(
      fc.property(text, edits, (before, all) => {
        let pieced = PiecedText.of(before);
        for (const changes of all) pieced = pieced.edited(changes);
        const pieces: string[] = [];
        pieced.some((lines) => {
          pieces.push(lines);
          return false;
        });
        expect(pieces.join('')).toBe(String(pieced));
        expect(pieces.slice(0, -1).every((lines) => lines.endsWith('\n'))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('shares what an edit leaves alone, and keeps no text but the one before', () => {
    const before = PiecedText.of('name: a\n'.repeat(20_000));
    const at = { line: 9000, character: 7 };
    const once = before.edited([{ range: { start: at, end: at }, text: 'b' }]);
    const twice = once.edited([{ range: { start: at, end: at }, text: 'c' }]);
    expect(twice.slice(72_000, 72_010)).toBe('name: acb\n');
    expect(twice.replacedIn(once)).toEqual({ start: 72_007, end: 72_007, newEnd: 72_008 });
    expect(once.replacedIn(before)).toBeUndefined();
    const linesOf = (one: PiecedText): Set<string> => {
      const all = new Set<string>();
      one.some((lines) => !all.add(lines));
      return all;
    };
    // All are alike but the last, which is shorter, and the one that was edited.
    expect(linesOf(twice).size).toBe(3);
  });
});
