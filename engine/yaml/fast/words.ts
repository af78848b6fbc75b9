const SLOTS = 4096;
/** V8 makes copies of slices up to this length. A longer one would keep all of the text that it is cut from in memory. */
const LONGEST = 12;

/** Lasts as long as the process. What it holds changes no answer, only how often a word stands in memory. */
const slots = new Array<string>(SLOTS).fill('');

/**
 * A part of a text as a string. Manifests say the same words over and over: a short one is the string that was made for it when it came last,
 * unless another word has taken its slot since.
 */
export function wordIn(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST) return text.slice(start, end);
  // FNV-1a
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = slots[slot];
  if (known?.length === length && text.startsWith(known, start)) return known;
  const word = text.slice(start, end);
  slots[slot] = word;
  return word;
}
