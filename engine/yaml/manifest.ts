import { ManifestDocument } from './document';
import type { TemplateMask } from './document';
import { recut } from './recut';
import { splitDocuments } from './split';
import type { Slice } from './split';
import { hasTemplateAction, maskTemplate } from './template';
import type { MaskedTemplate } from './template';

/** Line and column count from 0; a column counts UTF-16 code units. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/** Which of a file's documents an update has looked at: from `start` on so many gave way to so many. */
export interface ChangedDocuments {
  readonly start: number;
  readonly removed: number;
  readonly added: number;
}

/**
 * A file's text cut into documents. `update` keeps the documents whose text is unchanged, trees included, and reuses the nodes of the
 * others where their content is the same; so a keystroke costs one document, however large the file.
 */
export class Manifest {
  readonly file: string;
  private current = '';
  private parts: readonly ManifestDocument[] = [];
  private starts: Uint32Array | undefined;
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

  /** Takes the file's text in place of the one before; answers which documents may have changed. */
  update(text: string): ChangedDocuments {
    // Elsewhere each document looks for itself, those that are kept not again.
    const masks = !this.templated || hasTemplateAction(text);
    const mask = masks ? { ...lazyMask(text), always: this.templated } : undefined;
    const before = this.parts;
    // A `---` inside a template comment separates nothing.
    const { head, tail, slices } =
      this.templated || before.length === 0
        ? { head: 0, tail: 0, slices: splitDocuments(this.templated && mask !== undefined ? mask.masked().text : text) }
        : recut(before, this.current.length, text);
    const old = before.slice(head, before.length - tail);
    const shift = text.length - this.current.length;
    const now = this.place(old, slices, head, text, mask);
    const end = head + now.length;
    const rest = before.slice(before.length - tail);
    this.parts = [...before.slice(0, head), ...now, ...rest];
    let isChanged = false;
    for (const [i, document] of this.parts.entries()) {
      if (i < head) isChanged = document.move(i, 0, mask) || isChanged;
      else if (i >= end) isChanged = document.move(i, shift, mask) || isChanged;
    }
    this.starts &&= movedLineStarts(this.starts, this.current, text, slices[0]?.start ?? 0, this.parts[end]?.start);
    this.current = text;
    return isChanged
      ? { start: 0, removed: before.length, added: this.parts.length }
      : { start: head, removed: old.length, added: now.length };
  }

  /** Gives slices to documents: to those whose text they hold first. */
  private place(
    before: readonly ManifestDocument[],
    slices: readonly Slice[],
    first: number,
    text: string,
    mask: TemplateMask | undefined,
  ): ManifestDocument[] {
    const isKept = (old: number, now: number): boolean => {
      const [document, slice] = [before[old], slices[now]];
      return document !== undefined && slice !== undefined && hasSameBody(document.text, text.slice(slice.start, slice.end));
    };
    let head = 0;
    while (isKept(head, head)) head++;
    let tail = 0;
    const most = Math.min(before.length, slices.length) - head;
    while (tail < most && isKept(before.length - 1 - tail, slices.length - 1 - tail)) tail++;
    return slices.map((slice, i) => {
      const old =
        i < slices.length - tail ? (i < before.length - tail ? before[i] : undefined) : before[i + before.length - slices.length];
      const document = old ?? new ManifestDocument(this.file);
      const part = text.slice(slice.start, slice.end);
      document.place(first + i, slice.start, this.current === '' ? part : detached(part), mask);
      return document;
    });
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

/** The same text on its own: engines keep the whole of which a slice was cut, here one file's text for each document that was ever edited. */
function detached(slice: string): string {
  return `${slice} `.slice(0, -1);
}

function withoutMarker(text: string): string {
  return text.startsWith('---') ? text.slice(text.indexOf('\n') + 1) : text;
}

/** Masks the whole file once, when the first document asks: regions may span documents. */
function lazyMask(text: string): { masked: () => MaskedTemplate } {
  let masked: MaskedTemplate | undefined;
  return { masked: () => (masked ??= maskTemplate(text)) };
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  addLineStarts(starts, text, 0, text.length);
  return Uint32Array.from(starts);
}

function addLineStarts(starts: number[], text: string, from: number, to: number): void {
  for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
}

/**
 * The line starts of a text that was edited, given those before: an edit of a large file looks at what it changed alone.
 * @param head up to here the texts are equal
 * @param tail from here on, in the new text, they are; undefined when nothing at the end is known to be
 */
function movedLineStarts(before: Uint32Array, old: string, text: string, head: number, tail: number = text.length): Uint32Array {
  const shift = text.length - old.length;
  // A document's end is the start of the next, behind a line feed: that line's start belongs to what is looked at anew.
  const kept = Math.max(1, firstAbove(before, head));
  const between: number[] = [];
  addLineStarts(between, text, head, tail);
  const rest = firstAbove(before, tail - shift);
  const starts = new Uint32Array(kept + between.length + before.length - rest);
  starts.set(before.subarray(0, kept));
  starts.set(between, kept);
  for (let from = rest, to = kept + between.length; from < before.length; from++, to++) starts[to] = (before[from] ?? 0) + shift;
  return starts;
}

/** The index of the first number above a bound in an ascending list. */
function firstAbove(numbers: Uint32Array, bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
