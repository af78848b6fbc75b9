import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Workspace } from '../engine/workspace';
import type { FileText } from '../engine/yaml/pieces';
import {
  CONFIGURATION_FILE,
  isFileInside,
  loading,
  type ManifestSink,
  readText,
  readTextInside,
  remotesOf,
  SIZE_LIMIT,
  walk,
} from '../host';

/** What became of a file that was listed; `named` was taken, though it may not be wanted once no other file names it. */
type Status = 'taken' | 'named' | 'turned down' | 'name only' | 'too large';

const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;
/** The groups of objects that may take a chart's values, or a generator's parameters, from files of any name. */
const NAME_FILES: readonly string[] = ['argoproj.io/', 'helm.toolkit.fluxcd.io/'];

/**
 * The files of one folder as the engine is to see them: what is on disk, and over it the text of open documents. After any sequence of
 * events the engine holds what it would hold after a fresh start.
 */
export class Files {
  private readonly root: string;
  private readonly workspace: Workspace;
  private configuration: string | undefined;
  private readonly alone: boolean;
  private readonly status = new Map<string, Status>();
  private readonly open = new Map<string, FileText>();
  /** Open documents that a listing left out: the repository ignores them. */
  private readonly passedBy = new Set<string>();
  /** What happened to on disk, and was not looked at yet. */
  private readonly stirred = new Set<string>();
  private indexed = false;
  private mustList = false;
  private mustAskWanted = false;
  private mustAskNamed = false;

  /**
   * @param root the absolute path of the folder
   * @param configuration the absolute path of its configuration, which may stand above it
   * @param alone whether only open documents count, and nothing is read
   */
  constructor(root: string, workspace: Workspace, configuration: string | undefined, alone: boolean) {
    this.root = root;
    this.workspace = workspace;
    this.configuration = configuration;
    this.alone = alone;
  }

  /** Whether reading is outstanding. */
  get isBehind(): boolean {
    return !this.indexed || this.stirred.size > 0 || this.mustList || this.mustAskWanted || this.mustAskNamed;
  }

  isOpen(path: string): boolean {
    return this.open.has(path);
  }

  openPaths(): readonly string[] {
    return [...this.open.keys()];
  }

  /** Has another configuration hold from now on, as it is on disk: an open document of it is to be laid anew. */
  configure(configuration: string | undefined): void {
    this.configuration = configuration;
    this.open.delete(CONFIGURATION_FILE);
    this.passedBy.delete(CONFIGURATION_FILE);
    if (this.indexed && !this.alone) this.read(CONFIGURATION_FILE);
  }

  /** Lays an open document's text over the file. */
  lay(path: string, text: FileText): void {
    this.open.set(path, text);
    if (!this.indexed || this.passedBy.has(path)) return;
    if (this.alone || this.status.has(path) || !existsSync(this.onDisk(path))) this.take(path, text);
    // It may be one that the repository ignores: listing tells.
    else this.mustList = true;
  }

  /** Takes an open document's text away: what is on disk holds again. */
  lift(path: string): void {
    this.open.delete(path);
    this.passedBy.delete(path);
    if (!this.indexed) return;
    if (this.alone) this.drop(path);
    else if (this.status.has(path)) this.read(path);
  }

  /** Takes note that something happened to a path on disk, a file or a folder; an open document's text stays. */
  changed(path: string): void {
    if (!this.alone) this.stirred.add(path);
  }

  /** Reads what is outstanding, a file a step. */
  *catchUp(): Generator<undefined, void, undefined> {
    if (!this.indexed) yield* this.index();
    while (this.isBehind) {
      if (this.stirred.size > 0) yield* this.followDisk();
      else if (this.mustList) yield* this.list();
      else if (this.mustAskWanted) yield* this.askWanted();
      else yield* this.askNamed();
    }
  }

  /** Looks at what happened on disk: a branch switch brings thousands of files, and some come while others are read. */
  private *followDisk(): Generator<undefined, void, undefined> {
    for (const path of this.stirred) {
      this.stirred.delete(path);
      if (basename(path) === '.gitignore') this.mustList = true;
      const isNew = !this.status.has(path);
      if (isNew && existsSync(this.onDisk(path))) this.mustList = true;
      // Read again: whether it really changed, and whether it is there at all, the disk knows best.
      for (const known of isNew ? this.knownBelow(path) : [path]) {
        if (!this.open.has(known)) this.read(known);
        yield;
      }
      yield;
    }
  }

  /** The files of a folder; nothing stands below a file, and many come at a time. */
  private knownBelow(path: string): readonly string[] {
    return isFileInside(this.root, path) ? [] : [...this.status.keys()].filter((known) => known.startsWith(`${path}/`));
  }

  private *index(): Generator<undefined, void, undefined> {
    if (!this.alone) {
      // First: it decides which files are wanted.
      this.read(CONFIGURATION_FILE);
      this.workspace.setRemotes(remotesOf(this.root));
      yield* loading(this.root, this.sink(), { except: [CONFIGURATION_FILE] });
    }
    this.indexed = true;
    this.mustAskWanted = false;
    this.mustAskNamed = false;
    this.layAll();
  }

  private layAll(): void {
    this.passedBy.clear();
    for (const [path, text] of this.open) {
      if (this.alone || this.status.has(path) || !existsSync(this.onDisk(path))) this.take(path, text);
      else this.passedBy.add(path);
    }
  }

