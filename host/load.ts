import { join } from 'node:path';
import { readText, SIZE_LIMIT } from './read';
import { walk } from './walk';

/** What whoever takes manifests wants of a path, by its name alone. */
export type Wanted = 'text' | 'name' | 'nothing';

/** Whoever takes the manifests of a root. Paths are relative to it, with `/`. */
export interface ManifestSink {
  wants(path: string): Wanted;
  /** Whether the text is a manifest; asked before `set`, and once more after all other files for one that was turned down. */
  accepts(path: string, text: string): boolean;
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
 */
export function* loading(root: string, sink: ManifestSink, options: LoadOptions = {}): Generator<undefined, Loaded, undefined> {
  const loader = new Loader(root, sink, options.limit ?? SIZE_LIMIT);
  const done = new Set(options.except);
  for (const step of walk(root)) {
    if (step.kind === 'problem') loader.problems.push({ path: step.path, reason: step.reason });
    else if (!done.has(step.path)) {
      done.add(step.path);
      loader.file(step.path);
    }
    yield;
  }
  for (const path of options.also ?? []) {
    if (done.has(path)) continue;
    done.add(path);
    loader.file(path);
    yield;
  }
  loader.askAgain();
  return {
    files: loader.files,
    skipped: loader.skipped,
    problems: loader.problems.map(({ path, reason }) => ({ path, reason })),
  };
}

// A patch is short; what is longer is not kept in memory for a second question.
const LONGEST_ASKED_AGAIN = 64 * 1024;

class Loader {
  files = 0;
  skipped = 0;
  readonly problems: LoadProblem[] = [];
  private readonly turnedDown: { readonly path: string; readonly text: string }[] = [];
  private readonly root: string;
  private readonly sink: ManifestSink;
  private readonly limit: number;

  constructor(root: string, sink: ManifestSink, limit: number) {
    this.root = root;
    this.sink = sink;
    this.limit = limit;
  }

  file(path: string): void {
    const wanted = this.sink.wants(path);
    if (wanted === 'name') this.sink.name(path);
    if (wanted !== 'text') return;
    const read = readText(join(this.root, path), this.limit);
    if ('text' in read) {
      if (this.sink.accepts(path, read.text)) {
        this.take(path, read.text);
        return;
      }
      if (read.text.length <= LONGEST_ASKED_AGAIN) {
        this.turnedDown.push({ path, text: read.text });
        return;
      }
    }
    this.skipped++;
    if ('tooLarge' in read) this.sink.tooLarge(path, read.tooLarge, this.limit);
    else this.sink.name(path);
    if ('problem' in read) this.problems.push({ path, reason: read.problem });
  }

  /**
   * A patch without `apiVersion` is a manifest once the kustomization that names it is known, which may sort after it. All are asked
   * before any is taken, so that the sink can keep what it knows between two questions.
   */
  askAgain(): void {
    const answers = this.turnedDown.map((file) => ({ ...file, accepted: this.sink.accepts(file.path, file.text) }));
    for (const { path, text, accepted } of answers) {
      if (accepted) this.take(path, text);
      else {
        this.skipped++;
        this.sink.name(path);
      }
    }
  }

  private take(path: string, text: string): void {
    this.sink.set(path, text);
    this.files++;
  }
}
