/** What is longer is cut: a name may be a megabyte long, and stand in every finding. */
const LONGEST = 2000;

/**
 * Text of manifests on one line, to be shown as it is: characters that are not seen, that turn the direction of others, or that steer a
 * terminal editor, are shown as their code.
 */
export function visible(text: string, longest: number = LONGEST): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
