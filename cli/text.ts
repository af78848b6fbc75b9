import { hidesSomething, visible } from '../engine/visible';

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

const ZERO_WIDTH = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const EMOJI_AS_TEXT = /\p{Extended_Pictographic}\ufe0f/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

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
    else if (hidesSomething(segment)) cells.push(...apart(segment, index));
    else cells.push({ text: segment, width: widthOfCharacter(segment), start: index, end: index + segment.length });
  }
  return cells;
}

/** A cluster that holds something unsafe, character by character. */
function apart(cluster: string, start: number): Cell[] {
  let at = start;
  return Array.from(cluster, (character) => {
    const unsafe = hidesSomething(character);
    const text = visible(character);
    const cell = { text, width: unsafe ? text.length : widthOfCharacter(character), start: at, end: at + character.length };
    at = cell.end;
    return cell;
  });
}

/** The width of a character with its marks is that of its widest part. */
function widthOfCharacter(cluster: string): number {
  if (EMOJI_AS_TEXT.test(cluster)) return 2;
  let widest = 0;
  for (const character of cluster) widest = Math.max(widest, ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1);
  return widest;
}
