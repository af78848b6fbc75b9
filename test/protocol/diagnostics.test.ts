import { expect, test } from 'vitest';
import { IS_TOLD, PULLS } from '../support/language-client';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();

interface Answer {
  readonly items: readonly { uri: string; kind: string; resultId: string; version: number | null }[];
}

test('a document is answered with what its files on disk and the others say', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const [diagnostic, ...more] = await client.diagnostics(shop.uriOf('cart.yaml'));
  expect(more).toEqual([]);
  expect(diagnostic).toMatchObject({
    code: MISPLACED,
    source: 'mesh-lint',
    severity: 2,
    codeDescription: { href: 'https://linkerd.io/2-edge/features/proxy-injection/' },
    range: { start: { line: 6, character: 4 }, end: { line: 6, character: 21 } },
  });
  expect(client.published).toEqual([]);
});

test('what did not change since is said to be unchanged', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('cart.yaml');
  const { resultId } = await client.pull(uri);
  expect(await client.pull(uri, resultId)).toEqual({ kind: 'unchanged', resultId });
  await client.open(uri, CART.replace('disabled', 'ingress'));
  expect(await client.pull(uri, resultId)).toMatchObject({ kind: 'full' });
});

test('an edit is answered at once, and the text of the editor counts', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('cart.yaml');
  await client.open(uri, CART);
  expect(await client.codes(uri)).toEqual([MISPLACED]);
  await client.edit(uri, CART.replace(': disabled', ': enabled'));
  expect(await client.codes(uri)).toEqual([]);
  await client.edit(uri, `# above\n${CART}`);
  expect((await client.diagnostics(uri))[0]?.range.start).toEqual({ line: 7, character: 4 });
});

test('the workspace is answered in parts, and goes on with what an unsaved edit changes elsewhere', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(), 'probe.yaml': pod('probe') });
  const client = await start({ folders: [shop.uri] });
  const stream = client.stream();
  await stream.until(() => stream.codes(shop.uriOf('probe.yaml')) !== undefined, 'the first parts');
  expect(stream.codes(shop.uriOf('cart.yaml'))).toBeUndefined();
  const uri = shop.uriOf('namespace.yaml');
  await client.open(uri, namespace());
  await client.edit(uri, namespace(ENABLED));
  await stream.until(() => stream.codes(shop.uriOf('cart.yaml'))?.length === 1, 'the finding in the other file');
  expect(stream.codes(shop.uriOf('cart.yaml'))).toEqual([MISPLACED]);
  // The opt-out of the pod is one now.
  await client.edit(uri, namespace());
  await stream.until(() => stream.codes(shop.uriOf('cart.yaml'))?.length === 0, 'its end');
  expect(stream.isOver).toBe(false);
  stream.cancel();
  expect(await stream.result).toEqual({ items: [] });
  expect(client.published).toEqual([]);
});

test('a workspace request that takes no parts is answered at once', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const first = await client.request<Answer>('workspace/diagnostic', { previousResultIds: [] });
  expect(first.items).toMatchObject([{ kind: 'full', uri: shop.uriOf('cart.yaml'), version: null }]);
  const previousResultIds = [
    { uri: shop.uriOf('cart.yaml'), value: first.items[0]!.resultId },
    { uri: shop.uriOf('gone.yaml'), value: 'old' },
    { uri: 'file:///elsewhere/gone.yaml', value: 'old' },
  ];
  const second = await client.request<Answer>('workspace/diagnostic', { previousResultIds });
  expect(second.items).toHaveLength(3);
  expect(second.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'unchanged', uri: shop.uriOf('cart.yaml') }),
      expect.objectContaining({ kind: 'full', uri: shop.uriOf('gone.yaml'), items: [] }),
      expect.objectContaining({ kind: 'full', uri: 'file:///elsewhere/gone.yaml', items: [] }),
    ]),
  );
});

