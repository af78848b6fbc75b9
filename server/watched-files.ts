import { DidChangeWatchedFilesNotification, WatchKind } from 'vscode-languageserver/node';
import type { Disposable, FileSystemWatcher } from 'vscode-languageserver/node';
import { MANIFEST_PATTERN } from './protocol';
import type { Feature } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guardedEvent } from './guard';

/** A branch switch brings thousands of events; those that come together are followed together. */
const TOGETHER_MILLISECONDS = 50;
/** A stream of events must not put off following them for ever. */
const LATEST_MILLISECONDS = 500;

/** What it says decides which files are read. */
const IGNORES = '**/.gitignore';
/** Of any file matters whether it is there: a kustomization may name it. And who removes a folder may be told of the folder alone. */
const PRESENCE = '**/*';

/** What happens to files on disk, as the client tells it. */
export const watchedFiles: Feature = {
  name: 'watched files',
  register(connection, folders, client) {
    const pending = new Pending(folders);
    connection.onDidChangeWatchedFiles(
      guardedEvent(folders, 'workspace/didChangeWatchedFiles', ({ changes }) => {
        for (const { uri } of changes) pending.add(uri);
      }),
    );
    const support = client.workspace?.didChangeWatchedFiles;
    if (support?.dynamicRegistration !== true) return {};

    const register = (pattern: (glob: string) => FileSystemWatcher['globPattern']): Promise<Disposable> =>
      connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [
          { globPattern: pattern(MANIFEST_PATTERN), kind: WatchKind.Change },
          { globPattern: pattern(IGNORES), kind: WatchKind.Change },
          { globPattern: pattern(PRESENCE), kind: WatchKind.Create | WatchKind.Delete },
        ],
      });
    if (support.relativePatternSupport !== true) {
      folders.onReady(() => register((glob) => glob));
      return {};
    }
    const registered = new Map<Folder, Promise<Disposable>>();
    let isReady = false;
    const watch = (folder: Folder): unknown => {
      if (!isReady || folder.kind === 'alone' || registered.has(folder)) return undefined;
      const registration = register((pattern) => ({ baseUri: folder.uri, pattern }));
      registered.set(folder, registration);
      return registration;
    };
    folders.onReady(() => {
      isReady = true;
      return Promise.all(folders.all().map(watch));
    });
    folders.onAdded(watch);
    folders.onRemoved(async (folder) => {
      const registration = registered.get(folder);
      registered.delete(folder);
      (await registration)?.dispose();
    });
    return {};
  },
};

/** Events that wait for those that come with them. */
class Pending {
  private readonly folders: Folders;
  private readonly uris = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;

  constructor(folders: Folders) {
    this.folders = folders;
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
    for (const folder of this.folders.all()) {
      const paths = uris.flatMap((uri) => folder.pathOf(uri) ?? []);
      if (paths.length > 0) folder.followDisk(paths);
    }
  }
}
