import { expect, it } from 'vitest';
import { parseDuration } from './duration';

/** As Go's `time.ParseDuration` documents it. */
it.each([
  ['1s', 1e9],
  ['1.5s', 1.5e9],
  ['.5s', 5e8],
  ['250ms', 2.5e8],
  ['1h30m', 5.4e12],
  ['1h15m30.918s', 4.530918e12],
  ['100us', 1e5],
  ['100µs', 1e5],
  ['1ns', 1],
  ['0', 0],
  ['-0', 0],
  ['+5s', 5e9],
  ['-2s', -2e9],
  ['5', undefined],
  ['', undefined],
  ['s', undefined],
  ['.s', undefined],
  ['1 s', undefined],
  ['1d', undefined],
  ['1S', undefined],
  ['apple', undefined],
  ['2562048h', undefined],
  ['1'.repeat(90), undefined],
])('%s', (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds);
});
