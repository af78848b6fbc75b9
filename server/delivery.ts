import { fileReport, NOTHING } from './diagnostics';
import type { DiagnosticShape, FileReport } from './diagnostics';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guardedEvent } from './guard';
import { inSlices } from './slices';

/** A file with other diagnostics than the client was last told. */
export interface Change extends FileReport {
  readonly uri: string;
  /** Of the open document that was looked at; null for a file on disk. */
  readonly version: number | null;
}

interface Sent {
  readonly uri: string;
  readonly id: string;
}

/** What is to be sent about one file, and what is then noted of it. */
interface Pending {
  readonly path: string;
  readonly sent: Sent | undefined;
  readonly changes: readonly Change[];
}

/** How far a folder was looked through. */
interface Progress {
  /** The folder's `findingsTime` up to which changes are among the outstanding files. */
  time: number;
  /** Files that may have something else to say than was sent. */
  readonly outstanding: Set<string>;
  /** Documents that were open: one that is closed may be another folder's, or nobody's. */
  open: readonly string[];
  /** The folders among which this one speaks for its files. */
  among: readonly Folder[];
}

const MOST_AT_ONCE = 64;

/** So long nothing must have changed before a client that asks about open documents itself is told about them as well. */
const CALM_MILLISECONDS = 200;

/** Tells one client, or one request of it, about the diagnostics of all files, and afterwards about those that change. */
export class Delivery {
  private readonly folders: Folders;
  private readonly shape: DiagnosticShape;
  private readonly send: (changes: readonly Change[]) => void;
  /** Set where open documents wait: the timers of their folders. */
  private readonly waiting: Map<Folder, NodeJS.Timeout> | undefined;
  private isOver = false;
  /** What was sent last, by folder and path. */
  private readonly sent = new Map<Folder, Map<string, Sent>>();
  private readonly progress = new Map<Folder, Progress>();

  /** @param asks whether the client asks about open documents itself: what it is told of those at each key that is typed it throws away */
  constructor(folders: Folders, shape: DiagnosticShape, send: (changes: readonly Change[]) => void, asks = false) {
    this.folders = folders;
    this.shape = shape;
    this.send = send;
    this.waiting = asks ? new Map() : undefined;
  }

  /** Notes what the client holds of a file; an identity that is none makes the file be sent again. */
  note(folder: Folder, path: string, uri: string, id: string): void {
    this.sentOf(folder).set(path, { uri, id });
    this.progress.get(folder)?.outstanding.add(path);
  }

  /** Sends what has changed in a folder, in slices; a change of the folder ends it, as the next delivery follows. */
  async deliver(folder: Folder): Promise<void> {
    this.waitForCalm(folder);
    await this.deliverSome(folder, (path) => this.waiting === undefined || !folder.isOpen(path));
  }

  /** Lets go of what waits. */
  end(): void {
    this.isOver = true;
    for (const timer of this.waiting?.values() ?? []) clearTimeout(timer);
  }

  private waitForCalm(folder: Folder): void {
    if (this.waiting === undefined || this.isOver) return;
    clearTimeout(this.waiting.get(folder));
    const tell = guardedEvent(this.folders, 'telling about open documents', async () => {
      this.waiting?.delete(folder);
      if (this.folders.all().includes(folder)) await this.deliverSome(folder, () => true);
    });
    this.waiting.set(folder, setTimeout(tell, CALM_MILLISECONDS).unref());
  }

  private async deliverSome(folder: Folder, isMeant: (path: string) => boolean): Promise<void> {
    await folder.settled();
    const { generation } = folder;
    const heirs = new Set<Folder>();
    await inSlices(this.steps(folder, heirs, isMeant), () => folder.generation !== generation);
    for (const heir of heirs) await this.deliver(heir);
  }

