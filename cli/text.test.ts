import { expect, test } from 'vitest';
import { cellsOf, visible, widthOf } from './text';

test.each([
  ['plain, ünïcode and 漢字 🕸', 'plain, ünïcode and 漢字 🕸'],
  ['\x1b[31mred\x07\x7f', '\\x1b[31mred\\x07\\x7f'],
  ['\x9b2J\x85', '\\x9b2J\\x85'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u202egnp.exe\u2066', '<U+202E>gnp.exe<U+2066>'],
  ['a\u200bb\u200dc\ufeffd\u00ade', 'a<U+200B>b<U+200D>c<U+FEFF>d<U+00AD>e'],
  ['\u{e0041}\u3164\u2028', '<U+E0041><U+3164><U+2028>'],
  ['\ud800x', '<U+D800>x'],
  ['❤\ufe0f', '❤\ufe0f'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

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
