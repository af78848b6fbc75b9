import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);

/**
 * Imports TypeScript of this project into a build script. It must be free of Node's modules, as engine, rules and schemas are:
 * for that reason it can be imported without a file of its own on disk.
 * @param {string} contents a module whose relative imports start at the project's root
 * @returns {Promise<Record<string, unknown>>} its exports
 */
export async function importTypeScript(contents) {
  const bundle = await build({
    absWorkingDir: fileURLToPath(root),
    stdin: { contents, resolveDir: fileURLToPath(root), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    define: { __VERSION__: '"build"' },
    logLevel: 'error',
  });
  const [file] = bundle.outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(file.contents).toString('base64')}`);
}
