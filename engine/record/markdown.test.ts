import { describe, expect, test } from 'vitest';
import { code, inline, lineLink, table } from './markdown';

describe('inline', () => {
  test.each([
    ['plain, ünïcode and 漢字', 'plain, ünïcode and 漢字'],
    ['a *b* _c_ `d`', 'a \\*b\\* \\_c\\_ \\`d\\`'],
    ['[a](b)', '\\[a\\](b)'],
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y\\>'],
    ['&lt;', '&amp;lt;'],
    ['a | b', 'a \\| b'],
    ['a\nb\r\n# c', 'a b \\# c'],
    ['https://example.com', 'https:\\/\\/example.com'],
    ['www.example.com, a@example.com', 'www\\.example.com, a\\@example.com'],
    ['\u202egnp', '<U+202E>gnp'.replace('<', '&lt;').replace('>', '\\>')],
    ['\x1b[31m', '\\\\x1b\\[31m'],
  ])('%j is %j', (text, markdown) => {
    expect(inline(text)).toBe(markdown);
  });
});

describe('code', () => {
  test.each([
    ['team.engineers', '`team.engineers`'],
    ['a`b', '``a`b``'],
    ['``', '``` `` ```'],
    ['a|b', '`a\\|b`'],
    ['a\nb', '`a b`'],
    ['', '` `'],
  ])('%j is %j', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });
});

test('a link leads to the line, and holds nothing that would end it', () => {
  expect(lineLink('overlays/prod/a.yaml', 12)).toBe('[`overlays/prod/a.yaml:12`](overlays/prod/a.yaml#L12)');
  expect(lineLink('a (1)/b#c d.yaml', 3)).toBe('[`a (1)/b#c d.yaml:3`](a%20%281%29/b%23c%20d.yaml#L3)');
  expect(lineLink('../x"<>.yaml', 1)).toBe('[`../x"<>.yaml:1`](../x%22%3C%3E.yaml#L1)');
  expect(lineLink('\ud800.yaml', 1)).toContain('(%EF%BF%BD.yaml#L1)');
});

test('a table', () => {
  expect(table(['a', 'b'], [['1', '2']])).toEqual(['| a | b |', '|---|---|', '| 1 | 2 |']);
});
