import { randomBytes } from 'node:crypto';
import { commands, Range, Uri, window, workspace } from 'vscode';
import type { Disposable, WebviewView, WebviewViewProvider } from 'vscode';
import type { Summary, TeamAnswers } from '../server/protocol';
import { applyAnswers } from './answers';
import type { Choices } from './choices';
import { isFromPage, placesIn } from './messages';
import type { Action, FromPage, ToPage } from './messages';
import type { Server } from './server';
import { summaryPage } from './summary-page';
import { visible } from './visible';

/** Changes come in bursts while somebody types; the page still follows well within half a second. */
const COALESCE_MS = 100;

const COMMANDS: Readonly<Record<Action, string>> = {
  restart: 'meshLint.restartServer',
  output: 'meshLint.showOutput',
  problems: 'workbench.actions.view.problems',
  configure: 'meshLint.createConfiguration',
  record: 'meshLint.exportDecision',
};

/** The sidebar's summary. Hidden, it holds no page, asks for nothing and is told nothing; shown again, it asks anew. */
export class SummaryView implements WebviewViewProvider, Disposable {
  static readonly id = 'meshLint.summary';

  private readonly extension: Uri;
  private readonly server: Server;
  private readonly choices: Choices;
  private readonly subscriptions: Disposable[];
  private view: WebviewView | undefined;
  private folder: string | undefined;
  private shown: Summary | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Counts requests: an answer that another one has overtaken is dropped. */
  private asked = 0;

  constructor(extension: Uri, server: Server, choices: Choices) {
    this.extension = extension;
    this.server = server;
    this.choices = choices;
    this.subscriptions = [
      window.registerWebviewViewProvider(SummaryView.id, this),
      server.onDidChangeSummary((folder) => {
        if (folder === (this.shown?.folder ?? folder)) this.refreshSoon();
      }),
      server.onDidChangeState(() => {
        this.refreshSoon();
      }),
      workspace.onDidChangeWorkspaceFolders(() => {
        this.refreshSoon();
      }),
    ];
  }

  resolveWebviewView(view: WebviewView): void {
    const dist = Uri.joinPath(this.extension, 'dist');
    this.view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const own = [
      view.webview.onDidReceiveMessage((message: unknown) => {
        if (isFromPage(message)) void this.heard(message);
      }),
      view.onDidChangeVisibility(() => {
        // The page that comes back says `ready`; what a hidden one waits for is dropped.
        if (!view.visible) this.rest();
      }),
    ];
    view.onDidDispose(() => {
      for (const subscription of own) subscription.dispose();
      this.rest();
      this.view = undefined;
    });
    view.webview.html = summaryPage({
      nonce: randomBytes(18).toString('base64'),
      cspSource: view.webview.cspSource,
      script: view.webview.asWebviewUri(Uri.joinPath(dist, 'summary.js')).toString(),
      style: view.webview.asWebviewUri(Uri.joinPath(dist, 'summary.css')).toString(),
    });
  }

  dispose(): void {
    this.rest();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shown = undefined;
    this.asked++;
  }

  private refreshSoon(): void {
    if (this.view?.visible !== true || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, COALESCE_MS);
  }

  private async refresh(): Promise<void> {
    if (this.view?.visible !== true) return;
    const number = ++this.asked;
    const message = await this.message().catch((error: unknown): ToPage => ({ type: 'failed', message: String(error) }));
    // Meanwhile another one was asked for, or nobody looks any more.
    if (number !== this.asked) return;
    this.shown = message.type === 'summary' ? message.summary : undefined;
    await this.view.webview.postMessage(message);
  }

  private async message(): Promise<ToPage> {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const chosen = folders.find(({ uri }) => uri.toString() === this.folder) ?? folders[0];
    if (chosen === undefined) return { type: 'no-folder' };
    if (this.server.state === 'failed') return { type: 'failed', message: this.server.message };
    if (this.server.state === 'starting') return { type: 'indexing' };
    const folder = chosen.uri.toString();
    const environment = this.choices.environment(folder);
    const summary = await this.server.summary({ folder, ...(environment !== undefined && { environment }) });
    if (summary === undefined) return { type: 'failed', message: 'The server gave no summary of this folder.' };
    return { type: 'summary', summary, folders: folders.map(({ uri, name }) => ({ uri: uri.toString(), name })) };
  }

  private async heard(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.refresh();
        return;
      case 'folder':
        this.folder = message.uri;
        await this.refresh();
        return;
      case 'environment':
        if (this.shown?.environments.includes(message.name) !== true) return;
        await this.choices.choose(this.shown.folder, message.name);
        await this.refresh();
        return;
      case 'action':
        await commands.executeCommand(COMMANDS[message.action], this.shown?.folder);
        return;
      case 'answers':
        await this.answer(message.answers);
        return;
      case 'open':
        await this.open(message);
    }
  }

  /** Puts answers into the configuration of the folder that is shown, as an edit that is not saved. */
  private async answer(answers: TeamAnswers): Promise<void> {
    if (this.shown === undefined) return;
    try {
      const edit = await this.server.answersEdit({ folder: this.shown.folder, answers });
      if (edit === undefined) throw new Error('the server gave no edit');
      await applyAnswers(edit);
    } catch (error) {
      void window.showWarningMessage(`Mesh Lint could not write the answers: ${visible(String(error))}`);
    }
  }

  /** Opens a place of the summary that is shown, and nothing else: the page is not trusted with other files. */
  private async open({ uri, range }: FromPage & { readonly type: 'open' }): Promise<void> {
    if (this.shown === undefined || !placesIn(this.shown).some((place) => place.uri === uri)) return;
    const { start, end } = range;
    const selection = new Range(start.line, start.character, end.line, end.character);
    try {
      await window.showTextDocument(Uri.parse(uri, true), { selection, preview: true });
    } catch (error) {
      void window.showWarningMessage(`Mesh Lint could not open the file: ${visible(String(error))}`);
    }
  }
}
