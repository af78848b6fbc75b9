import { CancellationTokenSource } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { PULLS } from '../support/language-client';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
const NOT_INITIALIZED = -32002;
const INVALID_REQUEST = -32600;
const CANCELLED = -32800;

test('requests before initialize are refused, and the server goes on', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ initialize: false });
  await expect(client.pull(shop.uriOf('pod.yaml'))).rejects.toMatchObject({ code: NOT_INITIALIZED });
  await client.notify('textDocument/didChange', { textDocument: { uri: 'x', version: 1 }, contentChanges: [] });
  await client.initialize({ folders: [shop.uri] });
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
  await expect(client.initialize({})).rejects.toMatchObject({ code: INVALID_REQUEST });
  expect(await client.stop()).toBe(0);
});

test('what the server says of itself', async () => {
  const client = await start();
  expect(client.initialized).toMatchObject({
    serverInfo: { name: 'mesh-lint' },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2 },
      diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: true },
      codeActionProvider: { codeActionKinds: ['quickfix', 'source.fixAll.meshLint'] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  });
});

test.each([
  ['that says nothing of encodings', undefined],
  ['that would rather have another', ['utf-8', 'utf-32', 'utf-16']],
  // Every client has UTF-16, says the protocol, whatever it lists.
  ['that lists others alone', ['utf-8']],
] as const)('positions count UTF-16 code units for a client %s', async (_, positionEncodings) => {
  const general = positionEncodings === undefined ? {} : { general: { positionEncodings: [...positionEncodings] } };
  const client = await start({ capabilities: { ...PULLS, ...general } });
  expect(client.initialized?.capabilities.positionEncoding).toBe('utf-16');
});

test.each(['rootUri', 'rootPath'] as const)('a client of before there were workspace folders gives a %s', async (name) => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ initialize: false });
  const root = name === 'rootUri' ? { rootUri: shop.uri } : { rootPath: shop.path };
  await client.connection.sendRequest('initialize', { processId: null, capabilities: PULLS, ...root });
  await client.notify('initialized', {});
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
});

test('a client that can do nothing is told of diagnostics, and asked for nothing', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri], capabilities: {} });
  const uri = shop.uriOf('pod.yaml');
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 1, 'the diagnostics');
  const { capabilities } = client.initialized ?? {};
  expect(capabilities?.diagnosticProvider).toBeUndefined();
  expect(capabilities?.codeActionProvider).toBeUndefined();
  expect([client.registered.size, client.refreshes, client.progress.length]).toEqual([0, 0, 0]);
});

test('requests after shutdown are refused, and what was held open is answered', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri] });
  const stream = client.stream();
  await stream.until(() => stream.codes(shop.uriOf('pod.yaml')) !== undefined, 'the first parts');
  await client.request('shutdown', undefined);
  expect(await stream.result).toEqual({ items: [] });
  await expect(client.pull(shop.uriOf('pod.yaml'))).rejects.toMatchObject({ code: INVALID_REQUEST });
  await expect(client.request('no/such', {})).rejects.toMatchObject({ code: INVALID_REQUEST });
  expect(await client.exit()).toBe(0);
});

test('an exit without shutdown, and an input that ends, are failures', async () => {
  expect(await (await start()).exit()).toBe(1);
  expect(await (await start()).hangUp()).toBe(1);
});

test('parameters that are none are logged, and answered with nothing', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri] });
  for (const params of [{}, { textDocument: null }, { textDocument: { uri: 7 } }]) {
    expect(await client.request('textDocument/diagnostic', params)).toEqual({ kind: 'full', items: [] });
    expect(await client.request('textDocument/codeAction', params)).toEqual([]);
    expect(await client.request('textDocument/codeLens', params)).toBeNull();
    expect(await client.request('textDocument/hover', params)).toBeNull();
  }
  await expect(client.request('workspace/executeCommand', {})).rejects.toMatchObject({ code: -32602 });
  await expect(client.request('workspace/executeCommand', { command: 7 })).rejects.toMatchObject({ code: -32602 });
  expect(await client.request('meshLint/summary', { folder: 'none' })).toBeNull();
  expect(await client.request('textDocument/codeAction', { textDocument: { uri: shop.uriOf('pod.yaml') } })).toEqual([]);
  expect(await client.request('workspace/diagnostic', { previousResultIds: 7 })).toEqual({ items: [] });
  await client.notify('textDocument/didOpen', {});
  await client.notify('textDocument/didClose', { textDocument: { uri: 'never:opened' } });
  await client.notify('workspace/didChangeWatchedFiles', { changes: [{}] });
  await client.notify('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: 'http://x' }, {}], removed: [{ uri: 'file:///no' }] },
  });
  await client.notify('workspace/didChangeConfiguration', null);
  await expect(client.request('no/such', {})).rejects.toMatchObject({ code: -32601 });
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
  expect(client.logged.some((message) => message.includes('textDocument/diagnostic'))).toBe(true);
  expect(await client.stop()).toBe(0);
});

