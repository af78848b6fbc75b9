import type { Graph, Input } from '../incremental/graph';
import { isYamlFile } from '../resources/file-subject';
import type { KindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import { Manifest } from '../yaml/manifest';
import type { ChangedDocuments } from '../yaml/manifest';
import { saysSame } from '../yaml/pieces';
import type { FileText } from '../yaml/pieces';
import { keysOf, kindsOf, problemsOf, readDocument, repeatedIn, resourcesOf, sameItems } from './held';
import type { DocumentProblem, Held } from './held';
import { KindPaths } from './kind-paths';
import { Owners } from './owners';
import { ancestorsOf, baseNameOf, directoryOf } from './paths';

/** A file that was read before it is there. */
interface ReadAhead {
  readonly manifest: Manifest;
  readonly held: readonly Held[];
}

/** What the repository keeps of one file whose text was read. */
interface FileEntry {
  readonly manifest: Manifest;
  readonly resources: Input<readonly Resource[]>;
  /** The identities of the resources. */
  keys: readonly string[];
  /** What decides who shares a cluster. Inputs, so that edits that do not change it make nobody ask. */
  readonly sharedKeys: Input<readonly string[]>;
  readonly isKeyed: Input<boolean>;
  /** The identities that more than one of its own resources have. */
  readonly repeatedKeys: Input<readonly string[]>;
  readonly problems: Input<readonly DocumentProblem[]>;
  readonly isEmpty: Input<boolean>;
  /** Grows with every change of the text. */
  readonly version: Input<number>;
  /** Which of the followed kinds it holds. */
  followed: ReadonlySet<KindName>;
  /** In the order of the documents. */
  held: readonly Held[];
}

/** A problem of reading a file at all. */
export interface TooLarge {
  readonly bytes: number;
  readonly limit: number;
}

/**
 * Every file of the repository: the text of some, the name of others. The only room where text comes in; everything above asks through
 * recorded queries.
 */
export class Repository {
  private readonly graph: Graph;
  private readonly entries = new Map<string, FileEntry>();
  private readonly names = new Set<string>();
  private readonly large = new Map<string, TooLarge>();
  private readonly changed = new Set<string>();
  private readonly owners = new Owners<FileEntry>();
  private readonly kindPaths: KindPaths;
  private readonly pathsInput: Input<number>;
  private readonly absent: Input<readonly Resource[]>;
  private readonly remotesInput: Input<readonly string[]>;
  private sortedPaths: readonly string[] | undefined;
  private ahead: ReadAhead | undefined;

  /** The paths whose text is here, sorted. */
  readonly paths: () => readonly string[];
  /** Whether a path is in the repository, read or not. */
  readonly exists: (path: string) => boolean;
  /** Whether some path lies below a directory. */
  readonly isDirectory: (path: string) => boolean;
  /** The directories that hold a `Chart.yaml`. */
  readonly charts: () => ReadonlySet<string>;

  constructor(graph: Graph) {
    this.graph = graph;
    this.pathsInput = graph.input(0);
    this.kindPaths = new KindPaths(graph);
    this.absent = graph.input<readonly Resource[]>([]);
    this.remotesInput = graph.input<readonly string[]>([]);
    this.paths = () => {
      this.pathsInput.get();
      return this.peekPaths();
    };
    this.exists = graph.family('exists', (path: string) => {
      this.pathsInput.get();
      return this.entries.has(path) || this.names.has(path) || this.large.has(path);
    });
    const directories = graph.computed('directories', () => {
      this.pathsInput.get();
      const found = new Set<string>();
      for (const path of [...this.entries.keys(), ...this.names]) {
        for (const directory of ancestorsOf(directoryOf(path))) {
          if (found.has(directory)) break;
          found.add(directory);
        }
      }
      return found;
    });
    this.isDirectory = graph.family('isDirectory', (path: string) => directories.get().has(path));
    const charts = graph.computed('charts', () => {
      this.pathsInput.get();
      const all = [...this.entries.keys(), ...this.names].filter((path) => baseNameOf(path) === 'Chart.yaml');
      return new Set(all.map(directoryOf));
    });
    this.charts = () => charts.get();
  }

  /** Reads a new file ahead of `setText`, which has little left to do then: a document a step, for a host that has other work too. */
  *readingAhead(path: string, text: string): Generator<undefined, void, undefined> {
    if (this.entries.has(path) || !isYamlFile(baseNameOf(path))) return;
    const manifest = new Manifest(path, text, isChartTemplate(path));
    const held: Held[] = [];
    for (const document of manifest.documents) {
      held.push(readDocument(document));
      yield;
    }
    this.ahead = { manifest, held };
  }

  /** Adds a file or replaces its text. */
  setText(path: string, text: FileText): void {
    const entry = this.entries.get(path);
    if (entry !== undefined && saysSame(entry.manifest.handed, text)) {
      // What is edited in pieces later is told apart from what was handed in last.
      if (entry.manifest.handed !== text) entry.manifest.update(text);
      return;
    }
    this.changed.add(path);
    this.large.delete(path);
    this.names.delete(path);
    if (entry === undefined) {
      const { manifest, held } = this.takeAhead(path, text) ?? {
        manifest: new Manifest(path, text, isChartTemplate(path)),
        held: [],
      };
      const made: FileEntry = {
        manifest,
        resources: this.graph.input<readonly Resource[]>([]),
        keys: [],
        sharedKeys: this.graph.input<readonly string[]>([]),
        isKeyed: this.graph.input(false),
        repeatedKeys: this.graph.input<readonly string[]>([]),
        problems: this.graph.input<readonly DocumentProblem[]>([]),
        isEmpty: this.graph.input(true),
        version: this.graph.input(1),
        followed: new Set(),
        held: [],
      };
      this.entries.set(path, made);
      this.readInto(made, { start: 0, removed: 0, added: manifest.documents.length }, held);
      this.pathsChanged();
      return;
    }
    this.readInto(entry, entry.manifest.update(text));
    entry.version.set(entry.version.peek() + 1);
  }

  /** Notes a file whose text is not read. */
  addName(path: string): void {
    if (this.names.has(path)) return;
    this.drop(path);
    this.names.add(path);
    this.pathsChanged();
  }

  addTooLarge(path: string, problem: TooLarge): void {
    this.drop(path);
    this.large.set(path, problem);
    this.pathsChanged();
  }

  remove(path: string): void {
    if (this.drop(path)) this.pathsChanged();
  }

  /** Says under which addresses the repository is known: those of its remotes, as git has them. */
  setRemotes(urls: readonly string[]): void {
    this.remotesInput.set(urls);
  }

  /** Those addresses; none where nobody knows them. */
  remotes(): readonly string[] {
    return this.remotesInput.get();
  }

  /** The resources of a file; empty when it is not here. */
  resources(path: string): readonly Resource[] {
    return (this.entries.get(path)?.resources ?? this.missing()).get();
  }

  /** The identities of those of a file's resources that another file defines as well. */
  sharedKeys(path: string): readonly string[] {
    const entry = this.entries.get(path);
    if (entry !== undefined) return entry.sharedKeys.get();
    this.pathsInput.get();
    return [];
  }

  /** The identities that a file defines more than once. */
  repeatedKeys(path: string): readonly string[] {
    const entry = this.entries.get(path);
    if (entry !== undefined) return entry.repeatedKeys.get();
    this.pathsInput.get();
    return [];
  }

  /** What of a file cannot be read as YAML, in the order of the documents; those of which only the header is read are not looked at. */
  problems(path: string): readonly DocumentProblem[] {
    const entry = this.entries.get(path);
    if (entry !== undefined) return entry.problems.get();
    this.pathsInput.get();
    return [];
  }

  /** Whether a file holds a resource whose identity no template hides. */
  isKeyed(path: string): boolean {
    const entry = this.entries.get(path);
    if (entry !== undefined) return entry.isKeyed.get();
    this.pathsInput.get();
    return false;
  }

  /** The files that hold a resource of one of the followed kinds (kind-paths.ts), sorted; other edits of them make nobody ask again. */
  pathsWith(kind: KindName): readonly string[] {
    return this.kindPaths.get(kind);
  }

  /** Whether a file holds resources. */
  hasResources(path: string): boolean {
    const entry = this.entries.get(path);
    if (entry !== undefined) return !entry.isEmpty.get();
    this.pathsInput.get();
    return false;
  }

  /** The paths without recording; the same list until a file comes or goes. */
  peekPaths(): readonly string[] {
    return (this.sortedPaths ??= [...this.entries.keys()].sort());
  }

  /** The same without recording: for what is kept in step by `takeChanged`. */
  peekResources(path: string): readonly Resource[] {
    return this.entries.get(path)?.resources.peek() ?? [];
  }

  /** The files that came, went or changed since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = new Set(this.changed);
    this.changed.clear();
    return changed;
  }

  /** The manifest of a file, recorded as a read of its text; undefined when its text is not here. */
  manifest(path: string): Manifest | undefined {
    const entry = this.entries.get(path);
    if (entry === undefined) {
      this.pathsInput.get();
      return undefined;
    }
    entry.version.get();
    return entry.manifest;
  }

  /** The same without recording: for reports, which are made anew each time. */
  peekManifest(path: string): Manifest | undefined {
    return this.entries.get(path)?.manifest;
  }

  /** The problem of a file that is too large to be read; undefined for others. */
  tooLarge(path: string): TooLarge | undefined {
    this.pathsInput.get();
    return this.large.get(path);
  }

  /** Whether a file is, without recording. */
  isTooLarge(path: string): boolean {
    return this.large.has(path);
  }

  private takeAhead(path: string, text: FileText): ReadAhead | undefined {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead?.manifest.file === path && ahead.manifest.text === String(text) ? ahead : undefined;
  }

  private missing(): Input<readonly Resource[]> {
    this.pathsInput.get();
    return this.absent;
  }

  private drop(path: string): boolean {
    this.changed.add(path);
    const entry = this.entries.get(path);
    entry?.resources.set([]);
    if (entry !== undefined) {
      this.setKeys(entry, []);
      entry.problems.set([]);
      entry.followed = this.kindPaths.change(path, entry.followed, []);
    }
    entry?.isEmpty.set(true);
    entry?.version.set(entry.version.peek() + 1);
    const hadText = this.entries.delete(path);
    const hadName = this.names.delete(path);
    return this.large.delete(path) || hadText || hadName;
  }

  private pathsChanged(): void {
    this.sortedPaths = undefined;
    this.pathsInput.set(this.pathsInput.peek() + 1);
  }

  private setKeys(entry: FileEntry, keys: readonly string[]): void {
    const before = new Set(entry.keys);
    const now = new Set(keys);
    entry.keys = keys;
    // Those whose own keys stay, and come to share one with this file or to share it no more.
    const others = new Set<FileEntry>();
    for (const key of before) if (!now.has(key)) this.owners.drop(key, entry, others);
    for (const key of now) if (!before.has(key)) this.owners.add(key, entry, others);
    for (const other of [entry, ...others]) other.sharedKeys.set(other.keys.filter((key) => this.owners.isShared(key)));
    entry.isKeyed.set(keys.length > 0);
    entry.repeatedKeys.set(now.size === keys.length ? [] : repeatedIn(keys));
  }

  /**
   * Reads the documents that may have changed; edits of a large file leave nearly all of it as it was.
   * @param ahead what was read of them already
   */
  private readInto(entry: FileEntry, { start, removed, added }: ChangedDocuments, ahead: readonly Held[] = []): void {
    if (!isYamlFile(baseNameOf(entry.manifest.file))) return;
    const before = entry.held.slice(start, start + removed);
    const byDocument = new Map([...before, ...ahead].map((held) => [held.document, held]));
    const documents = entry.manifest.documents.slice(start, start + added);
    const now = documents.map((document) => readDocument(document, byDocument.get(document)));
    const gone = resourcesOf(before);
    const come = resourcesOf(now);
    if (!sameItems(gone, come)) {
      const all = entry.resources.peek();
      const from = entry.held.slice(0, start).reduce((count, { resources }) => count + resources.length, 0);
      // Copies, here and below, are no longer than they need to be.
      this.replace(entry, all.slice(0, from).concat(come, all.slice(from + gone.length)), gone, come);
    }
    entry.held = entry.held.slice(0, start).concat(now, entry.held.slice(start + removed));
    const kept = entry.problems.peek().filter(({ document }) => !byDocument.has(document));
    entry.problems.set(kept.concat(problemsOf(now)).sort((a, b) => a.document.index - b.document.index));
  }

  private replace(entry: FileEntry, all: readonly Resource[], gone: readonly Resource[], come: readonly Resource[]): void {
    entry.resources.set(all);
    if (!sameItems(kindsOf(gone), kindsOf(come)))
      entry.followed = this.kindPaths.change(entry.manifest.file, entry.followed, all);
    if (!sameItems(keysOf(gone), keysOf(come))) this.setKeys(entry, keysOf(all).slice());
    entry.isEmpty.set(all.length === 0);
  }
}

/** Files below a `templates` directory are Go templates when they hold actions; elsewhere text is a template only if it is no YAML. */
function isChartTemplate(path: string): boolean {
  return `/${path}`.includes('/templates/');
}
