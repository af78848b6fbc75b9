import { parseEmbedded } from '../../yaml/embedded';
import type { ScalarNode, YamlNode } from '../../yaml/tree';

const parsed = new WeakMap<ScalarNode, YamlNode | null>();

/** YAML inside a scalar (`values: |`), parsed once for each scalar; undefined for what holds no map. */
export function valuesInText(node: YamlNode | undefined): YamlNode | undefined {
  if (node?.type === 'unknown') return node;
  if (node?.type !== 'scalar') return undefined;
  let root = parsed.get(node);
  if (root === undefined) {
    root = parseEmbedded(node)?.root ?? null;
    parsed.set(node, root);
  }
  return root?.type === 'map' || root?.type === 'unknown' ? root : undefined;
}
