/**
 * The same text on its own. Engines keep the whole of which a slice was cut: a file's text for each word of it that is held for longer than
 * the file, or for each document that was ever edited.
 */
export function detached(slice: string): string {
  return `${slice} `.slice(0, -1);
}
