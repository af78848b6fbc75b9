/**
 * The editor that `npm start` opens where no desktop has one, and the browser through which the tests in test/vscode use it. They live in
 * a cache of the user's, one folder a part and version, and not in node_modules: an install of the project must not cost them, and clones
 * share them.
 *
 *   node scripts/vscode-cache.mjs     fills the cache and prints what is in it
 *
 * MESH_LINT_CACHE names another folder, MESH_LINT_CHROMIUM a Chromium of one's own.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, platform, arch, stderr, stdout, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The server build carries this VS Code; the desktop that is downloaded is the same. */
export const VSCODE_VERSION = '1.139.1';

const NODE = '24.21.0';
const CODE_SERVER = '4.139.1';
const CHROMIUM = '153.0.0';
const PLAYWRIGHT = '1.65.1';
const AXE = '4.14.1';

const ownNodeServes = versions.node.startsWith('24.');
// The packaged Chromium is a Linux build for x64; anywhere else Playwright drives the browser that is installed.
const packagedChromium = env.MESH_LINT_CHROMIUM === undefined && platform === 'linux' && arch === 'x64';

/** @typedef {{ name: string, folder: string, download: number, disk: number, install: (folder: string, signal?: AbortSignal) => Promise<void> }} Part sizes in MB */

/** @type {Part[]} What it takes to show the editor in a browser that somebody has. */
const EDITOR = [
  ...(ownNodeServes
    ? []
    : [
        {
          name: `Node.js ${NODE}, which VS Code's server needs`,
          folder: `node-${NODE}`,
          download: 53,
          disk: 190,
          // The package of one platform, as the package `node` would choose it in an install script: no script needs to run.
          install: (folder, signal) => npm(folder, [`node-${platform === 'win32' ? 'win' : platform}-${arch}@${NODE}`], signal),
        },
      ]),
  {
    name: `VS Code ${VSCODE_VERSION}, server build`,
    folder: `code-server-${CODE_SERVER}`,
    download: 185,
    disk: 595,
    install: async (folder, signal) => {
      // Without its scripts: they compile native modules, which take a compiler and minutes, and which the tests do not use.
      await npm(folder, [`code-server@${CODE_SERVER}`], signal);
      await npm(join(folder, 'node_modules/code-server/lib/vscode'), [], signal);
    },
  },
];

/** @type {Part} What it takes to drive it. */
const BROWSER = packagedChromium
  ? {
      name: `Chromium ${CHROMIUM}, Playwright ${PLAYWRIGHT} and axe-core ${AXE}`,
      folder: `chromium-${CHROMIUM}-playwright-${PLAYWRIGHT}-axe-${AXE}`,
      download: 75,
      disk: 305,
      install: async (folder, signal) => {
        await npm(folder, [`@sparticuz/chromium@${CHROMIUM}`, `playwright-core@${PLAYWRIGHT}`, `axe-core@${AXE}`], signal);
        await unpackChromium(folder);
      },
    }
  : {
      name: `Playwright ${PLAYWRIGHT} and axe-core ${AXE}`,
      folder: `playwright-${PLAYWRIGHT}-axe-${AXE}`,
      download: 5,
      disk: 18,
      install: (folder, signal) => npm(folder, [`playwright-core@${PLAYWRIGHT}`, `axe-core@${AXE}`], signal),
    };

export function cacheFolder() {
  if (env.MESH_LINT_CACHE) return env.MESH_LINT_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), 'mesh-lint/Cache');
  if (platform === 'darwin') return join(homedir(), 'Library/Caches/mesh-lint');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mesh-lint');
}

/**
 * The editor, installed at the first call; how much that downloads is told before.
 * @param {AbortSignal} [signal] ends an install that is under way
 * @returns {Promise<{ node: string, codeServer: string }>}
 * @throws with the reason when it cannot be had
 */
export async function editor(signal) {
  await have(EDITOR, signal);
  return {
    node: nodeToRun(),
    codeServer: join(cacheFolder(), `code-server-${CODE_SERVER}`, 'node_modules/code-server'),
  };
}

/**
 * Everything that the tests start, installed at the first call.
 * @returns {Promise<{ node: string, codeServer: string, playwright: string, axe: string, browser: object }>}
 */
