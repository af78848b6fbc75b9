/**
 * Tests in a real VS Code: builds test/vscode, finds the editor, packages the extension and runs the suites. `npm run build` comes first.
 *
 *   node scripts/vscode-test.mjs [--add-to REPORT] [SUITE…]      suites: example, folders, large, crashes, start, ui
 *
 * The extension host is the desktop VS Code that MESH_LINT_VSCODE names, or one that can be downloaded and has a display to show itself
 * on, or else the server build. The tests of what a user sees always take the server build, in a browser. The results go to
 * dist/test-vscode.json, and with --add-to into a report of vitest's as well.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, env, execPath, platform, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { build } from 'esbuild';
import { cacheFolder, installation, VSCODE_VERSION } from './vscode-cache.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);

const SUITES = ['example', 'folders', 'large', 'crashes', 'start', 'ui'];

async function main() {
  const { values, positionals } = parseArgs({
    args: argv.slice(2),
    options: { 'add-to': { type: 'string' } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !SUITES.includes(name));
  if (unknown.length > 0) throw new Error(`no suite is named ${unknown.join(' or ')}; there are ${SUITES.join(', ')}`);
  for (const path of ['dist/client.js', 'dist/server.js', 'dist/cli.js']) {
    if (!existsSync(at(path))) throw new Error(`${path} is missing: npm run build makes it`);
  }
  await rm(at('dist/test-vscode'), { recursive: true, force: true });
  await mkdir(at('dist/test-vscode'), { recursive: true });
  await bundle();
  const plan = {
    root,
    only: positionals,
    report: at('dist/test-vscode.json'),
    ...(values['add-to'] === undefined ? {} : { addTo: at(values['add-to']) }),
    desktop: await desktop(),
    cache: cacheFolder(),
    installation: await installation(),
  };
  return run(execPath, [at('dist/test-vscode/main.js'), JSON.stringify(plan)]);
}

async function bundle() {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    outdir: 'dist/test-vscode',
    logLevel: 'warning',
  };
  await build({
    ...common,
    entryPoints: [
      ...['example', 'folders', 'large', 'crashes'].map((name) => ({ in: `test/vscode/suite/${name}.ts`, out: name })),
      { in: 'test/vscode/host/run-in-server-build.ts', out: 'run-in-server-build' },
      { in: 'test/vscode/main.ts', out: 'main' },
    ],
    external: ['vscode', '@vscode/test-electron'],
  });
}

/** A desktop VS Code, where there is one; the reason is told where there is none. */
async function desktop() {
  if (env.MESH_LINT_VSCODE) {
    if (!existsSync(env.MESH_LINT_VSCODE)) throw new Error(`MESH_LINT_VSCODE names ${env.MESH_LINT_VSCODE}, which is not there`);
    stdout.write(`Extension host: ${env.MESH_LINT_VSCODE}\n`);
    return env.MESH_LINT_VSCODE;
  }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    stdout.write(`Extension host: VS Code ${VSCODE_VERSION}, server build (no display for a desktop)\n`);
    return undefined;
  }
  const cachePath = join(cacheFolder(), 'desktop');
  try {
    if (!existsSync(cachePath)) stdout.write(`To be downloaded into ${cachePath}: VS Code ${VSCODE_VERSION}, about 150 MB\n`);
    const path = await downloadAndUnzipVSCode({ version: VSCODE_VERSION, cachePath, timeout: 15_000 });
    stdout.write(`Extension host: VS Code ${VSCODE_VERSION}, desktop\n`);
    return path;
  } catch (error) {
    stdout.write(
      `Extension host: VS Code ${VSCODE_VERSION}, server build (the desktop cannot be downloaded: ${error.message})\n`,
    );
    return undefined;
  }
}

async function run(command, words) {
  const child = spawn(command, words, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)));
}

try {
  process.exitCode = await main();
} catch (error) {
  stderr.write(`The tests in VS Code cannot run: ${error.message}\n`);
  process.exitCode = 1;
}
