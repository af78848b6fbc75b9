/** What of a document tells its lines. */
interface Lined {
  /** Offset in the file; documents start where lines do. */
  readonly start: number;
  readonly text: string;
}

/** Line and column count from 0; a column counts UTF-16 code units. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/** What is known of the lines of one document. */
interface Counted {
  readonly feeds: number;
  /** Offsets in the document, behind each feed; found when a place in the document is first asked for. */
  starts: readonly number[] | undefined;
}

/** The lines of a file, counted document by document: an edit of a large file counts those anew that it changed. */
export class Lines {
  private documents: readonly Lined[];
  /** In step with the documents. */
  private counted: Counted[];
  /** The lines on which the documents start. */
  private first: Int32Array;

  constructor(documents: readonly Lined[]) {
    this.documents = documents;
    this.counted = documents.map(count);
    this.first = this.numbered();
  }

  /** Takes the documents after an edit: from `start` on so many gave way to so many, the others have moved at most. */
  change(documents: readonly Lined[], { start, removed, added }: { start: number; removed: number; added: number }): void {
    this.documents = documents;
    const now = documents.slice(start, start + added).map(count);
    this.counted = this.counted.slice(0, start).concat(now, this.counted.slice(start + removed));
    this.first = this.numbered();
  }

  positionAt(offset: number): LinePosition {
    const index = this.indexAt(offset);
    const [document, counted] = [this.documents[index], this.counted[index]];
    if (document === undefined || counted === undefined) return { line: 0, column: offset };
    const starts = (counted.starts ??= startsIn(document.text));
    const behind = countUpTo(starts, offset - document.start);
    // A byte order mark stands ahead of the first document, on its first line.
    const above = index === 0 ? 0 : document.start;
    const from = behind === 0 ? above : document.start + (starts[behind - 1] ?? 0);
    return { line: (this.first[index] ?? 0) + behind, column: offset - from };
  }

  /** The last document that starts no later than at an offset; the first one for what stands ahead of it. */
  private indexAt(offset: number): number {
    let low = 0;
    let high = this.documents.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.documents[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  private numbered(): Int32Array {
    const first = new Int32Array(this.counted.length);
    let line = 0;
    for (let i = 0; i < first.length; i++) {
      first[i] = line;
      line += this.counted[i]?.feeds ?? 0;
    }
    return first;
  }
}

function count({ text }: Lined): Counted {
  let feeds = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) feeds++;
  return { feeds, starts: undefined };
}

function startsIn(text: string): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** How many numbers of an ascending list are no larger than a bound. */
function countUpTo(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
