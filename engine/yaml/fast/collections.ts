import type { Holes } from '../holes';
import { MapNode, SequenceNode, UnknownNode } from '../tree';
import type { MapEntry, Source, YamlNode } from '../tree';

/** So many keys are compared with each other faster than a set of them is made. */
const FEW = 8;

/** Makes nodes of maps and sequences, block and flow. */
export class Collections {
  private readonly source: Source;
  private readonly holes: Holes | undefined;

  /** @param holes undefined when there are none */
  constructor(source: Source, holes: Holes | undefined) {
    this.source = source;
    this.holes = holes;
  }

  /** Undefined when a key stands twice. */
  map(start: number, end: number, entries: readonly MapEntry[], flow: boolean): MapNode | undefined {
    const { source, holes } = this;
    if (holes === undefined) return hasDuplicate(entries) ? undefined : new MapNode(source, start, end, entries, flow, false);
    const filled = entries.map(({ key, value }) => ({ key, value: this.filled(value, key.end) }));
    return new MapNode(source, start, end, filled, flow, holes.open(start, end));
  }

  sequence(start: number, end: number, items: readonly YamlNode[], flow: boolean): SequenceNode {
    const { source, holes } = this;
    if (holes === undefined) return new SequenceNode(source, start, end, items, flow, false);
    const filled = items.map((item, i) => this.filled(item, items[i - 1]?.end ?? start));
    return new SequenceNode(source, start, end, filled, flow, holes.open(start, end));
  }

  private filled(node: YamlNode, from: number): YamlNode {
    return this.holes?.fill(node, from) === true ? new UnknownNode(this.source, node.start, node.end) : node;
  }
}

/** Whether two keys of a map have the same text, as `MapNode.entry` compares them. */
function hasDuplicate(entries: readonly MapEntry[]): boolean {
  if (entries.length > FEW) return new Set(entries.map(nameOf)).size < entries.length;
  for (const [i, entry] of entries.entries()) {
    const name = nameOf(entry);
    for (let j = 0; j < i; j++) {
      const other = entries[j];
      if (other !== undefined && nameOf(other) === name) return true;
    }
  }
  return false;
}

function nameOf({ key }: MapEntry): string {
  return typeof key.value === 'string' ? key.value : String(key.value);
}
