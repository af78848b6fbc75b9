import type { Replaced } from './pieces';
import { isDocumentStart, splitDocuments, streamStart } from './split';
import type { Slice } from './split';

/** A text, whole or in pieces. */
interface Sliced {
  readonly length: number;
  slice(start: number, end: number): string;
}

/** A document as it was cut before. */
interface Cut {
  readonly start: number;
  readonly text: string;
}

/** Which documents an edit leaves alone, at the start and at the end of a stream, and how the text between them is cut. */
export interface Recut {
  readonly head: number;
  readonly tail: number;
  readonly slices: readonly Slice[];
}

/**
 * Cuts a stream that was edited, as `splitDocuments` would, but looks only at what lies around the edit.
 * @param before the documents of the text before, all of them; at least one
 * @param length the length of that text
 * @param replaced what the edit replaced; where it is not known, documents are compared
 */
export function recut(before: readonly Cut[], length: number, text: Sliced, replaced?: Replaced): Recut {
  const shift = text.length - length;
  const isAhead = (document: Cut): boolean =>
    replaced === undefined ? standsAt(text, document.start, document) : document.start + document.text.length <= replaced.start;
  const isBehind = (document: Cut): boolean =>
    replaced === undefined ? standsAt(text, document.start + shift, document) : document.start >= replaced.end;
  const equal = before[0]?.start === streamStart(text.slice(0, 1)) ? countWhile(before, isAhead) : 0;
  const head = safeStart(before, equal, text);
  const from = head === 0 ? 0 : (before[head]?.start ?? 0);
  const least = before[equal]?.start ?? length;
  let tail = 0;
  for (let i = before.length - 1; i >= equal; i--) {
    const document = before[i];
    if (document === undefined || document.start + shift < least || !isBehind(document)) break;
    tail++;
  }
  return between(before, head, tail, from, shift, text) ?? { head, tail: 0, slices: cut(text, from, text.length) };
}

function countWhile(before: readonly Cut[], holds: (document: Cut) => boolean): number {
  const first = before.findIndex((document) => !holds(document));
  return first < 0 ? before.length : first;
}

/** Slices are compared many times faster than `startsWith` compares. */
function standsAt(text: Sliced, at: number, { text: own }: Cut): boolean {
  return text.slice(at, at + own.length) === own;
}

/** The last document, none behind the edit, at which cutting may start anew: what begins with `---` does so whatever stands above it. */
function safeStart(before: readonly Cut[], equal: number, text: Sliced): number {
  let head = Math.min(equal, before.length - 1);
  while (head > 0 && !isDocumentStartAt(text, before[head]?.start ?? 0)) head--;
  return head;
}

function isDocumentStartAt(text: Sliced, at: number): boolean {
  return isDocumentStart(text.slice(at, at + 4), 0);
}

/** Cuts up to the first document of the tail and takes it in: only if it comes out as it was is the rest as it was. */
function between(
  before: readonly Cut[],
  head: number,
  tail: number,
  from: number,
  shift: number,
  text: Sliced,
): Recut | undefined {
  const next = before[before.length - tail];
  if (next === undefined) return undefined;
  const start = next.start + shift;
  const end = start + next.text.length;
  const slices = cut(text, from, end);
  const last = slices.pop();
  return last?.start === start && last.end === end ? { head, tail, slices } : undefined;
}

function cut(text: Sliced, from: number, to: number): Slice[] {
  const slices = splitDocuments(text.slice(from, to));
  return from === 0 ? slices : slices.map(({ start, end }) => ({ start: start + from, end: end + from }));
}
