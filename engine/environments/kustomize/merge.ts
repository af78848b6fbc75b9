import { MapNode, SequenceNode, stringOf } from '../../yaml/tree';
import type { MapEntry, ScalarNode, YamlNode } from '../../yaml/tree';

/** The result of a strategic merge: the new tree, or that the patch deletes the object. */
export type Merged = { readonly tree: YamlNode } | 'deleted';

/**
 * The keys by which Kubernetes merges lists, by field name, for the core kinds that carry pods (the `patchMergeKey` tags of
 * k8s.io/api core/v1 and apps/v1). Everywhere else a patch's list replaces.
 */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['ephemeralContainers', ['name']],
  ['volumes', ['name']],
  ['imagePullSecrets', ['name']],
  ['env', ['name']],
  ['ports', ['containerPort', 'port']],
  ['volumeMounts', ['mountPath']],
  ['volumeDevices', ['devicePath']],
  ['hostAliases', ['ip']],
  ['topologySpreadConstraints', ['topologyKey']],
]);

/**
 * Merges a strategic merge patch into a tree. Nodes keep their origin: what the patch sets stands in the patch, what it leaves in the base.
 *
 * @param core whether the kind merges lists by key (the built-in kinds) or replaces them (custom resources)
 */
export function strategicMerge(base: YamlNode, patch: YamlNode, core: boolean): Merged {
  if (patch.type === 'map' && stringOf(patch.get('$patch')) === 'delete') return 'deleted';
  return { tree: mergeNode(base, patch, undefined, core) };
}

function mergeNode(base: YamlNode, patch: YamlNode, field: string | undefined, core: boolean): YamlNode {
  if (base.type === 'map' && patch.type === 'map') return mergeMaps(base, patch, core);
  if (base.type === 'sequence' && patch.type === 'sequence' && core && field !== undefined) return mergeLists(base, patch, field);
  return patch;
}

function mergeMaps(base: MapNode, patch: MapNode, core: boolean): MapNode {
  const directive = stringOf(patch.get('$patch'));
  if (directive === 'replace') return withoutDirective(patch);
  const entries = new Map<string, MapEntry>(base.entries.map((entry) => [String(entry.key.value), entry]));
  for (const entry of patch.entries) {
    const name = String(entry.key.value);
    if (name.startsWith('$')) continue;
    const existing = entries.get(name);
    if (entry.value.type === 'scalar' && entry.value.value === null) entries.delete(name);
    else if (existing === undefined) entries.set(name, entry);
    else if (isDeleted(entry.value)) entries.delete(name);
    else {
      const value = mergeNode(existing.value, entry.value, name, core);
      entries.set(name, { key: value === entry.value ? entry.key : existing.key, value });
    }
  }
  return derivedMap(base, [...entries.values()], base.open || patch.open);
}

function isDeleted(node: YamlNode): boolean {
  return node.type === 'map' && stringOf(node.get('$patch')) === 'delete';
}

function withoutDirective(patch: MapNode): MapNode {
  return derivedMap(
    patch,
    patch.entries.filter((entry) => !String(entry.key.value).startsWith('$')),
    patch.open,
  );
}

function mergeLists(base: SequenceNode, patch: SequenceNode, field: string): YamlNode {
  const mergeKeys = MERGE_KEYS.get(field);
  const keyed = patch.items.filter((item): item is MapNode => item.type === 'map');
  if (mergeKeys === undefined || keyed.length < patch.items.length) return patch;
  if (keyed.some((item) => stringOf(item.get('$patch')) === 'replace')) {
    return derivedSequence(
      patch,
      keyed.filter((item) => item.get('$patch') === undefined),
    );
  }
  const items: YamlNode[] = [...base.items];
  // What a patch adds comes first, in its order (kyaml merges with MergeOptionsListPrepend).
  const added: YamlNode[] = [];
  for (const item of keyed) {
    const at = items.findIndex((candidate) => candidate.type === 'map' && sharesKey(candidate, item, mergeKeys));
    const existing = items[at];
    if (isDeleted(item)) {
      if (at >= 0) items.splice(at, 1);
    } else if (existing?.type === 'map') items[at] = mergeMaps(existing, item, true);
    else added.push(item);
  }
  return derivedSequence(base, [...added, ...items]);
}

function sharesKey(a: MapNode, b: MapNode, keys: readonly string[]): boolean {
  const key = keys.find((name) => b.get(name) !== undefined);
  if (key === undefined) return false;
  const left = a.get(key);
  const right = b.get(key);
  return left?.type === 'scalar' && right?.type === 'scalar' && left.value === right.value;
}

/** A map that no text holds as it is: positions and edits lead to the one it was made from. */
export function derivedMap(from: MapNode, entries: readonly MapEntry[], open: boolean = from.open): MapNode {
  const made = new MapNode(from.source, from.start, from.end, entries, from.flow, open);
  made.key = from.key;
  made.madeBy = from;
  return made;
}

export function derivedSequence(from: SequenceNode, items: readonly YamlNode[]): SequenceNode {
  const made = new SequenceNode(from.source, from.start, from.end, items, from.flow, from.open);
  made.key = from.key;
  made.madeBy = from;
  return made;
}

/** The map with one key set to a value, replacing what was there. */
export function withEntry(map: MapNode, key: ScalarNode, value: YamlNode): MapNode {
  const at = map.entries.findIndex((entry) => entry.key.value === key.value);
  const existing = map.entries[at];
  const entry: MapEntry = { key: existing?.key ?? key, value };
  return derivedMap(map, at < 0 ? [...map.entries, entry] : map.entries.map((old, i) => (i === at ? entry : old)));
}
