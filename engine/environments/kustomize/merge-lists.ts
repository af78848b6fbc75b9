import { stringOf } from '../../yaml/tree';
import type { MapNode, SequenceNode, YamlNode } from '../../yaml/tree';
import { derivedSequence, hiddenBy, isNullish, madeScalar, textOf, withEntry } from './derive';
import { directiveIn, mergeNodes } from './merge';
import type { Meeting, Merged } from './merge';
import { Refusal } from './refusal';

/** Lists of single values, merged as sets: those of the patch come first (kyaml v0.21.1 yaml/walk/associative_sequence.go). */
export function mergeSets(base: SequenceNode | undefined, patch: SequenceNode | undefined, whole: SequenceNode): YamlNode {
  const seen = new Set<string>();
  const items = [...(patch?.items ?? []), ...(base?.items ?? [])].filter((item) => {
    const text = textOf(item) ?? '';
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  return items.length === whole.items.length && items.every((item, i) => item === whole.items[i])
    ? whole
    : derivedSequence(whole, items);
}

/** The values of the keys of an item, empty where it has none. */
type Tuple = readonly string[];

/**
 * Lists of maps, merged item by item. The order is kustomize's own: first what the patch names, in its order, whether it was there or not,
 * then the rest of the base. With two keys, what both name stands at the end (the same file, setAssociativeSequenceElements).
 */
export function mergeKeyed(
  base: SequenceNode | undefined,
  patch: SequenceNode | undefined,
  keys: readonly string[],
  at: Meeting,
): Merged {
  const directive = patch === undefined ? undefined : directiveOf(patch);
  if (directive?.is === 'delete' && base !== undefined) return undefined;
  const changes = directive?.rest ?? patch;
  const start = base === undefined || directive?.is === 'replace' ? changes : base;
  if (start === undefined) return undefined;
  const [olds, news] = [start.items, changes?.items ?? []].map((all) => all.filter((item) => !isNullish(item))) as [
    YamlNode[],
    YamlNode[],
  ];
  const [key = '', ...others] = keys;
  if (others.length > 0 && olds.length + news.length > MOST_OF_TWO_KEYS) return hiddenBy(patch ?? start);
  const items = others.length === 0 ? mergeByKey(olds, news, key, at) : new PairedList(olds, news, keys, at).merge();
  if (items instanceof Refusal) return items;
  const isSame = items.length === start.items.length && items.every((item, i) => item === start.items[i]);
  return isSame ? start : derivedSequence(start, items);
}

/** An item that says nothing but `$patch` is about the whole list. */
function directiveOf(patch: SequenceNode): { is: string; rest: SequenceNode } | undefined {
  const found = patch.items.find((item) => item.type === 'map' && item.entry('$patch') !== undefined);
  if (found?.type !== 'map' || found.entries.length > 1) return undefined;
  const is = stringOf(found.get('$patch')) ?? '';
  return {
    is,
    rest: derivedSequence(
      patch,
      patch.items.filter((item) => item !== found),
    ),
  };
}

/** Their items are compared with each other. No Service has so many ports. */
const MOST_OF_TWO_KEYS = 500;

function mergeByKey(
  base: readonly YamlNode[],
  patch: readonly YamlNode[],
  key: string,
  at: Meeting,
): readonly YamlNode[] | Refusal {
  const [bases, patches] = [firstByKey(base, key), firstByKey(patch, key)];
  const keyless = base.filter((item) => textAt(item, key) === undefined);
  const items: YamlNode[] = [];
  // An item of a patch without its key takes all of the base's items away, as none of them is it.
  const isBroken = patches.has(undefined);
  for (const text of new Set([...patches.keys(), ...(isBroken ? [] : bases.keys())])) {
    if (text === undefined) continue;
    const [before, change] = [isBroken ? undefined : bases.get(text), patches.get(text)];
    const merged = mergeNodes(before, change, at);
    if (merged instanceof Refusal) return merged;
    const item = before !== undefined && replaces(change) ? before : merged;
    if (item !== undefined && !(item.type === 'map' && item.entries.length === 0))
      items.push(item.type === 'map' ? withKeys(item, [[key, text]]) : item);
  }
  return [...items, ...keyless];
}

/** An item of a keyed list that asks to replace what is there does not: the old one comes back (appendListNode, in the same file). */
function replaces(change: YamlNode | undefined): boolean {
  return change?.type === 'map' && directiveIn(change) === 'replace';
}

function firstByKey(items: readonly YamlNode[], key: string): Map<string | undefined, YamlNode> {
  const first = new Map<string | undefined, YamlNode>();
  for (const item of items) {
    const text = textAt(item, key);
    if (!first.has(text)) first.set(text, item);
  }
  return first;
}

class PairedList {
  private base: readonly YamlNode[];
  private readonly patch: readonly YamlNode[];
  private readonly keys: readonly string[];
  private readonly at: Meeting;
  private result: YamlNode[] = [];
  /** What items of the base have become. */
  private readonly became = new Map<YamlNode, YamlNode>();

  constructor(base: readonly YamlNode[], patch: readonly YamlNode[], keys: readonly string[], at: Meeting) {
    this.base = base;
    this.patch = patch;
    this.keys = keys;
    this.at = at;
  }

  merge(): readonly YamlNode[] | Refusal {
    const tuples = unified(distinct([...this.patch, ...this.base].map((item) => tupleOf(item, this.keys))));
    const isUsed = this.keys.map((_, i) => tuples.some((tuple) => tuple[i] !== ''));
    const used = isUsed.includes(true) ? this.keys.filter((_, i) => isUsed[i]) : this.keys;
    for (const tuple of tuples) {
      const values = used.map((key) => tuple[this.keys.indexOf(key)] ?? '');
      const failure = this.mergeOne(used, values);
      if (failure !== undefined) return failure;
    }
    for (const item of this.base) this.putBack(item, used);
    return this.result;
  }

  private mergeOne(keys: readonly string[], values: Tuple): Refusal | undefined {
    const named = keys.flatMap((key, i) => (values[i] === '' ? [] : [[key, values[i] ?? ''] as const]));
    const wanted = named.length > 0 ? named : keys.map((key, i) => [key, values[i] ?? ''] as const);
    const isWanted = (item: YamlNode): boolean => wanted.every(([key, value]) => textAt(item, key) === value);
    const before = this.base.find(isWanted);
    const change = this.patch.find(isWanted);
    const merged = mergeNodes(before, change, this.at);
    if (merged instanceof Refusal) return merged;
    if (merged === undefined || (merged.type === 'map' && merged.entries.length === 0)) {
      this.base = this.base.filter((item) => !matches(item, keys, values));
      return undefined;
    }
    const item = merged.type === 'map' ? withKeys(merged, wanted) : merged;
    if (before !== undefined && !replaces(change)) this.became.set(before, item);
    this.put(item, keys, values);
    return undefined;
  }

  /** Puts an item in the place of those with the same keys, or at the end. */
  private put(item: YamlNode, keys: readonly string[], values: Tuple): void {
    const isThere = this.result.some((other) => matches(other, keys, values));
    if (isThere) this.result = this.result.map((other) => (matches(other, keys, values) ? item : other));
    else this.result.push(item);
  }

  /** What lacks the second key is looked for by the first alone, and what it meets is taken out. */
  private putBack(item: YamlNode, keys: readonly string[]): void {
    const now = this.became.get(item) ?? item;
    const values = keys.flatMap((key) => textAt(now, key) ?? []);
    const looked = keys.slice(0, values.length);
    if (keys.length === 1 && looked.length === 1) {
      this.put(now, keys, values);
      return;
    }
    if (looked.length > 0) this.result = this.result.filter((other) => !matches(other, looked, values));
    this.result.push(now);
  }
}

function textAt(item: YamlNode, key: string): string | undefined {
  return item.type === 'map' ? textOf(item.get(key)) : undefined;
}

function tupleOf(item: YamlNode, keys: readonly string[]): Tuple {
  return keys.map((key) => textAt(item, key) ?? '');
}

/** An empty value stands for any. */
function matches(item: YamlNode, keys: readonly string[], values: Tuple): boolean {
  return keys.every((key, i) => {
    const text = textAt(item, key);
    return text !== undefined && (values[i] === '' || text === values[i]);
  });
}

function distinct(tuples: readonly Tuple[]): Tuple[] {
  return [...new Map(tuples.map((tuple) => [tuple.join('\n'), tuple])).values()];
}

/** Tuples that differ only in what one of them leaves open stand for the same item. */
function unified(tuples: Tuple[]): readonly Tuple[] {
  if ((tuples[0]?.length ?? 0) < 2) return tuples;
  for (let i = 0; i < tuples.length; i++) {
    for (let j = 0; j < tuples.length; j++) {
      const both = union(tuples[i] ?? [], tuples[j] ?? []);
      if (both !== undefined) tuples[i] = tuples[j] = both;
    }
  }
  return tuples;
}

function union(a: Tuple, b: Tuple): Tuple | undefined {
  if (!a.some((value, i) => value === b[i])) return undefined;
  if (a.some((value, i) => value !== b[i] && value !== '' && b[i] !== '')) return undefined;
  return a.map((value, i) => (value === '' ? (b[i] ?? '') : value));
}

function withKeys(item: MapNode, wanted: readonly (readonly [key: string, value: string])[]): MapNode {
  return wanted.reduce(
    (map, [key, value]) =>
      map.entry(key) !== undefined || value === '' ? map : withEntry(map, madeScalar(key, map), madeScalar(value, map)),
    item,
  );
}
