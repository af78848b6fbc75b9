import { EventEmitter, Uri, window } from 'vscode';
import type { Disposable, LogOutputChannel } from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type { CloseHandlerResult, ErrorHandler, ErrorHandlerResult, LanguageClientOptions } from 'vscode-languageclient/node';
import { ANSWERS_REQUEST, DOCUMENTS, RECORD_REQUEST, SUMMARY_CHANGED, SUMMARY_REQUEST } from '../server/protocol';
import type { AnswersEdit, AnswersParams, RecordParams, Summary, SummaryParams } from '../server/protocol';
import { shape, text } from './check';
import type { Check } from './check';
import { Crashes } from './crashes';
import { isAnswersEdit, isSummary } from './messages';

/** `failed`: it does not run, and only somebody's asking starts it again. */
export type ServerState = 'starting' | 'running' | 'failed';

const RESTART = 'Restart Server';
const SHOW_OUTPUT = 'Show Output';
const CRASHED = 'The language server crashed five times in three minutes and was stopped.';

/** The language server: starts it, starts it again when it crashes, and carries its answers. */
export class Server implements Disposable, ErrorHandler {
  private readonly module: string;
  private readonly output: LogOutputChannel;
  private readonly stateChanged = new EventEmitter<ServerState>();
  private readonly summaryChanged = new EventEmitter<string>();
  private readonly crashes = new Crashes();
  private client: LanguageClient | undefined;
  private current: ServerState = 'starting';
  private failure = '';
  private crashed = false;

  readonly onDidChangeState = this.stateChanged.event;
  /** The workspace folder whose summary is no longer what it was. */
  readonly onDidChangeSummary = this.summaryChanged.event;

  /** @param module the server's bundle, to be run by the editor's own Node.js */
  constructor(module: string, output: LogOutputChannel) {
    this.module = module;
    this.output = output;
  }

  get state(): ServerState {
    return this.current;
  }

  /** Why it failed; empty as long as it has not. */
  get message(): string {
    return this.failure;
  }

  /** Starts the server; a failure is shown, not thrown. */
  async start(): Promise<void> {
    this.enter('starting');
    this.crashed = false;
    const client = this.makeClient();
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      // One that crashed while it started is being started again, or was given up: either has been said.
      if (this.client === client && !this.hasCrashed())
        this.fail(`It could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Ends the server and starts a new one, which reads everything afresh. */
  async restart(): Promise<void> {
    this.crashes.clear();
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    // One that never came up cannot be stopped, and has nothing to lose.
    await client?.dispose().catch((error: unknown) => {
      this.output.warn(`stopping the server: ${String(error)}`);
    });
  }

  /** A folder's summary; undefined when the server does not know the folder, or answers what is none. */
  async summary(params: SummaryParams): Promise<Summary | undefined> {
    return this.ask(SUMMARY_REQUEST, params, isSummary);
  }

  /** The edit that writes answers into a folder's configuration; undefined as for a summary. Rejects for answers that are none. */
  async answersEdit(params: AnswersParams): Promise<AnswersEdit | undefined> {
    return this.ask(ANSWERS_REQUEST, params, isAnswersEdit);
  }

  /** A folder's decision record; undefined as for a summary, and where there is nothing to decide. */
  async decisionRecord(params: RecordParams): Promise<string | undefined> {
    return this.ask(RECORD_REQUEST, params, text);
  }

  /** Called by the client when a message could not be read or written. */
  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true };
  }

  /** Called by the client when the connection ended without its asking: the server crashed. Open documents are sent again by the client. */
  closed(): CloseHandlerResult {
    this.crashed = true;
    if (this.crashes.mayRestart(performance.now())) {
      this.output.warn('the server crashed and is started again');
      return { action: CloseAction.Restart, handled: true };
    }
    this.fail(
      `${CRASHED} Its output says where. If a file is to blame, leave it out by "ignore" in .mesh-lint.yaml, and restart the server.`,
    );
    return { action: CloseAction.DoNotRestart, message: CRASHED, handled: true };
  }

  dispose(): void {
    this.stateChanged.dispose();
    this.summaryChanged.dispose();
  }

  private async ask<T>(method: string, params: object, isAnswer: Check<T>): Promise<T | undefined> {
    if (this.client?.isRunning() !== true) return undefined;
    const answer: unknown = await this.client.sendRequest(method, params);
    if (isAnswer(answer)) return answer;
    if (answer !== null) this.output.error(`the server answered ${method} with something else`);
    return undefined;
  }

  /** A method, since the compiler takes a property for what it was before something was awaited. */
  private hasCrashed(): boolean {
    return this.crashed;
  }

  private makeClient(): LanguageClient {
    const options: LanguageClientOptions = {
      documentSelector: [...DOCUMENTS],
      outputChannel: this.output,
      errorHandler: this,
      diagnosticPullOptions: { onChange: true, onSave: true },
      uriConverters: { code2Protocol: (uri) => uri.toString(), protocol2Code: (uri) => Uri.parse(uri) },
      // The failure is shown here, with what to do.
      initializationFailedHandler: () => false,
    };
    const run = { module: this.module, transport: TransportKind.ipc };
    const client = new QuietClient('meshLint', 'Mesh Lint', { run, debug: run }, options);
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) this.enter('running');
      else if (newState === State.Starting) this.enter('starting');
      else if (this.current === 'running') this.enter('starting');
    });
    client.onNotification(SUMMARY_CHANGED, (params: unknown) => {
      if (isChange(params)) this.summaryChanged.fire(params.folder);
    });
    return client;
  }

  private enter(state: ServerState): void {
    if (state !== 'failed') this.failure = '';
    if (state === this.current) return;
    this.current = state;
    this.stateChanged.fire(state);
  }

  private fail(message: string): void {
    if (this.current === 'failed') return;
    this.failure = message;
    this.output.error(message);
    this.enter('failed');
    void window.showErrorMessage(`Mesh Lint: ${message}`, RESTART, SHOW_OUTPUT).then((chosen) => {
      if (chosen === RESTART) void this.restart();
      if (chosen === SHOW_OUTPUT) this.output.show();
    });
  }
}

/** Leaves it to `Server` to show errors: one message that says what to do, rather than one for each attempt. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

const isChange = shape<{ folder: string }>({ folder: text });