test('a stream says nothing of what the client has already, and clears what is gone', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const { resultId } = await client.pull(shop.uriOf('cart.yaml'));
  const stream = client.stream([
    { uri: shop.uriOf('cart.yaml'), value: resultId ?? '' },
    { uri: shop.uriOf('gone.yaml'), value: 'old' },
  ]);
  await stream.until(() => stream.codes(shop.uriOf('gone.yaml'))?.length === 0, 'the end of the file that is gone');
  expect(stream.codes(shop.uriOf('cart.yaml'))).toBeUndefined();
});

test('other open documents are asked about again when their findings change', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace() });
  const client = await start({ folders: [shop.uri] });
  const [cart, name] = [shop.uriOf('cart.yaml'), shop.uriOf('namespace.yaml')];
  await client.open(cart, CART);
  await client.open(name, namespace());
  expect(await client.codes(cart)).toEqual([]);
  expect(await client.codes(name)).toEqual([]);
  await client.edit(name, namespace(ENABLED));
  await client.codes(name);
  await client.until(() => client.refreshes === 1, 'the refresh');
  expect(await client.codes(cart)).toEqual([MISPLACED]);
  // An edit without consequences asks for nothing.
  await client.edit(name, `${namespace(ENABLED)}# end\n`);
  await client.codes(name);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(client.refreshes).toBe(1);
});

test('a client that cannot be told to ask again is told, and not left to ask', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri], capabilities: { ...PULLS, workspace: { configuration: true } } });
  expect(client.initialized?.capabilities.diagnosticProvider).toBeUndefined();
  const cart = shop.uriOf('cart.yaml');
  await client.until(() => client.lastPublished(cart)?.diagnostics.length === 1, 'the finding in a file that nobody opened');
});

test('a client that cannot ask is told, with the version that it is about', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace() });
  const client = await start({ folders: [shop.uri], capabilities: IS_TOLD });
  expect(client.initialized?.capabilities.diagnosticProvider).toBeUndefined();
  const [cart, name] = [shop.uriOf('cart.yaml'), shop.uriOf('namespace.yaml')];
  await client.open(name, namespace());
  await client.edit(name, namespace(ENABLED));
  await client.until(() => client.lastPublished(cart)?.diagnostics.length === 1, 'the finding in the other file');
  expect(client.lastPublished(cart)?.version).toBeUndefined();
  await client.open(cart, CART);
  await client.edit(cart, `# above\n${CART}`);
  await client.until(() => client.lastPublished(cart)?.version === 2, 'the edited document');
  await client.edit(name, namespace());
  await client.until(() => client.lastPublished(cart)?.diagnostics.length === 0, 'the end of the finding');
  expect(client.published.filter(({ uri }) => uri === name)).toEqual([]);
  await expect(client.pull(cart)).rejects.toMatchObject({ code: -32601 });
});

test('what a client does not understand is left out', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri], capabilities: { ...PULLS, textDocument: { diagnostic: {} } } });
  const [diagnostic] = await client.diagnostics(shop.uriOf('cart.yaml'));
  expect(Object.keys(diagnostic!).sort()).toEqual(['code', 'message', 'range', 'severity', 'source']);
});

test('related places', async () => {
  const shop = folder({ 'shop.yaml': `${pod('a', 'enabled')}---\n${pod('a', 'enabled')}` });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('shop.yaml');
  const [first, second] = await client.diagnostics(uri);
  expect(first).toMatchObject({ code: 'manifest/duplicate-resource', relatedInformation: [{ location: { uri } }] });
  expect(first?.relatedInformation?.[0]?.location.range).toEqual(second?.range);
});

test('text that does nothing and text that is on its way out are tagged', async () => {
  const shop = folder({
    'labels.yaml': `# mesh-lint-disable linkerd -- nothing here\n${namespace('  labels:\n    istio-injection: enabled\n    istio.io/rev: canary\n')}`,
    'Chart.yaml':
      'apiVersion: v2\nname: mesh\nversion: 1.0.0\ndependencies:\n  - name: linkerd-crds\n    version: 1.8.0\n    repository: https://helm.linkerd.io/stable\n',
    'shop.yaml': `${pod('a', 'enabled')}---\n${pod('a', 'enabled')}`,
  });
  const client = await start({ folders: [shop.uri] });
  const tags = async (path: string): Promise<unknown> =>
    Object.fromEntries((await client.diagnostics(shop.uriOf(path))).map(({ code, tags: its }) => [code, its]));
  const [unnecessary, deprecated] = [[1], [2]];
  expect(await tags('labels.yaml')).toEqual({
    'manifest/unused-suppression': unnecessary,
    'istio/conflicting-injection-labels': unnecessary,
  });
  expect(await tags('Chart.yaml')).toEqual({ 'linkerd/stable-channel': deprecated });
  expect(await tags('shop.yaml')).toEqual({ 'manifest/duplicate-resource': undefined });
});

