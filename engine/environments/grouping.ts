import type { Graph, Slot } from '../incremental/graph';
import type { Resource } from '../resources/resource';

/** What becomes of one part of an ordered list of resources: some of it gives way to others. */
export interface Change {
  /** Where the part stands among the others. */
  readonly rank: number;
  /** What of the part stands on that side of the change where there is less of it. */
  readonly beside: readonly Resource[];
  readonly side: 'ahead' | 'behind';
  readonly removed: readonly Resource[];
  readonly added: readonly Resource[];
}

/** The groups that a resource belongs to, told by what it says itself and nothing else; none twice. */
export type KeysOf = (resource: Resource) => readonly string[];

/**
 * Resources by keys, each group in the order of the whole. A group that somebody has read is a cell of the graph; to the others a change
 * costs no more than moving them up.
 */
export class Grouping {
  private readonly graph: Graph;
  private readonly keysOf: KeysOf;
  private readonly rankOf: (resource: Resource) => number;
  private groups = new Map<string, Resource[]>();
  private readonly slots = new Map<string, Slot<readonly Resource[]>>();
  private keySlot: Slot<readonly string[]> | undefined;

  /** @param rankOf the rank of the part that holds a resource */
  constructor(graph: Graph, keysOf: KeysOf, rankOf: (resource: Resource) => number) {
    this.graph = graph;
    this.keysOf = keysOf;
    this.rankOf = rankOf;
  }

  /** A group, recorded as read. Asked from outside the graph, the answer holds until the next change. */
  get(key: string): readonly Resource[] {
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = this.graph.slot<readonly Resource[]>(this.peek(key), () => this.slots.delete(key));
      this.slots.set(key, slot);
    }
    return slot.get();
  }

  /** The keys of the groups that hold something, sorted; recorded as read. */
  keys(): readonly string[] {
    this.keySlot ??= this.graph.slot(this.sortedKeys(), () => (this.keySlot = undefined));
    return this.keySlot.get();
  }

  /** A group, without recording. */
  peek(key: string): readonly Resource[] {
    return this.groups.get(key) ?? NONE;
  }

  /** Takes everything there is, in order, in place of what it held. */
  fill(all: readonly Resource[]): void {
    this.groups = this.grouped(all);
    for (const [key, slot] of this.slots) slot.set(this.peek(key));
    this.keySlot?.set(this.sortedKeys());
  }

  change({ rank, beside, side, removed, added }: Change): void {
    const gone = this.grouped(removed);
    const come = this.grouped(added);
    const keys = new Set([...gone.keys(), ...come.keys()]);
    const others = this.countBy(beside, keys);
    const count = this.groups.size;
    for (const key of keys) {
      const group = this.groups.get(key) ?? [];
      const leaving = gone.get(key)?.length ?? 0;
      const aside = others.get(key) ?? 0;
      const at = side === 'ahead' ? this.startOf(group, rank) + aside : this.startOf(group, rank + 1) - aside - leaving;
      const slot = this.slots.get(key);
      // What a reader holds must stay as it is.
      const changed = slot === undefined ? group : [...group];
      changed.splice(at, leaving, ...(come.get(key) ?? NONE));
      if (changed.length === 0) this.groups.delete(key);
      else this.groups.set(key, changed);
      slot?.set(changed);
    }
    // One that goes while another comes leaves the count as it was.
    if (this.groups.size !== count || gone.size > 0) this.keySlot?.set(this.sortedKeys());
  }

  private countBy(resources: readonly Resource[], keys: ReadonlySet<string>): Map<string, number> {
    const counts = new Map<string, number>();
    if (keys.size === 0) return counts;
    for (const resource of resources)
      for (const key of this.keysOf(resource)) if (keys.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  private sortedKeys(): readonly string[] {
    return [...this.groups.keys()].sort();
  }

  /** The first place in a group at which resources of a part may stand. */
  private startOf(group: readonly Resource[], rank: number): number {
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const resource = group[middle];
      if (resource !== undefined && this.rankOf(resource) < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grouped(resources: readonly Resource[]): Map<string, Resource[]> {
    const groups = new Map<string, Resource[]>();
    for (const resource of resources) {
      for (const key of this.keysOf(resource)) {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [resource]);
        else group.push(resource);
      }
    }
    return groups;
  }
}

const NONE: readonly Resource[] = [];
