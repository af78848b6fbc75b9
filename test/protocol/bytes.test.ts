import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { FullDocumentDiagnosticReport } from 'vscode-languageserver/node';
import { PULLS } from '../support/language-client';
import { serverBundle } from '../support/server-bundle';
import { BUILD_MILLISECONDS, MISPLACED, pod, session } from './session';

const { folder } = session();
let bundle: Awaited<ReturnType<typeof serverBundle>>;
let server: ChildProcess | undefined;
beforeAll(async () => {
  bundle = await serverBundle();
}, BUILD_MILLISECONDS);
afterAll(() => bundle.remove());
afterEach(() => {
  if (server?.exitCode === null) server.kill('SIGKILL');
});

test.each([
  ['no JSON', ['{ nope', '']],
  ['JSON that is no message', ['null', '[]', '7', '"text"', '{}', '{ "jsonrpc": "2.0" }']],
  [
    'an answer that nobody waits for, a notification that nobody knows, a request cancelled that there is not',
    [
      '{ "jsonrpc": "2.0", "id": 99, "result": 7 }',
      '{ "jsonrpc": "2.0", "id": 98, "error": 7 }',
      '{ "jsonrpc": "2.0", "method": "no/such/notification" }',
      '{ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": "none" } }',
      '{ "jsonrpc": "2.0", "method": "$/progress", "params": {} }',
    ],
  ],
  [
    'parameters and identities of another kind',
    [
      '{ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": [1, 2] }',
      '{ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": null }',
      '{ "jsonrpc": "2.0", "id": {}, "method": "textDocument/hover", "params": null }',
      '{ "jsonrpc": "2.0", "id": "x", "method": "textDocument/diagnostic" }',
      '{ "jsonrpc": "2.0", "id": 5, "method": "workspace/executeCommand", "params": [[]] }',
    ],
  ],
])('what is %s does the server no harm', async (_, contents) => {
  const shop = folder({ 'pod.yaml': pod('a') });
  server = spawn(process.execPath, [bundle.module, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const { stdin, stdout } = server;
  const exited = new Promise((resolve) => server?.on('exit', resolve));
  const connection = createProtocolConnection(new StreamMessageReader(stdout!), new StreamMessageWriter(stdin!));
  connection.onRequest('workspace/configuration', () => [null]);
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  const send = (): void => {
    for (const content of contents) stdin!.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  };
  send();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: PULLS,
    workspaceFolders: [{ uri: shop.uri, name: 'shop' }],
  });
  await connection.sendNotification('initialized', {});
  send();
  const pull = await connection.sendRequest<FullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument: { uri: shop.uriOf('pod.yaml') },
  });
  expect(pull.items.map(({ code }) => code)).toEqual([MISPLACED]);
  send();
  await connection.sendRequest('shutdown');
  send();
  await connection.sendNotification('exit');
  expect(await exited).toBe(0);
});
