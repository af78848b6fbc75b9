import { describe, expect, it } from 'vitest';
import { expressionFault } from './re2';

/** The syntax of RE2 (github.com/google/re2/wiki/Syntax) as Go's regexp/syntax reads it with the flags of Perl. */
describe('what RE2 reads', () => {
  it.each([
    '',
    '.*',
    '^/api/v[0-9]+(/.*)?$',
    'a|b|',
    '(a)(?:b)(?P<name>c)(?<other>d)(?i)e(?i:f)(?s-i:g)(?-i)h',
    '[]a]',
    '[^]a]',
    '[a-z\\d_-]',
    '[[:alpha:][:^digit:]]',
    '[a\\]b]',
    '\\.\\*\\/\\-\\_\\@',
    '\\d\\D\\s\\S\\w\\W\\b\\B\\A\\z',
    '\\pL\\p{Greek}\\P{^Lu}',
    '\\x41\\x{10FFFF}\\012\\12\\0',
    '\\Qa(b\\E(c)',
    '\\Qa(b',
    'a{2}b{2,}c{2,3}?d*?e+?f??',
    'a{,3}{b}{',
    '^*',
    'x{1000}',
    '(|a)',
    '[🙂-🙃]',
  ])('%s', (text) => {
    expect(expressionFault(text)).toBeUndefined();
  });
});

describe('what it does not', () => {
  it.each([
    ['(', 'has no closing ")"'],
    ['(a', 'has no closing ")"'],
    ['a)', 'has a ")" that closes nothing'],
    ['[a', 'has no closing "]"'],
    ['[', 'has no closing "]"'],
    ['[a-', 'has no closing "]"'],
    ['*a', 'has a "*" with nothing to repeat'],
    ['a|+', 'has a "+" with nothing to repeat'],
    ['(?)', 'has a group of a sort that RE2 does not know'],
    ['a**', 'repeats a repetition, which RE2 cannot do'],
    ['a++', 'repeats a repetition, which RE2 cannot do'],
    ['a{2}{3}', 'repeats a repetition, which RE2 cannot do'],
    ['a{1001}', 'repeats by {1001}, which is out of bounds'],
    ['a{3,2}', 'repeats by {3,2}, which is out of bounds'],
    ['(?=a)', 'looks ahead or behind, which RE2 cannot do'],
    ['(?!a)', 'looks ahead or behind, which RE2 cannot do'],
    ['(?<=a)b', 'looks ahead or behind, which RE2 cannot do'],
    ['(?<!a)b', 'looks ahead or behind, which RE2 cannot do'],
    ['(?>a)', 'has a group of a sort that RE2 does not know'],
    ['(a)\\1', 'refers back to a group by "\\1", which RE2 cannot do'],
    ['\\8', 'refers back to a group by "\\8", which RE2 cannot do'],
    ['\\Z', 'has "\\Z", which means nothing to RE2'],
    ['\\h', 'has "\\h", which means nothing to RE2'],
    ['a\\', 'ends in a single backslash'],
    ['[z-a]', 'has a range whose end comes before its start'],
    ['[[:word]', undefined],
    ['[[:words:]]', 'names a class "[:words:]" that does not exist'],
    ['[\\b]', 'has "\\b", which means nothing to RE2'],
  ])('%s', (text, fault) => {
    expect(expressionFault(text)).toBe(fault);
  });

  it('is quick with long ones', () => {
    const start = performance.now();
    for (const part of ['(', '[a', '\\Q', 'a{', '(?', '[[:', '\\x{', 'a*']) expressionFault(part.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
