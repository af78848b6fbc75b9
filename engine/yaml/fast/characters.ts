export const TAB = 9;
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const EXCLAMATION_MARK = 33;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const SINGLE_QUOTE = 39;
export const ASTERISK = 42;
export const PLUS = 43;
export const COMMA = 44;
export const DASH = 45;
export const DOT = 46;
export const COLON = 58;
export const GREATER = 62;
export const QUESTION_MARK = 63;
export const AT = 64;
export const OPENING_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSING_BRACKET = 93;
export const BACKTICK = 96;
export const OPENING_BRACE = 123;
export const BAR = 124;
export const CLOSING_BRACE = 125;
export const BYTE_ORDER_MARK = 0xfeff;

/** What stands behind the end of a text. */
const END = -1;

/** The code unit at an offset; −1 behind the end. */
export function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : END;
}

/** Whether a line ends with this character, or the text. A carriage return is taken for half of a line's end. */
export function endsLine(c: number): boolean {
  return c === LINE_FEED || c === CARRIAGE_RETURN || c === END;
}

/** Whether this character separates: an indicator counts only before one. */
export function isBlank(c: number): boolean {
  return c === SPACE || c === TAB || endsLine(c);
}

/** `,` `[` `]` `{` `}` */
export function isFlowIndicator(c: number): boolean {
  return c === COMMA || c === OPENING_BRACKET || c === CLOSING_BRACKET || c === OPENING_BRACE || c === CLOSING_BRACE;
}

/** The first offset, from `at` on, that holds no space. */
export function skipSpaces(text: string, at: number): number {
  let i = at;
  while (i < text.length && text.charCodeAt(i) === SPACE) i++;
  return i;
}

/** The start of the next line; the text's end when there is none. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}

/** Whether at a line's start a `---` or `...` stands. */
export function isMarker(text: string, at: number): boolean {
  const c = codeAt(text, at);
  return (c === DASH || c === DOT) && codeAt(text, at + 1) === c && codeAt(text, at + 2) === c && isBlank(codeAt(text, at + 3));
}
