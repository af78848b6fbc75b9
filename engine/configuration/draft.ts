import type { MapNode, Place, ScalarNode, YamlNode } from '../yaml/tree';

/** How many values a configuration holds at most: aliases could multiply without end. */
const MOST_VALUES = 50_000;
/** No setting stands as deep. */
const DEEPEST = 8;

/** A value of the configuration: what it is, where it stands, and the parts below it as they still are. */
interface Part {
  readonly node: YamlNode;
  /** The key it is the value of, in the map that it stands in; undefined for items of lists. */
  readonly key: ScalarNode | undefined;
  readonly data: unknown;
  readonly entries: Map<string, Part>;
  readonly items: Part[];
}

export type Path = readonly string[];

/** Keys and indices of something that has no value to check: a template, an alias that leads nowhere, what is too much. */
export interface Hidden {
  readonly path: Path;
  readonly place: Place;
}

/**
 * The plain value of a configuration as it loses what is wrong with it, part by part. Of what is left, each part still knows where it
 * stands. Maps are objects without a prototype.
 */
export class Draft {
  /** What could not be read, and is not part of `data`. */
  readonly hidden: Hidden[] = [];
  private readonly root: Part;
  private left = MOST_VALUES;

  constructor(root: MapNode) {
    this.root = this.read(root, undefined, []) ?? { node: root, key: undefined, data: {}, entries: new Map(), items: [] };
  }

  get data(): unknown {
    return this.root.data;
  }

  /** The value at a path; undefined when there is none. */
  at(path: Path): unknown {
    return this.find(path)?.data;
  }

  /** Where a finding about a path stands: at a scalar that its own key holds, else at the key. @param asKey at the key in any case */
  placeOf(path: Path, asKey = false): Place {
    let place: Place = { node: this.root.node };
    for (let length = 1; length <= path.length; length++) {
      const part = this.find(path.slice(0, length));
      if (part === undefined) break;
      place = placeOf(part, asKey);
      // What stands below is the anchor's, and may be right there.
      if (isAliased(part)) break;
    }
    return place;
  }

  /** Takes a part away; false when it is not there. Items behind one of a list move up. */
  take(path: Path): boolean {
    const parent = this.find(path.slice(0, -1));
    const last = path.at(-1);
    if (parent === undefined || last === undefined) return false;
    if (Array.isArray(parent.data)) {
      const index = Number(last);
      if (!(index in parent.items)) return false;
      parent.items.splice(index, 1);
      parent.data.splice(index, 1);
      return true;
    }
    if (!parent.entries.delete(last)) return false;
    return Reflect.deleteProperty(parent.data as object, last);
  }

  /** Puts another value where a scalar stands. */
  replace(path: Path, data: unknown): void {
    const parent = this.find(path.slice(0, -1));
    const part = this.find(path);
    const last = path.at(-1);
    if (parent === undefined || part === undefined || last === undefined) return;
    parent.entries.set(last, { ...part, data });
    (parent.data as Record<string, unknown>)[last] = data;
  }

  private find(path: Path): Part | undefined {
    let part: Part | undefined = this.root;
    for (const step of path) part = Array.isArray(part?.data) ? part.items[Number(step)] : part?.entries.get(step);
    return part;
  }

  private read(node: YamlNode, key: ScalarNode | undefined, path: Path): Part | undefined {
    const part = { node, key, entries: new Map<string, Part>(), items: [] as Part[] };
    if (node.type === 'unknown' || this.left-- <= 0) {
      // One finding tells that there is too much.
      if (this.left >= -1) this.hidden.push({ path, place: placeOf({ ...part, data: undefined }, false) });
      return undefined;
    }
    if (node.type === 'scalar') return { ...part, data: node.value };
    if (node.type === 'sequence') {
      const data: unknown[] = [];
      for (const [i, item] of (path.length < DEEPEST ? node.items : []).entries()) {
        const read = this.read(item, undefined, [...path, String(i)]);
        if (read === undefined) continue;
        part.items.push(read);
        data.push(read.data);
      }
      return { ...part, data };
    }
    const data = Object.create(null) as Record<string, unknown>;
    // The last of those that stand twice holds, as JSON decoders have it; the syntax is found to be wrong.
    const last = new Map(path.length < DEEPEST ? node.entries.map((entry) => [String(entry.key.value), entry]) : []);
    for (const [name, entry] of last) {
      const read = this.read(entry.value, entry.key, [...path, name]);
      if (read === undefined) continue;
      part.entries.set(name, read);
      data[name] = read.data;
    }
    return { ...part, data };
  }
}

function placeOf({ node, key }: Part, asKey: boolean): Place {
  if (key === undefined) return { node };
  const stands = node.type === 'scalar' && node.value !== null && !isAliased({ node, key });
  return { node: stands && !asKey ? node : key };
}

/** What an alias stands for is written above it. */
function isAliased({ node, key }: Pick<Part, 'node' | 'key'>): boolean {
  return node.source === key?.source && node.start < key.end;
}
