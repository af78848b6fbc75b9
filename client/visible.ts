/**
 * Text that may hold text of manifests, to be shown as it is: characters that are not seen, or that turn the direction of others, are shown
 * as their code.
 */
export function visible(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
