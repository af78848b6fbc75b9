import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '../..');

interface BundlesScript {
  readonly bundles: readonly (BuildOptions & { readonly outfile: string })[];
  readonly optionsOf: (bundle: BuildOptions) => BuildOptions;
}

/**
 * The server's bundle: the built one, or one of its own, built the same way, where that is older than the sources. What it loads later
 * stands beside it in `server/`. Call `remove` in the end.
 */
export async function serverBundle(): Promise<{ readonly module: string; readonly remove: () => Promise<void> }> {
  const built = join(root, 'dist', 'server.js');
  if (timeOf(built) > newestSource()) return { module: built, remove: () => Promise.resolve() };
  const { bundles, optionsOf } = (await import(new URL('../../scripts/bundles.mjs', import.meta.url).href)) as BundlesScript;
  const bundle = bundles.find(({ outfile }) => outfile === 'dist/server.js');
  if (bundle === undefined) throw new Error('no bundle is dist/server.js');
  const folder = await mkdtemp(join(tmpdir(), 'mesh-lint-server-'));
  const module = join(folder, 'server.js');
  await build({ ...optionsOf(bundle), outfile: module });
  return { module, remove: () => rm(folder, { recursive: true, force: true }) };
}

function newestSource(): number {
  const rooms = ['server', 'engine', 'rules', 'host', 'schemas', 'scripts'];
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(root, room, file)),
  );
  return Math.max(...files.filter((file) => /\.(ts|mjs)$/.test(file)).map(timeOf));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
