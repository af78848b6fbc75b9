import { expect, test } from 'vitest';
import { PULLS } from '../support/language-client';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
const [CREATED, CHANGED, DELETED] = [1, 2, 3] as const;

test('files on disk are followed as they come, change, move and go', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace() });
  const client = await start({ folders: [shop.uri] });
  const [cart, name] = [shop.uriOf('cart.yaml'), shop.uriOf('namespace.yaml')];
  const stream = client.stream();
  expect(await client.codes(cart)).toEqual([]);

  shop.write('namespace.yaml', namespace(ENABLED));
  await client.watched([name, CHANGED]);
  await stream.until(() => stream.codes(cart)?.length === 1, 'the change');

  shop.delete('cart.yaml');
  shop.write('app/cart.yaml', CART);
  await client.watched([cart, DELETED], [shop.uriOf('app/cart.yaml'), CREATED]);
  await stream.until(() => stream.codes(cart)?.length === 0, 'the end of the old path');
  await stream.until(() => stream.codes(shop.uriOf('app/cart.yaml'))?.length === 1, 'the new path');

  // Whoever removes a folder may tell of the folder alone.
  shop.delete('app');
  await client.watched([shop.uriOf('app'), DELETED]);
  await stream.until(() => stream.codes(shop.uriOf('app/cart.yaml'))?.length === 0, 'the end of the folder');

  shop.write('more/a/pod.yaml', pod('a'));
  await client.watched([shop.uriOf('more'), CREATED]);
  await stream.until(() => stream.codes(shop.uriOf('more/a/pod.yaml'))?.length === 1, 'the new folder');
});

test('what the client is asked to watch', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  await client.until(() => client.registered.size === 2, 'the registrations');
  const watchers = [...client.registered.values()].find(({ method }) => method === 'workspace/didChangeWatchedFiles');
  expect(watchers?.registerOptions).toMatchObject({
    watchers: [
      { globPattern: { baseUri: shop.uri, pattern: '**/{*.yaml,*.yml,*.json,Kustomization,CODEOWNERS}' }, kind: 2 },
      { globPattern: { baseUri: shop.uri, pattern: '**/.gitignore' }, kind: 2 },
      { globPattern: { baseUri: shop.uri, pattern: '**/*' }, kind: 5 },
    ],
  });
  await client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: shop.uri, name: '' }] } });
  await client.until(() => client.registered.size === 1, 'the end of the watching');
});

test('patterns of a client that knows no relative ones', async () => {
  const shop = folder({});
  const didChangeWatchedFiles = { dynamicRegistration: true };
  const client = await start({ folders: [shop.uri], capabilities: { ...PULLS, workspace: { didChangeWatchedFiles } } });
  await client.until(() => client.registered.size === 1, 'the registration');
  const [registration] = [...client.registered.values()];
  expect(registration?.registerOptions).toMatchObject({ watchers: [{ kind: 2 }, { kind: 2 }, { globPattern: '**/*', kind: 5 }] });
});

test('unsaved text lies over the disk until the document is closed', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace() });
  const client = await start({ folders: [shop.uri] });
  const [cart, name] = [shop.uriOf('cart.yaml'), shop.uriOf('namespace.yaml')];
  await client.open(name, namespace());
  shop.write('namespace.yaml', namespace(ENABLED));
  await client.watched([name, CHANGED]);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await client.codes(cart)).toEqual([]);
  await client.close(name);
  expect(await client.codes(cart)).toEqual([MISPLACED]);
});

test('a document that was never saved is gone when it is closed', async () => {
  const shop = folder({ 'cart.yaml': CART });
  const client = await start({ folders: [shop.uri] });
  await client.codes(shop.uriOf('cart.yaml'));
  const stream = client.stream();
  const uri = shop.uriOf('pod.yaml');
  await client.open(uri, pod('a'));
  await stream.until(() => stream.codes(uri)?.length === 1, 'the unsaved document');
  await client.close(uri);
  await stream.until(() => stream.codes(uri)?.length === 0, 'its end');
});

