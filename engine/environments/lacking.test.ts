import { expect, it } from 'vitest';
import { lacking, toldTogether } from './lacking';

const charts = ['a', 'b', 'c', 'd', 'e'].map((name) => lacking('charts of elsewhere', name));

it.each<[string, string[], string[]]>([
  ['none', [], []],
  ['one', charts.slice(0, 1), ['charts of elsewhere: a']],
  ['a few', charts.slice(0, 3), ['charts of elsewhere: a, b, c']],
  ['many', charts, ['charts of elsewhere: a, b, c and 2 more']],
  ['one of its own', ['templates are read'], ['templates are read']],
  [
    'several sorts, in the order of the first of each',
    ['x', lacking('patches', 'k'), ...charts, lacking('patches', 'l')],
    ['x', 'patches: k, l', 'charts of elsewhere: a, b, c and 2 more'],
  ],
  ['a name with a colon', [lacking('patches', 'a: b'), lacking('patches', 'c')], ['patches: a: b, c']],
])('reasons are told together: %s', (_, reasons, told) => {
  expect(toldTogether(reasons)).toEqual(told);
});

it('a name of any length is cut between characters', () => {
  expect(toldTogether([lacking('remote bases', 'x'.repeat(100))])).toEqual([`remote bases: ${'x'.repeat(100)}`]);
  const [told = ''] = toldTogether([lacking('remote bases', '🕸'.repeat(10_000))]);
  expect(told).toBe(`remote bases: ${'🕸'.repeat(49)}…`);
});
