import { DiagnosticSeverity, Disposable, languages, LanguageStatusSeverity, window, workspace } from 'vscode';
import type { Diagnostic } from 'vscode';
import type { Choices } from './choices';
import { DOCUMENTS } from '../server/protocol';
import type { Server } from './server';
import { environmentTitle } from './environment-title';
import { visible } from './visible';

/** What the server's diagnostics call themselves. */
export const SOURCE = 'mesh-lint';

/** The language status of manifests: what the one at hand is found to have, which environment the summary is of, and a way to start anew. */
export class Status extends Disposable {
  private readonly server: Server;
  private readonly choices: Choices;
  private readonly findings = languages.createLanguageStatusItem('meshLint.findings', DOCUMENTS);
  private readonly environment = languages.createLanguageStatusItem('meshLint.environment', DOCUMENTS);
  private readonly process = languages.createLanguageStatusItem('meshLint.server', DOCUMENTS);
  /** The folder whose environment is shown; undefined as long as none is known. */
  private folder: string | undefined;

  constructor(server: Server, choices: Choices) {
    const subscriptions: { dispose(): unknown }[] = [];
    super(() => {
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.server = server;
    this.choices = choices;
    this.findings.name = 'Mesh Lint';
    this.findings.command = { title: 'Show Summary', command: 'meshLint.showSummary' };
    this.environment.name = 'Mesh Lint Environment';
    this.environment.command = { title: 'Choose', command: 'meshLint.showSummary' };
    this.process.name = 'Mesh Lint Server';
    this.process.command = { title: 'Restart', command: 'meshLint.restartServer' };
    subscriptions.push(
      this.findings,
      this.environment,
      this.process,
      server.onDidChangeState(() => {
        this.folder = undefined;
        this.update();
      }),
      server.onDidChangeSummary(() => {
        // Environments seldom change: asked for only until one is known, so that an edit costs nothing here.
        if (this.folder === undefined) void this.updateEnvironment();
      }),
      choices.onDidChange(() => {
        this.folder = undefined;
        void this.updateEnvironment();
      }),
      window.onDidChangeActiveTextEditor(() => {
        this.update();
      }),
      languages.onDidChangeDiagnostics(({ uris }) => {
        const active = window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) this.updateFindings();
      }),
    );
    this.update();
  }

  private update(): void {
    const { state, message } = this.server;
    this.process.text = { starting: 'Server: starting', running: 'Server: running', failed: 'Server: stopped' }[state];
    this.process.detail = message;
    this.process.severity = state === 'failed' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    this.updateFindings();
    void this.updateEnvironment();
  }

  private updateFindings(): void {
    const { state } = this.server;
    const document = window.activeTextEditor?.document;
    const all = document === undefined ? [] : languages.getDiagnostics(document.uri);
    const own = all.filter(({ source }) => source === SOURCE);
    this.findings.busy = state === 'starting';
    this.findings.text = state === 'failed' ? 'Mesh Lint is not running' : countOf(own);
    this.findings.severity = severityOf(own);
  }

  private async updateEnvironment(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (document === undefined || languages.match(DOCUMENTS, document) === 0) return;
    const folder = workspace.getWorkspaceFolder(document.uri)?.uri.toString();
    if (folder !== undefined && folder === this.folder) return;
    this.environment.text = 'No environment';
    if (folder === undefined) return;
    const chosen = this.choices.environment(folder);
    const summary = await this.server
      .summary({ folder, ...(chosen !== undefined && { environment: chosen }) })
      .catch(() => undefined);
    if (summary?.state !== 'ready' || summary.environment === null) return;
    this.folder = folder;
    this.environment.text = `Environment: ${visible(environmentTitle(summary.environment))}`;
  }
}

const NOUNS: readonly (readonly [DiagnosticSeverity, one: string, several: string])[] = [
  [DiagnosticSeverity.Error, 'error', 'errors'],
  [DiagnosticSeverity.Warning, 'warning', 'warnings'],
  [DiagnosticSeverity.Information, 'info', 'infos'],
  [DiagnosticSeverity.Hint, 'hint', 'hints'],
];

function countOf(diagnostics: readonly Diagnostic[]): string {
  const parts = NOUNS.flatMap(([severity, one, several]) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`];
  });
  return parts.length === 0 ? 'No mesh findings' : `Mesh findings: ${parts.join(', ')}`;
}

function severityOf(diagnostics: readonly Diagnostic[]): LanguageStatusSeverity {
  if (diagnostics.some(({ severity }) => severity === DiagnosticSeverity.Error)) return LanguageStatusSeverity.Error;
  const warns = diagnostics.some(({ severity }) => severity === DiagnosticSeverity.Warning);
  return warns ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
}
