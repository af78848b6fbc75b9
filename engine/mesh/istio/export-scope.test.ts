import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { namespacesOf, reaches, scopesMeet } from './export-scope';
import type { ExportScope } from './export-scope';

const scope = (names: readonly string[], owner: Tristate<string> = known('shop'), open = false): ExportScope => ({
  owner,
  names,
  open,
});

/** facts 1.4: no exportTo, or any `*` in it, is all; `.` is the own namespace; else those that are listed. 3.3: `~` is none. */
describe('reaches', () => {
  it.each([
    [scope([]), known('pay'), 'yes'],
    [scope(['*']), known('pay'), 'yes'],
    [scope(['pay', '*']), known('mail'), 'yes'],
    [scope(['.']), known('shop'), 'yes'],
    [scope(['.']), known('pay'), 'no'],
    [scope(['pay', 'mail']), known('mail'), 'yes'],
    [scope(['pay']), known('shop'), 'no'],
    [scope(['~']), known('shop'), 'no'],
    // One that sets no namespace equals another such and `default`, and may be any other.
    [scope(['.'], absent), absent, 'yes'],
    [scope(['.'], absent), known('default'), 'yes'],
    [scope(['.'], absent), known('shop'), 'unknown'],
    [scope(['pay']), unknown, 'unknown'],
    [scope(['pay'], known('shop'), true), known('mail'), 'unknown'],
    [scope([], known('shop'), true), known('mail'), 'unknown'],
    [scope(['pay'], known('shop'), true), known('pay'), 'yes'],
  ] as const)('%o from %o: %s', (from, namespace, answer) => {
    expect(reaches(from, namespace)).toBe(answer);
  });
});

describe('scopesMeet', () => {
  const pay = known('pay');
  it.each([
    [scope([]), scope([], pay), 'yes'],
    [scope([]), scope(['.'], pay), 'yes'],
    [scope(['.']), scope(['.'], pay), 'no'],
    [scope(['.']), scope(['shop'], pay), 'yes'],
    [scope(['mail', 'web']), scope(['web'], pay), 'yes'],
    [scope(['mail']), scope(['web'], pay), 'no'],
    [scope(['~']), scope([], pay), 'no'],
    [scope(['.']), scope(['mail'], pay, true), 'unknown'],
    [scope(['.'], absent), scope(['.'], pay), 'unknown'],
    [scope(['.'], absent), scope(['.'], absent), 'yes'],
  ] as const)('%o and %o: %s', (one, other, answer) => {
    expect(scopesMeet(one, other)).toBe(answer);
    expect(scopesMeet(other, one)).toBe(answer);
  });
});

describe('namespacesOf', () => {
  it.each([
    [scope([]), [known('shop')]],
    [scope(['*']), [known('shop')]],
    [scope(['.', 'pay']), [known('shop'), known('pay')]],
    [scope(['pay', '*']), [known('shop')]],
  ])('%o', (of, namespaces) => {
    expect(namespacesOf(of)).toEqual(namespaces);
  });
});
