import { expect, it } from 'vitest';
import { labelKeyFault, labelValueFault } from './labels';

/** The syntax that Kubernetes documents for labels. */
it('tells keys', () => {
  const good = ['app', 'app.kubernetes.io/name', 'A_b.c-d', 'a'.repeat(63), `${'a'.repeat(63)}.io/b`];
  const bad = ['', '-a', 'a-', 'a b', 'a*', 'a/b/c', '/a', 'a/', '_x/y', 'a'.repeat(64), `${'a.'.repeat(127)}a/b`];
  expect(good.map(labelKeyFault)).toEqual(good.map(() => undefined));
  for (const key of bad) expect(labelKeyFault(key), key).toBeDefined();
});

it('tells values', () => {
  const good = ['', 'v1', 'a.b_c-d', 'a'.repeat(63)];
  const bad = ['-a', 'a-', 'a b', '*', 'a/b', 'a'.repeat(64), 'ü'];
  expect(good.map(labelValueFault)).toEqual(good.map(() => undefined));
  for (const value of bad) expect(labelValueFault(value), value).toBeDefined();
});
