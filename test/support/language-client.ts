import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CancellationTokenSource,
  createProtocolConnection,
  ProgressType,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
} from 'vscode-languageserver/node';
import type {
  ClientCapabilities,
  CodeAction,
  Diagnostic,
  DocumentDiagnosticReport,
  InitializeResult,
  ProtocolConnection,
  PublishDiagnosticsParams,
  Range,
  RegistrationParams,
  TextEdit,
  UnregistrationParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** What an editor that asks for diagnostics says of itself. */
export const PULLS: ClientCapabilities = {
  textDocument: {
    diagnostic: {
      dynamicRegistration: true,
      relatedInformation: true,
      codeDescriptionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source', 'source.fixAll'] } } },
  },
  window: { workDoneProgress: true, showDocument: { support: true } },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
};

/** One that is told instead. */
export const IS_TOLD: ClientCapabilities = {
  ...PULLS,
  textDocument: Object.fromEntries(Object.entries(PULLS.textDocument ?? {}).filter(([name]) => name !== 'diagnostic')),
};

export interface StartOptions {
  readonly module: string;
  /** URIs of workspace folders. */
  readonly folders?: readonly string[];
  readonly capabilities?: ClientCapabilities;
  /** The settings under `meshLint` for a scope. */
  readonly settings?: (scope: string | undefined) => unknown;
  readonly initialize?: boolean;
}

/** A folder on disk for one test. */
export class Folder {
  readonly path: string;
  readonly uri: string;

  constructor(files: Readonly<Record<string, string>>) {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-protocol-')));
    this.uri = pathToFileURL(this.path).href;
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.path, path), 'utf8');
  }

  delete(path: string): void {
    rmSync(join(this.path, path), { recursive: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  uriOf(path: string): string {
    return `${this.uri}/${path}`;
  }
}

/** A language client that remembers what it is told. */
export class LanguageClient {
  readonly connection: ProtocolConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly registered = new Map<string, RegistrationParams['registrations'][number]>();
  readonly logged: string[] = [];
  readonly shown: { uri: string; external?: boolean }[] = [];
  /** The kinds of what was said of work in progress: begin, report, end. */
  readonly progress: string[] = [];
  refreshes = 0;
  initialized: InitializeResult | undefined;
  settings: (scope: string | undefined) => unknown;
  private readonly process: ChildProcess;
  private readonly exited: Promise<number | null>;
  private readonly documents = new Map<string, TextDocument>();

  private constructor({ module, settings }: StartOptions) {
    this.settings = settings ?? (() => null);
    this.process = spawn(process.execPath, [module, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.process;
    if (stdin === null || stdout === null) throw new Error('the server has no pipes');
    this.exited = new Promise((resolve) => {
      this.process.on('exit', resolve);
    });
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin), undefined);
    this.answer();
    this.connection.listen();
  }

  static async start(options: StartOptions): Promise<LanguageClient> {
    const client = new LanguageClient(options);
    if (options.initialize !== false) await client.initialize(options);
    return client;
  }

  async initialize({ folders = [], capabilities = PULLS }: Omit<StartOptions, 'module'>): Promise<void> {
    this.initialized = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      capabilities,
      workspaceFolders: folders.map((uri) => ({ uri, name: uri.split('/').at(-1) ?? '' })),
    });
    await this.notify('initialized', {});
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.connection.sendRequest<Result>(method, params);
  }

  async open(uri: string, text: string, languageId = 'yaml'): Promise<void> {
    this.documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces a text by a single edit of the characters that differ. */
  async edit(uri: string, text: string): Promise<void> {
    const document = this.document(uri);
    const before = document.getText();
    let start = 0;
    while (start < before.length && start < text.length && before[start] === text[start]) start++;
    let end = 0;
    while (end < before.length - start && end < text.length - start && before.at(-1 - end) === text.at(-1 - end)) end++;
    const range = { start: document.positionAt(start), end: document.positionAt(before.length - end) };
    const change = { range, text: text.slice(start, text.length - end) };
    TextDocument.update(document, [change], document.version + 1);
    await this.notify('textDocument/didChange', { textDocument: { uri, version: document.version }, contentChanges: [change] });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  textOf(uri: string): string {
    return this.document(uri).getText();
  }

  /** Tells that files changed on disk: 1 created, 2 changed, 3 deleted. */
  watched(...changes: readonly (readonly [uri: string, type: 1 | 2 | 3])[]): Promise<void> {
    return this.notify('workspace/didChangeWatchedFiles', { changes: changes.map(([uri, type]) => ({ uri, type })) });
  }

  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.request('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId && { previousResultId }) });
  }

  /** The diagnostics of a document as a pull gives them. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const report = await this.pull(uri);
    return report.kind === 'full' ? report.items : [];
  }

  async codes(uri: string): Promise<string[]> {
    return (await this.diagnostics(uri)).map(({ code }) => String(code));
  }

  /** The last that was pushed for a document. */
  lastPublished(uri: string): PublishDiagnosticsParams | undefined {
    return this.published.findLast((params) => params.uri === uri);
  }

  actions(uri: string, range: Range, diagnostics: readonly Diagnostic[] = [], only?: readonly string[]): Promise<CodeAction[]> {
    return this.request('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only && { only }) },
    });
  }

  /** Applies an edit to open documents; versions must be theirs. */
  async apply(edit: WorkspaceEdit | undefined): Promise<void> {
    for (const change of edit?.documentChanges ?? []) {
      if (!('textDocument' in change)) throw new Error('the edit is not of text');
      const { uri, version } = change.textDocument;
      const document = this.document(uri);
      if (version !== document.version) throw new Error(`the edit is of version ${version}, the document of ${document.version}`);
      await this.edit(uri, TextDocument.applyEdits(document, change.edits as TextEdit[]));
    }
  }

  /** Holds a workspace request open. */
  stream(previousResultIds: readonly { uri: string; value: string }[] = []): Stream {
    return new Stream(this, previousResultIds);
  }

  /** Waits until something that the client was told makes the condition true. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`waited for ${what} in vain; logged: ${this.logged.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Ends the server as clients do. */
  async stop(): Promise<number | null> {
    await this.request('shutdown', undefined);
    return this.exit();
  }

  async exit(): Promise<number | null> {
    await this.notify('exit', undefined);
    return this.exited;
  }

  /** Ends it however it is. */
  kill(): void {
    if (this.process.exitCode === null) this.process.kill('SIGKILL');
    this.connection.dispose();
  }

  /** The exit code when its input ends without a word. */
  async hangUp(): Promise<number | null> {
    this.process.stdin?.end();
    return this.exited;
  }

  private document(uri: string): TextDocument {
    const document = this.documents.get(uri);
    if (document === undefined) throw new Error(`${uri} is not open`);
    return document;
  }

  private answer(): void {
    const { connection } = this;
    connection.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
      for (const registration of registrations) this.registered.set(registration.id, registration);
      return null;
    });
    connection.onRequest('client/unregisterCapability', ({ unregisterations }: UnregistrationParams) => {
      for (const { id } of unregisterations) this.registered.delete(id);
      return null;
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: readonly { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.settings(scopeUri)),
    );
    connection.onRequest('window/workDoneProgress/create', ({ token }: { token: string }) => {
      connection.onProgress(WorkDoneProgress.type, token, (value) => {
        this.progress.push(value.kind);
      });
      return null;
    });
    connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      return null;
    });
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('window/showDocument', (params: { uri: string; external?: boolean }) => {
      this.shown.push(params);
      return { success: true };
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
    });
  }
}

