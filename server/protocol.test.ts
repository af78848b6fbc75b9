import { expect, it } from 'vitest';
import { workspaceOf } from '../test/support/lint';
import { DOCUMENTS, MANIFEST_PATTERN } from './protocol';

/** The names that the pattern matches, each with or without a star in front. */
const names = /^\*\*\/\{(?<names>[^{}]+)\}$/.exec(MANIFEST_PATTERN)?.groups?.['names']?.split(',') ?? [];
const matches = (path: string): boolean => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return names.some((one) => (one.startsWith('*') ? name.endsWith(one.slice(1)) : name === one));
};

it.each([
  'a.yaml',
  'a/b.yml',
  'a/b/c.json',
  'Kustomization',
  'a/Kustomization',
  'CODEOWNERS',
  '.github/CODEOWNERS',
  '.mesh-lint.yaml',
  'a.yaml.bak',
  'yaml',
  'a.jsonc',
  'kustomization',
  'README.md',
  'templates/_helpers.tpl',
  'Chart.lock',
])('the documents that clients are told to follow are those whose text the engine wants: %s', (path) => {
  expect(matches(path)).toBe(workspaceOf({}, []).wants(path) === 'text');
});

it('they are followed by language, and by name whatever their language', () => {
  expect(DOCUMENTS.flatMap((one) => ('language' in one ? [one.language] : []))).toEqual(['yaml', 'json', 'helm']);
  expect(DOCUMENTS.flatMap((one) => ('pattern' in one ? [one.pattern] : []))).toEqual([MANIFEST_PATTERN]);
  expect(new Set(DOCUMENTS.map(({ scheme }) => scheme))).toEqual(new Set(['file']));
});
