const UNITS = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 6e10],
  ['h', 3.6e12],
]);

const LENGTH = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
/** What fits into Go's 64-bit nanoseconds. */
const LONGEST = 2 ** 63;

/**
 * Nanoseconds of a length of time as Go's `time.ParseDuration` reads it (`1h30m`, `-1.5s`, `0`); undefined for any other text. Beyond some
 * hundred days the last digits are rounded.
 */
export function parseDuration(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (text.length > 100 || !LENGTH.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(PART)) sum += Number(amount) * (UNITS.get(unit ?? '') ?? 0);
  if (sum >= LONGEST) return undefined;
  return text.startsWith('-') ? -sum : sum;
}

export const MILLISECOND = 1e6;
export const SECOND = 1e9;
