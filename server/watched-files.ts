import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DidChangeWatchedFilesNotification, WatchKind } from 'vscode-languageserver/node';
import type { Disposable, FileSystemWatcher } from 'vscode-languageserver/node';
import { CONFIGURATION_FILE } from '../host';
import type { Connection, Feature } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guardedEvent } from './guard';
import { MANIFEST_PATTERN } from './protocol';

/** A branch switch brings thousands of events; those that come together are followed together. */
const TOGETHER_MILLISECONDS = 50;
/** A stream of events must not put off following them for ever. */
const LATEST_MILLISECONDS = 500;

/** What it says decides which files are read. */
const IGNORES = '**/.gitignore';
/** Of any file matters whether it is there: a kustomization may name it. And who removes a folder may be told of the folder alone. */
const PRESENCE = '**/*';

/**
 * The directories above a folder in which a configuration would hold for it, nearest first: up to the one that has it; where there is none,
 * up to the top of the repository.
 */
function directoriesAbove({ root, configuration }: Folder): readonly string[] {
  const isLast = (directory: string): boolean =>
    configuration === undefined ? existsSync(join(directory, '.git')) : directory === dirname(configuration);
  const above: string[] = [];
  let at = root;
  while (!isLast(at)) {
    // No repository holds the folder.
    if (dirname(at) === at) return [];
    at = dirname(at);
    above.push(at);
  }
  return above;
}

/** What happens to files on disk, as the client tells it. */
export const watchedFiles: Feature = {
  name: 'watched files',
  register(connection, folders, client) {
    const watching = new Watching(connection);
    const pending = new Pending(folders, (folder) => watching.renew(folder));
    connection.onDidChangeWatchedFiles(
      guardedEvent(folders, 'workspace/didChangeWatchedFiles', ({ changes }) => {
        for (const { uri } of changes) if (typeof uri === 'string') pending.add(uri);
      }),
    );
    const support = client.workspace?.didChangeWatchedFiles;
    if (support?.dynamicRegistration !== true) return {};
    if (support.relativePatternSupport !== true) {
      folders.onReady(() => watching.everywhere());
      return {};
    }
    folders.onReady(() => watching.begin(folders.all()));
    folders.onAdded((folder) => watching.add(folder));
    folders.onRemoved((folder) => watching.remove(folder));
    return {};
  },
};

/** What the client is asked to watch: for each folder the files in it, and the places above where a configuration may stand. */
class Watching {
  private readonly connection: Connection;
  private readonly registrations = new Map<Folder, Promise<Disposable>>();
  private isReady = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Asks once for all, of a client that knows no places of patterns. */
  async everywhere(): Promise<void> {
    await this.register(watchersOf((glob) => glob));
  }

  /** The client may be asked from now on. */
  async begin(folders: readonly Folder[]): Promise<void> {
    this.isReady = true;
    await Promise.all(folders.map((folder) => this.add(folder)));
  }

  async add(folder: Folder): Promise<void> {
    if (!this.isReady || folder.kind === 'alone' || this.registrations.has(folder)) return;
    const above = directoriesAbove(folder).map((directory) => ({
      globPattern: { baseUri: folder.uriAbove(directory), pattern: CONFIGURATION_FILE },
      kind: WatchKind.Create | WatchKind.Change | WatchKind.Delete,
    }));
    const registration = this.register([...watchersOf((pattern) => ({ baseUri: folder.uri, pattern })), ...above]);
    this.registrations.set(folder, registration);
    await registration;
  }

  async remove(folder: Folder): Promise<void> {
    const registration = this.registrations.get(folder);
    this.registrations.delete(folder);
    (await registration)?.dispose();
  }

  /** Asks anew about a folder whose configuration is another one now. What was watched goes last, so that nothing is missed. */
  async renew(folder: Folder): Promise<void> {
    const before = this.registrations.get(folder);
    if (before === undefined) return;
    this.registrations.delete(folder);
    await this.add(folder);
    (await before).dispose();
  }

  private register(watchers: FileSystemWatcher[]): Promise<Disposable> {
    return this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }
}

function watchersOf(pattern: (glob: string) => FileSystemWatcher['globPattern']): FileSystemWatcher[] {
  return [
    { globPattern: pattern(MANIFEST_PATTERN), kind: WatchKind.Change },
    { globPattern: pattern(IGNORES), kind: WatchKind.Change },
    { globPattern: pattern(PRESENCE), kind: WatchKind.Create | WatchKind.Delete },
  ];
}

/** Events that wait for those that come with them. */
class Pending {
  private readonly folders: Folders;
  private readonly onConfigured: (folder: Folder) => unknown;
  private readonly uris = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  /** @param onConfigured called for a folder for which another configuration holds than before */
  constructor(folders: Folders, onConfigured: (folder: Folder) => unknown) {
    this.folders = folders;
    this.onConfigured = onConfigured;
  }

  add(uri: string): void {
    if (this.uris.size === 0) this.since = Date.now();
    this.uris.add(uri);
    const left = Math.max(0, Math.min(TOGETHER_MILLISECONDS, this.since + LATEST_MILLISECONDS - Date.now()));
    clearTimeout(this.timer);
    this.timer = setTimeout(
      guardedEvent(this.folders, 'following the disk', () => {
        this.follow();
      }),
      left,
    );
  }

  private follow(): void {
    const uris = [...this.uris];
    this.uris.clear();
    if (uris.some((uri) => uri.endsWith(`/${CONFIGURATION_FILE}`))) {
      for (const folder of this.folders.configureAnew()) guardedEvent(this.folders, 'watching anew', this.onConfigured)(folder);
    }
    for (const folder of this.folders.all()) {
      const paths = uris.flatMap((uri) => folder.pathOf(uri) ?? []);
      if (paths.length > 0) folder.followDisk(paths);
    }
  }
}
