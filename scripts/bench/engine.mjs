import { build } from 'esbuild';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const ENGINE = `
export { askReport } from './engine/answers/report';
export { PAIR_RUNS } from './engine/findings/runner';
export { Workspace } from './engine/workspace';
export { load } from './host';
export { rules } from './rules';
export { parseAllDocuments } from 'yaml';
`;

/**
 * Bundles the engine as the server's bundle has it, but with names that a profile can show, and with the parser that it is compared with.
 * @param {string} folder where the bundle goes
 * @returns {Promise<string>} its path; `require` it
 */
export function buildEngine(folder) {
  return bundle({ stdin: { contents: ENGINE, resolveDir: root, loader: 'ts' } }, join(folder, 'engine.cjs'));
}

/** Bundles the server with names that a profile can show: `dist/server.js` has none. */
export function buildReadableServer(folder) {
  return bundle({ entryPoints: [join(root, 'server/main.ts')] }, join(folder, 'server.cjs'));
}

async function bundle(input, outfile) {
  await build({
    ...input,
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    // As in the bundles that are shipped (esbuild.mjs): both sides of every comparison run the same build of the package.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    define: { __VERSION__: '"bench"' },
    logLevel: 'error',
  });
  return outfile;
}
