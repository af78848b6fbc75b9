import { derivedMap, derivedSequence } from '../kustomize/derive';
import { MapNode, ScalarNode } from '../../yaml/tree';
import type { ScalarValue, UnknownNode, YamlNode } from '../../yaml/tree';

/** A scalar that a tool fills in, as it is written. */
export interface Written {
  readonly text: string;
  readonly quoted: boolean;
}

/** Longer texts are scripts and the like, of which nothing here is read. */
const LONGEST = 10_000;

/** The text of a value that waits for a tool, without its quotes; undefined where it spans lines or is written with escapes. */
export function writtenAs(node: UnknownNode): Written | undefined {
  if (node.end - node.start > LONGEST) return undefined;
  const raw = node.source.slice(node.start, node.end).trim();
  const quote = raw[0];
  if (raw === '' || raw.includes('\n') || quote === '|' || quote === '>') return undefined;
  if (quote !== '"' && quote !== "'") return { text: raw, quoted: false };
  const inner = raw.slice(1, -1);
  if (raw.length < 2 || !raw.endsWith(quote) || (quote === '"' && inner.includes('\\'))) return undefined;
  return { text: quote === "'" ? inner.replaceAll("''", "'") : inner, quoted: true };
}

/** What a tool makes of an unknown value; findings about it stand where it is written. */
export function filled(node: UnknownNode, value: ScalarValue): ScalarNode {
  const scalar = new ScalarNode(node.source, node.start, node.end, value, 'plain');
  scalar.key = node.key;
  scalar.madeBy = node;
  return scalar;
}

/**
 * A tree with its unknown values filled in; the tree itself where none is.
 * @param fill gives what stands in an unknown value's place, or undefined to leave it unknown
 */
export function fillIn<N extends YamlNode>(root: N, fill: (node: UnknownNode) => YamlNode | undefined): N | YamlNode {
  // What several aliases name is one node, and filled in once.
  const done = new Map<YamlNode, YamlNode>();
  const visit = (node: YamlNode): YamlNode => {
    const before = done.get(node);
    if (before !== undefined) return before;
    const after = changed(node);
    done.set(node, after);
    return after;
  };
  const changed = (node: YamlNode): YamlNode => {
    if (node.type === 'unknown') return fill(node) ?? node;
    if (node.type === 'map') {
      const entries = node.entries.map((entry) => {
        const value = visit(entry.value);
        return value === entry.value ? entry : { key: entry.key, value };
      });
      return entries.every((entry, i) => entry === node.entries[i]) ? node : derivedMap(node, entries);
    }
    if (node.type === 'sequence') {
      const items = node.items.map(visit);
      return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
    }
    return node;
  };
  return visit(root);
}

/** A map that stands in no text: findings about it stand at `from`. */
export function madeMap(from: YamlNode, entries: readonly (readonly [key: string, value: YamlNode | undefined])[]): MapNode {
  const map = new MapNode(
    from.source,
    from.start,
    from.end,
    entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key: madeText(from, key), value }])),
    false,
    false,
  );
  map.madeBy = from;
  return map;
}

/** A string that stands in no text; see `madeMap`. */
export function madeText(from: YamlNode, text: string): ScalarNode {
  const scalar = new ScalarNode(from.source, from.start, from.end, text, 'plain');
  scalar.madeBy = from;
  return scalar;
}
