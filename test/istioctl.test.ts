import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules';

/** Holds docs/istioctl.md against the rules: every code has a row, and each row names the rules that stand for its code. */
const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'istioctl.md'), 'utf8');

interface Row {
  readonly code: string;
  readonly linked: readonly string[];
  readonly difference: string;
}

const rows = text.split('\n').flatMap((line): Row[] => {
  const [code = '', , links = '', difference = ''] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (!/^IST\d{4}$/.test(code)) return [];
  return [{ code, linked: [...links.matchAll(/\(rules\/(istio\/[a-z0-9-]+)\.md\)/g)].map(([, id = '']) => id), difference }];
});

it('has a row for each of the 68 codes, once', () => {
  expect(rows).toHaveLength(68);
  expect(new Set(rows.map(({ code }) => code)).size).toBe(68);
});

it('names every rule that stands for a code', () => {
  const missing = rules.flatMap(({ id, equivalents }) =>
    equivalents
      .filter((code) => code.startsWith('IST') && rows.find((row) => row.code === code)?.linked.includes(id) !== true)
      .map((code) => `${code} ${id}`),
  );
  expect(missing).toEqual([]);
});

describe.each(rows.map((row) => [row.code, row] as const))('%s', (_code, { linked, difference }) => {
  it('names rules that exist, or says why there is none', () => {
    const ids: readonly string[] = rules.map(({ id }) => id);
    expect(linked.filter((id) => !ids.includes(id))).toEqual([]);
    if (linked.length === 0) expect(difference).toMatch(/\.$/);
  });
});