test('documents that are no files, or of nobody, have no diagnostics', async () => {
  const client = await start({ folders: [folder({}).uri] });
  for (const uri of [
    'untitled:Untitled-1',
    'git:/x/pod.yaml',
    'file:///no/such/pod.yaml',
    'file://host/share/pod.yaml',
    'file:///a%2Fb.yaml',
    '',
  ]) {
    await client.open(uri, pod('a'));
    await client.edit(uri, pod('b'));
    if (uri !== 'file:///no/such/pod.yaml') expect(await client.codes(uri)).toEqual([]);
    await client.close(uri);
  }
  expect(await client.stop()).toBe(0);
});

test('messages in no order: edits and closes of documents that are not open, twice opened, edits far outside', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('cart.yaml');
  await client.notify('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ text: 'x' }] });
  await client.notify('textDocument/didClose', { textDocument: { uri } });
  expect(await client.codes(uri)).toEqual([MISPLACED]);
  await client.open(uri, 'kind: [');
  await client.open(uri, CART);
  const range = { start: { line: 900, character: 900 }, end: { line: 901, character: 3 } };
  await client.notify('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range, text: '# end' }],
  });
  expect(await client.codes(uri)).toEqual([MISPLACED]);
  expect(await client.actions(uri, range)).toEqual([]);
});

test('a request is cancelled while the folder is being read', async () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`pod-${i}.yaml`, pod(`p${i}`)]));
  const shop = folder(files);
  const client = await start({ folders: [shop.uri] });
  const source = new CancellationTokenSource();
  const uri = shop.uriOf('pod-1.yaml');
  const pull = client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token);
  source.cancel();
  await expect(pull).rejects.toMatchObject({ code: CANCELLED });
  expect(await client.codes(uri)).toEqual([MISPLACED]);
});

test('an answer about a text that has changed meanwhile is given up, to be asked for again', async () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`pod-${i}.yaml`, pod(`p${i}`)]));
  const shop = folder(files);
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod-1.yaml');
  await client.open(uri, pod('p1'));
  const pull = client.pull(uri);
  await client.edit(uri, pod('p1', 'disabled'));
  await expect(pull).rejects.toMatchObject({ code: -32802, data: { retriggerRequest: true } });
  expect(await client.codes(uri)).toEqual([]);
});

test('a short first look is not announced', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri] });
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
  // Longer than it would take to be announced.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(client.progress).toEqual([]);
});

test('a long first look is announced, and holds up nobody meanwhile', async () => {
  const documents = Array.from({ length: 500 }, (_, i) => i);
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`pods-${n}.yaml`, documents.map((i) => pod(`p${n}-${i}`)).join('---\n')]),
  );
  const shop = folder(files);
  const client = await start({ folders: [shop.uri] });
  const stream = client.stream();
  const isRead = (): boolean => stream.codes(shop.uriOf('pods-1.yaml')) !== undefined;
  let answered = 0;
  while (!isRead()) {
    await client.request('textDocument/hover', { textDocument: { uri: 'untitled:x' }, position: { line: 0, character: 0 } });
    answered++;
  }
  // Two or three, were the folder read in one piece; how many it is else depends on the machine.
  expect(answered).toBeGreaterThan(4);
  await client.until(() => client.progress.includes('end'), 'the end of the announcement');
  expect(client.progress).toEqual(['begin', 'end']);
});
