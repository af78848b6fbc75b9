/** What gave way to what in an edit: from `start` on, up to `end` in the text before it and up to `newEnd` in the text after it. */
export interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
}

/** Line and character count from 0; characters are UTF-16 code units. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** As editors tell it: a range gives way to a text; without a range the whole does. */
export interface TextChange {
  readonly range?: { readonly start: TextPosition; readonly end: TextPosition };
  readonly text: string;
}

/** The text of a file: in one string, or in the pieces in which it is edited. */
export type FileText = string | PiecedText;

/** About so long is a piece: short enough to be made anew at each keystroke, long enough to be few. */
const PIECE = 4096;

/** What ends a line for an editor. */
const BREAK = /\r\n?|\n/g;

/** Some lines of a text, breaks included. */
class Piece {
  readonly text: string;
  private counted: number | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** How many breaks there are, counted when first asked. */
  get breaks(): number {
    return (this.counted ??= this.text.match(BREAK)?.length ?? 0);
  }

  /** Where a position on one of its lines stands; one behind the line's end counts as its end. */
  offsetAt({ line, character }: TextPosition): number {
    let start = 0;
    let left = line;
    for (const { index, 0: feed } of this.text.matchAll(BREAK)) {
      if (left-- === 0) return Math.min(start + Math.max(character, 0), index);
      start = index + feed.length;
    }
    return Math.min(start + Math.max(character, 0), this.text.length);
  }
}

/**
 * A text that never changes, in pieces, each of which ends with a line feed but for the last. One that an edit makes of it shares all pieces
 * but those that the edit touches, and knows what it replaced: so a keystroke in a file of a megabyte neither copies nor compares one.
 */
export class PiecedText {
  readonly length: number;
  private readonly pieces: readonly Piece[];
  private whole: string | undefined;
  private origin: { readonly text: PiecedText; readonly replaced: Replaced } | undefined;

  private constructor(pieces: readonly Piece[], length: number) {
    this.pieces = pieces;
    this.length = length;
  }

  static of(text: string): PiecedText {
    const made = new PiecedText(cut(text), text.length);
    made.whole = text;
    return made;
  }

  /** The text in one string, which is made when first asked. */
  toString(): string {
    return (this.whole ??= this.pieces.map(({ text }) => text).join(''));
  }

  slice(start: number, end: number): string {
    let slice = '';
    let at = 0;
    for (const { text } of this.pieces) {
      if (at >= end) break;
      if (at + text.length > start) slice += text.slice(Math.max(start - at, 0), end - at);
      at += text.length;
    }
    return slice;
  }

  /** Whether a test holds for some of the text, which is handed to it in whole lines. */
  some(test: (lines: string) => boolean): boolean {
    return this.pieces.some(({ text }) => test(text));
  }

  /** Where a position stands; one behind its line's end counts as the line's end, one behind the text's as the text's. */
  offsetAt({ line, character }: TextPosition): number {
    if (line < 0) return 0;
    let at = 0;
    let left = line;
    for (const piece of this.pieces) {
      const { breaks } = piece;
      if (left < breaks || (left === breaks && piece === this.pieces.at(-1)))
        return at + piece.offsetAt({ line: left, character });
      left -= breaks;
      at += piece.text.length;
    }
    return this.length;
  }

  /**
   * The text after changes, each of which counts in what those before it have left. It is to be handed on in place of this one: what it
   * replaced is told of it (`replacedIn`), and of this one no longer.
   */
  edited(changes: readonly TextChange[]): PiecedText {
    const { text, replaced } = changes.reduce<Edited>(after, { text: this, replaced: undefined });
    // Of one chain of texts each would keep all before it.
    this.origin = undefined;
    if (replaced !== undefined && replaced !== 'everything') text.origin = { text: this, replaced };
    return text;
  }

  /** What was replaced in a text to make this one; undefined when that is not known. */
  replacedIn(before: FileText): Replaced | undefined {
    return this.origin?.text === before ? this.origin.replaced : undefined;
  }

  /** The text with other text in place of a part of it. */
  with(start: number, end: number, newText: string): PiecedText {
    const { pieces } = this;
    let first = 0;
    let from = 0;
    for (let next = lengthOf(pieces[0]); first < pieces.length - 1 && next <= start; next += lengthOf(pieces[first])) {
      from = next;
      first++;
    }
    let behind = Math.min(first + 1, pieces.length);
    let until = from + lengthOf(pieces[first]);
    for (; until < end; behind++) until += lengthOf(pieces[behind]);
    let lines = this.slice(from, start) + newText + this.slice(end, until);
    // What has lost its line feed goes on in the next piece.
    if (lines !== '' && !lines.endsWith('\n')) lines += pieces[behind++]?.text ?? '';
    const length = this.length + newText.length - (end - start);
    return new PiecedText([...pieces.slice(0, first), ...cut(lines), ...pieces.slice(behind)], length);
  }
}

/** A text after some changes, and what they replaced in the one before. */
interface Edited {
  readonly text: PiecedText;
  readonly replaced: Replaced | 'everything' | undefined;
}

function after({ text, replaced }: Edited, change: TextChange): Edited {
  if (change.range === undefined) return { text: PiecedText.of(change.text), replaced: 'everything' };
  const [one, other] = [text.offsetAt(change.range.start), text.offsetAt(change.range.end)];
  const [start, end] = [Math.min(one, other), Math.max(one, other)];
  const now = { start, end, newEnd: start + change.text.length };
  return {
    text: text.with(start, end, change.text),
    replaced: replaced === 'everything' ? replaced : together(replaced, now),
  };
}

/** Whether a text says what another does; they are not compared where an edit has made the one of the other. */
export function saysSame(before: FileText, text: FileText): boolean {
  if (before === text) return true;
  if (before.length !== text.length || (text instanceof PiecedText && text.replacedIn(before) !== undefined)) return false;
  return String(before) === String(text);
}

function lengthOf(piece: Piece | undefined): number {
  return piece?.text.length ?? 0;
}

/** A text cut at line feeds; no piece of an empty one. */
function cut(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < text.length;) {
    const isNearEnd = text.length - start <= 2 * PIECE;
    const feed = isNearEnd ? -1 : text.indexOf('\n', start + PIECE);
    const end = feed < 0 ? text.length : feed + 1;
    pieces.push(new Piece(text.slice(start, end)));
    start = end;
  }
  return pieces;
}

/** Two replacements, one after the other, as one that takes in both. */
function together(before: Replaced | undefined, { start, end, newEnd }: Replaced): Replaced {
  if (before === undefined) return { start, end, newEnd };
  // The second counts in what the first has left.
  return {
    start: Math.min(before.start, start),
    end: before.end + Math.max(end - before.newEnd, 0),
    newEnd: Math.max(before.newEnd, end) + newEnd - end,
  };
}
