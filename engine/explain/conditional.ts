import { kindName } from '../resources/kinds';
import type { KindName } from '../resources/kinds';
import type { ManifestDocument } from '../yaml/document';
import type { Explained } from './at';

/**
 * What is to be said on the `kind:` of a resource that stands between `{{ if }}`, `{{ range }}` or `{{ with }}` and its end. Its text is not
 * in the tree, since values decide whether Helm renders it at all: that is told, rather than nothing. Undefined anywhere else.
 * @param isExplained the kinds about which something would be said elsewhere
 */
export function explainConditional(
  document: ManifestDocument,
  offset: number,
  isExplained: (kind: KindName) => boolean,
): Explained | undefined {
  const { text } = document;
  if (!text.includes('{{')) return undefined;
  const at = offset - document.start;
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const written = KIND.exec(lineAt(text, from));
  const [key = '', kind = ''] = written ?? [];
  const isInTree = document.root?.type === 'map' && document.root.get('kind') !== undefined;
  if (written === null || at > from + key.length || isInTree) return undefined;
  const version = /^apiVersion:[ \t]{1,9}["']?([\w./-]{1,253})/m.exec(text)?.[1] ?? '';
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  if (!isExplained(kindName(kind, group))) return undefined;
  const title = `${kind} in a conditional part of the template`;
  const parts = ['Not read: values decide whether Helm renders it, and how often.'];
  return { place: document.placeOf(from, from + key.length), sections: [{ title, statements: [{ environments: [], parts }] }] };
}

const KIND = /^kind:[ \t]{1,9}["']?([A-Za-z]{1,63})["']?/;

function lineAt(text: string, from: number): string {
  const feed = text.indexOf('\n', from);
  return text.slice(from, feed < 0 ? text.length : feed);
}
