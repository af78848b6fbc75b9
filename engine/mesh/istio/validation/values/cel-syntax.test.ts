import { describe, expect, it } from 'vitest';
import { celFault } from './cel-syntax';

/** The grammar of CEL (github.com/google/cel-spec doc/langdef.md). */
describe('what parses', () => {
  it.each([
    'response.code >= 400',
    'response.code >= 400 && request.url_path != "/health" || !has(response.code)',
    "request.headers['x-team'] in ['a', 'b']",
    'a ? b : c ? d : e',
    '-1 - -1 + 2 * 3 / 4 % 5',
    '{"a": 1, "b": [1, 2,]}.a',
    'Some.Message{field: 1}',
    '.global.name',
    'a.exists(x, x > 1)',
    'r"\\d" + b"bytes" + \'\'\'long "string"\'\'\'',
    '1u + 0x1F + 1.5e3 + .5',
    '!!true',
    'a.in',
    'a // comment',
    '"a\\"b"',
  ])('%s', (text) => {
    expect(celFault(text)).toBeUndefined();
  });
});

describe('what does not', () => {
  it.each([
    ['', 'ends too early'],
    ['response.code >=', 'ends too early'],
    ['response.code => 400', 'has a "=", which means nothing in CEL'],
    ['a == == b', 'has a "==" where none can be'],
    ['(a', 'ends too early'],
    ['a)', 'has a ")" where none can be'],
    ['a b', 'has a "b" where none can be'],
    ['"a', 'has a string that nothing closes'],
    ['a & b', 'has a "&", which means nothing in CEL'],
    ['a ? b', 'ends too early'],
    ['while', 'has a "while" where none can be'],
    ['a.1', 'has a ".1" where none can be'],
    ['{a}', 'has a "}" where none can be'],
    ['"a\nb"', 'has a string that nothing closes'],
  ])('%s', (text, fault) => {
    expect(celFault(text)).toBe(fault);
  });

  it('is not led into the deep', () => {
    expect(celFault('('.repeat(100_000))).toBe('is nested too deeply');
    expect(celFault('-'.repeat(100_000))).toBe('ends too early');
    expect(celFault('a?'.repeat(100_000))).toBe('is nested too deeply');
  });
});
