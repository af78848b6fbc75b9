import { PAUSE } from './pause';
import { sameAnswer } from './same-answer';
import type { Graph } from './graph';

const State = { Clean: 0, Check: 1, Dirty: 2 } as const;
type State = (typeof State)[keyof typeof State];

/** What a computed cell can depend on. */
export abstract class Signal<T> {
  /** Most signals have one reader or none, nearly all a few, and there are many: a Set only for more. */
  private readers: Computed<unknown> | Computed<unknown>[] | Set<Computed<unknown>> | undefined;
  protected readonly graph: Graph;

  constructor(graph: Graph) {
    this.graph = graph;
  }

  abstract get(): T;

  /** Brings the value up to date without recording a read. */
  abstract refresh(): void;

  /** @internal */
  observe(observer: Computed<unknown>): void {
    const { readers } = this;
    if (readers === undefined || readers === observer) this.readers = observer;
    else if (readers instanceof Set) readers.add(observer);
    else if (!Array.isArray(readers)) this.readers = [readers, observer];
    else if (readers.includes(observer)) return;
    // In one piece: an array that grows takes room for many more.
    else if (readers.length < SHORT) this.readers = readers.concat([observer]);
    else this.readers = new Set([...readers, observer]);
  }

  /** @internal */
  unobserve(observer: Computed<unknown>): void {
    const { readers } = this;
    if (readers === observer) this.readers = undefined;
    else if (readers instanceof Set) {
      if (readers.delete(observer) && readers.size === 0) this.readers = undefined;
    } else if (Array.isArray(readers)) {
      const left = readers.filter((reader) => reader !== observer);
      this.readers = left.length > 1 ? left : left[0];
    }
  }

  protected get isObserved(): boolean {
    return this.readers !== undefined;
  }

  protected markReaders(state: State): void {
    for (const reader of this.everyReader()) reader.mark(state, this);
  }

  protected raiseReaders(): void {
    for (const reader of this.everyReader()) reader.raise();
  }

  private everyReader(): Iterable<Computed<unknown>> {
    const { readers } = this;
    if (readers === undefined) return NO_READERS;
    return readers instanceof Set || Array.isArray(readers) ? readers : [readers];
  }
}

const NO_READERS: readonly Computed<unknown>[] = [];
/** Up to here a list is searched faster than a Set, and takes a third of its room. */
const SHORT = 8;

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
    this.graph.noteChange();
    this.markReaders(State.Dirty);
  }

  override refresh(): void {
    // An input is always up to date.
  }
}

export class Slot<T> extends Input<T> {
  private readonly onUnused: () => void;

  constructor(graph: Graph, value: T, onUnused: () => void) {
    super(graph, value);
    this.onUnused = onUnused;
  }

  override get(): T {
    const value = super.get();
    // Asked from outside any cell, nobody will let go of it later.
    if (!this.isObserved) this.onUnused();
    return value;
  }

  override unobserve(observer: Computed<unknown>): void {
    super.unobserve(observer);
    if (!this.isObserved) this.onUnused();
  }
}

/** What a cell computes. An object rather than functions: there are many cells. */
export interface Query<T> {
  compute(): T;
  /** Told of each answer that differs from the one before; it must not read cells. */
  answered?(value: T): void;
  /** Told when nobody depends on the cell any more. A cell that has it is dropped then. */
  unused?(): void;
}

type Sources = readonly Signal<unknown>[];
const NO_SOURCES: Sources = [];

export class Computed<T> extends Signal<T> {
  private state: State = State.Dirty;
  /** The last answer, boxed since undefined is an answer too; undefined before the first run and after one that threw. */
  private answer: { readonly value: T } | undefined;
  private sources: Sources = NO_SOURCES;
  /** What the run that is under way has read so far, none twice. */
  private nextSources: Signal<unknown>[] | Set<Signal<unknown>> | undefined;
  /** Those of the sources that may have changed: an edit is checked at its own cost, however much the cell has read. */
  private suspects: Set<Signal<unknown>> | undefined;
  private watching = false;
  private readonly label: string;
  private readonly query: Query<T>;

