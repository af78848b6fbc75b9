import type { MapNode, YamlNode } from '../../yaml/tree';

/** Whether two nodes say the same as JSON: the order of keys is no difference. What a template hides is never the same. */
export function sameValue(a: YamlNode | undefined, b: YamlNode | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.type === 'scalar' && b.type === 'scalar') return a.value === b.value;
  if (a.type === 'sequence' && b.type === 'sequence')
    return a.items.length === b.items.length && a.items.every((item, i) => sameValue(item, b.items[i]));
  return a.type === 'map' && b.type === 'map' && !a.open && !b.open && sameEntries(a, b);
}

function sameEntries(a: MapNode, b: MapNode): boolean {
  const names = (map: MapNode): Set<string> => new Set(map.entries.map(({ key }) => String(key.value)));
  const [left, right] = [names(a), names(b)];
  return left.size === right.size && [...left].every((name) => right.has(name) && sameValue(a.get(name), b.get(name)));
}
