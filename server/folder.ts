import { basename } from 'node:path';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { CancellationToken, Position, Range } from 'vscode-languageserver/node';
import type { LocatedFinding } from '../engine/findings/collect';
import { Workspace } from '../engine/workspace';
import type { FileText } from '../engine/yaml/pieces';
import { rules } from '../rules';
import { withoutFieldChecks } from './field-checks';
import { Files } from './files';
import { throwIfCancelled } from './guard';
import { DEFAULT_SETTINGS } from './settings';
import type { Settings } from './settings';
import { inSlices, PACE } from './slices';
import { UriSpace } from './uris';

export interface FolderOptions {
  /** The folder's URI, as the client writes it. */
  readonly uri: string;
  readonly name: string | undefined;
  /** Its absolute path. */
  readonly root: string;
  /** The absolute path of the configuration that holds for it; it may stand above it. */
  readonly configuration: string | undefined;
  /** `loose`: no folder of the client's, but the surroundings of open documents. `alone`: nothing but those documents. */
  readonly kind: 'workspace' | 'loose' | 'alone';
  readonly now: Date;
  /** Called when something has changed and is worked on, and each time that everything is done again. */
  readonly onChanged: (folder: Folder) => void;
  readonly onSettled: (folder: Folder) => void;
}

/**
 * One workspace folder: the engine's workspace, the files in it, and the work that is outstanding after a change, done in slices.
 */
export class Folder {
  readonly uri: string;
  readonly name: string;
  readonly root: string;
  readonly kind: FolderOptions['kind'];
  readonly workspace: Workspace;
  private readonly options: FolderOptions;
  private readonly files: Files;
  private uris: UriSpace;
  private configurationPath: string | undefined;
  private current: Settings = DEFAULT_SETTINGS;
  private settingsKnown: Promise<void> | undefined;
  private ended = false;
  private isUnsettled = true;
  private isRead = false;
  private working: Promise<void> | undefined;
  private changes = 0;
  private spellings = 0;

  constructor(options: FolderOptions) {
    this.options = options;
    this.uri = options.uri;
    this.root = options.root;
    this.name = options.name ?? basename(options.root);
    this.kind = options.kind;
    this.workspace = new Workspace({ rules, now: options.now });
    this.configurationPath = options.configuration;
    this.uris = new UriSpace(options.uri, options.root, options.configuration);
    this.files = new Files(options.root, this.workspace, options.configuration, options.kind === 'alone');
  }

  /** `indexing` until all files were read once, and every rule ran. */
  get state(): 'indexing' | 'ready' {
    return this.isRead ? 'ready' : 'indexing';
  }

  /** Grows with every change: what was computed at one generation holds as long as it stays. */
  get generation(): number {
    return this.changes;
  }

  /** Grows when the URI of some path is spelt otherwise than before. */
  get spelling(): number {
    return this.spellings;
  }

  get settings(): Settings {
    return this.current;
  }

  set settings(settings: Settings) {
    this.current = settings;
    this.workspace.setOverrides(settings.rules);
    this.changed();
  }

  /** The absolute path of the configuration that holds for the folder; undefined where none does. */
  get configuration(): string | undefined {
    return this.configurationPath;
  }

  /** Has another configuration hold from now on, as it is on disk: an open document of it is to be laid anew. */
  configure(configuration: string | undefined): void {
    this.configurationPath = configuration;
    this.uris = this.uris.configuredBy(configuration);
    this.spellings++;
    this.files.configure(configuration);
    this.changed();
  }

  /** The path of a document as the engine has it; undefined when it lies elsewhere. */
  pathOf(uri: string): string | undefined {
    return this.uris.pathOf(uri);
  }

  /** Whether a path stands above the folder: its configuration may. */
  isAbove(path: string): boolean {
    return this.uris.isAbove(path);
  }

  /** The URI of a directory above the folder. */
  uriAbove(directory: string): string {
    return this.uris.uriAbove(directory);
  }

  /** The URI of a path, spelled as the client spells it where it has the document open. */
  uriOf(path: string): string {
    return this.uris.uriOf(path);
  }

  /** Where a position stands in a file's text; undefined when there is no such file. Positions behind a line's end count as its end. */
  offsetAt(path: string, { line, character }: Position): number | undefined {
    const manifest = this.workspace.repository.peekManifest(path);
    if (manifest === undefined) return undefined;
    const { text } = manifest;
    let start = 0;
    for (let i = 0; i < line; i++) {
      const feed = text.indexOf('\n', start);
      if (feed < 0) return text.length;
      start = feed + 1;
    }
    const feed = text.indexOf('\n', start);
    return Math.min(start + Math.max(character, 0), feed < 0 ? text.length : feed);
  }

