/**
 * VS Code's server build as a process of ours, with the extension in it: what `npm start` opens and what the tests use. Each server listens
 * on 127.0.0.1 alone, at a port that the system chooses, and ends with everything that it has started.
 */
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env, execPath, kill, platform } from 'node:process';
import { promisify } from 'node:util';

/** Far above the few seconds that a start takes: machines that test are busy. */
const LONGEST_START = 120_000;
/** Characters that are kept of what it prints, for whoever asks why it ended. */
const MOST_OUTPUT = 100_000;

/**
 * What of our own surroundings would change where a server listens, whom it lets in, what it logs, or what it takes itself for: a terminal
 * inside VS Code has the variables of its window.
 */
const OF_OTHERS =
  /^(VSCODE_.*|ELECTRON_.*|CODE_SERVER_.*|CS_.*|PORT|PASSWORD|HASHED_PASSWORD|GITHUB_TOKEN|LOG_LEVEL|NODE_OPTIONS)$/i;

/**
 * The variables that a server is started with.
 * @param {NodeJS.ProcessEnv} variables
 * @returns {NodeJS.ProcessEnv} without those that speak to another server or editor
 */
export function surroundings(variables) {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !OF_OTHERS.test(name)));
}

/**
 * Starts a Node program that prints the port it listens on, and waits until it has.
 * @param {string} program
 * @param {readonly string[]} words its arguments
 * @param {RegExp} port what it prints, the port as its first group
 * @param {{ node?: string, variables?: NodeJS.ProcessEnv }} [options] the Node to run it with, and variables to be set beside our own
 * @returns {Promise<import('./vscode-server.d.mts').Server>}
 * @throws when it ends or stays silent; nothing of it is left then
 */
export async function startServer(program, words, port, { node = execPath, variables = {} } = {}) {
  const child = spawn(node, [program, ...words], {
    env: { ...surroundings(env), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the extension host and what that starts end with it, and Ctrl-C reaches it through us.
    detached: platform !== 'win32',
  });
  let output = '';
  const end = () => endGroup(child);
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', (code) => {
      // What it started may outlive it.
      end();
      resolve(code);
    });
  });
  // However this process ends, short of being killed, the server does.
  process.once('exit', end);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) end();
    await ended;
    process.off('exit', end);
  };
  const found = new Promise((resolve, reject) => {
    const read = (text) => {
      output = (output + text).slice(-MOST_OUTPUT);
      const match = port.exec(output);
      if (match?.[1] !== undefined) resolve(Number(match[1]));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
    const late = () => reject(new Error(`the server named no port in ${LONGEST_START / 1000} s:\n${output}`));
    setTimeout(late, LONGEST_START).unref();
  });
  try {
    return { port: await found, output: () => output, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function endGroup({ pid }) {
  if (pid === undefined) return;
  try {
    // On Windows the server's own parts end when they lose the process that started them.
    kill(platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    // Nothing of it is left.
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Packages the extension from what is built.
 * @param {string} root the project
 * @param {string} path of the VSIX to write
 * @param {AbortSignal} [signal]
 */
export async function packageExtension(root, path, signal) {
  const vsce = join(root, 'node_modules/@vscode/vsce');
  const { bin } = JSON.parse(readFileSync(join(vsce, 'package.json'), 'utf8'));
  // Links of the README are for the shop's page, which nobody looks at here.
  const words = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', path];
  await run(execPath, [join(vsce, bin.vsce), ...words], { cwd: root, signal });
}

/**
 * Starts VS Code with an extension and nothing else in it, for whoever has the password.
 * @param {{ node: string, codeServer: string }} installation
 * @param {object} options
 * @param {string} options.vsix the extension
 * @param {string} options.data an empty folder for everything that the editor writes
 * @param {string} options.password
 * @param {object} options.settings of its user
 * @param {string} [options.open] the folder, or file of a workspace, that it shows
 * @param {readonly string[]} [options.words] more arguments
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<import('./vscode-server.d.mts').Server>}
 */
export async function startEditor({ node, codeServer }, { vsix, data, password, settings, open, words = [], signal }) {
  if (password === '') throw new Error('the editor needs a password');
  const entry = join(codeServer, 'out/node/entry.js');
  const config = join(data, 'config.yaml');
  // What it would take from the home of whoever starts it, and write there; and sockets, which it would leave behind.
  const homes = {
    XDG_CONFIG_HOME: join(data, 'config'),
    XDG_DATA_HOME: join(data, 'share'),
    XDG_CACHE_HOME: join(data, 'cache'),
    TMPDIR: data,
  };
  const folders = ['--config', config, '--user-data-dir', data, '--extensions-dir', join(data, 'extensions')];
  await mkdir(join(data, 'User'), { recursive: true });
  await writeFile(config, 'auth: password\ncert: false\n');
  await writeFile(join(data, 'User/settings.json'), JSON.stringify(settings));
  await run(node, [entry, ...folders, '--install-extension', vsix], { env: { ...surroundings(env), ...homes }, signal });
  return startServer(
    entry,
    [
      ...[...folders, '--bind-addr', '127.0.0.1:0', '--auth', 'password', '--ignore-last-opened', '--disable-proxy'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...words,
      ...(open === undefined ? [] : [open]),
    ],
    /listening on http:\/\/127\.0\.0\.1:(\d+)/i,
    // Arguments can be read by everybody on the machine.
    { node, variables: { ...homes, PASSWORD: password } },
  );
}

/** A program's errors are its own last words, which tell more than its command line. */
async function run(command, words, options) {
  try {
    await promisify(execFile)(command, words, options);
  } catch (error) {
    const said = [error.stdout, error.stderr].join('\n').trim();
    throw said === '' ? error : new Error(said, { cause: error });
  }
}
