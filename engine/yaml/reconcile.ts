import { MapNode, SequenceNode } from './tree';
import type { MapEntry, ScalarNode, YamlNode } from './tree';

/**
 * Gives the nodes of a new parse the identity of the old ones wherever the content is the same: an old node whose whole subtree is equal
 * moves to the new position and stands in the new tree. What differs is new. An edit of a comment or of white space so changes no identity.
 *
 * Both trees must belong to the same source. Returns the tree to keep.
 */
export function reconcile(before: YamlNode | undefined, after: YamlNode | undefined): YamlNode | undefined {
  if (before === undefined || after === undefined) return after;
  return merge(before, after, { kept: new Map(), used: new Set() });
}

/** Aliases share a node among several parents: each new node is walked once, and each old one stands for one new node only. */
interface Progress {
  readonly kept: Map<YamlNode, YamlNode>;
  readonly used: Set<YamlNode>;
}

function merge(before: YamlNode, after: YamlNode, done: Progress): YamlNode {
  const earlier = done.kept.get(after);
  if (earlier !== undefined) return earlier;
  let kept = after;
  if (before.source === after.source && !done.used.has(before)) {
    done.used.add(before);
    kept = keep(before, after, done);
  }
  done.kept.set(after, kept);
  // Keys come before their values, and an alias's key is that of its anchor above.
  kept.key = after.key && ((done.kept.get(after.key) as ScalarNode | undefined) ?? after.key);
  return kept;
}

function keep(before: YamlNode, after: YamlNode, done: Progress): YamlNode {
  if (before.type === 'scalar' && after.type === 'scalar') {
    return Object.is(before.value, after.value) && before.style === after.style ? moved(before, after) : after;
  }
  if (before.type === 'unknown' && after.type === 'unknown') return moved(before, after);
  if (before.type === 'map' && after.type === 'map') return keepMap(before, after, done);
  if (before.type === 'sequence' && after.type === 'sequence') return keepSequence(before, after, done);
  return after;
}

function keepMap(before: MapNode, after: MapNode, done: Progress): MapNode {
  let same = sameShape(before, after) && before.entries.length === after.entries.length && before.inherited === after.inherited;
  const entries = after.entries.map((entry, i): MapEntry => {
    const old = before.entries[i]?.key.value === entry.key.value ? before.entries[i] : before.entry(String(entry.key.value));
    if (old === undefined) {
      same = false;
      return entry;
    }
    const key = merge(old.key, entry.key, done) as ScalarNode;
    const value = merge(old.value, entry.value, done);
    if (key !== old.key || value !== old.value || before.entries[i] !== old) same = false;
    return { key, value };
  });
  if (same) return moved(before, after);
  return new MapNode(after.source, after.start, after.end, entries, after.flow, after.open, after.inherited);
}

function keepSequence(before: SequenceNode, after: SequenceNode, done: Progress): SequenceNode {
  let same = sameShape(before, after) && before.items.length === after.items.length;
  const items = after.items.map((item, i) => {
    const old = before.items[i];
    const kept = old === undefined ? item : merge(old, item, done);
    if (kept !== old) same = false;
    return kept;
  });
  if (same) return moved(before, after);
  return new SequenceNode(after.source, after.start, after.end, items, after.flow, after.open);
}

function sameShape(before: MapNode | SequenceNode, after: MapNode | SequenceNode): boolean {
  return before.flow === after.flow && before.open === after.open;
}

function moved<N extends YamlNode>(node: N, to: YamlNode): N {
  node.start = to.start;
  node.end = to.end;
  return node;
}
