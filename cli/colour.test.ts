import { expect, test } from 'vitest';
import { painter, wantsColour } from './colour';

test.each<[noColour: boolean, env: Record<string, string>, isTTY: boolean, expected: boolean]>([
  [false, {}, true, true],
  [false, {}, false, false],
  [true, {}, true, false],
  [true, { FORCE_COLOR: '1' }, true, false],
  [false, { NO_COLOR: '1' }, true, false],
  [false, { NO_COLOR: '' }, true, true],
  [false, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [false, { FORCE_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: '0' }, true, false],
  [false, { FORCE_COLOR: 'false' }, true, false],
  [false, { FORCE_COLOR: '' }, false, false],
  [false, { TERM: 'dumb' }, true, false],
])('--no-color %s, %j, terminal %s: %s', (noColour, env, isTTY, expected) => {
  expect(wantsColour(noColour, env, isTTY)).toBe(expected);
});

test('paint adds escapes, or nothing', () => {
  expect(painter(true)('red', 'x')).toBe('\x1b[1;31mx\x1b[0m');
  expect(painter(true)('red', '')).toBe('');
  expect(painter(false)('red', 'x')).toBe('x');
});
