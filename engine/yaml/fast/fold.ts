import { CARRIAGE_RETURN, SPACE, TAB, codeAt } from './characters';

/**
 * Joins the lines of a plain or single-quoted scalar (YAML 1.2.2, 6.5): a line break is a space, each empty line a line break, and white
 * space around them is gone. That before the first line and behind the last stays.
 */
export function foldFlow(raw: string): string {
  const lines = raw.split('\n');
  const last = lines.length - 1;
  let value = '';
  let separator = '';
  for (const [i, line] of lines.entries()) {
    const start = i === 0 ? 0 : skipWhite(line, 0);
    const end = i === last ? line.length : trimmedEnd(line, start);
    // Closing quotes may stand on a line of their own.
    if (start < end || i === 0 || i === last) {
      value += separator + line.slice(start, end);
      separator = ' ';
    } else if (separator === '\n') value += '\n';
    else separator = '\n';
  }
  return value;
}

/**
 * Joins the lines of a folded block scalar (YAML 1.2.2, 8.1.3): a line break between lines that are not indented more is a space.
 * @param lines without their indentation
 * @param leading how many of the lines, the first ones, are blank
 */
export function foldBlock(lines: readonly string[], leading: number): string {
  let value = '\n'.repeat(leading);
  let separator = '';
  let wasIndented = false;
  for (let i = leading; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (isWhite(codeAt(line, 0))) {
      if (separator === ' ') separator = '\n';
      else if (!wasIndented && separator === '\n') separator = '\n\n';
      value += separator + line;
      separator = '\n';
      wasIndented = true;
    } else if (line === '') {
      if (separator === '\n') value += '\n';
      else separator = '\n';
    } else {
      value += separator + line;
      separator = ' ';
      wasIndented = false;
    }
  }
  return value;
}

/** The first offset, from `at` on, that holds neither space nor tab. */
export function skipWhite(text: string, at: number): number {
  let i = at;
  while (isWhite(codeAt(text, i))) i++;
  return i;
}

/** Where a line of a text ends, its break and the white space before that not counted. */
export function trimmedEnd(line: string, start: number, to = line.length): number {
  let end = to;
  while (end > start && isWhiteOrReturn(line.charCodeAt(end - 1))) end--;
  return end;
}

function isWhite(c: number): boolean {
  return c === SPACE || c === TAB;
}

function isWhiteOrReturn(c: number): boolean {
  return isWhite(c) || c === CARRIAGE_RETURN;
}
