import { expect, it } from 'vitest';
import { quantityOf } from './quantity';

// apimachinery, pkg/api/resource/quantity.go: digits, a point, and a suffix or an exponent.
it.each([
  ['1', 1],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['100m', 0.1],
  ['2k', 2000],
  ['128Mi', 134_217_728],
  ['1Gi', 1_073_741_824],
  ['64M', 64_000_000],
  ['1e3', 1000],
  ['1E-1', 0.1],
  ['1E', 1e18],
  ['+2', 2],
])('%s is %d', (text, number) => {
  expect(quantityOf(text)).toBeCloseTo(number, 9);
});

it.each(['', 'm', '1 Gi', '1gi', '1GB', '-1', '1e', '--1', '1.2.3', '1e999', '9'.repeat(40), 'NaN', 'Infinity', '0x10'])(
  '%j is none',
  (text) => {
    expect(quantityOf(text)).toBeUndefined();
  },
);
