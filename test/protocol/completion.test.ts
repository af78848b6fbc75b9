import { MarkupKind } from 'vscode-languageserver/node';
import type { ClientCapabilities, CompletionItem, Hover, MarkupContent } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { PULLS } from '../support/language-client';
import type { Folder, LanguageClient } from '../support/language-client';
import { marked, peerAuthentication, STRICT, workload } from '../support/mesh-samples';
import { session } from './session';

const { start, folder } = session();
const capabilities: ClientCapabilities = {
  ...PULLS,
  textDocument: {
    ...PULLS.textDocument,
    hover: { contentFormat: [MarkupKind.Markdown] },
    completion: { completionItem: { documentationFormat: [MarkupKind.Markdown], tagSupport: { valueSet: [1] } } },
  },
};

const ROUTE =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n';
const REFERENCE = 'https://istio.io/latest/docs/reference/config/networking/virtual-service/';

/** The completions at the end of an open document. */
async function completions(client: LanguageClient, uri: string, text: string): Promise<CompletionItem[] | null> {
  const lines = text.split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return client.request('textDocument/completion', { textDocument: { uri }, position });
}

function hoverOn(client: LanguageClient, shop: Folder, path: string, needle: string): Promise<Hover | null> {
  const before = shop.read(path).slice(0, shop.read(path).indexOf(needle));
  const position = { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') };
  return client.request('textDocument/hover', { textDocument: { uri: shop.uriOf(path) }, position });
}
const valueOf = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? '';

test('fields are offered while they are written, with what they are for', async () => {
  const shop = folder({ 'route.yaml': ROUTE });
  const client = await start({ folders: [shop.uri], capabilities });
  expect(client.initialized?.capabilities.completionProvider).toEqual({ triggerCharacters: [' '] });
  const uri = shop.uriOf('route.yaml');
  await client.open(uri, ROUTE);
  const text = `${ROUTE}      re`;
  await client.edit(uri, text);
  const items = await completions(client, uri, text);
  const retries = items?.find(({ label }) => label === 'retries');
  expect(retries).toMatchObject({
    kind: 5,
    detail: 'object',
    textEdit: {
      newText: 'retries:',
      range: { start: { line: 11, character: 6 }, end: { line: 11, character: 8 } },
    },
  });
  const documentation = retries?.documentation as MarkupContent;
  expect(documentation.kind).toBe('markdown');
  expect(documentation.value).toMatch(/^\*\*spec\.http\\\[\\\]\.retries\*\*: object\n\n\S/);
  expect(documentation.value).toContain(`[Istio's reference](${REFERENCE}#`);
  expect(items?.map(({ label }) => label)).not.toContain('route');
  expect(items?.find(({ label }) => label === 'mirrorPercent')?.tags).toEqual([1]);
  const order = (items ?? []).map(({ sortText }) => sortText ?? '');
  expect(order).toEqual([...order].sort());
});

test('words of a field are offered, and nothing in other documents', async () => {
  const text = `${peerAuthentication('default', 'shop', '').replace(/spec:[^]*/, '')}spec:\n  mtls:\n    mode: ST`;
  const shop = folder({ 'mtls.yaml': text, 'cart.yaml': workload('cart', { in: 'shop' }) });
  const client = await start({ folders: [shop.uri], capabilities });
  const uri = shop.uriOf('mtls.yaml');
  await client.open(uri, text);
  const items = await completions(client, uri, text);
  expect(items?.map(({ label, kind, detail }) => [label, kind, detail])).toEqual([
    ['UNSET', 20, 'default'],
    ['DISABLE', 20, undefined],
    ['PERMISSIVE', 20, undefined],
    ['STRICT', 20, undefined],
  ]);
  const cart = `${workload('cart', { in: 'shop' })}  `;
  await client.open(shop.uriOf('cart.yaml'), cart);
  expect(await completions(client, shop.uriOf('cart.yaml'), cart)).toBeNull();
  for (const params of [{}, { textDocument: { uri: 7 }, position: {} }, { textDocument: { uri } }])
    expect(await client.request('textDocument/completion', params)).toBeNull();
  expect(await completions(client, shop.uriOf('none.yaml'), 'a')).toBeNull();
});

test('a hover tells what a field is for, under what it does here', async () => {
  const shop = folder({
    'ns.yaml': marked('shop', 'labels', 'istio-injection: enabled'),
    'cart.yaml': workload('cart', { in: 'shop' }),
    'mtls.yaml': peerAuthentication('default', 'shop', STRICT),
    'route.yaml': ROUTE,
  });
  const client = await start({ folders: [shop.uri], capabilities });
  const host = await hoverOn(client, shop, 'route.yaml', 'host: cart');
  expect(valueOf(host)).toMatch(/^\*\*spec\.http\\\[\\\]\.route\\\[\\\]\.destination\.host\*\*: text; required\n\n\S/);
  expect(valueOf(host)).toContain(`(${REFERENCE}#Destination)`);
  expect(host?.range).toEqual({ start: { line: 10, character: 12 }, end: { line: 10, character: 16 } });

  const [effect, field] = valueOf(await hoverOn(client, shop, 'mtls.yaml', 'STRICT')).split('\n\n---\n\n');
  expect(effect).toContain('Sets STRICT for 1 workload');
  expect(field).toMatch(/^\*\*spec\.mtls\.mode\*\*: one of `UNSET`, `DISABLE`, `PERMISSIVE` or `STRICT`; default `UNSET`\n\n/);
  expect(valueOf(await hoverOn(client, shop, 'route.yaml', 'VirtualService'))).toContain(`(${REFERENCE})`);
  expect(await hoverOn(client, shop, 'route.yaml', 'name: cart')).toBeNull();
});

test('a client that shows plain text gets no markup', async () => {
  const shop = folder({ 'route.yaml': ROUTE });
  const client = await start({ folders: [shop.uri] });
  const value = valueOf(await hoverOn(client, shop, 'route.yaml', 'hosts'));
  expect(value.split('\n')[0]).toBe('spec.hosts: list of text');
  expect(value).toContain(`\n${REFERENCE}#`);
  expect(value).not.toMatch(/`|\*\*|\]\(/);
});
