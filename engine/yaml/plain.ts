import type { YamlNode } from './tree';

/** How many values one conversion makes; aliases could multiply without end. */
const VALUE_LIMIT = 200_000;

/**
 * The plain JavaScript value of a tree, as a JSON decoder would give it: maps as objects without a prototype, the last of duplicate keys,
 * unknown values as undefined. Beyond 200,000 values the rest is undefined.
 */
export function plainValue(node: YamlNode | undefined): unknown {
  let left = VALUE_LIMIT;
  const convert = (at: YamlNode | undefined): unknown => {
    if (at === undefined || at.type === 'unknown' || left-- <= 0) return undefined;
    if (at.type === 'scalar') return at.value;
    if (at.type === 'sequence') return at.items.map(convert);
    const object = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of at.entries) object[String(key.value)] = convert(value);
    return object;
  };
  return convert(node);
}
