import { expect, test } from 'vitest';
import { cellsOf, widthOf } from './text';

test.each([
  ['abc', 3],
  ['e\u0301', 1],
  ['漢字', 4],
  ['ｆｕｌｌ', 8],
  ['한국', 4],
  ['\u1112\u1161\u11ab', 2],
  ['🕸\ufe0f🚀', 4],
  ['👍🏽', 2],
  ['🇩🇪', 2],
  ['❤\ufe0f', 2],
  ['\t', 4],
  ['\x1b', 4],
])('%j takes %d columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('cells know where they stand', () => {
  expect(cellsOf('\ufeffa\t🚀\x1b')).toEqual([
    { text: 'a', width: 1, start: 1, end: 2 },
    { text: '    ', width: 4, start: 2, end: 3 },
    { text: '🚀', width: 2, start: 3, end: 5 },
    { text: '\\x1b', width: 4, start: 5, end: 6 },
  ]);
});

test('a cluster with something unseen in it is taken apart', () => {
  expect(cellsOf('👩\u200d🚀').map(({ text }) => text)).toEqual(['👩', '<U+200D>', '🚀']);
});
