import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TextDocuments } from 'vscode-languageserver/node';
import { CONFIGURATION_FILE, rootOf } from '../host';
import { Folder } from './folder';
import type { FolderOptions } from './folder';
import { guardedEvent } from './guard';
import type { Guarding } from './guard';
import type { OpenDocument } from './open-document';
import { nextTurn } from './slices';
import { absolutePath } from './uris';
import { visible } from './visible';

export interface Log {
  info(message: string): void;
  error(message: string): void;
}

/** A document's place: the folder that speaks for it, and its path there. */
export interface Found {
  readonly folder: Folder;
  readonly path: string;
}

/** A listener; what it throws is logged. */
type Listener = (folder: Folder) => unknown;

/**
 * The workspace folders, and the documents that are open in them. A file that lies in several folders counts in each, and the innermost
 * speaks for it. A document outside all of them is looked at within its repository, which is a loose folder as long as the document is open.
 */
export class Folders implements Guarding {
  stopped = false;
  private readonly log: Log;
  private readonly documents: TextDocuments<OpenDocument>;
  private folders: readonly Folder[] = [];
  private readonly listeners: Record<'added' | 'settled' | 'removed', Listener[]> = { added: [], settled: [], removed: [] };
  private readonly readyListeners: (() => unknown)[] = [];
  private readonly closedListeners: ((folder: Folder, path: string) => void)[] = [];
  private readonly shutdownListeners: (() => void)[] = [];
  private readonly logged = new Set<string>();

  constructor(log: Log, documents: TextDocuments<OpenDocument>) {
    this.log = log;
    this.documents = documents;
  }

  /** The folders, those of the workspace first. */
  all(): readonly Folder[] {
    return this.folders;
  }

  /** The folder that speaks for a document; undefined when there is none, or the URI is no file's. */
  find(uri: string): Found | undefined {
    let best: Found | undefined;
    let closest = -1;
    for (const folder of this.folders) {
      const path = folder.pathOf(uri);
      if (path === undefined) continue;
      // A configuration belongs to the folder that it stands in, before those below.
      const closeness = folder.isAbove(path) ? 0 : folder.root.length;
      if (closeness > closest) {
        closest = closeness;
        best = { folder, path };
      }
    }
    return best;
  }

  /** The workspace folder of that URI, however it is written; the first one when none is given. */
  named(uri: string | undefined): Folder | undefined {
    if (uri === undefined) return this.folders.find(({ kind }) => kind === 'workspace');
    const root = absolutePath(uri);
    return this.folders.find((folder) => folder.root === root || folder.uri === uri);
  }

  /** Whether a folder is the one to report a file of its own: another may lie around it, or within. */
  speaksFor(folder: Folder, path: string): boolean {
    if (folder.kind !== 'workspace' && !folder.isOpen(path)) return false;
    return this.folders.length === 1 || this.find(folder.uriOf(path))?.folder === folder;
  }

  /** The version of a file's open document; null when it is not open. */
  versionOf(folder: Folder, path: string): number | null {
    return folder.isOpen(path) ? (this.documents.get(folder.uriOf(path))?.version ?? null) : null;
  }

  /** Called after `initialized`: from then on the client may be asked. */
  onReady(listener: () => unknown): void {
    this.readyListeners.push(listener);
  }

  /** Called for a folder whose findings and views are up to date again after a change, once its requests were answered. */
  onSettled(listener: Listener): void {
    this.listeners.settled.push(listener);
  }

  onAdded(listener: Listener): void {
    this.listeners.added.push(listener);
  }

  onRemoved(listener: Listener): void {
    this.listeners.removed.push(listener);
  }

  /** Called for each folder that holds a document which was closed. */
  onClosed(listener: (folder: Folder, path: string) => void): void {
    this.closedListeners.push(listener);
  }

  /** Called when nothing is to be answered any more but what is held open. */
  onShutdown(listener: () => void): void {
    this.shutdownListeners.push(listener);
  }

  /** Lets the features talk to the client. */
  ready(): void {
    for (const listener of this.readyListeners) guardedEvent(this, 'starting', listener)();
  }

  add(uri: string, name: string | undefined): void {
    const root = absolutePath(uri);
    if (root === undefined || this.folders.some((folder) => folder.kind === 'workspace' && folder.root === root)) return;
    const found = rootOf(root, root);
    this.start({ uri, name, root, configuration: 'problem' in found ? undefined : found.configuration, kind: 'workspace' });
    this.dropLoose();
  }

  remove(uri: string): void {
    const root = absolutePath(uri);
    const folder = this.folders.find((candidate) => candidate.kind === 'workspace' && candidate.root === root);
    if (folder === undefined) return;
    this.stop(folder);
    for (const document of this.documents.all()) this.opened(document);
  }

