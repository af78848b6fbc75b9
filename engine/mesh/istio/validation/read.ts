import { numberOf, stringOf } from '../../../yaml/tree';
import type { MapEntry, YamlNode } from '../../../yaml/tree';

/**
 * How checks read a resource. What a template hides is an UnknownNode, so that every question has three answers: a value is `given`,
 * `missing`, or neither; only what is certain is reported.
 */
export type Value = YamlNode | undefined;

/** Follows keys. A null counts as not set: the API server takes it out. Undefined when the field is not set, an UnknownNode when hidden. */
export function at(node: Value, ...path: readonly string[]): Value {
  let current = node;
  for (const key of path) {
    if (current === undefined || current.type === 'unknown') return current;
    if (current.type !== 'map') return undefined;
    const next: Value = current.get(key);
    if (next === undefined) current = current.open ? current.unshown() : undefined;
    else if (next.type === 'scalar' && next.value === null) return undefined;
    else current = next;
  }
  return current;
}

/** Whether a value certainly stands there. */
export function given(node: Value): node is YamlNode {
  return node !== undefined && node.type !== 'unknown';
}

/** Whether a field is certainly not set. */
export function missing(node: Value): node is undefined {
  return node === undefined;
}

/**
 * Whether a field is certainly not set, or set to what protobuf takes for not set: an empty string or list, zero, false. A map is set even
 * when it is empty.
 */
export function unset(node: Value): boolean {
  if (node === undefined) return true;
  if (node.type === 'scalar') return node.value === '' || node.value === 0 || node.value === false || node.value === null;
  return node.type === 'sequence' && node.items.length === 0 && !node.open;
}

/** Whether a field is certainly set to something that protobuf can tell from not set. */
export function filled(node: Value): node is YamlNode {
  return given(node) && !unset(node);
}

/** The text of a string; undefined for anything else. */
export const text = stringOf;
/** The value of a number; undefined for anything else. */
export const number = numberOf;

export function isTrue(node: Value): boolean {
  return node?.type === 'scalar' && node.value === true;
}

/** The word that a field has, `otherwise` where it is not set, and undefined where a template hides it. */
export function wordAt(node: Value, otherwise: string): string | undefined {
  return node === undefined ? otherwise : text(node);
}

/** The items of a list; none for anything else. */
export function items(node: Value): readonly YamlNode[] {
  return node?.type === 'sequence' ? node.items : [];
}

/** Whether all items of a list are in sight: a template may add to others. */
export function isWhole(node: Value): boolean {
  return node === undefined || ((node.type === 'sequence' || node.type === 'map') && !node.open);
}

/** The strings of a list with their nodes; items that are no strings, or hidden, are left out. */
export function texts(node: Value): readonly { readonly node: YamlNode; readonly value: string }[] {
  const found: { readonly node: YamlNode; readonly value: string }[] = [];
  for (const item of items(node)) {
    const value = text(item);
    if (value !== undefined) found.push({ node: item, value });
  }
  return found;
}

/** The entries of a map that have a value; none for anything else. A null counts as not set. */
export function entries(node: Value): readonly MapEntry[] {
  if (node?.type !== 'map') return [];
  // Most maps hold no null: they need no copy.
  return node.entries.some(isNull) ? node.entries.filter((entry) => !isNull(entry)) : node.entries;
}

function isNull({ value }: MapEntry): boolean {
  return value.type === 'scalar' && value.value === null;
}

/** A key as text. */
export function keyText(entry: MapEntry): string {
  return String(entry.key.value);
}

/** Whether a list certainly has no items, or is not set. */
export function isEmptyList(node: Value): boolean {
  return node === undefined || (node.type === 'sequence' && node.items.length === 0 && !node.open);
}

/** Whether a map certainly has no entries, or is not set. */
export function isEmptyMap(node: Value): boolean {
  return node === undefined || (node.type === 'map' && entries(node).length === 0 && !node.open);
}
