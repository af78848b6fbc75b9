import { readTextInside, SIZE_LIMIT } from './read';
import { walk } from './walk';

/** What whoever takes manifests wants of a path, by its name alone. */
export type Wanted = 'text' | 'name' | 'nothing';

/** Whoever takes the manifests of a root. Paths are relative to it, with `/`. */
export interface ManifestSink {
  wants(path: string): Wanted;
  /** Whether the text is a manifest; asked before `set`, and once more after all other files for one that was turned down. */
  accepts(path: string, text: string): boolean;
  /** Does part of what `set` would do next, in small steps. */
  reading?(path: string, text: string): Iterable<undefined>;
  set(path: string, text: string): void;
  /** The path exists; its text was not wanted, not accepted, or is none. */
  name(path: string): void;
  tooLarge(path: string, bytes: number, limit: number): void;
}

export interface LoadOptions {
  /** Bytes above which a file is not read. */
  readonly limit?: number;
  /** Files to read although `.gitignore` hides them, relative to the root. */
  readonly also?: Iterable<string>;
  /** Files to pass by, relative to the root. */
  readonly except?: Iterable<string>;
}

/** A file that was wanted and could not be read, or a folder that could not be listed; the root itself is ''. */
export interface LoadProblem {
  readonly path: string;
  readonly reason: string;
}

export interface Loaded {
  /** Files whose text was taken. */
  readonly files: number;
  /** Files whose text was wanted and not taken: no manifest, binary, too large or unreadable. */
  readonly skipped: number;
  readonly problems: readonly LoadProblem[];
}

/** Loads all files of a root (see `loading`) at once. */
export function load(root: string, sink: ManifestSink, options: LoadOptions = {}): Loaded {
  const steps = loading(root, sink, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Loads all files of a root, an absolute path, into a sink. Each step looks at one file, so that a server can do other work between two.
 * Never throws of itself: what cannot be read is listed in the result.
 *
 * The sink is asked about all files before it is handed any, and once more after: a sink derives from what it holds which files its
 * manifests name, and would do so anew for each question if files came in between.
 */
export function* loading(root: string, sink: ManifestSink, options: LoadOptions = {}): Generator<undefined, Loaded, undefined> {
  const loader = new Loader(root, sink, options.limit ?? SIZE_LIMIT);
  const done = new Set(options.except);
  for (const step of walk(root)) {
    if (step.kind === 'problem') loader.problems.push({ path: step.path, reason: step.reason });
    else if (!done.has(step.path)) {
      done.add(step.path);
      loader.read(step.path);
    }
    yield;
  }
  for (const path of options.also ?? []) {
    if (done.has(path)) continue;
    done.add(path);
    loader.read(path);
    yield;
  }
  yield* loader.handIn();
  return { files: loader.files, skipped: loader.skipped, problems: loader.problems };
}

// A patch is short; what is longer is not kept in memory for a second question.
const LONGEST_ASKED_AGAIN = 64 * 1024;

interface ReadFile {
  readonly path: string;
  readonly text: string;
}

class Loader {
  files = 0;
  skipped = 0;
  readonly problems: LoadProblem[] = [];
  private accepted: ReadFile[] = [];
  private turnedDown: ReadFile[] = [];
  private readonly named: string[] = [];
  private readonly root: string;
  private readonly sink: ManifestSink;
  private readonly limit: number;

  constructor(root: string, sink: ManifestSink, limit: number) {
    this.root = root;
    this.sink = sink;
    this.limit = limit;
  }

  /** Reads a file if its text is wanted, and finds out whether it is accepted. */
  read(path: string): void {
    const wanted = this.sink.wants(path);
    if (wanted === 'name') this.named.push(path);
    if (wanted !== 'text') return;
    const read = readTextInside(this.root, path, this.limit);
    if ('text' in read) {
      const file = { path, text: read.text };
      if (this.sink.accepts(path, read.text)) this.accepted.push(file);
      else if (read.text.length <= LONGEST_ASKED_AGAIN) this.turnedDown.push(file);
      else this.skip(path);
    } else if ('tooLarge' in read) {
      this.skipped++;
      this.sink.tooLarge(path, read.tooLarge, this.limit);
    } else {
      this.skip(path);
      if ('problem' in read) this.problems.push({ path, reason: read.problem });
    }
  }

  /** Hands in what was read, then asks again: a patch without `apiVersion` is a manifest once a kustomization is known to name it. */
  *handIn(): Generator<undefined, void, undefined> {
    yield* this.handInAccepted();
    for (const file of this.turnedDown) {
      if (this.sink.accepts(file.path, file.text)) this.accepted.push(file);
      else this.skip(file.path);
      yield;
    }
    this.turnedDown = [];
    yield* this.handInAccepted();
    for (const path of this.named) this.sink.name(path);
  }

  private *handInAccepted(): Generator<undefined, void, undefined> {
    const files = this.accepted;
    this.accepted = [];
    for (const { path, text } of files) {
      yield* this.sink.reading?.(path, text) ?? [];
      this.sink.set(path, text);
      this.files++;
      yield;
    }
  }

  private skip(path: string): void {
    this.skipped++;
    this.named.push(path);
  }
}
