import type { Place, ScalarNode, YamlNode } from '../../../yaml/tree';

/** Something in a resource that Istio or the API server does not take, or takes with a warning. */
export interface Problem {
  readonly place: Place;
  /** What is wrong: a clause that follows a capital letter, without a full stop. */
  readonly what: string;
  /** What to do: the same. */
  readonly todo: string;
  /**
   * What happens because of it, where the resource is accepted all the same: the same. Undefined where it is refused, so that nothing of it
   * takes effect.
   */
  readonly effect?: string;
  /** With `effect`: less than a warning. */
  readonly isMinor?: true;
  /** Without `effect`: a clause that would have to hold for the resource to be accepted all the same, where nothing rules it out. */
  readonly unless?: string;
  /** What to write instead of the scalar that `place` covers. */
  readonly instead?: string;
  readonly related?: readonly { readonly place: Place; readonly message: string }[];
}

/** Where to show what is wrong with a value: its text, or the key where the value is a collection or has no text. */
export function placeOf(node: YamlNode): Place {
  if (node.type === 'unknown' || (node.type === 'scalar' && node.end > node.start)) return { node };
  if (node.key !== undefined) return { node: node.key };
  // An item of a list has no key: its first line stands for it.
  if (node.type === 'map') return { node: node.entries[0]?.key ?? node };
  if (node.type === 'sequence') return node.items[0] === undefined ? { node } : placeOf(node.items[0]);
  return { node };
}

/** The key of a field that is set, whatever its value; the map itself where it is not. */
export function placeOfKey(map: YamlNode, key: string): Place {
  const entry = map.type === 'map' ? map.entry(key) : undefined;
  return entry === undefined ? placeOf(map) : { node: entry.key };
}

/** `node` when it is a scalar whose text can be replaced. */
export function replaceable(node: YamlNode): ScalarNode | undefined {
  return node.type === 'scalar' && node.madeBy === undefined && node.end > node.start ? node : undefined;
}
