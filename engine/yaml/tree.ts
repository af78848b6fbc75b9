/**
 * The tree that every other room reads: plain, small, and independent of the parser that made it.
 *
 * Node positions are relative to their source, so that a document that moves in its file keeps its tree. A re-parse that finds the same
 * structure moves positions inside the old nodes (reconcile.ts): a node's identity stands for its content, which is what lets a query
 * compare answers that hold evidence.
 */

/* eslint-disable @typescript-eslint/class-literal-property-style -- there are many nodes: a type that is no field takes no room in each */

/** The text a node stands in: a document of a file, or YAML inside a scalar of one. */
export interface Source {
  /** The manifest's path, relative to the root, with `/`. */
  readonly file: string;
  /** Maps a range of this source to offsets (UTF-16) of the file. */
  locate(start: number, end: number): readonly [start: number, end: number];
  /** The text of a range, as the file has it. */
  slice(start: number, end: number): string;
  /** Text of the whole source; offsets of nodes index it. */
  readonly text: string;
  /** Gives the nodes of a tree at rest (rest.ts) their children back. Left out by sources whose trees never rest. */
  wake?(): void;
}

export type ScalarValue = string | number | boolean | null;
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

abstract class BaseNode {
  readonly source: Source;
  start: number;
  end: number;
  /** The key this node is the value of; undefined for items of a sequence and for a document's root. */
  key: ScalarNode | undefined;
  /** What a transformation made this node from, when no text holds it: findings stand there. */
  madeBy: YamlNode | undefined;

  constructor(source: Source, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
  }
}

export class ScalarNode extends BaseNode {
  readonly value: ScalarValue;
  readonly style: ScalarStyle;

  constructor(source: Source, start: number, end: number, value: ScalarValue, style: ScalarStyle) {
    super(source, start, end);
    this.value = value;
    this.style = style;
  }

  get type(): 'scalar' {
    return 'scalar';
  }
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

export class MapNode extends BaseNode {
  /** Undefined while the tree is at rest. */
  private children: readonly MapEntry[] | undefined;
  readonly flow: boolean;
  /** A template may add keys here: one that is absent is unknown. */
  readonly open: boolean;
  /** How many of the entries, the last ones, a merge key (`<<`) adds: they stand in another map. */
  readonly inherited: number;
  private hole: UnknownNode | undefined;

  constructor(
    source: Source,
    start: number,
    end: number,
    entries: readonly MapEntry[],
    flow: boolean,
    open: boolean,
    inherited = 0,
  ) {
    super(source, start, end);
    // A copy is no longer than it needs to be: an array that was pushed to has room for many more.
    this.children = entries.slice();
    this.flow = flow;
    this.open = open;
    this.inherited = inherited;
    for (const entry of entries) entry.value.key ??= entry.key;
  }

  get type(): 'map' {
    return 'map';
  }

  get entries(): readonly MapEntry[] {
    if (this.children === undefined) this.source.wake?.();
    return this.children ?? [];
  }

  /** @internal `undefined` puts the node to rest: its source gives it children again before anybody reads them. */
  hold(children: readonly MapEntry[] | undefined): void {
    this.children = children;
  }

  /** The entries that its own text holds. */
  get ownEntries(): readonly MapEntry[] {
    return this.inherited === 0 ? this.entries : this.entries.slice(0, -this.inherited);
  }

  /** The value of a key; undefined when no entry has it (see `lookup` for what a template leaves open). */
  get(key: string): YamlNode | undefined {
    return this.entry(key)?.value;
  }

  /** The last entry of that key, as JSON decoders keep the last of duplicates. A key that is no string answers to its text, as in JSON. */
  entry(key: string): MapEntry | undefined {
    const { entries } = this;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (entry !== undefined && String(entry.key.value) === key) return entry;
    }
    return undefined;
  }

  /** What an open map holds at a key that it does not show; one node a map, so that answers holding it compare equal. */
  unshown(): UnknownNode {
    this.hole ??= new UnknownNode(this.source, this.start, this.end);
    this.hole.madeBy = this;
    // The map may have come to another key since.
    this.hole.key = this.key;
    return this.hole;
  }
}

export class SequenceNode extends BaseNode {
  /** Undefined while the tree is at rest. */
  private children: readonly YamlNode[] | undefined;
  readonly flow: boolean;
  /** A template may add items here. */
  readonly open: boolean;

  constructor(source: Source, start: number, end: number, items: readonly YamlNode[], flow: boolean, open: boolean) {
    super(source, start, end);
    this.children = items.slice();
    this.flow = flow;
    this.open = open;
  }

  get items(): readonly YamlNode[] {
    if (this.children === undefined) this.source.wake?.();
    return this.children ?? [];
  }

  /** @internal see `MapNode.hold` */
  hold(children: readonly YamlNode[] | undefined): void {
    this.children = children;
  }

  get type(): 'sequence' {
    return 'sequence';
  }
}

/** A value that a template action, a variable or an error hides. */
export class UnknownNode extends BaseNode {
  get type(): 'unknown' {
    return 'unknown';
  }
}

export type YamlNode = ScalarNode | MapNode | SequenceNode | UnknownNode;

/** Where something stands: a node, or a part of its text (offsets from the node's start). */
export interface Place {
  readonly node: YamlNode;
  readonly from?: number;
  readonly to?: number;
}

/** The file and the offsets of a place; a node that no text holds leads to what made it. */
export function locate(place: Place): { file: string; start: number; end: number } {
  let node = place.node;
  const made = node.madeBy !== undefined;
  while (node.madeBy !== undefined) node = node.madeBy;
  const from = made || place.from === undefined ? node.start : node.start + place.from;
  const to = made || place.to === undefined ? node.end : node.start + place.to;
  const [start, end] = node.source.locate(from, to);
  return { file: node.source.file, start, end };
}

/**
 * Follows keys from a node. Returns undefined when the path is not set, an UnknownNode when a template or an unreadable value on the way
 * may set it, and the node itself otherwise. A step through something that is no map finds nothing.
 */
export function lookup(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let current = node;
  for (const key of path) {
    if (current === undefined || current.type === 'unknown') return current;
    if (current.type !== 'map') return undefined;
    const next: YamlNode | undefined = current.get(key);
    if (next === undefined && current.open) return current.unshown();
    current = next;
  }
  return current;
}

/** The string of a scalar; undefined for anything else, numbers and booleans included: Kubernetes refuses those where it wants a string. */
export function stringOf(node: YamlNode | undefined): string | undefined {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function numberOf(node: YamlNode | undefined): number | undefined {
  return node?.type === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

export function booleanOf(node: YamlNode | undefined): boolean | undefined {
  return node?.type === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;
}

/** The items of a sequence; empty for anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.type === 'sequence' ? node.items : [];
}

/** The entries of a map; empty for anything else. */
export function entriesOf(node: YamlNode | undefined): readonly MapEntry[] {
  return node?.type === 'map' ? node.entries : [];
}

/** Whether a value is set, beyond an explicit null, which Kubernetes treats as not set. */
export function isSet(node: YamlNode | undefined): node is YamlNode {
  return node !== undefined && !(node.type === 'scalar' && node.value === null);
}
