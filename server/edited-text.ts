/** Replaces a range (offsets) of a text by another. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** A part of the text as it was first, or a text that was put in. */
type Piece = { readonly start: number; readonly end: number } | { readonly newText: string };

/** A text that is edited several times, and the edits that do the same to it at once. */
export class EditedText {
  private readonly length: number;
  private pieces: readonly Piece[];

  /** @param length that of the text as it was first */
  constructor(length: number) {
    this.length = length;
    this.pieces = [{ start: 0, end: length }];
  }

  /** Applies edits that belong together: all of them count in the text as it now is, and none overlaps another. */
  apply(edits: readonly Replacement[]): void {
    // From the last on, so that those before stay where they are. Insertions stand before what is replaced at their place, the first first.
    const ordered = edits
      .map((edit, i) => ({ edit, i }))
      .sort((a, b) => b.edit.start - a.edit.start || b.edit.end - a.edit.end || b.i - a.i);
    for (const { edit } of ordered) this.replace(edit);
  }

  /** The edits, from top to bottom, that make of the first text what it now is. */
  edits(): Replacement[] {
    const edits: Replacement[] = [];
    let at = 0;
    let newText = '';
    const flush = (start: number, end: number): void => {
      if (start > at || newText !== '') edits.push({ start: at, end: start, newText });
      at = end;
      newText = '';
    };
    for (const piece of this.pieces) {
      if ('newText' in piece) newText += piece.newText;
      else flush(piece.start, piece.end);
    }
    flush(this.length, this.length);
    return edits;
  }

  /** What becomes of the first text. */
  of(first: string): string {
    return this.pieces.map((piece) => ('newText' in piece ? piece.newText : first.slice(piece.start, piece.end))).join('');
  }

  private replace({ start, end, newText }: Replacement): void {
    const [before, rest] = split(this.pieces, start);
    const [, after] = split(rest, end - start);
    this.pieces = [...before, ...(newText === '' ? [] : [{ newText }]), ...after];
  }
}

/** The pieces before and behind an offset, the one that holds it cut in two. */
function split(pieces: readonly Piece[], offset: number): [Piece[], Piece[]] {
  const before: Piece[] = [];
  let left = offset;
  for (const [i, piece] of pieces.entries()) {
    const length = 'newText' in piece ? piece.newText.length : piece.end - piece.start;
    if (left < length)
      return left === 0
        ? [before, pieces.slice(i)]
        : [
            [...before, head(piece, left)],
            [tail(piece, left), ...pieces.slice(i + 1)],
          ];
    before.push(piece);
    left -= length;
  }
  return [before, []];
}

function head(piece: Piece, length: number): Piece {
  return 'newText' in piece ? { newText: piece.newText.slice(0, length) } : { start: piece.start, end: piece.start + length };
}

function tail(piece: Piece, length: number): Piece {
  return 'newText' in piece ? { newText: piece.newText.slice(length) } : { start: piece.start + length, end: piece.end };
}
