import { MapNode, ScalarNode, SequenceNode, UnknownNode } from '../../yaml/tree';
import type { MapEntry, ScalarValue, YamlNode } from '../../yaml/tree';

/** A map that no text holds as it is: positions and edits lead to the one it was made from. */
export function derivedMap(from: MapNode, entries: readonly MapEntry[], open: boolean = from.open): MapNode {
  const made = new MapNode(from.source, from.start, from.end, entries, from.flow, open);
  made.key = from.key;
  made.madeBy = from;
  return made;
}

/** The same for a list. */
export function derivedSequence(from: SequenceNode, items: readonly YamlNode[]): SequenceNode {
  const made = new SequenceNode(from.source, from.start, from.end, items, from.flow, from.open);
  made.key = from.key;
  made.madeBy = from;
  return made;
}

/** The map with one key set to a value, replacing what was there. */
export function withEntry(map: MapNode, key: ScalarNode, value: YamlNode): MapNode {
  const name = String(key.value);
  const existing = map.entry(name);
  const entry: MapEntry = { key: existing?.key ?? key, value };
  if (existing === undefined) return derivedMap(map, [...map.entries, entry]);
  return derivedMap(
    map,
    map.entries.flatMap((old) => (old === existing ? [entry] : String(old.key.value) === name ? [] : [old])),
  );
}

/** The map without a key; the same map where it has none. */
export function withoutEntry(map: MapNode, name: string): MapNode {
  if (map.entry(name) === undefined) return map;
  return derivedMap(
    map,
    map.entries.filter((entry) => String(entry.key.value) !== name),
  );
}

/** A single value that no text holds: findings about it stand at the node that made it. */
export function madeScalar(value: ScalarValue, by: YamlNode): ScalarNode {
  const made = new ScalarNode(by.source, by.start, by.end, value, 'plain');
  made.madeBy = by;
  return made;
}

/** What something leaves open that no text holds. */
export function hiddenBy(by: YamlNode): UnknownNode {
  const made = new UnknownNode(by.source, by.start, by.end);
  made.madeBy = by;
  return made;
}

/** A map that no text holds, of entries that do not stand in one either. */
export function madeMap(entries: readonly MapEntry[], by: YamlNode, open = false): MapNode {
  const made = new MapNode(by.source, by.start, by.end, entries, false, open);
  made.madeBy = by;
  return made;
}

/** A list that no text holds, of items that may stand in one. */
export function madeSequence(by: YamlNode, items: readonly YamlNode[] = []): SequenceNode {
  const made = new SequenceNode(by.source, by.start, by.end, items, false, false);
  made.madeBy = by;
  return made;
}

/** Whether a node is absent or says null. */
export function isNullish(node: YamlNode | undefined): boolean {
  return node === undefined || (node.type === 'scalar' && node.value === null);
}

/** The text of a single value as kustomize compares and writes it; undefined for everything else. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.type === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

/** Whether two trees hold the same nodes, and where nodes were made, say the same and were made by the same. */
export function isSameDerivation(a: YamlNode, b: YamlNode): boolean {
  if (a === b) return true;
  if (a.madeBy === undefined || a.type !== b.type || originOf(a) !== originOf(b)) return false;
  if (a.type === 'scalar' && b.type === 'scalar') return a.value === b.value && a.style === b.style;
  if (a.type === 'sequence' && b.type === 'sequence')
    return a.items.length === b.items.length && a.items.every((item, i) => isSameOf(item, b.items[i]));
  if (a.type !== 'map' || b.type !== 'map') return a.type === 'unknown';
  return (
    a.open === b.open &&
    a.entries.length === b.entries.length &&
    a.entries.every(({ key, value }, i) => isSameOf(key, b.entries[i]?.key) && isSameOf(value, b.entries[i]?.value))
  );
}

function isSameOf(a: YamlNode, b: YamlNode | undefined): boolean {
  return b !== undefined && isSameDerivation(a, b);
}

function originOf(node: YamlNode): YamlNode {
  let origin = node;
  while (origin.madeBy !== undefined) origin = origin.madeBy;
  return origin;
}
