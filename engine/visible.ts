/**
 * What steers a terminal or an editor, turns the direction of text or is not seen at all: controls, formats (bidi, zero-width, tags), line
 * and paragraph separators, halves of surrogate pairs, what Unicode tells renderers to show nothing for (fillers, variation selectors) and
 * the Braille blank. Spaces are seen as space, and the two selectors that choose between text and emoji change what is seen.
 * Unicode Standard, DerivedCoreProperties.txt, `Default_Ignorable_Code_Point`; Technical Report 36 on what hidden characters are used for.
 */
const UNSEEN = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const PLAIN = /^[ -~]*$/;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text with everything in it that would be obeyed or would not be seen written as an escape: `\x1b`, `<U+202E>`. */
export function visible(text: string): string {
  return replaceUnseen(text, escaped);
}

/** The same on one line, as names and messages are shown: breaks and tabs are spaces. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\r\n\t]+/g, ' '));
}

/** A text with each such character replaced. @param by is given one character, which may be two code units */
export function replaceUnseen(text: string, by: (character: string) => string): string {
  // Nearly all text is plain, and told faster than it is searched.
  return PLAIN.test(text) ? text : text.replace(UNSEEN, by);
}

/** Whether a text holds such a character. */
export function hidesSomething(text: string): boolean {
  return text.search(UNSEEN) >= 0;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return (
    SHORT[character] ??
    (code < 0x100 && code !== 0xad ? `\\x${hex.padStart(2, '0')}` : `<U+${hex.toUpperCase().padStart(4, '0')}>`)
  );
}