test('columns count UTF-16 code units, in edits as in diagnostics', async () => {
  const before = '{ "a\u0301😀": 1, ';
  const json = `${before}"apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "annotations": { "linkerd.io/inject": "no" } } }\n`;
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.json');
  await client.open(uri, '{}\n', 'json');
  await client.edit(uri, json);
  const [first] = await client.diagnostics(uri);
  expect(first?.code).toBe(MISPLACED);
  expect(json.slice(first!.range.start.character, first!.range.end.character)).toBe('"no"');
  await client.edit(uri, json.replace('😀', '😀😀👩‍🔧'));
  const [moved] = await client.diagnostics(uri);
  expect(moved!.range.start.character - first!.range.start.character).toBe('😀👩‍🔧'.length);
});

test('half a character, for as long as it takes to type the other half', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.yaml');
  const text = `# 😀\n${pod('a')}`;
  await client.open(uri, text);
  for (const half of ['\uD83D', '\uDE00', '\uDE00\uD83D', '😀']) {
    await client.edit(uri, text.replace('😀', half));
    const [diagnostic] = await client.diagnostics(uri);
    expect(diagnostic).toMatchObject({ code: MISPLACED, range: { start: { line: 7, character: 23 } } });
  }
});

test('an edit is told of without waiting for the next', async () => {
  const shop = folder({ 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri], capabilities: IS_TOLD });
  const uri = shop.uriOf('cart.yaml');
  await client.open(uri, CART.replace('disabled', 'enabled'));
  await client.request('textDocument/codeLens', { textDocument: { uri } });
  expect(client.published).toEqual([]);
  await client.edit(uri, CART);
  // As many exchanges as fit into the pause of a server that waits for the typist to stop; what counts is the order, not the time.
  let exchanges = 0;
  while (client.lastPublished(uri)?.diagnostics.length !== 1 && exchanges < 50) {
    await client.request('textDocument/hover', { textDocument: { uri: 'untitled:x' }, position: { line: 0, character: 0 } });
    exchanges++;
  }
  expect(exchanges).toBeLessThan(50);
});

test('an edit that changes a thousand files holds up nobody while they follow', async () => {
  const carts = Array.from({ length: 30 }, (_, i): [string, string] => [
    `carts-${i}.yaml`,
    Array.from({ length: 40 }, (_one, k) => CART.replaceAll('cart', `cart-${i}-${k}`)).join('---\n'),
  ]);
  const shop = folder({ 'namespace.yaml': namespace(), ...Object.fromEntries(carts) });
  const client = await start({ folders: [shop.uri] });
  const name = shop.uriOf('namespace.yaml');
  const stream = client.stream();
  await client.open(name, namespace());
  expect(await client.codes(name)).toEqual([]);
  await client.edit(name, namespace(ENABLED));
  const isDone = (): boolean => carts.every(([path]) => stream.codes(shop.uriOf(path))?.length === 40);
  let exchanges = 0;
  while (!isDone()) {
    await client.request('textDocument/hover', { textDocument: { uri: 'untitled:x' }, position: { line: 0, character: 0 } });
    exchanges++;
  }
  // One or two, were all of it done in one piece.
  expect(exchanges).toBeGreaterThan(3);
});

test.each(['yaml', 'json', 'helm', 'plaintext'])('a document of language %s counts', async (language) => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.yaml');
  await client.open(uri, pod('a'), language);
  expect(await client.codes(uri)).toEqual([MISPLACED]);
});
