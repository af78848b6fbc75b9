import { commands, env, FileType, languages, Uri, window, workspace } from 'vscode';
import type { Diagnostic, Disposable, LogOutputChannel, WorkspaceFolder } from 'vscode';
import type { Server } from './server';
import { SOURCE } from './status';
import { SummaryView } from './summary-view';
import { visible } from './visible';

/** The commands of the palette. Those that a lens or a hover offers are the server's own, so that other editors have them too. */
export function registerCommands(server: Server, output: LogOutputChannel): Disposable[] {
  const table: Readonly<Record<string, (argument?: unknown) => unknown>> = {
    'meshLint.showSummary': () => commands.executeCommand(`${SummaryView.id}.focus`),
    'meshLint.restartServer': () => server.restart(),
    'meshLint.showOutput': () => {
      output.show();
    },
    'meshLint.openRulePage': openRulePage,
    'meshLint.createConfiguration': createConfiguration,
    'meshLint.exportDecision': (folder) => exportDecision(server, folder),
  };
  return Object.entries(table).map(([name, run]) => commands.registerCommand(name, run));
}

interface RulePage {
  readonly label: string;
  readonly target: Uri;
}

/** Opens the page of a rule that found something in the file at hand; of several, asks which. */
async function openRulePage(): Promise<void> {
  const editor = window.activeTextEditor;
  const diagnostics = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri);
  const line = editor?.selection.active.line;
  const here = pagesOf(
    diagnostics.filter(({ range }) => line !== undefined && range.start.line <= line && line <= range.end.line),
  );
  const pages = here.length > 0 ? here : pagesOf(diagnostics);
  if (pages.length === 0) {
    void window.showInformationMessage(
      'Mesh Lint has no findings in this file. Open a file with findings, and run the command again.',
    );
    return;
  }
  const chosen = pages.length === 1 ? pages[0] : await window.showQuickPick(pages, { placeHolder: 'The rule to read about' });
  if (chosen !== undefined) await env.openExternal(chosen.target);
}

/** The distinct rules of diagnostics, by id. */
function pagesOf(diagnostics: readonly Diagnostic[]): RulePage[] {
  const pages = new Map<string, RulePage>();
  for (const { source, code } of diagnostics) {
    if (source !== SOURCE || typeof code !== 'object') continue;
    pages.set(String(code.value), { label: String(code.value), target: code.target });
  }
  return [...pages.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

const CONFIGURATION_FILE = '.mesh-lint.yaml';

/** Every line is a comment: the file changes nothing until somebody means it to. */
const CONFIGURATION = `# What Mesh Lint is told about this repository beyond what its manifests show. Everything is optional.

# environments:
#   prod:
#     root: overlays/prod     # where the folders do not show it
#     production: true

# rules:
#   istio/namespace-not-injected: off

# istio:
#   version: "1.30.3"         # what no manifest shows

# team:                       # what only people can answer, for the verdict
#   engineers: 14
#   servicesInAYear: 20
#   platformTeam: false
#   mtlsMandated: false
`;

/** Makes a configuration file at the root of a workspace folder, or opens the one that is there. @param wanted the folder's URI */
async function createConfiguration(wanted?: unknown): Promise<void> {
  const folder = await chooseFolder(wanted, `The folder to put ${CONFIGURATION_FILE} in`);
  if (folder === undefined) return;
  const uri = Uri.joinPath(folder.uri, CONFIGURATION_FILE);
  try {
    if (!(await exists(uri))) await workspace.fs.writeFile(uri, new TextEncoder().encode(CONFIGURATION));
    await window.showTextDocument(uri);
  } catch (error) {
    void window.showErrorMessage(`Mesh Lint could not make ${CONFIGURATION_FILE}: ${visible(String(error))}`);
  }
}

/** Opens the decision record of a workspace folder as a document of its own, to be kept wherever it belongs. @param wanted the folder's URI */
async function exportDecision(server: Server, wanted: unknown): Promise<void> {
  const folder = await chooseFolder(wanted, 'The folder whose decision to write down');
  if (folder === undefined) return;
  try {
    const content = await server.decisionRecord({ folder: folder.uri.toString() });
    if (content === undefined) {
      const reason =
        server.state === 'running'
          ? 'There is nothing to decide: no file of this folder holds a Kubernetes resource.'
          : 'Mesh Lint is not running. Restart its server, and export the record again.';
      void window.showInformationMessage(reason);
      return;
    }
    await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }));
  } catch (error) {
    void window.showErrorMessage(`Mesh Lint could not write the decision record: ${visible(String(error))}`);
  }
}

/** The workspace folder of that URI, the only one, or the one that is picked. */
async function chooseFolder(wanted: unknown, placeHolder: string): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    void window.showInformationMessage('Open the folder that holds your Kubernetes manifests first.');
    return undefined;
  }
  const named = folders.find(({ uri }) => uri.toString() === wanted);
  return named ?? (folders.length === 1 ? folders[0] : window.showWorkspaceFolderPick({ placeHolder }));
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(uri)).type !== FileType.Unknown;
  } catch {
    return false;
  }
}