  constructor(graph: Graph, label: string, query: Query<T>) {
    super(graph);
    this.label = label;
    this.query = query;
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
    this.suspects = undefined;
    return this.answer.value;
  }

  /** Brings the suspects up to date in the order in which they were read, until one of them has changed: then the others may not be wanted. */
  private checkSources(): void {
    const { suspects } = this;
    if (suspects === undefined) return;
    for (const source of suspects.size === 1 ? suspects : this.sources) {
      if (!suspects.has(source)) continue;
      try {
        source.refresh();
      } catch (error) {
        if (error === PAUSE) throw error;
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
    if (this.state !== State.Clean) this.graph.noteStale(this);
  }

  /** Whether the last run read anything: a cell that read nothing answers the same for ever. */
  get isConstant(): boolean {
    return this.state === State.Clean && this.sources.length === 0;
  }

  /** @internal */
  mark(state: State, by: Signal<unknown>): void {
    if (state === State.Check && this.state !== State.Dirty) (this.suspects ??= new Set()).add(by);
    if (this.state >= state) return;
    const wasClean = this.state === State.Clean;
    this.state = state;
    if (!wasClean) return;
    if (this.watching) this.graph.noteStale(this);
    this.markReaders(State.Check);
  }

  /** @internal */
  reads(signal: Signal<unknown>): void {
    const { nextSources } = this;
    if (nextSources === undefined) return;
    if (nextSources instanceof Set) nextSources.add(signal);
    else if (nextSources.includes(signal)) return;
    else if (nextSources.length < SHORT) nextSources.push(signal);
    else this.nextSources = new Set([...nextSources, signal]);
    signal.observe(this);
  }

  /** @internal a read that was the last one recorded is none after all */
  takesBack(signal: Signal<unknown>): void {
    const { nextSources } = this;
    if (nextSources === undefined) return;
    if (nextSources instanceof Set) nextSources.delete(signal);
    else if (nextSources.at(-1) === signal) nextSources.pop();
    else return;
    signal.unobserve(this);
  }

  /** @internal */
  dropIfUnused(): void {
    if (this.isObserved || this.watching || this.query.unused === undefined || this.nextSources !== undefined) return;
    this.query.unused();
    this.release();
  }

  override unobserve(observer: Computed<unknown>): void {
    super.unobserve(observer);
    this.dropIfUnused();
  }

  private rerun(): T {
    const before = this.sources;
    this.nextSources = [];
    let isPaused = false;
    try {
      return this.answered(this.graph.run(this, this.label, this.query));
    } catch (error) {
      isPaused = error === PAUSE;
      // Without an answer the cell runs again when it is next asked. After a pause it does so anyway, and may find that the earlier one holds.
      if (!isPaused) this.answer = undefined;
      throw error;
    } finally {
      // Clean after an exception too, so that the next change of anything read so far is passed on.
      this.state = isPaused ? State.Dirty : State.Clean;
      this.suspects = undefined;
      const next = this.nextSources;
      this.nextSources = undefined;
      // A copy is no longer than it needs to be.
      this.sources = next instanceof Set ? [...next] : next.length === 0 ? NO_SOURCES : next.slice();
      const dropped = before.filter((source) => !(next instanceof Set ? next.has(source) : next.includes(source)));
      // What was not read again yet may be when the run is taken up.
      if (isPaused) this.sources = [...this.sources, ...dropped];
      else for (const source of dropped) source.unobserve(this);
    }
  }

  /** Keeps the earlier answer where the new one is the same; else tells those that read it. */
  private answered(value: T): T {
    if (this.answer !== undefined && sameAnswer(this.answer.value, value)) return this.answer.value;
    this.answer = { value };
    this.raiseReaders();
    this.query.answered?.(value);
    return value;
  }

  /** @internal */
  raise(): void {
    // A cell that is running now has read the old or the new value itself; only those that wait are told.
    if (this.nextSources === undefined) this.mark(State.Dirty, this);
  }

  private release(): void {
    const sources = this.sources;
    this.sources = NO_SOURCES;
    this.suspects = undefined;
    this.state = State.Dirty;
    this.answer = undefined;
    for (const source of sources) source.unobserve(this);
  }
}
