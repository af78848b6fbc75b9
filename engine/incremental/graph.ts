import { Computed, Input, Slot } from './cells';
import type { Query, Signal } from './cells';
import { AT_ONCE, PAUSE } from './pause';
import type { Pace } from './pause';

export type { Computed, Input, Query, Slot } from './cells';

/**
 * Demand-driven memoisation with recorded dependencies and early cut-off.
 *
 * An `Input` is set from outside. A `Computed` runs when it is asked and stale, and records what it read while it ran. A change marks what
 * may be stale along the recorded edges, without running anything; on the next read a cell runs again only when something it read has
 * really changed. Watched cells collect in the graph, so that an edit costs what it touches, not what exists.
 */
export class Graph {
  private running: Computed<unknown> | undefined;
  private readonly stale = new Set<Computed<unknown>>();
  private walk: Iterator<Computed<unknown>, undefined> | undefined;
  private readonly runs = new Map<string, number>();
  private changes = 0;
  /** Of the attempt that is under way. */
  private pace = AT_ONCE;
  /** How many queries it has answered, when it began, and when it had come to the first that was not answered before. */
  private answers = 0;
  private began = 0;
  private gotOn = 0;

  /** A value set from outside; setting an equal value (structurally, objects with identity by identity) changes nothing. */
  input<T>(value: T): Input<T> {
    return new Input(this, value);
  }

  /**
   * An input that stands for a part of something larger, made when somebody asks for that part.
   * @param onUnused called when its last reader is gone
   */
  slot<T>(value: T, onUnused: () => void): Slot<T> {
    return new Slot(this, value, onUnused);
  }

  /** A derived value. `label` groups cells in `runCounts`. */
  computed<T>(label: string, compute: () => T): Computed<T> {
    return new Computed(this, label, { compute });
  }

  /** A derived value that `takeStale` names whenever it may have changed; stale from the start. Release it with `dispose`. */
  watched<T>(label: string, query: Query<T>): Computed<T> {
    const cell = new Computed(this, label, query);
    cell.watch();
    return cell;
  }

  /**
   * A watched value that runs at once, for values of which most rest on nothing: such a one holds for ever, and there is no cell for it.
   * One that has to pause is among the stale.
   * @returns undefined then; what it answered was told to the query
   */
  started<T>(label: string, query: Query<T>, pace = AT_ONCE): Computed<T> | undefined {
    const cell = new Computed(this, label, query);
    this.attempt(cell, pace);
    if (cell.isConstant) return undefined;
    cell.watch();
    return cell;
  }

  /**
   * One memoised cell a key, made when first asked and dropped when nobody depends on it any more.
   * Keys are compared as a Map compares them: strings by value, objects by identity. An answer that rests on nothing but an object that is its
   * key holds for ever: it is kept with the object, and who asks for it depends on nothing.
   */
  family<K, V>(label: string, compute: (key: K) => V): (key: K) => V {
    const cells = new Map<K, Computed<V>>();
    const constants = new WeakMap<object, { readonly value: V }>();
    return (key) => {
      const constant = isObject(key) ? constants.get(key) : undefined;
      if (constant !== undefined) return constant.value;
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = new Computed(this, label, new FamilyQuery(cells, key, compute));
        cells.set(key, cell);
      }
      try {
        const value = cell.get();
        if (isObject(key) && cell.isConstant) {
          constants.set(key, { value });
          this.running?.takesBack(cell);
        }
        return value;
      } finally {
        cell.dropIfUnused();
      }
    };
  }

  /** Grows whenever an input changes. */
  get time(): number {
    return this.changes;
  }

  /** The watched cells that may have changed since they last ran; the list is emptied. */
  takeStale(): Computed<unknown>[] {
    const stale = [...this.stale];
    this.stale.clear();
    return stale;
  }

  /** One of them, taken off the list; for those who pause between two, when cells may end meanwhile. */
  takeOneStale(): Computed<unknown> | undefined {
    // One walk for all calls: each new one would step over everything that was taken before.
    this.walk ??= this.stale.values();
    const { value: cell } = this.walk.next();
    if (cell === undefined) this.walk = undefined;
    else this.stale.delete(cell);
    return cell;
  }

  /**
   * Brings a cell up to date, unless a pause is due before that. What was answered by then is kept by those who asked, and the next attempt
   * goes on from there; each answers something.
   * @returns whether the cell is up to date
   */
  attempt(cell: Computed<unknown>, pace: Pace): boolean {
    this.pace = pace;
    this.answers = 0;
    this.began = pace.now();
    try {
      cell.refresh();
      return true;
    } catch (error) {
      if (error !== PAUSE) throw error;
      return false;
    } finally {
      this.pace = AT_ONCE;
    }
  }

  /** Brings a cell up to date in attempts. */
  *refreshing(cell: Computed<unknown>, pace: Pace): Generator<undefined, void, undefined> {
    while (!this.attempt(cell, pace)) yield;
  }

  /** Brings all watched cells up to date, one a step or a part of one; there may come more in between. */
  *refreshingStale(pace: Pace): Generator<undefined, void, undefined> {
    for (let cell = this.takeOneStale(); cell !== undefined; cell = this.takeOneStale()) {
      if (!this.attempt(cell, pace)) this.noteStale(cell);
      yield;
    }
  }

  /** Work within a query that could not be taken up again: a pause is made before it or not at all. */
  whole<T>(work: () => T): T {
    this.pauseIfDue();
    const { pace } = this;
    this.pace = AT_ONCE;
    try {
      return work();
    } finally {
      this.pace = pace;
    }
  }

  /** How often cells ran, by label, since the last `resetRunCounts`: what tests and the benchmark count. */
  runCounts(): ReadonlyMap<string, number> {
    return this.runs;
  }

  resetRunCounts(): void {
    this.runs.clear();
  }

  /** @internal */
  noteChange(): void {
    this.changes++;
  }

  /** @internal */
  record(signal: Signal<unknown>): void {
    this.running?.reads(signal);
  }

  /** @internal */
  run<T>(cell: Computed<T>, label: string, query: Query<T>): T {
    this.pauseIfDue();
    this.runs.set(label, (this.runs.get(label) ?? 0) + 1);
    const outer = this.running;
    this.running = cell;
    try {
      const value = query.compute();
      this.answers++;
      return value;
    } finally {
      this.running = outer;
    }
  }

  private pauseIfDue(): void {
    const { pace, began, gotOn } = this;
    if (this.answers === 0) this.gotOn = pace.now();
    // What lies between two answers is done anew by each attempt, and must not take more time than what is new.
    else if (pace.isDue() && pace.now() - gotOn >= gotOn - began) throw PAUSE;
  }

  /** @internal */
  noteStale(cell: Computed<unknown>): void {
    this.stale.add(cell);
  }

  /** @internal */
  forget(cell: Computed<unknown>): void {
    this.stale.delete(cell);
  }
}

function isObject(key: unknown): key is object {
  return typeof key === 'object' && key !== null;
}

class FamilyQuery<K, V> implements Query<V> {
  private readonly cells: Map<K, Computed<V>>;
  private readonly key: K;
  private readonly computeFor: (key: K) => V;

  constructor(cells: Map<K, Computed<V>>, key: K, computeFor: (key: K) => V) {
    this.cells = cells;
    this.key = key;
    this.computeFor = computeFor;
  }

  compute(): V {
    return this.computeFor(this.key);
  }

  unused(): void {
    this.cells.delete(this.key);
  }
}