  /**
   * Looks anew which configurations hold: one may have come or gone, above a folder or in it.
   * @returns the folders for which another one holds than before
   */
  configureAnew(): readonly Folder[] {
    return this.folders.filter((folder) => {
      const found = folder.kind === 'workspace' ? rootOf(folder.root, folder.root) : undefined;
      if (found === undefined || 'problem' in found) return false;
      const own = join(folder.root, CONFIGURATION_FILE);
      if ((found.configuration ?? own) === (folder.configuration ?? own)) return false;
      folder.configure(found.configuration);
      for (const document of this.documents.all()) {
        if (folder.pathOf(document.uri) === CONFIGURATION_FILE) folder.lay(CONFIGURATION_FILE, document.uri, document.text);
      }
      return true;
    });
  }

  /** Lays the text of a document that was opened or edited over its file. */
  opened(document: OpenDocument): void {
    const { uri } = document;
    if (this.find(uri) === undefined) this.addLoose(uri);
    for (const folder of this.folders) {
      const path = folder.pathOf(uri);
      if (path !== undefined) folder.lay(path, uri, document.text);
    }
  }

  closed(uri: string): void {
    for (const folder of this.folders) {
      const path = folder.pathOf(uri);
      if (path === undefined) continue;
      folder.lift(path);
      for (const listener of this.closedListeners) guardedEvent(this, 'closing a document', listener)(folder, path);
    }
    this.dropLoose();
  }

  info(message: string): void {
    this.log.info(message);
  }

  /** Logs a fault of ours, each once. */
  fault(what: string, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `${what}: ${detail}`;
    if (this.logged.has(message)) return;
    this.logged.add(message);
    this.log.error(message);
  }

  /** Answers nothing any more, and ends all work. */
  shutdown(): void {
    this.stopped = true;
    for (const listener of this.shutdownListeners) listener();
    for (const folder of this.folders) folder.end();
  }

  private start(options: Omit<FolderOptions, 'now' | 'onChanged' | 'onSettled'>): void {
    const folder = new Folder({
      ...options,
      now: new Date(),
      onChanged: guardedEvent(this, 'following a change', async (changed: Folder) => {
        // First come the requests that a client sends right behind an edit.
        await nextTurn();
        if (this.folders.includes(changed)) await changed.settled();
      }),
      onSettled: guardedEvent(this, 'reporting a change', async (settled: Folder) => {
        await nextTurn();
        if (!this.folders.includes(settled)) return;
        this.logFaults(settled);
        this.tell('settled', settled);
      }),
    });
    const order = (one: Folder): number => (one.kind === 'workspace' ? 0 : 1);
    this.folders = [...this.folders, folder].sort((a, b) => order(a) - order(b));
    this.tell('added', folder);
    for (const document of this.documents.all()) {
      const path = folder.pathOf(document.uri);
      if (path !== undefined) folder.lay(path, document.uri, document.text);
    }
    guardedEvent(this, `reading ${folder.root}`, () => folder.settled())();
    this.tellOthers(folder);
  }

  /** A folder that comes or goes takes files from those around it, or leaves files to them. */
  private tellOthers(folder: Folder): void {
    for (const other of this.folders) if (other !== folder && other.state === 'ready') this.tell('settled', other);
  }

  private stop(folder: Folder): void {
    this.folders = this.folders.filter((other) => other !== folder);
    folder.end();
    this.tell('removed', folder);
    this.tellOthers(folder);
  }

  /** The surroundings of a document that lies in no folder. */
  private addLoose(uri: string): void {
    const file = absolutePath(uri);
    const found = file === undefined ? undefined : rootOf(file, file);
    if (found === undefined || 'problem' in found) return;
    const { folder: root, configuration } = found;
    const isRepository = configuration !== undefined || existsSync(join(root, '.git'));
    this.start({
      uri: pathToFileURL(root).href,
      name: undefined,
      root,
      configuration,
      kind: isRepository ? 'loose' : 'alone',
    });
  }

  private dropLoose(): void {
    for (const folder of this.folders) {
      if (folder.kind === 'workspace') continue;
      const isNeeded = folder.openPaths().some((path) => this.find(folder.uriOf(path))?.folder === folder);
      if (!isNeeded) this.stop(folder);
    }
  }

  private logFaults(folder: Folder): void {
    for (const { rule, subject, file, error } of folder.workspace.faults()) {
      if (this.logged.has(rule)) continue;
      this.logged.add(rule);
      this.fault(`the rule ${rule} failed on ${visible(subject)} in ${visible(file)}`, error);
    }
  }

  private tell(what: 'added' | 'settled' | 'removed', folder: Folder): void {
    for (const listener of this.listeners[what]) guardedEvent(this, `telling that a folder was ${what}`, listener)(folder);
  }
}
