import { describe, expect, it } from 'vitest';
import { globMatcher } from './glob';
import type { GlobStyle } from './glob';

const directory: GlobStyle = { crossesSlash: true, braces: true };
const segments: GlobStyle = { crossesSlash: false, braces: false };

describe('globMatcher', () => {
  it.each<[string, GlobStyle, string, boolean]>([
    ['*.yaml', directory, 'a/b.yaml', true],
    ['*.yaml', segments, 'a/b.yaml', false],
    ['*/b.yaml', segments, 'a/b.yaml', true],
    ['**', segments, 'a/b', false],
    ['a?c', segments, 'abc', true],
    ['a?c', segments, 'a/c', false],
    ['{a,b}.yaml', directory, 'b.yaml', true],
    ['{a,b}.yaml', directory, 'c.yaml', false],
    ['{a,b}.yaml', segments, '{a,b}.yaml', true],
    ['x{a,b}{c,}', directory, 'xb', true],
    ['[a-c]x', segments, 'bx', true],
    ['[!a-c]x', segments, 'bx', false],
    ['[^a-c]x', segments, 'dx', true],
    ['\\*', segments, '*', true],
    ['\\*', segments, 'a', false],
    ['', segments, '', true],
    ['', segments, 'a', false],
    ['apps/*', segments, 'apps', false],
  ])('%s in style %o takes %s: %s', (pattern, style, text, expected) => {
    expect(globMatcher(pattern, style)?.(text)).toBe(expected);
  });

  it.each([['[a'], ['a\\'], ['{a'], ['{a,{b}}'], ['{a,b}'.repeat(10)]])('%s is not read', (pattern) => {
    expect(globMatcher(pattern, directory)).toBeUndefined();
  });

  it('takes no longer than both lengths multiplied', () => {
    const isMatch = globMatcher('*a'.repeat(60), directory);
    const start = performance.now();
    expect(isMatch?.('a'.repeat(4000) + 'b')).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
