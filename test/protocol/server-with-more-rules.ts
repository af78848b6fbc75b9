import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** The server, with the rules of `more-rules.ts` beside its own. Call `remove` in the end. */
export async function serverWithMoreRules(): Promise<{ readonly module: string; readonly remove: () => Promise<void> }> {
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
    plugins: [moreRules],
    logLevel: 'error',
  });
  return { module, remove: () => rm(folder, { recursive: true, force: true }) };
}

const NAMESPACE = 'more-rules';

const moreRules: Plugin = {
  name: NAMESPACE,
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\.\/rules$/ }, ({ path }) => ({ path, namespace: NAMESPACE }));
    bundle.onLoad({ filter: /./, namespace: NAMESPACE }, () => ({
      contents: `
        import { rules as own } from './rules/index';
        import { moreRules } from './test/protocol/more-rules';
        export const rules = [...own, ...moreRules];
      `,
      loader: 'ts',
      resolveDir: root,
    }));
  },
};
