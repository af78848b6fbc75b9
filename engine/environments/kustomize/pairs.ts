import { entriesOf } from '../../yaml/tree';
import type { MapEntry, MapNode, YamlNode } from '../../yaml/tree';
import { isNullish, madeMap, madeScalar, textOf, withEntry } from './derive';
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
  const change = (item: Item): Item | Refusal =>
    changed(item, (root) => {
      const gvk = gvkOf(item.resource);
      const meant = specs.filter((spec) => isSelected(gvk, spec));
      return pairs.entries.reduce<MapNode | Refusal>(
        (tree, pair) => (tree instanceof Refusal ? tree : withPair(tree, pair, meant, pairs)),
        root,
      );
    });
  site.items.each({ by: [PAIRS, pairs, specs], change, node: pairs });
}

const PAIRS = {};

/** One pair in all the fields; where it is added, its value is one for all of them. */
function withPair(root: MapNode, { key, value }: MapEntry, specs: readonly FieldSpec[], pairs: MapNode): MapNode | Refusal {
  const text = textOf(value);
  if (text === undefined && value.type !== 'unknown') return root;
  const added = text === undefined ? value : sharedScalar(text, value);
  let tree: MapNode | Refusal = root;
  for (const spec of specs) {
    const replacing = new Replacing();
    tree = editField(tree, spec, {
      by: pairs,
      make: () => madeMap([], pairs),
      set: (node) => {
        if (node.type === 'unknown' || isNullish(node)) return node;
        if (node.type !== 'map') return new Refusal('labels and annotations must be a map');
        const before = node.get(String(key.value));
        const now = before === undefined || text === undefined ? added : replacing.instead(before, text, value);
        return before === added ? node : withEntry(node, madeScalar(key.value, key), now);
      },
    });
    if (tree instanceof Refusal) return tree;
    tree = replacing.everywhere(tree);
  }
  return tree;
}

/** An object with pairs set in its own labels or annotations, as something other than a kustomization may ask for. */
export function withMetadata(root: MapNode, field: 'labels' | 'annotations', pairs: MapNode): MapNode {
  const spec: FieldSpec = { path: ['metadata', field], create: true };
  return pairs.entries.reduce((tree, pair) => {
    const result = withPair(tree, pair, [spec], pairs);
    return result instanceof Refusal ? tree : result;
  }, root);
}