  /** Takes back what was sent of a folder that is gone, but for files that another folder speaks for from now on. */
  async withdraw(folder: Folder): Promise<void> {
    const heirs = new Set<Folder>();
    const cleared: Change[] = [];
    for (const [path, sent] of this.sentOf(folder)) {
      const heir = this.handOver(folder, path, sent);
      if (heir !== undefined) heirs.add(heir);
      else if (sent.id !== NOTHING) cleared.push(nothingFor(sent.uri));
    }
    this.sent.delete(folder);
    this.progress.delete(folder);
    if (cleared.length > 0) this.send(cleared);
    for (const heir of heirs) await this.deliver(heir);
  }

  /** Steps that are never run to their end leave nothing noted as sent that was not: what is pending is sent and noted in one go. */
  private *steps(folder: Folder, heirs: Set<Folder>, isMeant: (path: string) => boolean): Generator<undefined, void, undefined> {
    const outstanding = this.outstandingIn(folder);
    // Open documents first: somebody looks at them.
    const open = folder.openPaths().filter((path) => outstanding.has(path));
    const paths = [...new Set([...open, ...outstanding])].filter(isMeant);
    let pending: Pending[] = [];
    const flush = (): void => {
      const all = this.sentOf(folder);
      for (const { path, sent } of pending) {
        outstanding.delete(path);
        if (sent === undefined) all.delete(path);
        else all.set(path, sent);
      }
      const changes = pending.flatMap((one) => one.changes);
      pending = [];
      if (changes.length > 0) this.send(changes);
    };
    for (const path of paths) {
      yield;
      const change = this.changeOf(folder, path, heirs);
      if (change === undefined) outstanding.delete(path);
      else pending.push(change);
      if (pending.length >= MOST_AT_ONCE) flush();
    }
    flush();
  }

  /** The files to look at: those whose findings may have changed, and all of them where it may have changed who speaks for them. */
  private outstandingIn(folder: Folder): Set<string> {
    const among = this.folders.all();
    const open = folder.openPaths();
    const before = this.progress.get(folder);
    const outstanding = before?.outstanding ?? new Set<string>();
    const changed =
      before?.among === among
        ? [...folder.filesChangedSince(before.time), ...before.open, ...open]
        : [...folder.filesWithFindings(), ...this.sentOf(folder).keys(), ...open];
    for (const path of changed) outstanding.add(path);
    this.progress.set(folder, { time: folder.findingsTime, outstanding, open, among });
    return outstanding;
  }

  private changeOf(folder: Folder, path: string, heirs: Set<Folder>): Pending | undefined {
    const uri = folder.uriOf(path);
    const before = this.sentOf(folder).get(path) ?? { uri, id: NOTHING };
    if (!this.folders.speaksFor(folder, path)) {
      const heir = this.handOver(folder, path, before);
      if (heir !== undefined) heirs.add(heir);
      const isCleared = heir === undefined && before.id !== NOTHING;
      return { path, sent: undefined, changes: isCleared ? [nothingFor(before.uri)] : [] };
    }
    const report = fileReport(folder, path, this.shape);
    if (report.id === before.id && uri === before.uri) return undefined;
    const change = { uri, version: this.folders.versionOf(folder, path), ...report };
    // A client that has come to write the URI in another way may take it for another document.
    const changes = uri !== before.uri && before.id !== NOTHING ? [nothingFor(before.uri), change] : [change];
    return { path, sent: { uri, id: report.id }, changes };
  }

  /** Leaves a file to the folder that now speaks for it; undefined when there is none. */
  private handOver(folder: Folder, path: string, sent: Sent): Folder | undefined {
    const found = this.folders.find(folder.uriOf(path));
    if (found === undefined || found.folder === folder || sent.id === NOTHING) return undefined;
    if (!this.sentOf(found.folder).has(found.path)) this.sentOf(found.folder).set(found.path, sent);
    return found.folder;
  }

  private sentOf(folder: Folder): Map<string, Sent> {
    let sent = this.sent.get(folder);
    if (sent === undefined) {
      sent = new Map();
      this.sent.set(folder, sent);
    }
    return sent;
  }
}

function nothingFor(uri: string): Change {
  return { uri, version: null, id: NOTHING, diagnostics: [] };
}
