import { MapNode } from '../../yaml/tree';
import type { MapEntry, ScalarNode, YamlNode } from '../../yaml/tree';
import { derivedMap, derivedSequence, madeScalar } from './derive';

/**
 * Values that stand at several places of one object and are one to kustomize. Where its label transformer adds a label to metadata, selector
 * and template, it puts the same node into each; whatever sets one of them later sets all (kustomize v5.8.1 api/filters/filtersutil and
 * kyaml v0.21.1 yaml/fns.go, FieldSetter). So `labels` of an overlay, which leave selectors alone, change a selector that the base's labels
 * made. A JSON patch writes the object anew, and ends that.
 */
const shared = new WeakSet<YamlNode>();

/** A single value of which all places in one object are the same to kustomize. */
export function sharedScalar(value: ScalarNode['value'], by: YamlNode): ScalarNode {
  const made = madeScalar(value, by);
  shared.add(made);
  return made;
}

/** Whether a value is one for several places. */
export function isShared(node: YamlNode | undefined): node is ScalarNode {
  return node?.type === 'scalar' && shared.has(node);
}

/** What takes the place of shared values, for all their places. */
export class Replacing {
  private readonly replaced = new Map<YamlNode, ScalarNode>();

  /** The node to write where another value stands: one for all places, where that one is shared. */
  instead(before: YamlNode | undefined, value: ScalarNode['value'], by: YamlNode): ScalarNode {
    if (!isShared(before)) return madeScalar(value, by);
    const made = sharedScalar(value, by);
    this.replaced.set(before, made);
    return made;
  }

  /** The tree with the other places of what was replaced; the same where nothing was. */
  everywhere<N extends YamlNode>(tree: N): N {
    if (this.replaced.size === 0) return tree;
    return mapScalars(tree, (node) => this.latest(node)) as N;
  }

  private latest(node: ScalarNode): ScalarNode {
    let now = node;
    for (let next = this.replaced.get(now); next !== undefined; next = this.replaced.get(now)) now = next;
    return now;
  }
}

/** The tree in which each place has a value of its own. */
export function unshared(tree: YamlNode): YamlNode {
  return mapScalars(tree, (node) => (shared.has(node) ? madeScalar(node.value, node.madeBy ?? node) : node));
}

function mapScalars(node: YamlNode, change: (node: ScalarNode) => ScalarNode): YamlNode {
  if (node.type === 'scalar') return change(node);
  if (node.type === 'sequence') {
    const items = node.items.map((item) => mapScalars(item, change));
    return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
  }
  if (!(node instanceof MapNode)) return node;
  const entries = node.entries.map(({ key, value }): MapEntry => ({ key, value: mapScalars(value, change) }));
  return entries.every(({ value }, i) => value === node.entries[i]?.value) ? node : derivedMap(node, entries);
}