test('ignored files are passed by, until they are not', async () => {
  const shop = folder({ '.git/HEAD': '', '.gitignore': 'out/\n', 'out/pod.yaml': pod('a'), 'secret/pod.yaml': pod('b') });
  const client = await start({ folders: [shop.uri] });
  const [out, secret, configuration] = [shop.uriOf('out/pod.yaml'), shop.uriOf('secret/pod.yaml'), shop.uriOf('.mesh-lint.yaml')];
  await client.open(out, pod('a'));
  expect(await client.codes(out)).toEqual([]);
  expect(await client.codes(secret)).toEqual([MISPLACED]);

  shop.write('.gitignore', '');
  shop.write('.mesh-lint.yaml', 'ignore:\n  - secret/\n');
  await client.watched([shop.uriOf('.gitignore'), CHANGED], [configuration, CREATED]);
  await client.until(() => client.refreshes > 0, 'the refresh');
  expect(await client.codes(out)).toEqual([MISPLACED]);
  expect(await client.codes(secret)).toEqual([]);

  await client.open(configuration, '');
  expect(await client.codes(secret)).toEqual([MISPLACED]);
});

test('a file that counts because a kustomization names it', async () => {
  const shop = folder({
    'kustomization.yaml': 'resources:\n  - cart.yaml\n',
    'cart.yaml': CART,
    'patch.yaml': '- op: "remove\n',
  });
  const client = await start({ folders: [shop.uri] });
  const [kustomization, uri] = [shop.uriOf('kustomization.yaml'), shop.uriOf('patch.yaml')];
  expect(await client.codes(uri)).toEqual([]);
  const named = 'resources:\n  - cart.yaml\npatches:\n  - path: patch.yaml\n    target:\n      kind: Deployment\n';
  await client.open(kustomization, named);
  const codes = await client.codes(uri);
  expect(codes).not.toEqual([]);
  await client.edit(kustomization, 'resources:\n  - cart.yaml\n');
  expect(await client.codes(uri)).toEqual([]);
});

test('a file that counts because an Application takes values from it', async () => {
  const application = (file: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: shop, namespace: argocd }\nspec:\n  source: { repoURL: https://git.example/x, path: chart, helm: { valueFiles: [${file}] } }\n  destination: { name: eu, namespace: shop }\n`;
  const shop = folder({
    'app.yaml': application('one.yaml'),
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/cart.yaml': CART,
    'chart/one.yaml': 'a: 1\n',
    'chart/two.yaml': 'a: "broken\n',
  });
  const client = await start({ folders: [shop.uri] });
  const [app, uri] = [shop.uriOf('app.yaml'), shop.uriOf('chart/two.yaml')];
  expect(await client.codes(uri)).toEqual([]);
  await client.open(app, application('two.yaml'));
  expect(await client.codes(uri)).toEqual(['manifest/syntax']);
  await client.edit(app, 'nothing: here\n');
  expect(await client.codes(uri)).toEqual([]);
});

test('what is no manifest, binary or gone does no harm', async () => {
  const shop = folder({ 'a.yaml': 'x: 1\n', 'b.yaml': '\0', 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri] });
  for (const path of ['a.yaml', 'b.yaml', 'gone.yaml', 'sub/gone.yaml', ''])
    expect(await client.codes(shop.uriOf(path))).toEqual([]);
  shop.write('a.yaml', pod('b'));
  await client.watched(
    [shop.uriOf('a.yaml'), CHANGED],
    [shop.uriOf('gone.yaml'), CHANGED],
    ['untitled:x', CREATED],
    ['%', DELETED],
  );
  const stream = client.stream();
  await stream.until(() => stream.codes(shop.uriOf('a.yaml'))?.length === 1, 'the manifest');
});

test('URIs are read however they are written', async () => {
  const shop = folder({ 'a b@1/pod.yaml': pod('a') });
  const client = await start({ folders: [`${shop.uri}/`] });
  for (const path of ['a%20b@1/pod.yaml', 'a%20b%401/pod.yaml', 'a%20b@1/%70od.yaml']) {
    expect(await client.codes(shop.uriOf(path))).toEqual([MISPLACED]);
  }
  const stream = client.stream();
  const own = shop.uriOf('a%20b%401/%70od.yaml');
  await client.open(own, pod('a'));
  await stream.until(() => stream.codes(own)?.length === 1, "the client's own spelling");
});
