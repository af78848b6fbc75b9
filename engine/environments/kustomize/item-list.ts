import type { YamlNode } from '../../yaml/tree';
import type { BuildCache } from './cache';
import { isCalled, isSameItem } from './item';
import type { Item } from './item';
import { Refusal } from './refusal';

/** What is done to each object by itself, whatever else there is. */
export interface ItemStep {
  /** What decides it, besides the object. */
  readonly by: readonly object[];
  readonly change: (item: Item) => Item | Refusal;
  /** Where a refusal stands. */
  readonly node: YamlNode;
}

interface Result {
  readonly item: Item;
  readonly refused: readonly { readonly node: YamlNode; readonly message: string }[];
}

/**
 * The objects of a build in their order. They are found by any name that they have or had without going through all. Steps that look at one
 * object alone wait until somebody asks, and are then taken together: only what comes out of all of them is kept.
 */
export class ItemList {
  private items: (Item | undefined)[];
  private named: Map<string, Set<number>> | undefined;
  private waiting: ItemStep[] = [];
  private readonly cache: BuildCache;
  private readonly refuse: (node: YamlNode, message: string) => void;

  /** @param refuse is told what a step cannot do */
  constructor(items: readonly Item[], cache: BuildCache, refuse: (node: YamlNode, message: string) => void) {
    this.items = [...items];
    this.cache = cache;
    this.refuse = refuse;
  }

  get all(): readonly Item[] {
    this.catchUp();
    return this.items.flatMap((item) => item ?? []);
  }

  add(item: Item): void {
    this.catchUp();
    this.items.push(item);
    this.enter(item, this.items.length - 1);
  }

  /** Puts one item, or none, in the place of another. */
  replace(index: number, item: Item | undefined): void {
    this.catchUp();
    this.items[index] = item;
    if (item !== undefined) this.enter(item, index);
  }

  /** Those that are or were called so, with their places, in order. */
  called(name: string): [index: number, item: Item][] {
    this.catchUp();
    if (this.named === undefined) {
      this.named = new Map();
      this.items.forEach((item, index) => {
        if (item !== undefined) this.enter(item, index);
      });
    }
    const places = [...(this.named.get(name) ?? [])].sort((a, b) => a - b);
    return places.flatMap((index) => {
      const item = this.items[index];
      return item !== undefined && isCalled(item, name) ? [[index, item] as [number, Item]] : [];
    });
  }

  /** All, with their places, in order. */
  entries(): [index: number, item: Item][] {
    this.catchUp();
    return this.items.flatMap((item, index) => (item === undefined ? [] : [[index, item] as [number, Item]]));
  }

  /** Takes a step with each object; one that is refused stays as it was. */
  each(step: ItemStep): void {
    this.waiting.push(step);
  }

  private catchUp(): void {
    if (this.waiting.length === 0) return;
    const steps = this.waiting;
    this.waiting = [];
    this.named = undefined;
    const results = this.cache.nextStep(
      steps.flatMap(({ by }) => by),
      isAlike,
    );
    this.items = this.items.flatMap((item) => {
      if (item === undefined) return [];
      const result = results.once(item, () => taken(item, steps));
      for (const { node, message } of result.refused) this.refuse(node, message);
      return [result.item];
    });
  }

  /** An item that lost a name stays entered under it: `called` looks again. */
  private enter({ resource, former }: Item, index: number): void {
    if (this.named === undefined) return;
    for (const name of [resource.name, ...former.map((id) => id.name)]) {
      if (name === undefined) continue;
      const places = this.named.get(name);
      if (places === undefined) this.named.set(name, new Set([index]));
      else places.add(index);
    }
  }
}

function taken(item: Item, steps: readonly ItemStep[]): Result {
  const refused: { node: YamlNode; message: string }[] = [];
  let now = item;
  for (const { change, node } of steps) {
    const next = change(now);
    if (next instanceof Refusal)
      refused.push({ node, message: `kustomize cannot apply this to ${now.resource.title}: ${next.message}.` });
    else now = next;
  }
  return { item: now, refused };
}

function isAlike(a: Result, b: Result): boolean {
  return a.refused.length === 0 && b.refused.length === 0 && isSameItem(a.item, b.item);
}
