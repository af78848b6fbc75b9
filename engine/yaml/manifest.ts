import { detached } from './detached';
import { ManifestDocument } from './document';
import type { TemplateMask } from './document';
import { Lines } from './lines';
import type { LinePosition } from './lines';
import { Mentions } from './mentions';
import { PiecedText } from './pieces';
import type { FileText } from './pieces';
import { recut } from './recut';
import { splitDocuments } from './split';
import type { Slice } from './split';
import { hasTemplateAction, maskTemplate } from './template';
import type { MaskedTemplate } from './template';

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
  private current: FileText = '';
  private parts: readonly ManifestDocument[] = [];
  private lines: Lines | undefined;
  private words: Map<string, Mentions> | undefined;
  private readonly templated: boolean;

  /**
   * @param file the path relative to the root, with `/`
   * @param templated whether the file is known to be a Go template (a chart's `templates/`), rather than one only if it looks like one
   */
  constructor(file: string, text: FileText, templated: boolean) {
    this.file = file;
    this.templated = templated;
    this.update(text);
  }

  get text(): string {
    return String(this.current);
  }

  /** The text as it was handed in: that of a file that is being edited is made one string only when somebody asks for it. */
  get handed(): FileText {
    return this.current;
  }

  get documents(): readonly ManifestDocument[] {
    return this.parts;
  }

  /** Takes the file's text in place of the one before; answers which documents may have changed. */
  update(text: FileText): ChangedDocuments {
    // Elsewhere each document looks for itself, those that are kept not again.
    const masks = !this.templated || hasTemplateAction(String(text));
    const mask = masks ? { ...lazyMask(text), always: this.templated } : undefined;
    const before = this.parts;
    const replaced = text instanceof PiecedText ? text.replacedIn(this.current) : undefined;
    // What is to be compared, or cut as a whole, is read best in one string.
    const readable = replaced === undefined ? String(text) : text;
    // A `---` inside a template comment separates nothing.
    const { head, tail, slices } =
      this.templated || before.length === 0
        ? { head: 0, tail: 0, slices: splitDocuments(this.templated && mask !== undefined ? mask.masked().text : String(text)) }
        : recut(before, this.current.length, readable, replaced);
    const old = before.slice(head, before.length - tail);
    const shift = text.length - this.current.length;
    const now = this.place(old, slices, head, readable, mask);
    const ahead = before.slice(0, head);
    const rest = before.slice(before.length - tail);
    this.parts = ahead.concat(now, rest);
    let isChanged = false;
    for (const document of ahead) isChanged = document.move(document.index, 0, mask) || isChanged;
    const further = now.length - old.length;
    for (const document of rest) isChanged = document.move(document.index + further, shift, mask) || isChanged;
    const changed = { start: head, removed: old.length, added: now.length };
    this.lines?.change(this.parts, changed);
    for (const word of this.words?.values() ?? []) word.change(isChanged ? before : old, isChanged ? this.parts : now);
    this.current = text;
    return isChanged ? { start: 0, removed: before.length, added: this.parts.length } : changed;
  }

  /** Gives slices to documents: to those whose text they hold first. */
  private place(
    before: readonly ManifestDocument[],
    slices: readonly Slice[],
    first: number,
    text: FileText,
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
    return (this.lines ??= new Lines(this.parts)).positionAt(offset);
  }

  /** Which documents hold a word, and whether that changes: for questions that are asked again at each edit of a large file. */
  mentions(word: string): Pick<Mentions, 'all' | 'version'> {
    this.words ??= new Map();
    let mentions = this.words.get(word);
    if (mentions === undefined) {
      mentions = new Mentions(word, this.parts);
      this.words.set(word, mentions);
    }
    return mentions;
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
function lazyMask(text: FileText): { masked: () => MaskedTemplate } {
  let masked: MaskedTemplate | undefined;
  return { masked: () => (masked ??= maskTemplate(String(text))) };
}
