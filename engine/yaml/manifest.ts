import { ManifestDocument } from './document';
import { splitDocuments } from './split';
import { hasTemplateAction, maskTemplate } from './template';
import type { MaskedTemplate } from './template';

/** Line and column count from 0; a column counts UTF-16 code units. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/**
 * A file's text cut into documents. `update` keeps the documents whose text is unchanged, trees included, and reuses the nodes of the
 * others where their content is the same; so a keystroke costs one document, however large the file.
 */
export class Manifest {
  readonly file: string;
  private current = '';
  private parts: readonly ManifestDocument[] = [];
  private starts: readonly number[] | undefined;
  private readonly templated: boolean;

  /**
   * @param file the path relative to the root, with `/`
   * @param templated whether the file is known to be a Go template (a chart's `templates/`), rather than one only if it looks like one
   */
  constructor(file: string, text: string, templated: boolean) {
    this.file = file;
    this.templated = templated;
    this.update(text);
  }

  get text(): string {
    return this.current;
  }

  get documents(): readonly ManifestDocument[] {
    return this.parts;
  }

  update(text: string): void {
    // Elsewhere each document looks for itself, those that are kept not again.
    const mask = !this.templated || hasTemplateAction(text) ? lazyMask(text) : undefined;
    // A `---` inside a template comment separates nothing.
    const slices = splitDocuments(this.templated && mask !== undefined ? mask.masked().text : text);
    const before = this.parts;
    const starts = this.starts;
    const isKept = (old: number, now: number): boolean => {
      const [document, slice] = [before[old], slices[now]];
      return document !== undefined && slice !== undefined && hasSameBody(document.text, text.slice(slice.start, slice.end));
    };
    let head = 0;
    while (isKept(head, head)) head++;
    let tail = 0;
    const most = Math.min(before.length, slices.length) - head;
    while (tail < most && isKept(before.length - 1 - tail, slices.length - 1 - tail)) tail++;
    this.parts = slices.map((slice, i) => {
      const old =
        i < slices.length - tail ? (i < before.length - tail ? before[i] : undefined) : before[i + before.length - slices.length];
      const document = old ?? new ManifestDocument(this.file);
      document.place(i, slice.start, text.slice(slice.start, slice.end), mask && { ...mask, always: this.templated });
      return document;
    });
    this.starts =
      starts && movedLineStarts(starts, this.current, text, slices[head]?.start ?? 0, slices[slices.length - tail]?.start);
    this.current = text;
  }

  positionAt(offset: number): LinePosition {
    const starts = (this.starts ??= lineStarts(this.current));
    const line = Math.max(0, firstAbove(starts, offset) - 1);
    return { line, column: offset - (starts[line] ?? 0) };
  }
}

/** Whether texts are equal but for a marker: the first document gets one when another is put above it. */
function hasSameBody(a: string, b: string): boolean {
  return a === b || withoutMarker(a) === withoutMarker(b);
}

function withoutMarker(text: string): string {
  return text.startsWith('---') ? text.slice(text.indexOf('\n') + 1) : text;
}

/** Masks the whole file once, when the first document asks: regions may span documents. */
function lazyMask(text: string): { masked: () => MaskedTemplate } {
  let masked: MaskedTemplate | undefined;
  return { masked: () => (masked ??= maskTemplate(text)) };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  addLineStarts(starts, text, 0, text.length);
  return starts;
}

function addLineStarts(starts: number[], text: string, from: number, to: number): void {
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
}

/**
 * The line starts of a text that was edited, given those before: an edit of a large file looks at what it changed alone.
 * @param head up to here the texts are equal
 * @param tail from here on, in the new text, they are; undefined when nothing at the end is known to be
 */
function movedLineStarts(
  before: readonly number[],
  old: string,
  text: string,
  head: number,
  tail: number = text.length,
): readonly number[] {
  const shift = text.length - old.length;
  // A document's end is the start of the next, behind a line feed: that line's start belongs to what is looked at anew.
  const starts = before.slice(0, Math.max(1, firstAbove(before, head)));
  addLineStarts(starts, text, head, tail);
  for (let i = firstAbove(before, tail - shift); i < before.length; i++) starts.push((before[i] ?? 0) + shift);
  return starts;
}

/** The index of the first number above a bound in an ascending list. */
function firstAbove(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
