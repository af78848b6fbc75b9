import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../cli/run';
import { WorkspaceLinter } from '../../cli/workspace-linter';
import { rules } from '../../rules';
import { RECORD_REQUEST } from '../../server/protocol';
import type { LanguageClient } from '../support/language-client';
import { CART, session } from './session';

const { start, folder } = session();

/** What `mesh-lint decide --format markdown` prints for the folder that it is started in. */
function printed(cwd: string): string {
  let output = '';
  const io = { stdout: (text: string) => (output += text), stderr: () => undefined, cwd, env: {}, isTTY: false, columns: 80 };
  run(['decide', '--format', 'markdown'], { ...io, now: Date.now }, ({ now }) => new WorkspaceLinter({ rules, now }));
  return output;
}

/** The record once everything is read. */
function recordOf(client: LanguageClient, params: unknown): Promise<string | null> {
  return client.request(RECORD_REQUEST, params);
}

test.each(['bookshop', 'half-migrated'])('the record of %s is the one that the command prints', async (name) => {
  const shop = folder({});
  cpSync(join(import.meta.dirname, '../../examples', name), shop.path, { recursive: true });
  const client = await start({ folders: [shop.uri] });
  const record = await recordOf(client, { folder: shop.uri });
  expect(record).toMatch(/^# Decision: a service mesh for /);
  expect(record).toBe(printed(shop.path));
});

test('the record follows what is open and not saved', async () => {
  const shop = folder({ 'cart.yaml': CART });
  const client = await start({ folders: [shop.uri] });
  expect(await recordOf(client, {})).toContain('team.engineers');
  await client.open(shop.uriOf('.mesh-lint.yaml'), 'team:\n  engineers: 14\n');
  expect(await recordOf(client, {})).not.toContain('team.engineers');
});

test('there is none of a folder without resources, nor of one that is not here', async () => {
  const client = await start({ folders: [folder({ 'notes.yaml': 'a: b\n' }).uri] });
  expect(await recordOf(client, null)).toBeNull();
  expect(await recordOf(client, { folder: 'file:///no/such' })).toBeNull();
  expect(client.logged).toEqual([]);
});
