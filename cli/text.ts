/** One thing a terminal shows: a character with its marks, or the escape that stands for one that must not reach it. */
export interface Cell {
  readonly text: string;
  /** Columns it takes. */
  readonly width: number;
  /** Where it stands in the text it was cut from, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

const TAB = '    ';

// What steers a terminal, turns the direction of text or is not seen at all: controls, formats (bidi, zero-width, tags), line and
// paragraph separators, halves of surrogate pairs, fillers, and variation selectors other than the two that choose between text and emoji.
const EVERY_UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0d\u{e0100}-\u{e01ef}]/gu;

const ZERO_WIDTH = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const EMOJI_AS_TEXT = /\p{Extended_Pictographic}\ufe0f/u;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text with everything that a terminal would obey, or that would not be seen, written as a visible escape. */
export function visible(text: string): string {
  return text.replace(EVERY_UNSAFE, escape);
}

/** Columns that a text takes, once made visible. */
export function widthOf(text: string): number {
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0);
}

/** Cuts a line into what a terminal shows of it. Tabs become spaces; a byte order mark at the very start is passed by. */
export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  for (const { segment, index } of graphemes.segment(line)) {
    if (segment === '\t') cells.push({ text: TAB, width: TAB.length, start: index, end: index + 1 });
    else if (segment === '\ufeff' && index === 0) continue;
    else if (segment.search(EVERY_UNSAFE) >= 0) cells.push(...apart(segment, index));
    else cells.push({ text: segment, width: widthOfCharacter(segment), start: index, end: index + segment.length });
  }
  return cells;
}

/** A cluster that holds something unsafe, character by character. */
function apart(cluster: string, start: number): Cell[] {
  let at = start;
  return Array.from(cluster, (character) => {
    const unsafe = character.search(EVERY_UNSAFE) >= 0;
    const text = unsafe ? escape(character) : character;
    const cell = { text, width: unsafe ? text.length : widthOfCharacter(character), start: at, end: at + character.length };
    at = cell.end;
    return cell;
  });
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return (
    SHORT[character] ??
    (code < 0x100 && code !== 0xad ? `\\x${hex.padStart(2, '0')}` : `<U+${hex.toUpperCase().padStart(4, '0')}>`)
  );
}

/** The width of a character with its marks is that of its widest part. */
function widthOfCharacter(cluster: string): number {
  if (EMOJI_AS_TEXT.test(cluster)) return 2;
  let widest = 0;
  for (const character of cluster) widest = Math.max(widest, ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1);
  return widest;
}
