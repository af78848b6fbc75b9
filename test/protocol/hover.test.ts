import { CancellationTokenSource } from 'vscode-languageserver/node';
import type { ClientCapabilities, Hover, MarkupContent } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { PULLS } from '../support/language-client';
import type { Folder, LanguageClient } from '../support/language-client';
import { joined, marked, peerAuthentication, service, STRICT, workload } from '../support/mesh-samples';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
const capabilities: ClientCapabilities = {
  ...PULLS,
  textDocument: { ...PULLS.textDocument, hover: { contentFormat: ['markdown', 'plaintext'] } },
};

/** A hover one character into the first place of a text, as the file on disk has it. */
function hoverOn(client: LanguageClient, shop: Folder, path: string, needle: string): Promise<Hover | null> {
  const before = shop.read(path).slice(0, shop.read(path).indexOf(needle));
  const position = { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') };
  return client.request('textDocument/hover', { textDocument: { uri: shop.uriOf(path) }, position });
}

const valueOf = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? '';

const MESH = {
  'namespaces.yaml': marked('shop', 'labels', 'istio-injection: enabled'),
  'cart.yaml': joined(workload('cart', { in: 'shop' }), service('cart', { in: 'shop' })),
  'mtls.yaml': peerAuthentication('default', 'shop', STRICT),
};

test('a hover says what holds here, why, and where that is written', async () => {
  const shop = folder(MESH);
  const client = await start({ folders: [shop.uri], capabilities });
  expect(client.initialized?.capabilities.hoverProvider).toBe(true);
  const [label, policy] = [`${shop.uriOf('namespaces.yaml')}#L6,22`, `${shop.uriOf('mtls.yaml')}#L8,11`];
  const [linkerd, cart] = [`${shop.uriOf('namespaces.yaml')}#L4,9`, `${shop.uriOf('cart.yaml')}#L4,9`];
  const aboutCart = [
    '**Deployment shop/cart**',
    '',
    `- Istio sidecar: Namespace shop has label istio-injection=enabled ([namespaces.yaml:6](${label})).`,
    `- No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject ([namespaces.yaml:4](${linkerd})).`,
    `- mTLS STRICT, set for the namespace by [PeerAuthentication shop/default](${policy}).`,
    `- Selected by [Service shop/cart](${shop.uriOf('cart.yaml')}#L20,9).`,
    `- Policies for these pods: [PeerAuthentication shop/default](${shop.uriOf('mtls.yaml')}#L4,9).`,
  ].join('\n');
  const on = (path: string, needle: string): Promise<Hover | null> => hoverOn(client, shop, path, needle);
  const kind = await on('cart.yaml', 'Deployment');
  expect(kind).toEqual({
    contents: { kind: 'markdown', value: aboutCart },
    range: { start: { line: 1, character: 6 }, end: { line: 1, character: 16 } },
  });
  expect(valueOf(await on('cart.yaml', 'cart'))).toBe(aboutCart);
  expect(valueOf(await on('cart.yaml', 'Service'))).toContain(
    `- Selects the pods of [Deployment shop/cart](${cart}): Istio sidecar`,
  );
  for (const needle of ['istio-injection', 'enabled'])
    expect(valueOf(await on('namespaces.yaml', needle))).toContain(
      `Gives the pods of 1 workload Istio's sidecar: [Deployment shop/cart](${cart}).`,
    );
  for (const needle of ['STRICT', 'PeerAuthentication'])
    expect(valueOf(await on('mtls.yaml', needle))).toContain(`- Sets STRICT for 1 workload: [Deployment shop/cart](${cart}).`);
});

test('assumptions are named', async () => {
  const shop = folder({ 'a.yaml': joined(marked('shop', 'labels', 'istio.io/rev: canary'), workload('cart', { in: 'shop' })) });
  const client = await start({ folders: [shop.uri], capabilities });
  expect(valueOf(await hoverOn(client, shop, 'a.yaml', 'canary'))).toContain('- This assumes that revision canary is installed.');
});

test('each environment has its say, in the base, in a patch, and on the first line of a file', async () => {
  const shop = folder({
    'base/kustomization.yaml': 'resources: [d.yaml]\n',
    'base/d.yaml': workload('cart'),
    'prod/kustomization.yaml': 'namespace: prod\nresources: [../base, ns.yaml]\n',
    'prod/ns.yaml': marked('prod', 'labels', 'istio-injection: enabled'),
    'dev/kustomization.yaml':
      'namespace: dev\nresources: [../base]\npatches:\n  - target: { kind: Deployment }\n    patch: |-\n      - op: add\n        path: /spec/template/metadata/labels/sidecar.istio.io~1inject\n        value: "false"\n',
  });
  const client = await start({ folders: [shop.uri], capabilities });
  const used = `Used in 2 environments: [dev](${shop.uriOf('dev/kustomization.yaml')}#L1,1), [prod](${shop.uriOf('prod/kustomization.yaml')}#L1,1).`;
  const base = valueOf(await hoverOn(client, shop, 'base/d.yaml', 'Deployment')).split('\n');
  expect(base[0]).toBe('**Deployment dev/cart (dev), Deployment prod/cart (prod)**');
  expect(base).toContain(`- ${used}`);
  expect(base.some((line) => line.startsWith('- prod: Istio sidecar: Namespace prod has label'))).toBe(true);
  const decided = `No Istio sidecar: pod label sidecar.istio.io/inject=false ([dev/kustomization.yaml:8](${shop.uriOf('dev/kustomization.yaml')}#L8,16)).`;
  expect(base).toContain(`- dev: ${decided}`);
  expect(await hoverOn(client, shop, 'dev/kustomization.yaml', '"false"')).toEqual({
    contents: {
      kind: 'markdown',
      value: [
        '**sidecar.istio.io/inject=false, label of pods of Deployment dev/cart**',
        '',
        `- ${decided}`,
        `- Used in environment [dev](${shop.uriOf('dev/kustomization.yaml')}#L1,1).`,
      ].join('\n'),
    },
    range: { start: { line: 7, character: 15 }, end: { line: 7, character: 22 } },
  });
  expect(valueOf(await hoverOn(client, shop, 'base/d.yaml', 'apiVersion'))).toBe(`**base/d.yaml**\n\n- ${used}`);
});

test.each([
  ['nothing', undefined, 'plaintext'],
  ['plain text', ['plaintext'], 'plaintext'],
  ['plain text rather', ['plaintext', 'markdown'], 'plaintext'],
  ['Markdown rather', ['markdown', 'plaintext'], 'markdown'],
] as const)('a client that says %s of formats', async (_, formats, kind) => {
  const shop = folder(MESH);
  const hover = formats === undefined ? {} : { hover: { contentFormat: [...formats] } };
  const client = await start({
    folders: [shop.uri],
    capabilities: { ...PULLS, textDocument: { ...PULLS.textDocument, ...hover } },
  });
  const contents = (await hoverOn(client, shop, 'cart.yaml', 'Deployment'))?.contents as MarkupContent;
  expect(contents.kind).toBe(kind);
  expect(contents.value.startsWith(kind === 'markdown' ? '**Deployment' : 'Deployment shop/cart\n- Istio sidecar')).toBe(true);
});

test('a hover follows an unsaved edit in another file', async () => {
  const shop = folder(MESH);
  const client = await start({ folders: [shop.uri], capabilities });
  const uri = shop.uriOf('namespaces.yaml');
  await client.open(uri, MESH['namespaces.yaml']);
  await client.edit(uri, MESH['namespaces.yaml'].replace('enabled', 'disabled'));
  const first = valueOf(await hoverOn(client, shop, 'cart.yaml', 'Deployment'));
  expect(first).toContain('No Istio sidecar: Namespace shop has label istio-injection=disabled');
  await client.close(uri);
  expect(valueOf(await hoverOn(client, shop, 'cart.yaml', 'Deployment'))).toContain('- Istio sidecar: ');
});

test('nothing is said of other text, of positions that are none, and to parameters that are none', async () => {
  const shop = folder({ ...MESH, 'notes.yaml': 'a: 1\n' });
  const client = await start({ folders: [shop.uri], capabilities });
  for (const [path, needle] of [
    ['cart.yaml', 'apiVersion'],
    ['cart.yaml', 'example/app'],
    ['notes.yaml', 'a'],
  ] as const)
    expect(await hoverOn(client, shop, path, needle)).toBeNull();
  const uri = shop.uriOf('cart.yaml');
  for (const position of [
    { line: 9999, character: 0 },
    { line: -1, character: -5 },
    { line: 0, character: 1e9 },
  ])
    expect(await client.request('textDocument/hover', { textDocument: { uri }, position })).toBeNull();
  for (const params of [
    {},
    { textDocument: { uri: 7 }, position: {} },
    { textDocument: { uri } },
    { textDocument: { uri }, position: 'x' },
  ])
    expect(await client.request('textDocument/hover', params)).toBeNull();
  expect(client.logged.some((message) => message.startsWith('hover: '))).toBe(true);
  for (const elsewhere of ['untitled:Untitled-1', 'file:///no/such.yaml', shop.uri])
    expect(
      await client.request('textDocument/hover', { textDocument: { uri: elsewhere }, position: { line: 0, character: 0 } }),
    ).toBeNull();
  expect(valueOf(await hoverOn(client, shop, 'cart.yaml', 'Deployment'))).toContain('Istio sidecar');
});

test('positions and ranges count UTF-16 code units', async () => {
  const text = `{ "a\u0301😀👩‍🔧": 1, "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop", "labels": { "istio-injection": "enabled" } } }\n`;
  const shop = folder({ 'ns.json': text });
  const client = await start({ folders: [shop.uri], capabilities });
  for (const needle of ['"istio-injection"', '"enabled"', '"Namespace"']) {
    const hover = await hoverOn(client, shop, 'ns.json', needle);
    expect(text.slice(hover?.range?.start.character, hover?.range?.end.character)).toBe(needle);
  }
});

test('requests are cancelled while the folder is being read, and answered later', async () => {
  const shop = folder({
    ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`pod-${i}.yaml`, pod(`p${i}`)])),
    'cart.yaml': CART,
    'namespace.yaml': namespace(ENABLED),
  });
  const client = await start({ folders: [shop.uri], capabilities });
  const textDocument = { uri: shop.uriOf('cart.yaml') };
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const requests: [string, object][] = [
    ['textDocument/hover', { textDocument, position: range.start }],
    ['textDocument/codeLens', { textDocument }],
    ['textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }],
    ['workspace/diagnostic', { previousResultIds: [] }],
  ];
  const source = new CancellationTokenSource();
  const answers = requests.map(([method, params]) => client.connection.sendRequest(method, params, source.token));
  source.cancel();
  for (const answer of answers) await expect(answer).rejects.toMatchObject({ code: -32800 });
  expect(valueOf(await hoverOn(client, shop, 'cart.yaml', 'Deployment'))).toContain('Linkerd proxy');
  expect(await client.codes(textDocument.uri)).toEqual([MISPLACED]);
});
