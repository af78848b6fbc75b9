import {
  DidChangeWorkspaceFoldersNotification,
  ErrorCodes,
  PositionEncodingKind,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { InitializeParams, InitializeResult } from 'vscode-languageserver/node';
import { pathToFileURL } from 'node:url';
import { registerAll } from './features';
import type { CommandHandler, Connection, Feature } from './features';
import { Folders } from './folders';
import { guarded, guardedEvent } from './guard';
import { OPEN_DOCUMENTS } from './open-document';
import type { OpenDocument } from './open-document';

declare const __VERSION__: string;

/** Serves one client until it says `exit`: life cycle, documents and folders; everything else is a feature. */
export function serve(connection: Connection, features: readonly Feature[]): void {
  const documents = new TextDocuments(OPEN_DOCUMENTS);
  const folders = new Folders(
    {
      info: (message) => {
        connection.console.info(message);
      },
      error: (message) => {
        connection.console.error(message);
      },
    },
    documents,
  );
  let isInitialized = false;

  connection.onInitialize((params): InitializeResult | ResponseError<never> => {
    if (isInitialized) return new ResponseError(ErrorCodes.InvalidRequest, 'The server is initialized already.');
    isInitialized = true;
    const { capabilities, commands } = registerAll(features, connection, folders, params.capabilities);
    serveCommands(connection, folders, commands);
    followDocuments(connection, folders, documents);
    for (const { uri, name } of foldersOf(params)) folders.add(uri, name);
    return {
      capabilities: {
        ...capabilities,
        // The offsets of JavaScript's strings, and what every client has.
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        executeCommandProvider: { commands: [...commands.keys()] },
        workspace: { ...capabilities.workspace, workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'mesh-lint', version: __VERSION__ },
    };
  });
  connection.onInitialized(() => {
    folders.ready();
  });
  // Such as a request to a client that has gone; a server that ends because of it would be started again for nothing.
  process.on('unhandledRejection', (reason) => {
    folders.fault('an answer that nobody waits for', reason);
  });
  connection.onShutdown(() => {
    folders.shutdown();
  });
  // Features set their handlers while `initialize` is answered, so this is what answers before, and whatever no feature knows.
  connection.onRequest((method) => {
    if (folders.stopped) return new ResponseError(ErrorCodes.InvalidRequest, 'The server was shut down.');
    if (!isInitialized) return new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized yet.');
    return new ResponseError(ErrorCodes.MethodNotFound, `The method ${method} is not known.`);
  });
  connection.listen();
}

function followDocuments(connection: Connection, folders: Folders, documents: TextDocuments<OpenDocument>): void {
  documents.onDidChangeContent(
    guardedEvent(folders, 'following an edit', ({ document }) => {
      folders.opened(document);
    }),
  );
  documents.onDidClose(
    guardedEvent(folders, 'closing a document', ({ document }) => {
      folders.closed(document.uri);
    }),
  );
  documents.listen(connection);
  connection.onNotification(
    DidChangeWorkspaceFoldersNotification.type,
    guardedEvent(folders, 'following the workspace folders', ({ event }) => {
      for (const { uri } of event.removed) folders.remove(uri);
      for (const { uri, name } of event.added) folders.add(uri, name);
    }),
  );
}

function serveCommands(connection: Connection, folders: Folders, commands: ReadonlyMap<string, CommandHandler>): void {
  connection.onExecuteCommand(
    guarded(folders, 'workspace/executeCommand', null, async ({ command, arguments: args }, token) => {
      const handler = commands.get(command);
      if (handler === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `The command ${command} is not known.`);
      return (await handler(args ?? [], token)) ?? null;
    }),
  );
}

/** The folders of a client, of whatever age. */
function foldersOf(params: InitializeParams): readonly { readonly uri: string; readonly name?: string }[] {
  if (params.workspaceFolders !== undefined && params.workspaceFolders !== null) return params.workspaceFolders;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- older clients have nothing else
  const { rootUri, rootPath } = params;
  if (typeof rootUri === 'string') return [{ uri: rootUri }];
  return typeof rootPath === 'string' ? [{ uri: pathToFileURL(rootPath).href }] : [];
}
