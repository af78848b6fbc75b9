import type { ManifestDocument } from './document';

const NONE: ReadonlySet<ManifestDocument> = new Set();

/** Which documents of a file hold a word in their text: looked for in all of them once, and after an edit in those that it changed. */
export class Mentions {
  private readonly word: string;
  private documents: Set<ManifestDocument> | undefined;
  private changes = 0;

  constructor(word: string, documents: readonly ManifestDocument[]) {
    this.word = word;
    this.change([], documents);
  }

  /** The documents that hold the word. */
  get all(): ReadonlySet<ManifestDocument> {
    return this.documents ?? NONE;
  }

  /** Grows with every change of a document that holds the word, or did; 0 as long as none ever has. */
  get version(): number {
    return this.changes;
  }

  /** Takes the documents of which some gave way to others. */
  change(before: readonly ManifestDocument[], after: readonly ManifestDocument[]): void {
    let isConcerned = false;
    for (const document of before) if (this.documents?.delete(document) === true) isConcerned = true;
    for (const document of after) {
      if (!document.text.includes(this.word)) continue;
      (this.documents ??= new Set()).add(document);
      isConcerned = true;
    }
    if (isConcerned) this.changes++;
  }
}
