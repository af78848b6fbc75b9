import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EditedText } from './edited-text';
import type { Replacement } from './edited-text';

/** Edits of a text of a length, none of which overlaps another. */
const edits = (length: number): fc.Arbitrary<Replacement[]> =>
  fc
    .array(fc.record({ cut: fc.nat(length), isEdited: fc.boolean(), newText: fc.string({ maxLength: 4 }) }), { maxLength: 5 })
    .map((cuts) => {
      const ordered = [...cuts].sort((a, b) => a.cut - b.cut);
      const ranges = ordered.map(({ cut, ...rest }, i) => ({ start: cut, end: ordered[i + 1]?.cut ?? length, ...rest }));
      return ranges.flatMap(({ start, end, newText, isEdited }) => (isEdited ? [{ start, end, newText }] : []));
    });

function applied(text: string, all: readonly Replacement[]): string {
  let at = 0;
  let result = '';
  for (const { start, end, newText } of [...all].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

it('the edits do at once what was done one after another', () => {
  const steps = fc.string({ minLength: 0, maxLength: 20 }).chain((text) => {
    const more = (sofar: string, left: number): fc.Arbitrary<Replacement[][]> =>
      left === 0
        ? fc.constant([])
        : edits(sofar.length).chain((next) => more(applied(sofar, next), left - 1).map((rest) => [next, ...rest]));
    return more(text, 4).map((all) => ({ text, all }));
  });
  fc.assert(
    fc.property(steps, ({ text, all }) => {
      const whole = new EditedText(text.length);
      let expected = text;
      for (const step of all) {
        whole.apply(step);
        expected = applied(expected, step);
        expect(whole.of(text)).toBe(expected);
      }
      const together = whole.edits();
      expect(applied(text, together)).toBe(expected);
      // From top to bottom, none touching the next.
      together.forEach(({ start, end }, i) => {
        expect(start).toBeLessThanOrEqual(end);
        if (i > 0) expect(start).toBeGreaterThan(together[i - 1]!.end);
      });
    }),
    { numRuns: 500 },
  );
});

it('an edit stays as small as it was', () => {
  const whole = new EditedText(10);
  whole.apply([
    { start: 8, end: 9, newText: 'yy' },
    { start: 1, end: 2, newText: '' },
  ]);
  whole.apply([{ start: 0, end: 1, newText: 'x' }]);
  expect(whole.edits()).toEqual([
    { start: 0, end: 2, newText: 'x' },
    { start: 8, end: 9, newText: 'yy' },
  ]);
  expect(whole.of('0123456789')).toBe('x234567yy9');
});

it('insertions keep their order, and stand before what is replaced', () => {
  const whole = new EditedText(1);
  whole.apply([
    { start: 1, end: 1, newText: 'a' },
    { start: 1, end: 1, newText: 'b' },
  ]);
  expect(whole.of('x')).toBe('xab');
  const mixed = new EditedText(3);
  mixed.apply([
    { start: 1, end: 2, newText: 'new' },
    { start: 1, end: 1, newText: 'before ' },
  ]);
  expect(mixed.of('abc')).toBe('abefore newc');
  expect(new EditedText(0).edits()).toEqual([]);
});
