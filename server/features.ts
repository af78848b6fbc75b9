import type { CancellationToken, ClientCapabilities, ProposedFeatures, ServerCapabilities } from 'vscode-languageserver/node';
import type { Folders } from './folders';

/** The connection as every feature sees it. */
export type Connection = ProposedFeatures.Connection;

/** A server command (`workspace/executeCommand`). Its arguments come from outside: check them. */
export type CommandHandler = (args: readonly unknown[], token: CancellationToken) => unknown;

/** What a feature adds to the answer of `initialize`, and the commands it serves. */
export interface Registration {
  /** Merged with those of the others; commands are listed from `commands`, not here. */
  readonly capabilities?: ServerCapabilities;
  readonly commands?: Readonly<Record<string, CommandHandler>>;
}

/**
 * One feature of the server, one file, attached by one line in `main.ts`.
 *
 * `register` is called once, while `initialize` is answered: it sets its handlers on the connection, each wrapped by `guarded`
 * (`guard.ts`), and may listen to `folders.onSettled`. It must not send anything yet; `folders.onReady` tells when it may.
 *
 * A handler that gets a URI finds its place with `folders.find(uri)`: the folder and the path in it, as the engine knows it. Before it
 * asks `folder.workspace` it awaits `folder.settled(token)`, which reads and computes what is outstanding in slices (and is done at once
 * when nothing is). From there on it works synchronously, so that no edit can come in between. What diagnostics can do without is imported
 * by the handler, before it waits: the build makes a file of it, which is loaded with the first such request.
 *
 *     export const hovers: Feature = {
 *       name: 'hover',
 *       register(connection, folders) {
 *         connection.onHover(
 *           guarded(folders, 'hover', null, async ({ textDocument, position }, token) => {
 *             const found = folders.find(textDocument.uri);
 *             if (found === undefined) return null;
 *             const { hoverAt } = await import('./explanations');
 *             await found.folder.settled(token);
 *             return hoverAt(found.folder, found.path, position);
 *           }),
 *         );
 *         return { capabilities: { hoverProvider: true } };
 *       },
 *     };
 */
export interface Feature {
  /** For logs. */
  readonly name: string;
  register(connection: Connection, folders: Folders, client: ClientCapabilities): Registration;
}

/** Registers the features, and merges what they add. One that throws is left out, and logged. */
export function registerAll(
  features: readonly Feature[],
  connection: Connection,
  folders: Folders,
  client: ClientCapabilities,
): { readonly capabilities: ServerCapabilities; readonly commands: ReadonlyMap<string, CommandHandler> } {
  let capabilities: ServerCapabilities = {};
  const commands = new Map<string, CommandHandler>();
  for (const feature of features) {
    try {
      const added = feature.register(connection, folders, client);
      capabilities = { ...capabilities, ...added.capabilities };
      for (const [name, handler] of Object.entries(added.commands ?? {})) commands.set(name, handler);
    } catch (error) {
      folders.fault(`the feature ${feature.name} could not be started`, error);
    }
  }
  return { capabilities, commands };
}
