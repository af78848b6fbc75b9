import { entriesOf } from '../../yaml/tree';
import type { MapEntry, MapNode, YamlNode } from '../../yaml/tree';
import { derivedMap, isNullish, madeMap, madeScalar, textOf } from './derive';
import { editField, isSelected } from './field-spec';
import type { FieldSpec } from './field-spec';
import { changed, gvkOf } from './item';
import type { Item } from './item';
import { Refusal } from './refusal';
import { Replacing, sharedScalar } from './shared-values';
import type { Site } from './site';

/** What `labels`, `commonLabels` and `commonAnnotations` do: each pair is set in each of the fields (kustomize v5.8.1 api/filters/labels). */
export function applyPairs(site: Site, pairs: YamlNode | undefined, specs: readonly FieldSpec[]): void {
  if (pairs?.type !== 'map' || entriesOf(pairs).length === 0) return;
  const change = (item: Item): Item | Refusal => {
    const gvk = gvkOf(item.resource);
    const meant = specs.filter((spec) => isSelected(gvk, spec));
    return changed(item, (root) => withPairs(root, pairs, meant));
  };
  site.items.each({ by: [PAIRS, pairs, specs], change, node: pairs });
}

const PAIRS = {};

/** An object with pairs set in its own labels or annotations, as something other than a kustomization may ask for. */
export function withMetadata(root: MapNode, field: 'labels' | 'annotations', pairs: MapNode): MapNode {
  const result = withPairs(root, pairs, [{ path: ['metadata', field], create: true }]);
  return result instanceof Refusal ? root : result;
}

/** What is added by a pair is one value for all the fields. */
function withPairs(root: MapNode, pairs: MapNode, specs: readonly FieldSpec[]): MapNode | Refusal {
  const added = new Map<string, MapEntry>();
  for (const { key, value } of pairs.entries) {
    const text = textOf(value);
    if (text === undefined && value.type !== 'unknown') continue;
    const own = text === undefined ? value : sharedScalar(text, value);
    added.set(String(key.value), { key: madeScalar(key.value, key), value: own });
  }
  return specs.reduce<MapNode | Refusal>((tree, spec) => {
    if (tree instanceof Refusal) return tree;
    const replacing = new Replacing();
    const next = editField(tree, spec, {
      by: pairs,
      make: () => madeMap([], pairs),
      set: (node) => {
        if (node.type === 'unknown' || isNullish(node)) return node;
        return node.type === 'map' ? withAll(node, added, replacing) : new Refusal('labels and annotations must be a map');
      },
    });
    return next instanceof Refusal ? next : replacing.everywhere(next);
  }, root);
}

/** A value that is there is written over, in all its places where it is shared. */
function withAll(map: MapNode, added: ReadonlyMap<string, MapEntry>, replacing: Replacing): MapNode {
  const entries = new Map(map.entries.map((entry) => [String(entry.key.value), entry]));
  for (const [name, { key, value }] of added) {
    const before = entries.get(name);
    if (before === undefined) entries.set(name, { key, value });
    else if (before.value !== value && value.type === 'scalar')
      entries.set(name, { key: before.key, value: replacing.instead(before.value, value.value, value.madeBy ?? value) });
    else entries.set(name, { key: before.key, value });
  }
  return derivedMap(map, [...entries.values()]);
}
