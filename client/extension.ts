import { Uri, window } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { Choices } from './choices';
import { registerCommands } from './commands';
import { Server } from './server';
import { Status } from './status';
import { SummaryView } from './summary-view';

let server: Server | undefined;

/** Puts up what the editor shows, then starts the server: a view or a command is there even when the server is not. */
export async function activate({ extensionUri, workspaceState, subscriptions }: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel('Mesh Lint', { log: true });
  server = new Server(Uri.joinPath(extensionUri, 'dist', 'server.js').fsPath, output);
  const choices = new Choices(workspaceState);
  const view = new SummaryView(extensionUri, server, choices);
  subscriptions.push(output, server, choices, view, new Status(server, choices), ...registerCommands(server, output));
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
