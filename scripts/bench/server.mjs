import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process, { execPath, pid } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createProtocolConnection, ProgressType, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const PROBE = fileURLToPath(new URL('probe.cjs', import.meta.url));

const diagnosticShape = { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } };
const PUSHED = {
  textDocument: { publishDiagnostics: diagnosticShape },
  window: { showDocument: { support: true } },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    codeLens: { refreshSupport: true },
  },
};

/** What two editors say of themselves: one asks for diagnostics, as VS Code does, and one is told, as most others are. */
export const CAPABILITIES = {
  asks: {
    ...PUSHED,
    textDocument: { ...PUSHED.textDocument, diagnostic: { dynamicRegistration: true, ...diagnosticShape } },
    workspace: { ...PUSHED.workspace, diagnostics: { refreshSupport: true } },
  },
  isTold: PUSHED,
};

/** A server over stdio with the client's end of it, and with a probe in its process that is asked by `probe`. */
export class Server {
  /** The last diagnostics of each document, by URI, whichever way they came. */
  diagnostics = new Map();
  /** Called with the URI of each document whose diagnostics came. */
  onDiagnostics = () => {};
  /** Whether the client asks for the diagnostics of what is open again when the server says so. */
  asksAgain = false;
  /** When the server last said something about diagnostics, in microseconds of the monotonic clock. */
  heard = 0;
  #documents = new Map();
  #waiting = new Map();
  #asked = 0;
  #failure;

  /**
   * @param {object} options
   * @param {string} options.module the server's own file
   * @param {(section: string) => unknown} [options.settings] what the client answers when it is asked for its settings
   * @param {boolean} [options.probed] without a probe nothing but the server's own code is started
   */
  constructor({ module, settings = () => null, probed = true }) {
    const flags = probed ? ['--expose-gc', '--require', PROBE] : [];
    this.process = spawn(execPath, [...flags, module, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit', ...(probed ? ['ipc'] : [])],
    });
    this.exited = once(this.process, 'exit');
    this.process.on('exit', (code, signal) => {
      this.#failure = new Error(`the server has ended (${signal ?? code})`);
      for (const { reject } of this.#waiting.values()) reject(this.#failure);
    });
    this.process.on('message', ({ id, answer, problem }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (problem === undefined) resolve(answer);
      else reject(new Error(problem));
    });
    const { stdin, stdout } = this.process;
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#answer(settings);
    this.connection.listen();
  }

  #answer(settings) {
    const { connection } = this;
    connection.onRequest('workspace/configuration', ({ items }) => items.map(({ section }) => settings(section)));
    connection.onRequest('workspace/diagnostic/refresh', () => {
      if (this.asksAgain) for (const uri of this.#documents.keys()) void this.pull(uri);
      return null;
    });
    connection.onRequest(() => null);
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => this.#take(uri, diagnostics));
    connection.onNotification(() => undefined);
    connection.onProgress(new ProgressType(), STREAM, () => {
      this.heard = monotonic();
    });
  }

  #take(uri, diagnostics) {
    this.heard = monotonic();
    this.diagnostics.set(uri, diagnostics);
    this.onDiagnostics(uri);
  }

  /** Asks the probe (`probe.cjs`). */
  probe(ask, argument) {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.process.send({ id, ask, with: argument });
    });
  }

  /** @param {string} folder the workspace's */
  async initialize(folder, capabilities) {
    const uri = pathToFileURL(folder).href;
    await this.connection.sendRequest('initialize', {
      processId: pid,
      rootUri: uri,
      capabilities,
      workspaceFolders: [{ uri, name: 'bench' }],
    });
    await this.connection.sendNotification('initialized', {});
  }

  /** Holds the request for the diagnostics of the whole workspace open, as VS Code does. */
  stream() {
    // It ends with the server.
    this.connection
      .sendRequest('workspace/diagnostic', { previousResultIds: [], partialResultToken: STREAM })
      .catch(() => undefined);
  }

  async open(uri, text) {
    this.#documents.set(uri, TextDocument.create(uri, 'yaml', 1, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
  }

  close(uri) {
    this.#documents.delete(uri);
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Tells of an edit at offsets. */
  async edit(uri, { start, end, insert }) {
    const document = this.#documents.get(uri);
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    const change = { range, text: insert };
    TextDocument.update(document, [change], document.version + 1);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: [change],
    });
  }

  /** Asks for a document's diagnostics; again where the server says that it changed meanwhile. */
  async pull(uri) {
    try {
      const report = await this.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
      if (report.kind === 'full') this.#take(uri, report.items);
    } catch (error) {
      if (error.code !== SERVER_CANCELLED) throw error;
      await this.pull(uri);
    }
  }

  /** Waits until every rule has run (a request for lenses waits for that) and the server has had nothing more to say for a while. */
  async quiet(uri) {
    await this.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
    this.heard = Math.max(this.heard, monotonic());
    while (monotonic() < this.heard + QUIET) await pause(50);
  }

  /** Waits until the process has used next to no CPU time for a while: what a server does only when nobody asks is done then. */
  async still() {
    for (let used = await this.probe('cpu'), since = monotonic(); monotonic() < since + STILL;) {
      await pause(500);
      const now = await this.probe('cpu');
      if (now - used > STILL_USE) since = monotonic();
      used = now;
    }
  }

  async stop() {
    this.asksAgain = false;
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await this.exited;
    this.connection.dispose();
  }

  kill() {
    if (this.process.exitCode === null) this.process.kill('SIGKILL');
  }
}

/** The clock of the probe and of CPU profiles, which all processes of a machine share; microseconds. */
export const monotonic = () => Number(process.hrtime.bigint() / 1000n);

const QUIET = 400_000;
/** Longer than a server waits before it tidies up, and CPU time in half a second, in microseconds. */
const STILL = 12_000_000;
const STILL_USE = 5_000;
const STREAM = 'workspace diagnostics';
const SERVER_CANCELLED = -32802;
