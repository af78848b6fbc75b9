import { describe, expect, it } from 'vitest';
import { Pattern } from './pattern';

function pattern(text: string): Pattern {
  const parsed = Pattern.parse(text);
  if (typeof parsed === 'string') throw new Error(`${text} is ${parsed}`);
  return parsed;
}

describe('an expression matches what Go’s regexp matches', () => {
  it.each([
    ['web', ['web'], ['webs', 'my-web', '']],
    ['web-.*', ['web-', 'web-a'], ['web', 'a-web-b']],
    ['(api|db)', ['api', 'db'], ['apidb', 'a']],
    ['Deploy.*|Stateful.*', ['Deployment', 'StatefulSet'], ['DaemonSet']],
    ['', [''], ['a']],
    ['a?b+c{2}', ['abcc', 'bbcc'], ['abc', 'acc']],
    ['x{1,3}', ['x', 'xxx'], ['', 'xxxx']],
    ['x{2,}', ['xx', 'xxxxx'], ['x']],
    ['x{,2}', ['x{,2}'], ['xx']],
    ['[a-c]pi', ['api', 'bpi'], ['dpi']],
    ['[^0-9]+', ['abc'], ['a1']],
    ['[]x]+', [']x'], ['y']],
    ['[a\\-z]', ['a', '-', 'z'], ['b']],
    ['[[:digit:]]{3}', ['123'], ['12a']],
    ['[[:^alpha:]]', ['1'], ['a']],
    ['\\d\\w\\s', ['1_ '], ['a_ ', '1- ']],
    ['\\D\\W\\S', ['a-b'], ['1-b']],
    ['[\\d.]+', ['1.2'], ['1,2']],
    ['a\\.b', ['a.b'], ['axb']],
    ['^web$', ['web'], ['a']],
    ['\\Aweb\\z', ['web'], ['web2']],
    ['a^b', [], ['a^b', 'ab']],
    ['(?i)WEB', ['web', 'Web'], ['wet']],
    ['(?i:w)eb', ['Web'], ['wEb']],
    ['(?P<name>a)(?:b)', ['ab'], ['a']],
    ['.', ['a', '😀'], ['\n', 'ab']],
    ['(?s).', ['\n'], []],
    ['a*?', ['', 'aaa'], ['b']],
    ['(a|b)*c', ['c', 'ababc'], ['abd']],
    ['\\x41\\x{1F600}', ['A😀'], ['A']],
  ])('%s', (text, yes, no) => {
    const parsed = pattern(text);
    for (const one of yes) expect([one, parsed.matches(one)]).toEqual([one, true]);
    for (const one of no) expect([one, parsed.matches(one)]).toEqual([one, false]);
  });

  it('in a part of a text', () => {
    expect(pattern('nginx').occursIn('my-nginx-2')).toBe(true);
    expect(pattern('^nginx$').occursIn('my-nginx-2')).toBe(false);
    expect(pattern('x$').occursIn('xxy')).toBe(false);
  });
});

describe('an expression that is none', () => {
  it.each(['(', ')', '[a', '*a', 'a**', 'a{2,1}', 'a{1001}', '[b-a]', '\\', '(?<!a)', '(?=a)', '\\y', '[[', '\\x4'])(
    '%s',
    (text) => {
      expect(Pattern.parse(text)).toBe('wrong');
    },
  );

  it.each(['\\bweb', '\\pL', '(?m)a', '\\Qa', `${'('.repeat(200)}${')'.repeat(200)}`, '((a{1000}){1000}){1000}'])(
    'or is not read: %s',
    (text) => {
      expect(Pattern.parse(text)).toBe('unsupported');
    },
  );
});

it('takes time in proportion to the text, whatever the expression', () => {
  const start = performance.now();
  expect(pattern('(a*)*b').matches('a'.repeat(20_000))).toBe(false);
  expect(pattern('(a|aa)+$').occursIn(`${'a'.repeat(5_000)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(3000);
});
