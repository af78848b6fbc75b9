import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The server's bundle: the built one, or one of its own where that is older than the sources. Call `remove` in the end. */
export async function serverBundle(): Promise<{ readonly module: string; readonly remove: () => Promise<void> }> {
  const built = join(root, 'dist', 'server.js');
  if (timeOf(built) > newestSource()) return { module: built, remove: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'mesh-lint-server-'));
  const module = join(folder, 'server.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: module,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    define: { __VERSION__: '"test"' },
    logLevel: 'error',
  });
  return { module, remove: () => rm(folder, { recursive: true, force: true }) };
}

function newestSource(): number {
  const rooms = ['server', 'engine', 'rules', 'host', 'schemas'];
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(root, room, file)),
  );
  return Math.max(...files.filter((file) => file.endsWith('.ts')).map(timeOf));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
