import { expect, test } from 'vitest';
import { IS_TOLD, PULLS } from '../support/language-client';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
const [CREATED, CHANGED, DELETED] = [1, 2, 3] as const;
const OFF = `rules:\n  ${MISPLACED}: off\n`;

test('folders have their own configuration, and come and go', async () => {
  const files = { 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) };
  const [a, b] = [folder(files), folder({ ...files, '.mesh-lint.yaml': OFF })];
  const client = await start({ folders: [a.uri] });
  const stream = client.stream();
  await stream.until(() => stream.codes(a.uriOf('cart.yaml'))?.length === 1, 'the first folder');
  await client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: b.uri, name: 'b' }], removed: [] } });
  expect(await client.codes(b.uriOf('cart.yaml'))).toEqual([]);
  await client.open(b.uriOf('.mesh-lint.yaml'), '');
  await stream.until(() => stream.codes(b.uriOf('cart.yaml'))?.length === 1, 'the second folder');
  await client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: a.uri, name: 'a' }] } });
  await stream.until(() => stream.codes(a.uriOf('cart.yaml'))?.length === 0, 'the end of the first folder');
  expect(await client.codes(a.uriOf('cart.yaml'))).toEqual([]);
  expect(stream.codes(b.uriOf('cart.yaml'))).toEqual([MISPLACED]);
});

test('of folders within folders the innermost speaks for a file', async () => {
  const outer = folder({ 'shop/pod.yaml': pod('a'), 'shop/.mesh-lint.yaml': OFF });
  const client = await start({ folders: [outer.uri], capabilities: IS_TOLD });
  const uri = outer.uriOf('shop/pod.yaml');
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 1, 'the outer folder');
  const inner = { uri: outer.uriOf('shop'), name: 'shop' };
  await client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [inner], removed: [] } });
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 0, 'the inner folder');
  await client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [inner] } });
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 1, 'the outer folder again');
});

test('the configuration above a folder holds for it', async () => {
  const outer = folder({ '.mesh-lint.yaml': OFF, 'shop/pod.yaml': pod('a') });
  const client = await start({ folders: [outer.uriOf('shop')] });
  expect(await client.codes(outer.uriOf('shop/pod.yaml'))).toEqual([]);
  await client.open(outer.uriOf('.mesh-lint.yaml'), 'rules: 1\n');
  expect(await client.codes(outer.uriOf('.mesh-lint.yaml'))).toEqual(['manifest/configuration']);
  expect(await client.codes(outer.uriOf('shop/pod.yaml'))).toEqual([MISPLACED]);
});

test('a configuration above a folder is watched, and followed as it changes, comes nearer and goes', async () => {
  const outer = folder({ '.git/HEAD': '', '.mesh-lint.yaml': OFF, 'team/shop/pod.yaml': pod('a') });
  const [top, near, uri] = [
    outer.uriOf('.mesh-lint.yaml'),
    outer.uriOf('team/.mesh-lint.yaml'),
    outer.uriOf('team/shop/pod.yaml'),
  ];
  const client = await start({ folders: [outer.uriOf('team/shop')] });
  const watchedAbove = (): unknown[] =>
    [...client.registered.values()].flatMap(({ method, registerOptions }) => {
      const { watchers = [] } = (method === 'workspace/didChangeWatchedFiles' ? registerOptions : {}) as {
        watchers?: { globPattern: { baseUri: string; pattern: string }; kind: number }[];
      };
      return watchers.filter(({ globPattern }) => globPattern.baseUri !== outer.uriOf('team/shop'));
    });
  const above = (path: string): unknown => ({
    globPattern: { baseUri: path === '' ? outer.uri : outer.uriOf(path), pattern: '.mesh-lint.yaml' },
    kind: 7,
  });
  const stream = client.stream();
  const codes = (): string[] | undefined => stream.codes(uri);
  expect(await client.codes(uri)).toEqual([]);
  expect(watchedAbove()).toEqual([above('team'), above('')]);

  outer.write('.mesh-lint.yaml', '');
  await client.watched([top, CHANGED]);
  await stream.until(() => codes()?.length === 1, 'the change');

  outer.write('team/.mesh-lint.yaml', `${OFF}unknown: 1\n`);
  await client.watched([near, CREATED]);
  await stream.until(() => codes()?.length === 0, 'the nearer one');
  await stream.until(() => stream.codes(near)?.length === 1, 'what is wrong in the nearer one');
  await client.until(() => watchedAbove().length === 1, 'the watchers of the nearer one');
  expect(watchedAbove()).toEqual([above('team')]);

  // Unsaved text of the one that holds counts, that of another does not.
  await client.open(top, OFF);
  await client.open(near, '');
  await stream.until(() => codes()?.length === 1, 'the unsaved text');
  await client.close(near);
  await stream.until(() => codes()?.length === 0, 'its end');

  outer.delete('team/.mesh-lint.yaml');
  await client.watched([near, DELETED]);
  // The document of the upper one is still open.
  await client.edit(top, '');
  await stream.until(() => codes()?.length === 1, 'the upper one again');
  await stream.until(() => stream.codes(near)?.length === 0, 'the end of what was wrong in the nearer one');
  outer.delete('.mesh-lint.yaml');
  await client.close(top);
  await client.watched([top, DELETED]);
  outer.write('team/shop/.mesh-lint.yaml', OFF);
  await client.watched([outer.uriOf('team/shop/.mesh-lint.yaml'), CREATED]);
  await stream.until(() => codes()?.length === 0, 'one of its own');
  outer.write('team/shop/.mesh-lint.yaml', '');
  await client.watched([outer.uriOf('team/shop/.mesh-lint.yaml'), CHANGED]);
  await stream.until(() => codes()?.length === 1, 'its change');
});

