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
  private starts: number[] | undefined;
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
    const mask = hasTemplateAction(text) ? lazyMask(text) : undefined;
    // A `---` inside a template comment separates nothing.
    const slices = splitDocuments(this.templated && mask !== undefined ? mask.masked().text : text);
    const before = this.parts;
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
    this.current = text;
    this.starts = undefined;
  }

  positionAt(offset: number): LinePosition {
    const starts = (this.starts ??= lineStarts(this.current));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (starts[low] ?? 0) };
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
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}
