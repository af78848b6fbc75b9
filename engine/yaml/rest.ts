import type { MapEntry, ScalarNode, YamlNode } from './tree';

/**
 * What is left of a document's tree while nobody reads it: weak references to its nodes, each at its place in the walk. Nodes that somebody
 * holds, as evidence or as the place of a finding, stay what they are, without their children; all others are free to go. When the text has
 * been parsed again, those that are left take their places in the new tree. So a node's identity outlives its tree.
 */
export class TreeAtRest {
  /** At each place of the walk the node that stood there; undefined once swept. */
  private nodes: readonly WeakRef<YamlNode>[] | undefined;
  /** Then, those that were left, and their places. They are few, and go when the tree has been awake once more. */
  private left: readonly YamlNode[] = [];
  private places: readonly number[] = [];

  /** Puts a whole tree to rest. All of its nodes must be of one source, which wakes them. */
  constructor(root: YamlNode) {
    const nodes = walk(root);
    this.nodes = nodes.map((node) => new WeakRef(node));
    for (const node of nodes) if (node.type === 'map' || node.type === 'sequence') node.hold(undefined);
  }

  /** The node at the end of the walk, as long as `sweep` has something to do. */
  get witness(): YamlNode | undefined {
    return this.nodes?.at(-1)?.deref();
  }

  /** Lets go of the references to nodes that were collected; the first time only, since those that were held then mostly stay. */
  sweep(): void {
    if (this.nodes === undefined) return;
    const left: YamlNode[] = [];
    const places: number[] = [];
    for (const [place, reference] of this.nodes.entries()) {
      const node = reference.deref();
      if (node === undefined) continue;
      left.push(node);
      places.push(place);
    }
    // Copies are no longer than they need to be.
    this.left = left.slice();
    this.places = places.slice();
    this.nodes = undefined;
  }

  /**
   * Puts the nodes that are left in their places in a tree of the same text.
   * @param fresh the tree as it was parsed again
   * @returns the tree to use
   */
  wake(fresh: YamlNode): YamlNode {
    const nodes = walk(fresh);
    const kept = new Map<YamlNode, YamlNode>();
    const keep = (node: YamlNode | undefined, place: number | undefined): void => {
      const twin = place === undefined ? undefined : nodes[place];
      if (node !== undefined && twin !== undefined) kept.set(twin, node);
    };
    this.nodes?.forEach((reference, place) => {
      keep(reference.deref(), place);
    });
    this.left.forEach((node, i) => {
      keep(node, this.places[i]);
    });
    if (kept.size === 0) return fresh;
    const now = <N extends YamlNode>(node: N): N => (kept.get(node) as N | undefined) ?? node;
    for (const node of nodes) {
      // A node that is kept has the key that it had.
      if (node.key !== undefined) node.key = now(node.key);
      if (node.type === 'map') {
        const entries = node.entries.map((entry): MapEntry => {
          const key: ScalarNode = now(entry.key);
          const value = now(entry.value);
          return key === entry.key && value === entry.value ? entry : { key, value };
        });
        now(node).hold(entries);
      } else if (node.type === 'sequence') now(node).hold(node.items.map(now));
    }
    return now(fresh);
  }
}

/** Every node below a root and the root itself, keys too, each once, in an order that only the tree's text decides. */
function walk(root: YamlNode): YamlNode[] {
  const nodes: YamlNode[] = [];
  // An anchored node stands at several places.
  const seen = new Set<YamlNode>();
  const visit = (node: YamlNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    nodes.push(node);
    if (node.type === 'sequence') for (const item of node.items) visit(item);
    if (node.type !== 'map') return;
    for (const { key, value } of node.entries) {
      visit(key);
      visit(value);
    }
  };
  visit(root);
  return nodes;
}
