import { expect, test } from 'vitest';
import { hidesSomething, replaceUnseen, visible, visibleLine } from './visible';

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

// Renderers show nothing for these, of which the first two are letters: Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
test.each(['\u3164', '\uffa0', '\u034f', '\u115f', '\u17b4', '\u180b', '\ufe00', '\u{e0100}', '\u2065', '\u2800'])(
  '%j hides between two letters',
  (character) => {
    expect(hidesSomething(`a${character}b`)).toBe(true);
    expect(visible(`a${character}b`)).toMatch(/^a<U\+[0-9A-F]{4,6}>b$/);
  },
);

test('what is seen stays: letters with marks, wide spaces, emoji and their selectors', () => {
  for (const text of ['e\u0301', 'a\u3000b\u00a0c', '❤\ufe0f', '☎\ufe0e', '한국어', 'नमस्ते']) expect(visible(text)).toBe(text);
});

test('a line keeps to itself', () => {
  expect(visibleLine('a\r\n\tb\nc')).toBe('a b c');
  expect(visibleLine('a\u2028b\x1bc')).toBe('a<U+2028>b\\x1bc');
});

test('each character is replaced once, whole', () => {
  const seen: string[] = [];
  expect(replaceUnseen('a\u{e0041}\x07', (character) => `[${seen.push(character)}]`)).toBe('a[1][2]');
  expect(seen).toEqual(['\u{e0041}', '\x07']);
});
