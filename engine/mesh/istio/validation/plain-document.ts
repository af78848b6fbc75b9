import type { YamlNode } from '../../../yaml/tree';

/** More values than any resource has: aliases could multiply without end. */
const VALUE_LIMIT = 200_000;

/**
 * A tree as the API server validates it: plain JSON in which a field that is null, or that a template hides, has the value undefined. The
 * key is still there, so that its name can be checked. Undefined when the tree expands to more values than any resource has.
 */
export function plainDocument(root: YamlNode): { readonly value: unknown } | undefined {
  let left = VALUE_LIMIT;
  const convert = (node: YamlNode): unknown => {
    if (left-- <= 0 || node.type === 'unknown') return undefined;
    if (node.type === 'scalar') return node.value;
    if (node.type === 'sequence') return node.items.map(convert);
    // With a prototype: objects without one are slow to look up in.
    const object: Record<string, unknown> = {};
    for (const { key, value } of node.entries) {
      if (key.value === '__proto__') continue;
      // kube-apiserver prunes nulls that the schema does not allow (PruneNonNullableNullsWithoutDefaults), and Istio's mean "not set".
      object[String(key.value)] = value.type === 'scalar' && value.value === null ? undefined : convert(value);
    }
    return object;
  };
  const value = convert(root);
  return left < 0 ? undefined : { value };
}
