import { EmbeddedDocument } from '../../yaml/embedded';
import type { ScalarNode } from '../../yaml/tree';

/** Each document is parsed from a text as long as all of them. */
const MOST_DOCUMENTS = 50;

/**
 * The documents of YAML inside a scalar, each with its own places: those of the others are blank in its text, so that every character
 * stays where it is.
 * @returns none for a scalar that is no string; undefined for more documents than anybody writes into one
 */
export function inlineDocuments(node: ScalarNode): readonly EmbeddedDocument[] | undefined {
  if (typeof node.value !== 'string') return [];
  const text = node.value;
  const parts = partsOf(text);
  if (parts.length > MOST_DOCUMENTS) return undefined;
  if (parts.length === 1) return [new EmbeddedDocument(node, text)];
  return parts
    .filter(([start, end]) => text.slice(start, end).trim() !== '')
    .map(
      ([start, end]) => new EmbeddedDocument(node, blank(text.slice(0, start)) + text.slice(start, end) + blank(text.slice(end))),
    );
}

/** Where documents start and end, without the lines between them. */
function partsOf(text: string): [start: number, end: number][] {
  const parts: [number, number][] = [];
  let start = 0;
  for (const { 0: line, index } of text.matchAll(/^---(?=\s|$).*$/gm)) {
    parts.push([start, index]);
    start = index + line.length;
  }
  return [...parts, [start, text.length]];
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
