import { expect, test } from 'vitest';
import { session } from './session';

const { start, folder } = session();
const WRONG =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtl: {}\n';
const NAMED = '# yaml-language-server: $schema=https://example.com/security.istio.io/peerauthentication_v1.json\n';

test('a document that names a schema for its kind gets no findings of ours that the schema makes', async () => {
  const shop = folder({ 'mtls.yaml': WRONG });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('mtls.yaml');
  expect(await client.codes(uri)).toEqual(['istio/unknown-field']);
  await client.open(uri, WRONG);
  await client.edit(uri, NAMED + WRONG);
  expect(await client.codes(uri)).toEqual([]);
  await client.edit(uri, NAMED.replace('peerauthentication', 'gateway') + WRONG);
  expect(await client.codes(uri)).toEqual(['istio/unknown-field']);
});

test('a setting turns them off, and on again', async () => {
  const shop = folder({ 'mtls.yaml': WRONG });
  let fieldChecks = false;
  const client = await start({ folders: [shop.uri], settings: () => ({ fieldChecks }) });
  const uri = shop.uriOf('mtls.yaml');
  expect(await client.codes(uri)).toEqual([]);
  fieldChecks = true;
  await client.notify('workspace/didChangeConfiguration', { settings: null });
  let codes: readonly string[] = [];
  for (let tries = 0; tries < 100 && codes.length === 0; tries++) codes = await client.codes(uri);
  expect(codes).toEqual(['istio/unknown-field']);
});
