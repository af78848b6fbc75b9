import { join } from 'node:path';
import { env } from 'node:process';
import * as vscode from 'vscode';
import { runTests, saveResults, until } from '../tests';
import type { Tests } from '../tests';

/** What VS Code calls: the results go into a file, the outcome into the exit code. */
export function suite(name: string, tests: Tests): () => Promise<void> {
  return async () => {
    // In a browser VS Code saves by itself after a second, and what is tested is what it does before.
    await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    const results = await runTests(name, tests);
    saveResults(variable('MESH_LINT_RESULTS'), results);
    if (results.some(({ error }) => error !== undefined)) throw new Error(`${name}: not all tests passed`);
  };
}

export function variable(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`the variable ${name} is not set`);
  return value;
}

/** The path of a workspace folder, or of something in it. */
export function path(relative = '', folder = 0): string {
  const found = vscode.workspace.workspaceFolders?.[folder];
  if (found === undefined) throw new Error(`workspace folder ${folder} is not open`);
  return join(found.uri.fsPath, relative);
}

export const uri = (relative: string, folder = 0): vscode.Uri => vscode.Uri.file(path(relative, folder));

export async function open(relative: string, folder = 0): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri(relative, folder));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** The first place of a text in a document. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const offset = document.getText().indexOf(text);
  if (offset < 0) throw new Error(`${document.fileName} does not hold ${text}`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length));
}

/** Changes a document without saving it. */
export async function replace(document: vscode.TextDocument, before: string, after: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, before), after);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${document.fileName} could not be edited`);
}

/** Back to what is on disk, and closed. */
export async function discard(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await until(`${document.fileName} to be as on disk`, () => !document.isDirty);
}

export const ruleOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

/** Those of Mesh Lint. */
export const own = (diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] =>
  diagnostics.filter(({ source }) => source === 'mesh-lint');

/** The rules that Mesh Lint reports in a file, sorted. */
export function rulesIn(relative: string, folder = 0): string[] {
  return own(vscode.languages.getDiagnostics(uri(relative, folder)))
    .map(ruleOf)
    .sort();
}

export async function diagnostic(relative: string, rule: string, folder = 0): Promise<vscode.Diagnostic> {
  await untilReported(relative, rule, folder);
  return own(vscode.languages.getDiagnostics(uri(relative, folder))).find((one) => ruleOf(one) === rule)!;
}

export async function untilReported(relative: string, rule: string, folder = 0): Promise<void> {
  await until(
    `${rule} in ${relative}`,
    () => rulesIn(relative, folder),
    (rules) => rules.includes(rule),
  );
}

export async function untilSilent(relative: string, rule: string, folder = 0): Promise<void> {
  await until(
    `no ${rule} in ${relative}`,
    () => rulesIn(relative, folder),
    (rules) => !rules.includes(rule),
  );
}

export async function quickFixes(document: vscode.TextDocument, { range }: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
  // The last argument asks for that many of them to be resolved: an action may compute its edit only then.
  return vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    20,
  );
}

export async function hoverText(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers: vscode.Hover[] = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : JSON.stringify(content)))
    .join('\n');
}

export async function codeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 20);
}

interface ChildHandle {
  readonly pid?: number;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  readonly spawnargs?: readonly string[];
}

/**
 * The process of the language server. The extension runs in this very process, so the server is among its children; asking Node for them
 * saves the extension an interface that only tests would use.
 */
export function serverProcess(): number | undefined {
  const { _getActiveHandles } = process as unknown as { _getActiveHandles: () => readonly ChildHandle[] };
  const children = _getActiveHandles
    .call(process)
    .filter(({ spawnargs }) => spawnargs?.some((word) => /[\\/]dist[\\/]server\.js$/.test(word)));
  return children.find(({ exitCode, signalCode }) => exitCode === null && signalCode === null)?.pid;
}