  /** Lists the folder anew, reads what has come and drops what has gone. */
  private *list(): Generator<undefined, void, undefined> {
    this.mustList = false;
    const listed = new Set<string>([CONFIGURATION_FILE]);
    for (const step of walk(this.root)) {
      if (step.kind === 'file') listed.add(step.path);
      yield;
    }
    for (const path of [...this.status.keys()]) {
      if (!listed.has(path) && !(this.open.has(path) && !existsSync(this.onDisk(path)))) this.drop(path);
    }
    for (const path of listed) {
      if (this.status.has(path)) continue;
      this.read(path);
      yield;
    }
    this.layAll();
  }

  /** Asks again which files are wanted: the configuration may ignore others than before. */
  private *askWanted(): Generator<undefined, void, undefined> {
    this.mustAskWanted = false;
    for (const [path, status] of [...this.status]) {
      if ((this.workspace.wants(path) === 'text') === (status === 'name only')) this.read(path);
      yield;
    }
  }

  /** Asks again about files that count only if others name them. */
  private *askNamed(): Generator<undefined, void, undefined> {
    this.mustAskNamed = false;
    for (const [path, status] of [...this.status]) {
      if (status === 'turned down' ? this.workspace.accepts(path, '') : status === 'named') this.read(path);
      yield;
    }
  }

  /** Brings one file up to date with its open document, or else with the disk. */
  private read(path: string): void {
    const open = this.open.get(path);
    if (open !== undefined) {
      this.take(path, open);
      return;
    }
    if (this.workspace.wants(path) !== 'text') {
      if (this.isThere(path)) this.nameOnly(path, 'name only');
      else this.drop(path);
      return;
    }
    // The configuration may stand above the folder; any other file may have come to be a link that leads out of it.
    const read = path === CONFIGURATION_FILE ? readText(this.onDisk(path)) : readTextInside(this.root, path);
    if ('text' in read) this.take(path, read.text);
    else if ('tooLarge' in read) this.tooLarge(path, read.tooLarge);
    else if ('binary' in read || this.isThere(path)) this.nameOnly(path, 'name only');
    else this.drop(path);
  }

  private take(path: string, text: FileText): void {
    if (this.workspace.wants(path) !== 'text') this.nameOnly(path, 'name only');
    else if (isLargerThan(text, SIZE_LIMIT)) this.tooLarge(path, Buffer.byteLength(String(text)));
    else if (!this.workspace.accepts(path, text)) this.nameOnly(path, 'turned down');
    else {
      this.status.set(path, this.workspace.accepts(path, '') ? 'named' : 'taken');
      this.following(path, () => {
        this.workspace.set(path, text);
      });
    }
  }

  private nameOnly(path: string, status: 'name only' | 'turned down'): void {
    this.following(path, () => {
      this.workspace.name(path);
    });
    this.status.set(path, status);
  }

  private tooLarge(path: string, bytes: number): void {
    this.following(path, () => {
      this.workspace.tooLarge(path, bytes, SIZE_LIMIT);
    });
    this.status.set(path, 'too large');
  }

  private drop(path: string): void {
    this.following(path, () => {
      this.workspace.remove(path);
    });
    this.status.delete(path);
  }

  /** Changes a file, and notes what that decides about others. */
  private following(path: string, change: () => void): void {
    const before = this.namesIn(path);
    change();
    if (this.namesIn(path) === before) return;
    if (path === CONFIGURATION_FILE) this.mustAskWanted = true;
    else this.mustAskNamed = true;
  }

  /** Stands for what the text of a file says of other files; undefined where it says nothing. */
  private namesIn(path: string): string | undefined {
    const manifest = this.workspace.repository.peekManifest(path);
    if (path === CONFIGURATION_FILE || KUSTOMIZATION.test(basename(path))) return manifest?.text;
    // Of a large file with an Application in it, only an edit there says something else.
    const versions = NAME_FILES.map((group) => manifest?.mentions(group).version ?? 0);
    return versions.some((version) => version > 0) ? versions.join(' ') : undefined;
  }

  private isThere(path: string): boolean {
    return path === CONFIGURATION_FILE ? existsSync(this.onDisk(path)) : isFileInside(this.root, path);
  }

  private onDisk(path: string): string {
    return path === CONFIGURATION_FILE && this.configuration !== undefined ? this.configuration : join(this.root, path);
  }

  /** The engine, with note taken of what becomes of each file. */
  private sink(): ManifestSink {
    const { workspace } = this;
    return {
      wants: (path) => {
        const wanted = workspace.wants(path);
        this.status.set(path, 'name only');
        return wanted;
      },
      accepts: (path, text) => {
        const accepted = workspace.accepts(path, text);
        this.status.set(path, !accepted ? 'turned down' : workspace.accepts(path, '') ? 'named' : 'taken');
        return accepted;
      },
      reading: (path, text) => workspace.reading(path, text),
      set: (path, text) => {
        workspace.set(path, text);
      },
      name: (path) => {
        workspace.name(path);
      },
      tooLarge: (path, bytes, limit) => {
        this.status.set(path, 'too large');
        workspace.tooLarge(path, bytes, limit);
      },
    };
  }
}

/** Whether a text has more bytes in UTF-8, which are hardly ever counted: a code unit has three at most. */
function isLargerThan(text: FileText, bytes: number): boolean {
  return text.length > bytes || (3 * text.length > bytes && Buffer.byteLength(String(text)) > bytes);
}
