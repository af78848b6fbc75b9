import { expect, it } from 'vitest';
import { Manifest } from '../../yaml/manifest';
import { lookup } from '../../yaml/tree';
import { substituted } from './substitution';

const values = new Map([
  ['region', 'eu'],
  ['port', '8080'],
  ['empty', ''],
]);

/** What a value becomes; `unknown` where it stays so. */
function result(written: string, isWhole = true, known = values, isAlways = false): unknown {
  const [document] = new Manifest('a.yaml', `a: ${written}\n`, false).documents;
  const node = lookup(document?.root, 'a');
  if (node?.type !== 'unknown') return 'no variable';
  const value = substituted(node, { values: known, isWhole, isAlways });
  return value === undefined ? 'unknown' : value.value;
}

/** fluxcd/pkg envsubst/parse and kustomize/kustomize_varsub.go, Flux 2.9. */
it.each<[string, unknown]>([
  ['${region}', 'eu'],
  ['shop-${region}-1', 'shop-eu-1'],
  ['"${region}"', 'eu'],
  ["'${region}'", 'eu'],
  ['${port}', 8080],
  ['"${port}"', 'unknown'],
  ['${empty}', null],
  ['${other}', 'unknown'],
  ['${other:=us}', 'us'],
  ['${other:-us}', 'us'],
  ['${other=us}', 'us'],
  ['${region:=us}', 'eu'],
  ['$${region}', '${region}'],
  ['${region^^}', 'unknown'],
  ['${region:0:1}', 'unknown'],
  ['${region-us}', 'unknown'],
  ['${1a}', 'unknown'],
  ['${region} {{ x }}', 'unknown'],
  ['"${region}\\n"', 'unknown'],
])('%s becomes %s', (written, expected) => {
  expect(result(written)).toBe(expected);
});

it('a default counts only where nothing else can set the variable', () => {
  expect(result('${other:=us}', false)).toBe('unknown');
  expect(result('${region}', false)).toBe('eu');
});

it('without any variable nothing is filled in, not even defaults, unless that is asked for', () => {
  expect(result('${other:=us}', true, new Map())).toBe('unknown');
  expect(result('${other:=us}', true, new Map(), true)).toBe('us');
  expect(result('${other:=us}', false, new Map(), true)).toBe('unknown');
});
