import { Computed, Input, Slot } from './cells';
import type { Query, Signal } from './cells';

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
   * @returns undefined then; what it answered was told to the query
   */
  started<T>(label: string, query: Query<T>): Computed<T> | undefined {
    const cell = new Computed(this, label, query);
    cell.refresh();
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

  /** How often cells ran, by label, since the last `resetRunCounts`: what tests and the benchmark count. */
  runCounts(): ReadonlyMap<string, number> {
    return this.runs;
  }

  resetRunCounts(): void {
    this.runs.clear();
  }

  /** @internal */
  record(signal: Signal<unknown>): void {
    this.running?.reads(signal);
  }

  /** @internal */
  run<T>(cell: Computed<T>, label: string, query: Query<T>): T {
    this.runs.set(label, (this.runs.get(label) ?? 0) + 1);
    const outer = this.running;
    this.running = cell;
    try {
      return query.compute();
    } finally {
      this.running = outer;
    }
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
