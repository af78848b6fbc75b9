import { sameAnswer } from './same-answer';

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
  private readonly runs = new Map<string, number>();

  /** A value set from outside; setting an equal value (structurally, objects with identity by identity) changes nothing. */
  input<T>(value: T): Input<T> {
    return new Input(this, value);
  }

  /** A derived value. `label` groups cells in `runCounts`. */
  computed<T>(label: string, compute: () => T): Computed<T> {
    return new Computed(this, label, compute);
  }

  /** A derived value that `takeStale` names whenever it may have changed; stale from the start. Release it with `dispose`. */
  watched<T>(label: string, compute: () => T): Computed<T> {
    const cell = new Computed(this, label, compute);
    cell.watch();
    return cell;
  }

  /**
   * One memoised cell a key, made when first asked and dropped when nobody depends on it any more.
   * Keys are compared as a Map compares them: strings by value, objects by identity.
   */
  family<K, V>(label: string, compute: (key: K) => V): (key: K) => V {
    const cells = new Map<K, Computed<V>>();
    return (key) => {
      let cell = cells.get(key);
      if (cell === undefined) {
        const made = new Computed(
          this,
          label,
          () => compute(key),
          () => cells.delete(key),
        );
        cells.set(key, made);
        cell = made;
      }
      try {
        return cell.get();
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
    for (const cell of this.stale) {
      this.stale.delete(cell);
      return cell;
    }
    return undefined;
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
  run<T>(cell: Computed<T>, label: string, compute: () => T): T {
    this.runs.set(label, (this.runs.get(label) ?? 0) + 1);
    const outer = this.running;
    this.running = cell;
    try {
      return compute();
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

/** What a computed cell can depend on. */
export abstract class Signal<T> {
  protected readonly observers = new Set<Computed<unknown>>();
  protected readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  abstract get(): T;

  /** Brings the value up to date without recording a read. */
  abstract refresh(): void;

  /** @internal */
  observe(observer: Computed<unknown>): void {
    this.observers.add(observer);
  }

  /** @internal */
  unobserve(observer: Computed<unknown>): void {
    this.observers.delete(observer);
  }
}

export class Input<T> extends Signal<T> {
  private value: T;

  constructor(graph: Graph, value: T) {
    super(graph);
    this.value = value;
  }

  get(): T {
    this.graph.record(this);
    return this.value;
  }

  /** Reads without recording: for the code that sets. */
  peek(): T {
    return this.value;
  }

  set(value: T): void {
    if (sameAnswer(this.value, value)) return;
    this.value = value;
    for (const observer of this.observers) observer.mark(State.Dirty);
  }

  override refresh(): void {
    // An input is always up to date.
  }
}

const State = { Clean: 0, Check: 1, Dirty: 2 } as const;
type State = (typeof State)[keyof typeof State];

export class Computed<T> extends Signal<T> {
  private state: State = State.Dirty;
  /** The last answer, boxed since undefined is an answer too; undefined before the first run and after one that threw. */
  private answer: { readonly value: T } | undefined;
  private sources = new Set<Signal<unknown>>();
  private nextSources: Set<Signal<unknown>> | undefined;
  private watching = false;
  private readonly label: string;
  private readonly compute: () => T;
  private readonly onUnused: (() => void) | undefined;

  constructor(graph: Graph, label: string, compute: () => T, onUnused?: () => void) {
    super(graph);
    this.label = label;
    this.compute = compute;
    this.onUnused = onUnused;
  }

  get(): T {
    // Before the read is recorded: a cell that depended on itself could never be dropped.
    this.refuseCycle();
    // Recorded before the run: a family cell that is read must not look unused while it runs.
    this.graph.record(this);
    return this.upToDate();
  }

  override refresh(): void {
    this.upToDate();
  }

  private refuseCycle(): void {
    if (this.nextSources !== undefined) throw new Error(`the query ${this.label} asks for itself`);
  }

  private upToDate(): T {
    this.refuseCycle();
    if (this.state === State.Check) this.checkSources();
    if (this.answer === undefined || this.isDirty()) return this.rerun();
    this.state = State.Clean;
    return this.answer.value;
  }

  /** Brings the sources up to date in the order in which they were read, until one of them has changed: then the others may not be wanted. */
  private checkSources(): void {
    for (const source of this.sources) {
      try {
        source.refresh();
      } catch {
        // The run that reads this source meets the same exception; whether it can live with it is its own matter.
        this.state = State.Dirty;
      }
      if (this.isDirty()) return;
    }
  }

  /** A changed source raises the state while `checkSources` walks the sources, out of the compiler's sight. */
  private isDirty(): boolean {
    return this.state === State.Dirty;
  }

  /** Ends a watched cell: it is never reported stale again and holds on to nothing. */
  dispose(): void {
    this.watching = false;
    this.graph.forget(this);
    this.release();
  }

  /** @internal */
  watch(): void {
    this.watching = true;
    this.graph.noteStale(this);
  }

  /** @internal */
  mark(state: State): void {
    if (this.state >= state) return;
    const wasClean = this.state === State.Clean;
    this.state = state;
    if (!wasClean) return;
    if (this.watching) this.graph.noteStale(this);
    for (const observer of this.observers) observer.mark(State.Check);
  }

  /** @internal */
  reads(signal: Signal<unknown>): void {
    this.nextSources?.add(signal);
    signal.observe(this);
  }

  /** @internal */
  dropIfUnused(): void {
    if (this.observers.size > 0 || this.watching || this.onUnused === undefined || this.nextSources !== undefined) return;
    this.onUnused();
    this.release();
  }

  override unobserve(observer: Computed<unknown>): void {
    super.unobserve(observer);
    this.dropIfUnused();
  }

  private rerun(): T {
    const before = this.sources;
    const next = new Set<Signal<unknown>>();
    this.nextSources = next;
    try {
      return this.answered(this.graph.run(this, this.label, this.compute));
    } catch (error) {
      // Without an answer the cell runs again when it is next asked.
      this.answer = undefined;
      throw error;
    } finally {
      // Clean after an exception too, so that the next change of anything read so far is passed on.
      this.state = State.Clean;
      this.nextSources = undefined;
      this.sources = next;
      for (const source of before) if (!next.has(source)) source.unobserve(this);
    }
  }

  /** Keeps the earlier answer where the new one is the same; else tells those that read it. */
  private answered(value: T): T {
    if (this.answer !== undefined && sameAnswer(this.answer.value, value)) return this.answer.value;
    this.answer = { value };
    for (const observer of this.observers) observer.raise();
    return value;
  }

  private raise(): void {
    // A cell that is running now has read the old or the new value itself; only those that wait are told.
    if (this.nextSources === undefined) this.mark(State.Dirty);
  }

  private release(): void {
    const sources = this.sources;
    this.sources = new Set();
    this.state = State.Dirty;
    this.answer = undefined;
    for (const source of sources) source.unobserve(this);
  }
}
