import { expect, test } from 'vitest';
import { Lines, snippet } from './snippet';
import { widthOf } from './text';

/** The snippet of a line whose range stands between « and ». */
function show(marked: string, columns = 80): string {
  const line = marked.replace(/[«»]/g, '');
  const start = marked.indexOf('«') + 1;
  const end = marked.indexOf('»');
  const shown = snippet(line, { start: { line: 1, column: start }, end: { line: 1, column: end } }, columns);
  return `${shown.line}\n${shown.marks}`;
}

test('lines by number, whatever ends them', () => {
  const lines = new Lines('a\r\nb\n\nc');
  expect([0, 1, 2, 3, 4, 5].map((line) => lines.get(line))).toEqual([undefined, 'a', 'b', '', 'c', undefined]);
});

test('a range within a line', () => {
  expect(show('  name: «cart»')).toBe('  name: cart\n        ^~~~');
  expect(show('«n»ame')).toBe('name\n^');
});

test('a range that covers nothing, at the end of a line or beyond it', () => {
  expect(show('a: «»')).toBe('a: \n   ^');
  expect(snippet('ab', { start: { line: 1, column: 9 }, end: { line: 1, column: 12 } }, 80)).toEqual({
    line: 'ab',
    marks: '  ^',
  });
  expect(snippet('', { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } }, 80)).toEqual({ line: '', marks: '^' });
});

test('of several lines, the first is marked to its end', () => {
  const range = { start: { line: 1, column: 3 }, end: { line: 4, column: 2 } };
  expect(snippet('  spec:  ', range, 80)).toEqual({ line: '  spec:  ', marks: '  ^~~~~' });
});

test('tabs, wide characters and marks', () => {
  expect(show('\ta:\t«b»')).toBe('    a:    b\n          ^');
  expect(show('漢字: «🚀🚀»')).toBe('漢字: 🚀🚀\n      ^~~~');
  expect(show('e\u0301: «e\u0301x»')).toBe('e\u0301: e\u0301x\n   ^~');
});

test('escapes take the room that they are shown with', () => {
  expect(show('a\x1b: «b\u202e»')).toBe('a\\x1b: b<U+202E>\n       ^~~~~~~~~');
});

test('a byte order mark is not shown and counts as a column', () => {
  expect(show('\ufeff«kind»: X')).toBe('kind: X\n^~~~');
});

test('a wide line is cropped around the range', () => {
  expect(show(`${'a'.repeat(100)}«bcd»${'e'.repeat(100)}`, 21)).toBe('…aaaaaaaabcdeeeeeeee…\n         ^~~');
  expect(show(`«ab»${'c'.repeat(100)}`, 11)).toBe('abccccccc…\n^~');
  expect(show(`${'a'.repeat(100)}«bc»`, 11)).toBe('…aaaaaaabc\n        ^~');
  expect(show(`a«${'b'.repeat(100)}»`, 11)).toBe('…bbbbbbbbb…\n ^~~~~~~~~');
});

test('a cropped line never exceeds its room', () => {
  const parts = ['a', '漢', '\t', '🚀', '\x1b', 'e\u0301'];
  const line = Array.from({ length: 300 }, (_, i) => parts[(i * 7) % parts.length]).join('');
  for (let start = 1; start < line.length; start += 13) {
    for (const length of [0, 1, 17, 200]) {
      const shown = snippet(line, { start: { line: 1, column: start }, end: { line: 1, column: start + length } }, 40);
      expect(widthOf(shown.line)).toBeLessThanOrEqual(40);
      expect(shown.marks.length).toBeLessThanOrEqual(41);
    }
  }
});

test('a line of megabytes takes no time', () => {
  const line = 'x'.repeat(5_000_000);
  const start = performance.now();
  for (let i = 0; i < 20; i++) snippet(line, { start: { line: 1, column: 2_500_000 }, end: { line: 1, column: 5_000_000 } }, 100);
  expect(performance.now() - start).toBeLessThan(500);
});
