/**
 * Stands in for VS Code's desktop executable: takes the arguments that @vscode/test-electron passes to it, opens VS Code's server build in
 * a headless Chromium, and ends with the code of the tests. Started with the Node that the server needs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { launchBrowser } from './browser';
import type { Installation } from './browser';
import { startServer } from '../../../scripts/vscode-server.mjs';

/** Above all that its tests may wait: they tell better what did not happen. */
const LONGEST_RUN = 30 * 60_000;

const installation = JSON.parse(env['MESH_LINT_INSTALLATION'] ?? '{}') as Installation;

function argument(name: string): string {
  const found = argv.find((word) => word.startsWith(`--${name}=`));
  if (found === undefined) throw new Error(`--${name}=… is missing`);
  return found.slice(name.length + 3);
}

async function run(): Promise<number> {
  const workspace = argv.slice(2).find((word) => !word.startsWith('-'));
  if (workspace === undefined) throw new Error('no workspace given');
  const data = mkdtempSync(join(tmpdir(), 'mesh-lint-server-'));
  const server = await startServer(
    join(installation.codeServer, 'lib/vscode/out/server-main.js'),
    [
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--disable-telemetry', '--disable-workspace-trust', '--disable-experiments'],
      // A built workbench takes the paths of extension and tests from its address only when it is driven like this.
      '--enable-smoke-test-driver',
      ...['--server-data-dir', join(data, 'server'), '--user-data-dir', join(data, 'user')],
      ...['--extensions-dir', join(data, 'extensions')],
    ],
    /listening on (\d+)/,
    { variables: { TMPDIR: data, XDG_CACHE_HOME: data } },
  );
  const browser = await launchBrowser(installation);
  try {
    const page = await browser.newPage();
    let end: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => {
      end = resolve;
    });
    await page.exposeFunction('codeAutomationLog', (type: string, words: unknown[]) => {
      stdout.write(`[${type}] ${words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')}\n`);
    });
    await page.exposeFunction('codeAutomationExit', (exit: number) => {
      end(exit);
    });
    page.on('crash', () => {
      stdout.write('The page crashed\n');
      end(1);
    });
    const timer = setTimeout(() => {
      stdout.write(`Not done after ${LONGEST_RUN / 1000} s\n${server.output()}\n`);
      end(1);
    }, LONGEST_RUN);
    await page.goto(address(server.port, workspace));
    try {
      return await code;
    } finally {
      clearTimeout(timer);
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
}

function address(port: number, workspace: string): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${pathToFileURL(path).pathname}`;
  const payload = ['extensionDevelopmentPath', 'extensionTestsPath'].map((name) => [name, remote(argument(name))]);
  const url = new URL(`http://127.0.0.1:${port}/`);
  const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  url.searchParams.set(kind, pathToFileURL(workspace).pathname);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
