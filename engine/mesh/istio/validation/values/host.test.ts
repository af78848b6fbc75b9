import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostFault, hostsOverlap, isPartialWildcard, overlappingHosts, wildcardHostFault } from './host';

const long = 'a'.repeat(63);

describe('host names', () => {
  it.each(['example.com', 'Example.COM', 'cart', 'example.com.', 'a-b.c', '1.example', long, `${long}.com`])(
    '%s is one',
    (text) => {
      expect(hostFault(text)).toBeUndefined();
    },
  );

  it.each([
    '',
    '*.example.com',
    'a..b',
    '.a',
    '-a.com',
    'a-.com',
    'a_b.com',
    'a.1',
    '1.2.3.4',
    `${long}a`,
    `${'a.'.repeat(128)}com`,
    'a b',
    'ü.de',
  ])('%s is none', (text) => {
    expect(hostFault(text)).toBeDefined();
  });

  it.each(['*', '*.example.com', '*abc.com', '*-abc.com', 'example.com'])('%s is one with a wildcard or none', (text) => {
    expect(wildcardHostFault(text)).toBeUndefined();
  });

  it.each(['', 'a.*.com', '**.com', 'a*.com', '*.*.com', '-*.com', '*.1'])('%s is not', (text) => {
    expect(wildcardHostFault(text)).toBeDefined();
  });

  it('tells wildcards for parts of a label', () => {
    expect(['*', '*.a.com', 'a.com', '*a.com', 'a*.com'].map(isPartialWildcard)).toEqual([false, false, false, true, true]);
  });
});

/** The cases of pkg/config/host's documentation: a wildcard takes all below, and not the domain itself. */
describe('wildcards', () => {
  it.each([
    ['foo.com', 'foo.com', true],
    ['*.com', 'foo.com', true],
    ['*.com', '*.foo.com', true],
    ['*.foo.com', 'foo.com', false],
    ['*', 'foo.com', true],
    ['*.com', '*.net', false],
    ['foo.com', 'bar.com', false],
  ])('%s and %s overlap: %s', (a, b, answer) => {
    expect(hostsOverlap(a, b)).toBe(answer);
    expect(hostsOverlap(b, a)).toBe(answer);
  });

  it('finds overlaps as comparing each with each does', () => {
    const host = fc.constantFrom('a.com', 'b.com', '*.com', '*.a.com', 'x.a.com', '*', 'com', '*.x.a.com', '*com');
    fc.assert(
      fc.property(fc.array(host, { maxLength: 6 }), (hosts) => {
        const slow = hosts.map((one, i) =>
          hosts.some((other, j) => (one === other ? j < i : j !== i && hostsOverlap(one, other))),
        );
        const found = new Set(overlappingHosts(hosts).flat());
        // Each pair is told from one side at least.
        for (const [i, overlaps] of slow.entries()) if (overlaps) expect([...found], hosts.join()).toContain(i);
        for (const [one, other] of overlappingHosts(hosts)) expect(hostsOverlap(hosts[one] ?? '', hosts[other] ?? '')).toBe(true);
      }),
    );
  });

  it('is quick with many', () => {
    const hosts = Array.from({ length: 20_000 }, (_, i) => `${i % 2 === 0 ? '*.' : ''}h${i}.${'a'.repeat(60)}.example.com`);
    const start = performance.now();
    expect(overlappingHosts(hosts)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
