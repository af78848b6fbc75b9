import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestorsOf, baseNameOf, directoryOf, isInside, pathsInside, resolvePath, shortestUniqueNames } from './paths';

const segment = fc.constantFrom('a', 'b', 'prod', 'dev', 'a.b', '...');
const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join('/'));

describe('parts of a path', () => {
  it.each([
    ['a/b/c.yaml', 'a/b', 'c.yaml'],
    ['c.yaml', '', 'c.yaml'],
    ['', '', ''],
  ])('%j', (whole, directory, baseName) => {
    expect([directoryOf(whole), baseNameOf(whole)]).toEqual([directory, baseName]);
  });

  it('lead up to the root', () => {
    expect(ancestorsOf('a/b/c')).toEqual(['a/b/c', 'a/b', 'a', '']);
    expect(ancestorsOf('')).toEqual(['']);
  });

  it.each([
    ['a/b', 'a', true],
    ['a', 'a', true],
    ['a', '', true],
    ['', '', true],
    ['ab', 'a', false],
    ['a', 'a/b', false],
  ])('%j lies in %j: %s', (inner, outer, answer) => {
    expect(isInside(inner, outer)).toBe(answer);
  });

  it('lie in all their ancestors, and in no other directory', () => {
    fc.assert(
      fc.property(path, path, (inner, outer) => {
        expect(isInside(inner, outer)).toBe(ancestorsOf(inner).includes(outer));
      }),
    );
  });
});

describe('resolvePath', () => {
  it.each([
    ['a/b', 'c.yaml', 'a/b/c.yaml'],
    ['a/b', './../c//d/', 'a/c/d'],
    ['a', '..', ''],
    ['', '.', ''],
    ['', '', ''],
    ['a/b', '..\\c', 'a/c'],
    ['a', '../..', undefined],
    ['a', '../../a/b', undefined],
    ['a', '/etc/passwd', undefined],
    ['a', '\\etc\\passwd', undefined],
    ['a', 'C:\\x', undefined],
    ['a', 'c:x', undefined],
    ['a', 'b\0', undefined],
  ])('from %j: %j', (directory, written, resolved) => {
    expect(resolvePath(directory, written)).toBe(resolved);
  });

  it('agrees with POSIX, and never leads out', () => {
    const written = fc
      .array(fc.oneof(segment, fc.constantFrom('..', '..', '.', '')), { maxLength: 6 })
      .map((segments) => segments.join('/'));
    fc.assert(
      fc.property(path, written, (directory, relative) => {
        fc.pre(!relative.startsWith('/'));
        const joined = posix.join('/root', directory, relative).replace(/\/$/, '');
        const resolved = resolvePath(directory, relative);
        const climbs = posix.join(directory, relative);
        if (climbs === '..' || climbs.startsWith('../')) expect(resolved).toBeUndefined();
        else expect(resolved === '' ? '/root' : `/root/${resolved}`).toBe(joined);
      }),
    );
  });
});

describe('pathsInside', () => {
  it('gives those of sorted paths that lie inside, whatever stands beside them', () => {
    const any = fc.array(fc.constantFrom('a', 'a-b', 'a0', 'a/', 'b', '!', '~'), { minLength: 1, maxLength: 4 });
    const one = any.map((parts) => parts.join('').replace(/\/$/, 'c'));
    fc.assert(
      fc.property(fc.uniqueArray(one), one, (paths, directory) => {
        const sorted = paths.filter((path) => path !== directory).sort();
        expect(pathsInside(sorted, directory)).toEqual(sorted.filter((path) => isInside(path, directory)));
        expect(pathsInside(sorted, '')).toEqual(sorted);
      }),
    );
  });
});

describe('shortestUniqueNames', () => {
  it.each<[paths: string[], names: string[]]>([
    [
      ['overlays/prod', 'overlays/dev'],
      ['prod', 'dev'],
    ],
    [
      ['shop/overlays/prod', 'cart/overlays/prod'],
      ['shop/overlays/prod', 'cart/overlays/prod'],
    ],
    [
      ['a/x/prod', 'a/y/prod', 'a/y/dev'],
      ['x/prod', 'y/prod', 'dev'],
    ],
    [
      ['', 'a'],
      ['.', 'a'],
    ],
    [
      ['prod', 'shop/prod'],
      ['prod', 'shop/prod'],
    ],
    [
      ['a', 'a'],
      ['a', 'a'],
    ],
    [[], []],
  ])('of %j', (paths, names) => {
    expect(paths.map((one) => shortestUniqueNames(paths).get(one))).toEqual(names);
  });

  it('are different, and none could be shorter', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), (paths) => {
        const names = shortestUniqueNames(paths);
        expect(new Set(names.values()).size).toBe(paths.length);
        for (const [one, name] of names) {
          const others = paths.filter((other) => other !== one);
          const isSuffix = (suffix: string, of: string): boolean => `/${of}`.endsWith(`/${suffix}`);
          if (one === '') expect(name).toBe('.');
          else expect(isSuffix(name, one)).toBe(true);
          const shorter = name.includes('/') ? name.slice(name.indexOf('/') + 1) : undefined;
          if (shorter !== undefined) expect(others.some((other) => isSuffix(shorter, other))).toBe(true);
        }
      }),
    );
  });
});
