import { stringOf } from '../../yaml/tree';
import type { MapEntry, YamlNode, MapNode } from '../../yaml/tree';
import { derivedMap, isNullish, withoutEntry } from './derive';
import { mergeKeyed, mergeSets } from './merge-lists';
import { Refusal } from './refusal';
import { shapeOf } from './shapes.data';
import type { Shape } from './shapes.data';
import { isShared, Replacing } from './shared-values';

/** A merged value; `undefined` where the patch takes it away. */
export type Merged = YamlNode | undefined | Refusal;

/**
 * Merges a strategic merge patch into an object as kustomize does, which is not quite as the API server does: it knows `$patch`, and
 * leaves `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList` in the result (kyaml v0.21.1 yaml/merge2 and yaml/walk). Lists
 * of built-in kinds are merged by their keys, those of custom resources are replaced.
 *
 * Nodes keep their origin: what the patch sets stands in the patch, what it leaves in the base.
 * @returns undefined when the patch deletes the object; a refusal where a map meets a list, or the like
 */
export function strategicMerge(base: YamlNode, patch: YamlNode): Merged {
  const replacing = new Replacing();
  const merged = mergeNodes(base, patch, { shape: undefined, replacing });
  return merged === undefined || merged instanceof Refusal ? merged : replacing.everywhere(merged);
}

/** What is known of the place at which two values meet. */
export interface Meeting {
  readonly shape: Shape | undefined;
  readonly replacing: Replacing;
}

/** @internal Merges two values, of which one may be missing; a value that only one has loses the nulls in it. */
export function mergeNodes(base: YamlNode | undefined, patch: YamlNode | undefined, at: Meeting): Merged {
  const { replacing } = at;
  const shape = at.shape ?? shapeIn(base) ?? shapeIn(patch);
  const here: Meeting = { shape, replacing };
  const [left, right] = [isNullish(base) ? undefined : base, isNullish(patch) ? undefined : patch];
  if (left?.type === 'unknown' || right?.type === 'unknown') return patch ?? base;
  const kind = (left ?? right)?.type;
  if (left !== undefined && right !== undefined && left.type !== right.type)
    return new Refusal(`a ${NAMES[right.type]} cannot be merged into a ${NAMES[left.type]}`);
  if (kind === 'scalar') {
    if (patch === undefined) return base;
    return right?.type === 'scalar' && isShared(left) && left !== right ? replacing.instead(left, right.value, right) : right;
  }
  return kind === 'sequence' ? mergeLists(base, patch, here) : mergeMaps(base, patch, here);
}

const NAMES = { map: 'map', sequence: 'list', scalar: 'single value' } as const;

function shapeIn(node: YamlNode | undefined): Shape | undefined {
  if (node?.type !== 'map') return undefined;
  const [apiVersion, kind] = [stringOf(node.get('apiVersion')), stringOf(node.get('kind'))];
  return apiVersion === undefined || kind === undefined ? undefined : shapeOf(apiVersion, kind);
}

function mergeMaps(base: YamlNode | undefined, patch: YamlNode | undefined, at: Meeting): Merged {
  const directive = patch?.type === 'map' ? directiveIn(patch) : undefined;
  if (directive instanceof Refusal) return directive;
  if (directive === 'delete') return undefined;
  if (isNullish(base)) {
    if (patch?.type === 'map') return mergeEntries(withoutEntry(patch, DIRECTIVE), withoutEntry(patch, DIRECTIVE), at);
    // A null that the base spells out stays where no patch says anything; one that is only left blank goes.
    return patch === undefined && base !== undefined && base.end > base.start ? base : undefined;
  }
  if (patch !== undefined && isNullish(patch)) return undefined;
  if (base?.type !== 'map') return base;
  if (patch?.type !== 'map') return mergeEntries(base, undefined, at);
  const own = withoutEntry(patch, DIRECTIVE);
  return mergeEntries(directive === 'replace' ? own : base, own, at);
}

const DIRECTIVE = '$patch';

/** @internal What a map of a patch asks for by `$patch`. */
export function directiveIn(patch: MapNode): 'merge' | 'replace' | 'delete' | Refusal {
  const node = patch.get(DIRECTIVE);
  if (node === undefined) return 'merge';
  const text = stringOf(node);
  if (text === 'merge' || text === 'replace' || text === 'delete') return text;
  return new Refusal(`"${DIRECTIVE}: ${text ?? ''}" is neither merge, replace nor delete`);
}

/** A map that only one side has is gone through as well: with itself. */
function mergeEntries(base: MapNode, patch: MapNode | undefined, { shape, replacing }: Meeting): Merged {
  const entries: MapEntry[] = [];
  let isSame = true;
  const [bases, patches] = [entriesByName(base), entriesByName(patch)];
  for (const name of new Set([...bases.keys(), ...patches.keys()])) {
    const before = bases.get(name);
    const change = patches.get(name);
    const value = mergeNodes(before?.value, change?.value, { shape: fieldOf(shape, name), replacing });
    if (value instanceof Refusal) return value.message.startsWith('in "') ? value : new Refusal(`in "${name}", ${value.message}`);
    const key =
      (value === before?.value ? before?.key : change?.value === value ? change?.key : undefined) ?? before?.key ?? change?.key;
    if (value !== before?.value) isSame = false;
    if (value !== undefined && key !== undefined) entries.push({ key, value });
  }
  if (isSame && entries.length === base.entries.length) return base;
  return derivedMap(base, entries, base.open || patch?.open === true);
}

/** As `entry` finds them, without going through all for each. */
function entriesByName(map: MapNode | undefined): ReadonlyMap<string, MapEntry> {
  return new Map((map?.entries ?? []).map((entry) => [String(entry.key.value), entry]));
}

function fieldOf(shape: Shape | undefined, name: string): Shape | undefined {
  return shape?.fields !== undefined && Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
}

function mergeLists(base: YamlNode | undefined, patch: YamlNode | undefined, { shape, replacing }: Meeting): Merged {
  if (patch !== undefined && isNullish(patch)) return undefined;
  const keys = shape?.keys;
  if (keys === undefined) return patch ?? base;
  const [left, right] = [base?.type === 'sequence' ? base : undefined, patch?.type === 'sequence' ? patch : undefined];
  const whole = left ?? right;
  if (whole === undefined) return undefined;
  return keys.length === 0 ? mergeSets(left, right, whole) : mergeKeyed(left, right, keys, { shape: shape?.item, replacing });
}