test('without a configuration the folders of the repository above are watched for one', async () => {
  const outer = folder({ '.git/HEAD': '', 'a/b/pod.yaml': pod('a') });
  const client = await start({ folders: [outer.uriOf('a/b'), outer.uri] });
  await client.until(() => client.registered.size === 3, 'the registrations');
  const bases = [...client.registered.values()].flatMap(
    ({ registerOptions }) =>
      (registerOptions as { watchers?: { globPattern: { baseUri: string } }[] }).watchers?.map(
        ({ globPattern }) => globPattern.baseUri,
      ) ?? [],
  );
  expect([...new Set(bases)].sort()).toEqual([outer.uri, outer.uriOf('a'), outer.uriOf('a/b')]);
});

test('a document outside all folders is looked at within its repository', async () => {
  const lone = folder({ '.git/HEAD': '', 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ capabilities: IS_TOLD });
  const uri = lone.uriOf('cart.yaml');
  await client.open(uri, CART);
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 1, 'the finding');
  await client.close(uri);
  await client.until(() => client.lastPublished(uri)?.diagnostics.length === 0, 'its end');
  expect(new Set(client.published.map((params) => params.uri))).toEqual(new Set([uri]));
});

test('a document outside any repository is looked at alone', async () => {
  const lone = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED), 'pod.yaml': pod('a') });
  const client = await start();
  await client.open(lone.uriOf('pod.yaml'), pod('a'));
  expect(await client.codes(lone.uriOf('pod.yaml'))).toEqual([MISPLACED]);
  expect(await client.codes(lone.uriOf('cart.yaml'))).toEqual([]);
});

test('settings are asked for each folder, hold where the configuration is silent, and follow live', async () => {
  const files = { 'pod.yaml': pod('a') };
  const [a, b, c] = [folder(files), folder(files), folder({ ...files, '.mesh-lint.yaml': `rules:\n  ${MISPLACED}: hint\n` })];
  let rules: unknown = { [MISPLACED]: 'error', linkerd: 'off' };
  const client = await start({
    folders: [a.uri, b.uri, c.uri],
    settings: (scope) => (scope === b.uri ? null : { rules }),
  });
  const severity = async (uri: string): Promise<number | undefined> => (await client.diagnostics(uri))[0]?.severity;
  expect(await severity(a.uriOf('pod.yaml'))).toBe(1);
  expect(await severity(b.uriOf('pod.yaml'))).toBe(3);
  expect(await severity(c.uriOf('pod.yaml'))).toBe(4);
  expect([...client.registered.values()].map(({ method }) => method)).toContain('workspace/didChangeConfiguration');
  rules = { linkerd: 'off', [`${MISPLACED}x`]: 7 };
  const stream = client.stream();
  await stream.until(() => stream.codes(a.uriOf('pod.yaml'))?.length === 1, 'the first answer');
  await client.notify('workspace/didChangeConfiguration', { settings: null });
  await stream.until(() => stream.codes(a.uriOf('pod.yaml'))?.length === 0, 'the new setting');
});

test('settings of a client that sends them itself', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({
    folders: [shop.uri],
    capabilities: { ...PULLS, workspace: { diagnostics: { refreshSupport: true } } },
  });
  const uri = shop.uriOf('pod.yaml');
  expect(await client.codes(uri)).toEqual([MISPLACED]);
  await client.notify('workspace/didChangeConfiguration', { settings: { meshLint: { rules: { linkerd: 'off' } } } });
  expect(await client.codes(uri)).toEqual([]);
});

test('a client that does not answer for its settings gets its diagnostics all the same', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri], settings: () => new Promise(() => undefined) });
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
});
