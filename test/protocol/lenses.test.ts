import type { ClientCapabilities, CodeLens } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { PULLS } from '../support/language-client';
import type { LanguageClient } from '../support/language-client';
import { joined, marked, namespace as bare, peerAuthentication, service, STRICT, workload } from '../support/mesh-samples';
import { session } from './session';

const { start, folder } = session();
const [SHOW_PLACE, EXPLAIN] = ['meshLint.showPlace', 'meshLint.explain'];

const SHOP = {
  'namespaces.yaml': marked('shop', 'labels', 'istio-injection: enabled'),
  'cart.yaml': joined(workload('cart', { in: 'shop' }), service('cart', { in: 'shop' })),
  'mtls.yaml': peerAuthentication('default', 'shop', STRICT),
};

function lensesOf(client: LanguageClient, uri: string): Promise<CodeLens[] | null> {
  return client.request('textDocument/codeLens', { textDocument: { uri } });
}

function run(client: LanguageClient, command: string | undefined, args: unknown): Promise<unknown> {
  return client.request('workspace/executeCommand', { command, arguments: args });
}

const titles = (lenses: CodeLens[] | null): string[] =>
  (lenses ?? []).map(({ range, command }) => `${range.start.line}: ${command?.title ?? ''}`);

test('a workload and a Service have a lens for each matter, and each leads to what decides it', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri] });
  expect(client.initialized?.capabilities.codeLensProvider).toEqual({});
  const lenses = await lensesOf(client, shop.uriOf('cart.yaml'));
  expect(titles(lenses)).toEqual(['1: Istio sidecar', '1: mTLS STRICT', '17: Istio sidecar', '17: mTLS STRICT']);
  expect(client.initialized?.capabilities.executeCommandProvider?.commands).toContain(SHOW_PLACE);
  for (const { command } of lenses ?? []) expect(await run(client, command?.command, command?.arguments)).toBe(true);
  const [label, mode] = [
    { uri: shop.uriOf('namespaces.yaml'), selection: { start: { line: 5, character: 21 }, end: { line: 5, character: 28 } } },
    { uri: shop.uriOf('mtls.yaml'), selection: { start: { line: 7, character: 10 }, end: { line: 7, character: 16 } } },
  ];
  expect(client.shown).toMatchObject([label, mode, label, mode]);
});

test('a lens names the environments that have the resource', async () => {
  const shop = folder({
    'base/kustomization.yaml': 'resources: [d.yaml]\n',
    'base/d.yaml': workload('cart'),
    'prod/kustomization.yaml': 'namespace: prod\nresources: [../base, ns.yaml]\n',
    'prod/ns.yaml': marked('prod', 'labels', 'istio-injection: enabled'),
    'staging/kustomization.yaml': 'namespace: staging\nresources: [../base, ns.yaml]\n',
    'staging/ns.yaml': bare('staging'),
  });
  const client = await start({ folders: [shop.uri] });
  const lenses = await lensesOf(client, shop.uriOf('base/d.yaml'));
  expect(titles(lenses)).toEqual([
    '1: Istio sidecar (prod), no mesh (staging)',
    '1: mTLS PERMISSIVE (prod), no mTLS (staging)',
    '1: prod, staging',
  ]);
  expect(lenses?.[2]?.command?.arguments?.[0]).toBe(shop.uriOf('prod/kustomization.yaml'));
});

