import {
  BACKSLASH,
  CARRIAGE_RETURN,
  DOUBLE_QUOTE,
  LINE_FEED,
  SINGLE_QUOTE,
  SPACE,
  TAB,
  codeAt,
  endsLine,
  nextLine,
  skipSpaces,
} from './characters';
import { foldFlow, skipWhite, trimmedEnd } from './fold';

/** A quoted scalar, and the offset behind its closing quote. */
export interface Quoted {
  readonly value: string;
  readonly end: number;
  readonly style: 'single' | 'double';
  readonly isMultiline: boolean;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
  [' ', ' '],
  ['\t', '\t'],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
]);
const CODE_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/**
 * Reads a quoted scalar; undefined for one that stays open, that holds control characters or an unknown escape.
 * @param at the offset of its opening quote
 * @param column the column that its further lines must exceed; negative where it may have none
 */
export function readQuoted(text: string, at: number, column: number): Quoted | undefined {
  const quote = text.charCodeAt(at);
  let isMultiline = false;
  let hasEscapes = false;
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      if (quote === SINGLE_QUOTE && text.charCodeAt(i + 1) === SINGLE_QUOTE) {
        hasEscapes = true;
        i++;
        continue;
      }
      const raw = text.slice(at + 1, i);
      const isDouble = quote === DOUBLE_QUOTE;
      const value = isDouble ? (hasEscapes || isMultiline ? doubleQuoted(raw) : raw) : singleQuoted(raw, hasEscapes, isMultiline);
      return value === undefined ? undefined : { value, end: i + 1, style: isDouble ? 'double' : 'single', isMultiline };
    }
    if (c === BACKSLASH && quote === DOUBLE_QUOTE) {
      hasEscapes = true;
      // The line's end is looked at as such.
      if (!endsLine(text.charCodeAt(i + 1))) i++;
    } else if (c < SPACE && c !== TAB && c !== CARRIAGE_RETURN) {
      const next = c === LINE_FEED ? continuation(text, i, column) : undefined;
      if (next === undefined) return undefined;
      isMultiline = true;
      i = next - 1;
    }
  }
  return undefined;
}

/** Where the text goes on behind a line feed; undefined when it is not indented enough. */
function continuation(text: string, feed: number, column: number): number | undefined {
  let line = feed + 1;
  let first = skipSpaces(text, line);
  while (first < text.length && endsLine(text.charCodeAt(first))) {
    line = nextLine(text, first);
    first = skipSpaces(text, line);
  }
  return column >= 0 && first - line > column ? first : undefined;
}

function singleQuoted(raw: string, hasEscapes: boolean, isMultiline: boolean): string {
  const folded = isMultiline ? foldFlow(raw) : raw;
  return hasEscapes ? folded.replaceAll("''", "'") : folded;
}

/** Decodes escapes, and folds lines as far as their breaks are not escaped; undefined for an unknown escape. */
function doubleQuoted(raw: string): string | undefined {
  let value = '';
  let copied = 0;
  for (let at = 0; at < raw.length; at++) {
    const c = raw.charCodeAt(at);
    if (c === LINE_FEED) {
      value += raw.slice(copied, trimmedEnd(raw, copied, at));
      copied = skipWhite(raw, at + 1);
      let breaks = 0;
      for (let feed = feedAt(raw, copied); feed !== undefined; feed = feedAt(raw, copied)) {
        breaks++;
        copied = skipWhite(raw, feed + 1);
      }
      value += breaks === 0 ? ' ' : '\n'.repeat(breaks);
      at = copied - 1;
    } else if (c === BACKSLASH) {
      value += raw.slice(copied, at);
      const escape = escapeAt(raw, at + 1);
      if (escape === undefined) return undefined;
      value += escape.value;
      copied = escape.end;
      at = copied - 1;
    }
  }
  return value + raw.slice(copied);
}

/** The line feed of a line that ends here. */
function feedAt(raw: string, at: number): number | undefined {
  const feed = codeAt(raw, at) === CARRIAGE_RETURN ? at + 1 : at;
  return codeAt(raw, feed) === LINE_FEED ? feed : undefined;
}

function escapeAt(raw: string, at: number): { value: string; end: number } | undefined {
  const letter = raw.charAt(at);
  const value = ESCAPES.get(letter);
  if (value !== undefined) return { value, end: at + 1 };
  if (letter === '\n' || letter === '\r') return { value: '', end: skipWhite(raw, nextLine(raw, at)) };
  const digits = CODE_DIGITS.get(letter);
  const code = digits && hexadecimal(raw, at + 1, digits);
  if (digits === undefined || code === undefined || code > 0x10ffff) return undefined;
  return { value: String.fromCodePoint(code), end: at + 1 + digits };
}

function hexadecimal(raw: string, from: number, digits: number): number | undefined {
  if (from + digits > raw.length) return undefined;
  let code = 0;
  for (let i = from; i < from + digits; i++) {
    const c = raw.charCodeAt(i);
    const letter = c | 0x20;
    if (c >= 48 && c <= 57) code = code * 16 + c - 48;
    else if (letter >= 0x61 && letter <= 0x66) code = code * 16 + letter - 0x61 + 10;
    else return undefined;
  }
  return code;
}
