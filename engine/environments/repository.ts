import type { Graph, Input } from '../incremental/graph';
import { isYamlFile } from '../resources/file-subject';
import type { KindName } from '../resources/kinds';
import { readResources } from '../resources/read';
import type { Resource } from '../resources/resource';
import type { ManifestDocument } from '../yaml/document';
import { Manifest } from '../yaml/manifest';
import type { ChangedDocuments } from '../yaml/manifest';
import { KindPaths } from './kind-paths';
import { Owners } from './owners';
import { ancestorsOf, baseNameOf, directoryOf } from './paths';

/** What a document held at one of its versions. */
interface Held {
  readonly document: ManifestDocument;
  readonly version: number;
  readonly resources: readonly Resource[];
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
  private sortedPaths: readonly string[] | undefined;

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

  /** Adds a file or replaces its text. */
  setText(path: string, text: string): void {
    if (this.entries.get(path)?.manifest.text === text) return;
    this.changed.add(path);
    this.large.delete(path);
    this.names.delete(path);
    const entry = this.entries.get(path);
    if (entry === undefined) {
      const manifest = new Manifest(path, text, isChartTemplate(path));
      const made: FileEntry = {
        manifest,
        resources: this.graph.input<readonly Resource[]>([]),
        keys: [],
        sharedKeys: this.graph.input<readonly string[]>([]),
        isKeyed: this.graph.input(false),
        isEmpty: this.graph.input(true),
        version: this.graph.input(1),
        followed: new Set(),
        held: [],
      };
      this.entries.set(path, made);
      this.readInto(made, { start: 0, removed: 0, added: manifest.documents.length });
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
  }

  /** Reads the documents that may have changed; edits of a large file leave nearly all of it as it was. */
  private readInto(entry: FileEntry, { start, removed, added }: ChangedDocuments): void {
    if (!isYamlFile(baseNameOf(entry.manifest.file))) return;
    const before = entry.held.slice(start, start + removed);
    const byDocument = new Map(before.map((held) => [held.document, held]));
    const now = entry.manifest.documents.slice(start, start + added).map((document): Held => {
      const { version } = document;
      const old = byDocument.get(document);
      return old?.version === version ? old : { document, version, resources: readResources(document, old?.resources) };
    });
    entry.held = [...entry.held.slice(0, start), ...now, ...entry.held.slice(start + removed)];
    const all = entry.held.flatMap(({ resources }) => resources);
    entry.resources.set(all);
    entry.followed = this.kindPaths.change(entry.manifest.file, entry.followed, all);
    if (!sameKeys(before, now)) this.setKeys(entry, all.flatMap(keyOf));
    entry.isEmpty.set(all.length === 0);
  }
}

function keyOf({ key }: Resource): readonly string[] {
  return key === undefined ? [] : [key];
}

function sameKeys(before: readonly Held[], now: readonly Held[]): boolean {
  const keys = now.flatMap(({ resources }) => resources.flatMap(keyOf));
  const earlier = before.flatMap(({ resources }) => resources.flatMap(keyOf));
  return keys.length === earlier.length && keys.every((key, i) => key === earlier[i]);
}

/** Files below a `templates` directory are Go templates when they hold actions; elsewhere text is a template only if it is no YAML. */
function isChartTemplate(path: string): boolean {
  return `/${path}`.includes('/templates/');
}