test('a client that cannot be led is told instead', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri], capabilities: { ...PULLS, window: {} } });
  const messages: unknown[] = [];
  client.connection.onNotification('window/showMessage', (params: unknown) => {
    messages.push(params);
  });
  const { commands } = client.initialized?.capabilities.executeCommandProvider ?? {};
  expect(commands).toContain(EXPLAIN);
  expect(commands).not.toContain(SHOW_PLACE);
  const lenses = await lensesOf(client, shop.uriOf('cart.yaml'));
  expect(titles(lenses)).toEqual(['1: Istio sidecar', '1: mTLS STRICT', '17: Istio sidecar', '17: mTLS STRICT']);
  for (const { command } of lenses ?? []) expect(command?.command).toBe(EXPLAIN);
  expect(await run(client, EXPLAIN, lenses?.[1]?.command?.arguments)).toBe(true);
  await client.until(() => messages.length > 0, 'the message');
  expect(messages).toEqual([
    {
      type: 3,
      message: [
        'Deployment shop/cart',
        '- Istio sidecar: Namespace shop has label istio-injection=enabled (namespaces.yaml:6).',
        '- No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject (namespaces.yaml:4).',
        '- mTLS STRICT, set for the namespace by PeerAuthentication shop/default.',
        '- Selected by Service shop/cart.',
        '- Policies for these pods: PeerAuthentication shop/default.',
      ].join('\n'),
    },
  ]);
  // A lens of a text that is no more.
  const uri = shop.uriOf('cart.yaml');
  await client.open(uri, '\n');
  expect(await run(client, EXPLAIN, [uri, { line: 1, character: 6 }])).toBe(false);
  for (const args of [
    undefined,
    [],
    [uri],
    [uri, 7],
    [uri, { line: -1, character: 0 }],
    ['file:///etc/passwd', { line: 0, character: 0 }],
  ])
    expect(await run(client, EXPLAIN, args)).toBe(false);
  expect(messages).toHaveLength(1);
});

test('nothing but files of the workspace is shown, whoever asks', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri] });
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  for (const args of [
    undefined,
    [],
    [shop.uriOf('cart.yaml')],
    [shop.uriOf('cart.yaml'), { start: range.start }],
    [shop.uriOf('cart.yaml'), { start: { line: '0', character: 0 }, end: range.end }],
    ['file:///etc/passwd', range],
    ['https://example.com/', range],
    [7, range],
  ])
    expect(await run(client, SHOW_PLACE, args)).toBe(false);
  expect(client.shown).toEqual([]);
});

test('lenses are off by the setting, and follow it live', async () => {
  const shop = folder(SHOP);
  let codeLens: unknown = false;
  const client = await start({ folders: [shop.uri], settings: () => ({ codeLens }) });
  const uri = shop.uriOf('cart.yaml');
  expect(await lensesOf(client, uri)).toEqual([]);
  codeLens = true;
  await client.notify('workspace/didChangeConfiguration', { settings: null });
  let lenses: CodeLens[] | null = [];
  for (let i = 0; i < 100 && lenses?.length === 0; i++) lenses = await lensesOf(client, uri);
  expect(lenses).toHaveLength(4);
});

test('a client is told to ask again when what happens elsewhere changes the lenses that it has', async () => {
  const shop = folder(SHOP);
  const capabilities: ClientCapabilities = { ...PULLS, workspace: { ...PULLS.workspace, codeLens: { refreshSupport: true } } };
  const client = await start({ folders: [shop.uri], capabilities });
  let refreshes = 0;
  client.connection.onRequest('workspace/codeLens/refresh', () => {
    refreshes++;
    return null;
  });
  const [cart, names] = [shop.uriOf('cart.yaml'), shop.uriOf('namespaces.yaml')];
  await client.open(cart, SHOP['cart.yaml']);
  await client.open(names, SHOP['namespaces.yaml']);
  await lensesOf(client, cart);
  await client.edit(names, SHOP['namespaces.yaml'].replace('enabled', 'disabled'));
  await client.until(() => refreshes > 0, 'the refresh');
  expect(titles(await lensesOf(client, cart))).toEqual(['1: no mesh', '17: no mesh']);
  const before = refreshes;
  await client.edit(names, `${client.textOf(names)}# end\n`);
  await client.codes(names);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(refreshes).toBe(before);
});

test('documents of nobody, and parameters that are none, have no lenses', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri] });
  for (const uri of ['untitled:Untitled-1', 'file:///no/such.yaml', 7])
    expect((await client.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri } })) ?? []).toEqual([]);
  expect(await client.request('textDocument/codeLens', {})).toBeNull();
  expect(await lensesOf(client, shop.uriOf('none.yaml'))).toEqual([]);
  expect(await lensesOf(client, shop.uriOf('mtls.yaml'))).toEqual([]);
});

test('ranges count UTF-16 code units', async () => {
  const text = `{ "a\u0301😀": 1, "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" }, "spec": { "containers": [] } }\n`;
  const shop = folder({ 'pod.json': text });
  const client = await start({ folders: [shop.uri] });
  const [lens] = (await lensesOf(client, shop.uriOf('pod.json'))) ?? [];
  expect(text.slice(lens?.range.start.character, lens?.range.end.character)).toBe('"Pod"');
});
