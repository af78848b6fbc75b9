import {
  createConnection,
  DidChangeWatchedFilesNotification,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Folder } from './folder';

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
let folders: Folder[] = [];
let watches = false;

connection.onInitialize(({ workspaceFolders, capabilities }) => {
  watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
  folders = (workspaceFolders ?? []).filter(({ uri }) => uri.startsWith('file:')).map(({ uri }) => new Folder(uri, new Date()));
  return { capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental }, serverInfo: { name: 'mesh-lint' } };
});

connection.onInitialized(() => {
  if (watches) {
    void connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.{yaml,yml,json}' }],
    });
  }
  publish();
});

documents.onDidChangeContent(({ document }) => {
  for (const folder of folders) if (folder.holds(document.uri)) folder.setText(document.uri, document.getText());
  publish();
});

documents.onDidClose(({ document }) => {
  for (const folder of folders) folder.close(document.uri);
  publish();
});

connection.onDidChangeWatchedFiles(({ changes }) => {
  for (const { uri } of changes) for (const folder of folders) folder.changed(uri);
  publish();
});

function publish(): void {
  for (const folder of folders) for (const change of folder.changes()) void connection.sendDiagnostics(change);
}

documents.listen(connection);
connection.listen();