let tokens = 0;
const WORKSPACE_PARTS = new ProgressType<WorkspaceDiagnosticReport>();

/** A workspace request that is held open, with what it has said so far. */
export class Stream {
  readonly items: WorkspaceDocumentDiagnosticReport[] = [];
  readonly result: Promise<WorkspaceDiagnosticReport>;
  /** Whether the request was answered. */
  isOver = false;
  private readonly client: LanguageClient;
  private readonly cancellation: { cancel(): void };

  constructor(client: LanguageClient, previousResultIds: readonly { uri: string; value: string }[]) {
    this.client = client;
    const token = `stream-${++tokens}`;
    const source = new CancellationTokenSource();
    this.cancellation = source;
    client.connection.onProgress(WORKSPACE_PARTS, token, ({ items }) => {
      this.items.push(...items);
    });
    this.result = client.connection.sendRequest<WorkspaceDiagnosticReport>(
      'workspace/diagnostic',
      { previousResultIds, partialResultToken: token },
      source.token,
    );
    const over = (): void => {
      this.isOver = true;
    };
    this.result.then(over, over);
  }

  /** The codes that it last gave a document; undefined when it said nothing of it. */
  codes(uri: string): string[] | undefined {
    const report = this.items.findLast((item) => item.uri === uri);
    return report?.kind === 'full' ? report.items.map(({ code }) => String(code)) : undefined;
  }

  cancel(): void {
    this.cancellation.cancel();
  }

  until(condition: (stream: Stream) => boolean, what: string): Promise<void> {
    return this.client.until(() => condition(this), what);
  }
}
