import { allIds } from './item';
import type { Item } from './item';

/** The objects of a build in their order. They are found by any name that they have or had without going through all. */
export class ItemList {
  private items: (Item | undefined)[];
  private named: Map<string, Set<number>> | undefined;

  constructor(items: readonly Item[] = []) {
    this.items = [...items];
  }

  get all(): readonly Item[] {
    return this.items.flatMap((item) => item ?? []);
  }

  add(item: Item): void {
    this.items.push(item);
    this.enter(item, this.items.length - 1);
  }

  /** Puts one item, or none, in the place of another. */
  replace(index: number, item: Item | undefined): void {
    this.items[index] = item;
    if (item !== undefined) this.enter(item, index);
  }

  /** Those that are or were called so, with their places, in order. */
  called(name: string): [index: number, item: Item][] {
    if (this.named === undefined) {
      this.named = new Map();
      this.items.forEach((item, index) => {
        if (item !== undefined) this.enter(item, index);
      });
    }
    const places = [...(this.named.get(name) ?? [])].sort((a, b) => a - b);
    return places.flatMap((index) => {
      const item = this.items[index];
      return item !== undefined && allIds(item).some((id) => id.name === name) ? [[index, item] as [number, Item]] : [];
    });
  }

  /** All, with their places, in order. */
  entries(): [index: number, item: Item][] {
    return this.items.flatMap((item, index) => (item === undefined ? [] : [[index, item] as [number, Item]]));
  }

  /** Puts another item in the place of each. */
  map(change: (item: Item) => Item): void {
    this.named = undefined;
    this.items = this.all.map(change);
  }

  /** An item that lost a name stays entered under it: `called` looks again. */
  private enter(item: Item, index: number): void {
    if (this.named === undefined) return;
    for (const { name } of allIds(item)) {
      if (name === undefined) continue;
      const places = this.named.get(name);
      if (places === undefined) this.named.set(name, new Set([index]));
      else places.add(index);
    }
  }
}