export async function installation() {
  await have([...EDITOR, BROWSER]);
  const folder = join(cacheFolder(), BROWSER.folder);
  const modules = join(folder, 'node_modules');
  return {
    ...(await editor()),
    playwright: join(modules, 'playwright-core'),
    axe: join(modules, 'axe-core/axe.min.js'),
    browser: packagedChromium ? await packagedBrowser(join(folder, 'unpacked')) : ownBrowser(),
  };
}

export async function have(parts, signal) {
  const cache = cacheFolder();
  const missing = parts.filter(({ folder }) => !existsSync(join(cache, folder)));
  if (missing.length === 0) return;
  const sum = (key) => missing.reduce((total, part) => total + part[key], 0);
  stdout.write(`To be downloaded into ${cache}: about ${sum('download')} MB, ${sum('disk')} MB on disk\n`);
  for (const { name, download, disk } of missing) stdout.write(`  ${name}: ${download} MB, ${disk} MB on disk\n`);
  await mkdir(cache, { recursive: true });
  for (const part of missing) await install(cache, part, signal);
}

/** Into a folder beside, renamed when it is whole: an interrupted install leaves no cache that looks complete. */
async function install(cache, { name, folder, install: fill }, signal) {
  stdout.write(`Installing ${name}\n`);
  const temporary = await mkdtemp(join(cache, '.installing-'));
  try {
    await writeFile(join(temporary, 'package.json'), '{ "private": true }\n');
    await fill(temporary, signal);
    await rename(temporary, join(cache, folder)).catch((error) => {
      // Another process was first; its copy is as good.
      if (!existsSync(join(cache, folder))) throw error;
    });
  } catch (error) {
    throw new Error(`${name} could not be installed: ${error.message}`, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** npm checks what it downloads against the registry's checksums. */
export async function npm(folder, packages, signal) {
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  // Without a network npm would go on trying for minutes before it says so.
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const words = ['install', '--prefix', folder, ...flags, ...patience, ...packages];
  // Within an npm script npm tells where it is itself; outside one it is on the path.
  const own = env.npm_execpath?.endsWith('.js') ? env.npm_execpath : undefined;
  const command = own ? execPath : platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(command, own ? [own, ...words] : words, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: !own && platform === 'win32',
    signal,
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(errors.trim().split('\n').slice(0, 6).join('\n') || `npm ended with ${code}`);
}

const nodeBelow = () =>
  platform === 'win32' ? `node_modules/node-win-${arch}/bin/node.exe` : `node_modules/node-${platform}-${arch}/bin/node`;

const nodeToRun = () => (ownNodeServes ? execPath : join(cacheFolder(), `node-${NODE}`, nodeBelow()));

/** Its own code unpacks into the system's temporary folder, where any version would find the files of any other. */
async function unpackChromium(folder) {
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  const program = `
    import chromium, { inflate } from '@sparticuz/chromium';
    await chromium.executablePath();
    await inflate(${JSON.stringify(join(folder, 'node_modules/@sparticuz/chromium/bin/al2023.tar.br'))});
  `;
  const path = join(folder, 'unpack.mjs');
  await writeFile(path, program);
  await promisify(execFile)(nodeToRun(), [path], { env: { ...env, TMPDIR: unpacked } });
}

/** With the libraries and the font that come along where the system has none: no package of the system's needs to be installed. */
async function packagedBrowser(unpacked) {
  const executablePath = join(unpacked, 'chromium');
  const added = {};
  const runs = await promisify(execFile)(executablePath, ['--version']).then(
    () => true,
    () => false,
  );
  if (!runs) added.LD_LIBRARY_PATH = join(unpacked, 'al2023/lib');
  const fonts = await readdir('/usr/share/fonts').catch(() => []);
  if (fonts.length === 0) {
    const path = join(unpacked, 'fonts/here.conf');
    if (!existsSync(path)) {
      await writeFile(path, `<?xml version="1.0"?><fontconfig><dir>${join(unpacked, 'fonts')}</dir></fontconfig>\n`);
    }
    added.FONTCONFIG_FILE = path;
  }
  return { executablePath, env: added };
}

function ownBrowser() {
  if (env.MESH_LINT_CHROMIUM) return { executablePath: env.MESH_LINT_CHROMIUM, env: {} };
  return { channel: platform === 'win32' ? 'msedge' : 'chrome', env: {} };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    stdout.write(`${JSON.stringify(await installation(), undefined, 2)}\n`);
  } catch (error) {
    stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
