import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { CodeLens, CompletionItem, Hover } from 'vscode-languageserver/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SUMMARY_REQUEST } from '../../server/protocol';
import type { Summary } from '../../server/protocol';
import type { Folder, LanguageClient } from '../support/language-client';
import { serverBundle } from '../support/server-bundle';
import { ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
let bundle: Awaited<ReturnType<typeof serverBundle>>;
/** A copy of the server that may be broken. */
let copy: string;
/** A program that runs that copy and notes each file of it that Node loads. */
let program: string;

beforeAll(async () => {
  bundle = await serverBundle();
});
afterAll(() => bundle.remove());
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'mesh-lint-lazy-'));
  cpSync(bundle.module, join(copy, 'server.js'));
  cpSync(join(dirname(bundle.module), 'server'), join(copy, 'server'), { recursive: true });
  program = join(copy, 'noting.cjs');
  writeFileSync(
    program,
    `const { appendFileSync } = require('node:fs');
    const { Module } = require('node:module');
    const load = Module._extensions['.js'];
    Module._extensions['.js'] = (module, path) => {
      appendFileSync(${JSON.stringify(join(copy, 'loaded'))}, path + '\\n');
      load(module, path);
    };
    require('./server.js');`,
  );
});
afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

const loaded = (): string[] =>
  readFileSync(join(copy, 'loaded'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((path) => relative(copy, path).split(sep).join('/'));

const files = { 'namespace.yaml': namespace(ENABLED), 'pod.yaml': pod('a') };

const hover = (client: LanguageClient, shop: Folder): Promise<Hover | null> =>
  client.request('textDocument/hover', {
    textDocument: { uri: shop.uriOf('pod.yaml') },
    position: { line: 1, character: 7 },
  });
const lenses = (client: LanguageClient, shop: Folder): Promise<CodeLens[] | null> =>
  client.request('textDocument/codeLens', { textDocument: { uri: shop.uriOf('pod.yaml') } });
const summary = (client: LanguageClient, shop: Folder): Promise<Summary | null> =>
  client.request(SUMMARY_REQUEST, { folder: shop.uri });

test('diagnostics of what every mesh has need one file, and the others are loaded once, when somebody looks', async () => {
  const plain = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: shop\n';
  const twice = `${plain}---\n${plain}`;
  const shop = folder({ 'namespace.yaml': namespace(), 'pod.yaml': twice });
  const uri = shop.uriOf('pod.yaml');
  const client = await start({ module: program, folders: [shop.uri] });
  await client.open(uri, twice);
  expect(await client.codes(uri)).toEqual(['manifest/duplicate-resource', 'manifest/duplicate-resource']);
  expect(loaded()).toEqual(['server.js']);

  const [first, second, above] = await Promise.all([hover(client, shop), hover(client, shop), lenses(client, shop)]);
  expect(JSON.stringify(first)).toContain('Pod shop/a');
  expect(second).toEqual(first);
  expect(above?.map(({ command }) => command?.title)).toEqual(['no mesh', 'no mesh']);
  expect(loaded()).toEqual(['server.js', 'server/explanations.js', 'server/shared.js']);

  const told = await Promise.all([summary(client, shop), summary(client, shop)]);
  expect(told.map((one) => one?.decision?.choice)).toEqual(['none', 'none']);
  expect(loaded()).toEqual(['server.js', 'server/explanations.js', 'server/shared.js', 'server/folder-summary.js']);
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

test('what is about the words of one mesh is loaded where they stand', async () => {
  const shop = folder(files);
  const client = await start({ module: program, folders: [shop.uri] });
  expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
  expect(loaded()).toEqual(['server.js', 'server/rules/linkerd.js']);
});

test('what is about kinds of one mesh is loaded where there is a resource of them', async () => {
  const shop = folder({
    'mtls.yaml':
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtl: {}\n',
  });
  const client = await start({ module: program, folders: [shop.uri] });
  expect(await client.codes(shop.uriOf('mtls.yaml'))).toEqual(['istio/unknown-field']);
  const own = ['server.js', 'server/rules/istio.js', 'server/shared.js', 'server/validators/peer-authentication.js'];
  expect(loaded().sort()).toEqual(own);

  const position = { line: 6, character: 2 };
  const textDocument = { uri: shop.uriOf('mtls.yaml') };
  const offered = await client.request<CompletionItem[]>('textDocument/completion', { textDocument, position });
  expect(offered.map(({ label }) => label)).toContain('mtls');
  expect(loaded().sort()).toEqual([...own, 'server/fields.js'].sort());
});

test('what reads charts and the objects of Argo CD and Flux is loaded where one is', async () => {
  const plain = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels:\n    istio-injection: {{ .Values.inject }}\n';
  const shop = folder({
    'Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    'values.yaml': 'inject: enabled\n',
    'templates/a.yaml': plain,
  });
  const client = await start({ module: program, folders: [shop.uri] });
  expect(await client.codes(shop.uriOf('templates/a.yaml'))).toEqual([]);
  expect(loaded()).toContain('server/deliveries.js');
});

test("what reads Cilium's settings is loaded where they are, or its label is", async () => {
  const label = 'io.cilium/mtls-enabled: "true"';
  for (const own of [
    { 'namespace.yaml': namespace(`  labels:\n    ${label}\n`) },
    { 'cilium.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\ndata:\n  enable-policy: always\n' },
  ]) {
    const shop = folder({ 'pod.yaml': pod('a'), ...own });
    const client = await start({ module: program, folders: [shop.uri] });
    await client.codes(shop.uriOf('pod.yaml'));
    expect(loaded()).toContain('server/cilium.js');
    expect(await client.stop()).toBe(0);
    rmSync(join(copy, 'loaded'));
  }
});

test.each([
  ['server/explanations.js', 'hover', hover],
  ['server/folder-summary.js', 'summary', summary],
] as const)('without %s there is no %s, it is said why, and all else works', async (file, what, ask) => {
  const shop = folder(files);
  const uri = shop.uriOf('pod.yaml');
  renameSync(join(copy, file), join(copy, 'away'));
  const client = await start({ module: program, folders: [shop.uri] });
  await client.codes(uri);

  expect(await ask(client, shop)).toBeNull();
  await client.until(() => client.logged.length > 0, 'a reason');
  expect(client.logged).toHaveLength(1);
  expect(client.logged[0]).toMatch(new RegExp(`^${what}: Error: Cannot find module '[^']*${basename(file)}'`));
  expect(await client.codes(uri)).toEqual([MISPLACED]);

  // An update that puts files in place one after another.
  renameSync(join(copy, 'away'), join(copy, file));
  expect(await ask(client, shop)).not.toBeNull();
  expect(await client.stop()).toBe(0);
});
