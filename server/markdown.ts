import type { Section, SharedStatement } from '../engine/explain/across';
import type { Part } from '../engine/explain/statement';
import type { Location } from '../engine/findings/report';
import { visible } from './visible';

/** Nobody reads a name of this length in a hover. */
const LONGEST = 200;

/**
 * Any text as Markdown that shows it literally: nothing in it is markup, a link or HTML, it stays on its line, and characters that are not
 * seen, or that turn the direction of others, are shown as their code. Escaped is what CommonMark and GitHub's autolinks take notice of, and
 * no more: some editors show the backslashes.
 */
export function literal(text: string): string {
  return named(text)
    .replace(/[\\`*_[\]<>&~|!#+@]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/www(?=\.)/gi, '$&\\')
    .replace(/^-/, '\\-')
    .replace(/^(\d+)(?=[.)])/, '$1\\');
}

function named(text: string): string {
  return visible(text, LONGEST);
}

/** Explanations as Markdown. @param uriOf the URI of a path, as the engine has it */
export function toMarkdown(sections: readonly Section<Location>[], uriOf: (path: string) => string): string {
  const link = ({ file, range: { start } }: Location): string => `${destination(uriOf(file))}#L${start.line},${start.column}`;
  const shown = (part: Part<Location>): string =>
    typeof part === 'string' ? literal(part) : `[${literal(part.text)}](${link(part.place)})`;
  return sections
    .map(({ title, statements }) =>
      [`**${literal(title)}**`, statements.map((one) => `- ${literal(prefixOf(one))}${one.parts.map(shown).join('')}`).join('\n')]
        .filter((block) => block !== '')
        .join('\n\n'),
    )
    .join('\n\n');
}

/** Explanations for a client that shows plain text alone. */
export function toPlainText(sections: readonly Section<Location>[]): string {
  const shown = (part: Part<Location>): string => named(typeof part === 'string' ? part : part.text);
  return sections
    .map(({ title, statements }) =>
      [named(title), ...statements.map((one) => `- ${named(prefixOf(one))}${one.parts.map(shown).join('')}`)].join('\n'),
    )
    .join('\n\n');
}

function prefixOf({ environments }: SharedStatement<Location>): string {
  return environments.length === 0 ? '' : `${environments.join(', ')}: `;
}

/** A URI that cannot end a Markdown link early, whatever the folder is called. */
function destination(uri: string): string {
  return uri.replace(/[^\w\-.~:/?#@!$&+,;=%]/g, (character) => {
    const encoded = encodeURIComponent(character);
    return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded;
  });
}