  /** The range of two offsets of a file. */
  rangeOf(path: string, start: number, end: number): Range {
    const manifest = this.workspace.repository.peekManifest(path);
    const at = (offset: number): Position => {
      const position = manifest?.positionAt(offset);
      return { line: position?.line ?? 0, character: position?.column ?? 0 };
    };
    return { start: at(start), end: at(end) };
  }

  /** The findings of a file, as of now. */
  findingsIn(path: string): readonly LocatedFinding[] {
    const manifest = this.workspace.repository.peekManifest(path);
    return withoutFieldChecks(this.workspace.findingsIn(path), manifest);
  }

  /** The files that have findings. */
  filesWithFindings(): readonly string[] {
    return this.workspace.filesWithFindings();
  }

  /** The files whose findings may have changed since an earlier `findingsTime`. */
  filesChangedSince(time: number): readonly string[] {
    return this.workspace.filesChangedSince(time);
  }

  get findingsTime(): number {
    return this.workspace.findingsTime;
  }

  /**
   * Answers a question about the findings of a file as they would be if it had another text. Afterwards all is as it was, and nobody was
   * told: the folder must be settled, and the question must not wait for anything.
   */
  asIf<Answer>(path: string, text: string, question: (findings: readonly LocatedFinding[]) => Answer): Answer {
    const before = this.workspace.repository.peekManifest(path)?.handed;
    if (before === undefined || String(before) === text) return question(this.findingsIn(path));
    try {
      this.workspace.set(path, text);
      return question(this.findingsIn(path));
    } finally {
      this.workspace.set(path, before);
    }
  }

  isOpen(path: string): boolean {
    return this.files.isOpen(path);
  }

  openPaths(): readonly string[] {
    return this.files.openPaths();
  }

  /** Lays an open document's text over the file. */
  lay(path: string, uri: string, text: FileText): void {
    if (this.uris.remember(path, uri)) this.spellings++;
    this.files.lay(path, text);
    this.changed();
  }

  /** Takes an open document's text away: what is on disk holds again. */
  lift(path: string): void {
    this.files.lift(path);
    this.changed();
  }

  /** Follows what happened on disk to files or folders. */
  followDisk(paths: Iterable<string>): void {
    for (const path of paths) this.files.changed(path);
    this.changed();
  }

  /** The folder is read without waiting for settings, and settled only with them. */
  awaitSettings(known: Promise<void>): void {
    this.settingsKnown = known;
  }

  /**
   * Resolves when nothing is outstanding: every file is read and every rule has run. Works on it meanwhile, the first slice at once.
   * What the caller does next without waiting for anything sees that state.
   */
  async settled(token?: CancellationToken): Promise<void> {
    // Whoever comes while it is worked on waits as well: to answer at once would do all that is left in one go.
    if (this.isBehind || this.working !== undefined) {
      this.working ??= this.work();
      await (token === undefined ? this.working : Promise.race([this.working, cancelled(token)]));
    }
    if (token !== undefined) throwIfCancelled(token);
    if (this.ended) throw new ResponseError(LSPErrorCodes.ContentModified, 'The folder is closed.');
  }

  /** Ends the work on it. */
  end(): void {
    this.ended = true;
  }

  private get isBehind(): boolean {
    return (this.isUnsettled || this.files.isBehind) && !this.ended;
  }

  private changed(): void {
    this.changes++;
    this.isUnsettled = true;
    this.options.onChanged(this);
  }

  private async work(): Promise<void> {
    const isOver = (): boolean => this.ended;
    try {
      while (this.isBehind) {
        if (this.files.isBehind) {
          await inSlices(this.files.catchUp(), isOver);
          this.changes++;
        } else {
          await this.settingsKnown;
          this.isUnsettled = false;
          await inSlices(this.workspace.settling(PACE), isOver);
        }
      }
    } finally {
      this.working = undefined;
      this.isRead ||= !this.files.isBehind;
    }
    if (!this.ended) this.options.onSettled(this);
  }
}

/** Rejects never, resolves on cancellation: whoever races looks at the token afterwards. */
function cancelled(token: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    token.onCancellationRequested(() => {
      resolve();
    });
  });
}
