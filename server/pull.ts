import { setTimeout as pause } from 'node:timers/promises';
import { DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type {
  CancellationToken,
  DiagnosticServerCancellationData,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { Delivery } from './delivery';
import type { Change } from './delivery';
import { asksForDiagnostics, diagnosticShape, fileReport, NOTHING, SOURCE } from './diagnostics';
import type { DiagnosticShape } from './diagnostics';
import type { Feature } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guarded } from './guard';

/** How long a closed document's last answer may be on its way, which a client would prefer to what the stream says. */
const CLOSING_MILLISECONDS = 1000;

/** How long requests for the diagnostics of open documents may be on their way after a change, before the other files get their turn. */
const ANSWERING_MILLISECONDS = 20;

/** Diagnostics for clients that ask: per document, and for the workspace by a request that is held open and answered in parts. */
export const pull: Feature = {
  name: 'diagnostics on request',
  register(connection, folders, client) {
    if (!asksForDiagnostics(client)) return {};
    const shape = diagnosticShape(client);
    const pulls = new DocumentPulls(folders, shape);
    const streams = new Set<Stream>();
    const refresh = (): void => {
      if (!folders.stopped) connection.languages.diagnostics.refresh().catch(() => undefined);
    };

    connection.languages.diagnostics.on(
      guarded(folders, 'textDocument/diagnostic', EMPTY, (params, token) => pulls.answer(params, token)),
    );
    connection.languages.diagnostics.onWorkspace(
      guarded(folders, 'workspace/diagnostic', NO_ITEMS, async (params, token, _progress, parts) => {
        // Whoever takes no parts would ask again and again, and is answered at once.
        if (parts === undefined) return { items: await collect(folders, shape, params, token) };
        const stream = new Stream(folders, shape, params, (items) => {
          parts.report({ items });
        });
        streams.add(stream);
        try {
          await stream.run(token);
        } finally {
          streams.delete(stream);
          stream.delivery.end();
        }
        return NO_ITEMS;
      }),
    );
    folders.onSettled(async (folder) => {
      if (pulls.areStale(folder)) refresh();
      // First come the answers about what is open, for which somebody waits.
      await pause(ANSWERING_MILLISECONDS, undefined, { ref: false });
      await Promise.all([...streams].map(({ delivery }) => delivery.deliver(folder)));
    });
    folders.onClosed((folder, path) => {
      pulls.forget(folder, path);
      const resend = (): void => {
        for (const { delivery } of streams) delivery.note(folder, path, folder.uriOf(path), UNKNOWN);
      };
      resend();
      setTimeout(() => {
        resend();
        if (folders.all().includes(folder)) for (const { delivery } of streams) void delivery.deliver(folder);
      }, CLOSING_MILLISECONDS).unref();
    });
    folders.onRemoved(async (folder) => {
      refresh();
      await Promise.all([...streams].map(({ delivery }) => delivery.withdraw(folder)));
    });
    folders.onShutdown(() => {
      for (const stream of streams) stream.end();
    });
    return {
      capabilities: { diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: true } },
    };
  },
};

const EMPTY: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
const NO_ITEMS: WorkspaceDiagnosticReport = { items: [] };
/** No report's identity. */
const UNKNOWN = '';

/** Answers for single documents, and knows which of the answers no longer hold. */
class DocumentPulls {
  private readonly folders: Folders;
  private readonly shape: DiagnosticShape;
  private readonly answered = new Map<Folder, Map<string, { id: string; version: number | null }>>();

  constructor(folders: Folders, shape: DiagnosticShape) {
    this.folders = folders;
    this.shape = shape;
  }

