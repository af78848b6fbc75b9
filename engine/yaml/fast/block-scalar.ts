import type { ScalarStyle } from '../tree';
import { BAR, CARRIAGE_RETURN, DASH, HASH, LINE_FEED, PLUS, TAB, codeAt, endsLine, nextLine, skipSpaces } from './characters';
import { foldBlock } from './fold';

/** A literal or folded scalar, and the offset behind it, a line's start or the text's end. */
export interface BlockScalar {
  readonly value: string;
  readonly style: ScalarStyle;
  readonly end: number;
}

/**
 * Reads a block scalar without an indentation indicator; undefined for one with it, for one without content, and for a broken one.
 * @param at the offset of its `|` or `>`
 * @param column the column that its lines must exceed
 */
export function readBlockScalar(text: string, at: number, column: number): BlockScalar | undefined {
  const style = text.charCodeAt(at) === BAR ? 'literal' : 'folded';
  const chomp = codeAt(text, at + 1);
  const header = chomp === DASH || chomp === PLUS ? at + 2 : at + 1;
  const rest = skipSpaces(text, header);
  const isComment = codeAt(text, rest) === HASH && rest > header;
  if (!isComment && !endsLine(codeAt(text, rest))) return undefined;
  const body = readBody(text, nextLine(text, rest), column);
  if (body === undefined) return undefined;
  const content = style === 'literal' ? body.lines.join('\n') : foldBlock(body.lines, body.leading);
  if (chomp === DASH) return { value: content, style, end: body.end };
  if (chomp !== PLUS) return { value: `${content}\n`, style, end: body.end };
  // The package takes the nothing behind a last line break for one more empty line.
  const breaks = body.blank + (text.charCodeAt(body.blankEnd - 1) === LINE_FEED ? 1 : 0);
  return { value: content + '\n'.repeat(Math.max(1, breaks)), style, end: body.blankEnd };
}

interface Body {
  /** Without their indentation, up to the last that holds more than that. */
  readonly lines: readonly string[];
  /** How many of the lines, the first ones, are blank. */
  readonly leading: number;
  readonly end: number;
  /** The number of blank lines behind these. */
  readonly blank: number;
  readonly blankEnd: number;
}

function readBody(text: string, from: number, column: number): Body | undefined {
  let line = from;
  let first = skipSpaces(text, line);
  let longest = 0;
  const lines: string[] = [];
  while (first < text.length && endsLine(text.charCodeAt(first))) {
    longest = Math.max(longest, first - line);
    lines.push('');
    line = nextLine(text, first);
    first = skipSpaces(text, line);
  }
  const indent = first - line;
  if (first === text.length || indent <= column || longest > indent) return undefined;
  const leading = lines.length;
  let blank = 0;
  let end = from;
  for (; line < text.length; first = skipSpaces(text, line)) {
    const width = first - line;
    const isLast = first === text.length;
    if (width < indent && isLast) break;
    if (isLast || endsLine(text.charCodeAt(first))) {
      if (width <= indent) {
        blank++;
        line = nextLine(text, first);
        continue;
      }
    } else if (width < indent) {
      if (text.charCodeAt(first) === TAB) return undefined;
      break;
    }
    for (; blank > 0; blank--) lines.push('');
    end = nextLine(text, first);
    lines.push(text.slice(line + indent, contentEnd(text, end)));
    line = end;
  }
  return { lines, leading, end, blank, blankEnd: line };
}

/** Where the content of a line ends, given where the next one starts. */
function contentEnd(text: string, next: number): number {
  if (text.charCodeAt(next - 1) !== LINE_FEED) return next;
  return text.charCodeAt(next - 2) === CARRIAGE_RETURN ? next - 2 : next - 1;
}
