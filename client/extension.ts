import { join } from 'node:path';
import { window } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** Starts the language server beside this file. */
export async function activate(context: ExtensionContext): Promise<void> {
  const module = join(context.extensionPath, 'dist', 'server.js');
  const output = window.createOutputChannel('Mesh Lint', { log: true });
  context.subscriptions.push(output);
  client = new LanguageClient(
    'meshLint',
    'Mesh Lint',
    { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc } },
    {
      documentSelector: [
        { scheme: 'file', language: 'yaml' },
        { scheme: 'file', language: 'json' },
        { scheme: 'file', language: 'helm' },
      ],
      outputChannel: output,
    },
  );
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