  async answer(
    { textDocument, previousResultId }: DocumentDiagnosticParams,
    token: CancellationToken,
  ): Promise<DocumentDiagnosticReport> {
    const found = this.folders.find(textDocument.uri);
    if (found === undefined) return EMPTY;
    const { folder, path } = found;
    const asked = this.folders.versionOf(folder, path);
    await folder.settled(token);
    const version = this.folders.versionOf(folder, path);
    if (version !== asked) {
      const data: DiagnosticServerCancellationData = { retriggerRequest: true };
      throw new ResponseError(LSPErrorCodes.ServerCancelled, 'The document has changed.', data);
    }
    const { id, diagnostics } = fileReport(folder, path, this.shape);
    if (version !== null) this.answersOf(folder).set(path, { id, version });
    return id === previousResultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id }
      : { kind: DocumentDiagnosticReportKind.Full, resultId: id, items: diagnostics };
  }

  /**
   * Whether some open document was answered differently than it now would be, through no edit of its own: after those, its client asks
   * by itself. Each difference is told once.
   */
  areStale(folder: Folder): boolean {
    let stale = false;
    for (const [path, answer] of this.answersOf(folder)) {
      if (answer.version !== this.folders.versionOf(folder, path)) continue;
      const { id } = fileReport(folder, path, this.shape);
      if (id === answer.id) continue;
      answer.id = id;
      stale = true;
    }
    return stale;
  }

  forget(folder: Folder, path: string): void {
    this.answered.get(folder)?.delete(path);
  }

  private answersOf(folder: Folder): Map<string, { id: string; version: number | null }> {
    let answers = this.answered.get(folder);
    if (answers === undefined) {
      answers = new Map();
      this.answered.set(folder, answers);
    }
    return answers;
  }
}

/** A workspace request that is held open. */
class Stream {
  readonly delivery: Delivery;
  private readonly folders: Folders;
  private finish: () => void = () => undefined;

  constructor(
    folders: Folders,
    shape: DiagnosticShape,
    { previousResultIds }: WorkspaceDiagnosticParams,
    report: (items: WorkspaceDocumentDiagnosticReport[]) => void,
  ) {
    this.folders = folders;
    const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
    const send = (changes: readonly Change[]): void => {
      report(changes.map((change) => toReport(change, undefined)));
    };
    this.delivery = new Delivery(folders, shape, send, true);
    const orphans = notePrevious(this.delivery, folders, before);
    if (orphans.length > 0) report(orphans);
  }

  /** Tells about everything, and then goes on until it is cancelled or ended. */
  async run(token: CancellationToken): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.finish = resolve;
      token.onCancellationRequested(() => {
        resolve();
      });
    });
    for (const folder of this.folders.all()) {
      await folder.settled(token);
      await this.delivery.deliver(folder);
    }
    await over;
  }

  end(): void {
    this.finish();
  }
}

/** Everything at once, for a request that takes no parts. */
async function collect(
  folders: Folders,
  shape: DiagnosticShape,
  { previousResultIds }: WorkspaceDiagnosticParams,
  token: CancellationToken,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
  const items = new Map<string, WorkspaceDocumentDiagnosticReport>();
  const delivery = new Delivery(folders, shape, (changes) => {
    for (const change of changes) items.set(change.uri, toReport(change, before.get(change.uri)));
  });
  for (const [uri] of before) {
    const found = folders.find(uri);
    if (found === undefined) items.set(uri, toReport({ uri, version: null, id: NOTHING, diagnostics: [] }, undefined));
    else delivery.note(found.folder, found.path, uri, UNKNOWN);
  }
  for (const folder of folders.all()) {
    await folder.settled(token);
    await delivery.deliver(folder);
  }
  return [...items.values()];
}

/** Notes what a client holds from an earlier request; gives back reports that clear what nobody speaks for any more. */
function notePrevious(
  delivery: Delivery,
  folders: Folders,
  before: ReadonlyMap<string, string>,
): WorkspaceDocumentDiagnosticReport[] {
  const orphans: WorkspaceDocumentDiagnosticReport[] = [];
  for (const [uri, id] of before) {
    const found = folders.find(uri);
    if (found === undefined) orphans.push(toReport({ uri, version: null, id: NOTHING, diagnostics: [] }, undefined));
    else delivery.note(found.folder, found.path, uri, id);
  }
  return orphans;
}

function toReport({ uri, version, id, diagnostics }: Change, before: string | undefined): WorkspaceDocumentDiagnosticReport {
  return id === before
    ? { kind: DocumentDiagnosticReportKind.Unchanged, uri, version, resultId: id }
    : { kind: DocumentDiagnosticReportKind.Full, uri, version, resultId: id, items: diagnostics };
}
