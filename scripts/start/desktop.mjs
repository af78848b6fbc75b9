import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { posix, win32 } from 'node:path';
import { promisify } from 'node:util';

/**
 * A VS Code that is installed, or why there is none.
 * @typedef {{ command: string, version?: string } | { reason: string }} Desktop
 *
 * What is asked of the machine, so that tests can be any machine.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} env
 * @property {(path: string) => boolean} canRun whether a program is there
 * @property {(command: string) => Promise<string>} versionOf what it prints when asked for its version; rejects when it fails
 */

/**
 * Finds the desktop's VS Code: the one that MESH_LINT_VSCODE names, the one on the path, one in the places where installers put it.
 * @param {Machine} machine
 * @param {string} oldest the first version that the extension runs in
 * @returns {Promise<Desktop>}
 * @throws when MESH_LINT_VSCODE names nothing that runs: somebody meant it
 */
export async function findDesktop({ platform, env, canRun, versionOf }, oldest) {
  if (env.MESH_LINT_VSCODE) {
    if (!canRun(env.MESH_LINT_VSCODE)) throw new Error(`MESH_LINT_VSCODE names ${env.MESH_LINT_VSCODE}, which cannot be run`);
    return { command: env.MESH_LINT_VSCODE };
  }
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return { reason: 'there is no display for a desktop' };
  // Its `code` speaks to a window on another machine, and leaves out what extension to load.
  if (env.VSCODE_IPC_HOOK_CLI) return { reason: 'this terminal belongs to a remote window of VS Code' };
  const reasons = [];
  for (const command of candidates(platform, env).filter(canRun)) {
    // On Windows it is the editor itself, which has no answer but a window.
    if (platform === 'win32') return { command };
    const version = await versionOf(command).then(
      (text) => /^\d+\.\d+\.\d+/.exec(text)?.[0],
      () => undefined,
    );
    if (version === undefined) reasons.push(`${command} does not tell its version`);
    else if (isOlder(version, oldest)) reasons.push(`${command} is ${version}, and the extension needs ${oldest}`);
    else return { command, version };
  }
  return { reason: reasons.length > 0 ? reasons.join('; ') : 'no VS Code is on the path or in its usual places' };
}

/** Where VS Code may be, the likeliest first. */
function candidates(platform, env) {
  if (platform === 'win32') {
    // Beside the script on the path, which only a shell could run, stands the program.
    const onPath = folders(env.Path ?? env.PATH, ';').map((folder) => win32.join(folder, '..', 'Code.exe'));
    const roots = [env.LOCALAPPDATA && win32.join(env.LOCALAPPDATA, 'Programs'), env.ProgramFiles];
    return [...onPath, ...roots.filter(Boolean).map((root) => win32.join(root, 'Microsoft VS Code', 'Code.exe'))];
  }
  const onPath = folders(env.PATH, ':').map((folder) => posix.join(folder, 'code'));
  if (platform !== 'darwin') return onPath;
  const roots = ['/Applications', ...(env.HOME ? [posix.join(env.HOME, 'Applications')] : [])];
  return [...onPath, ...roots.map((root) => posix.join(root, 'Visual Studio Code.app/Contents/Resources/app/bin/code'))];
}

const folders = (path, separator) => (path ?? '').split(separator).filter((folder) => folder !== '');

/** Of versions as VS Code has them: three numbers. */
function isOlder(version, than) {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && one[at] < other[at];
}

/**
 * The machine that this runs on.
 * @returns {Machine}
 */
export const thisMachine = ({ platform, env }) => ({
  platform,
  env,
  canRun: (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
  versionOf: async (command) => (await promisify(execFile)(command, ['--version'], { timeout: 20_000 })).stdout,
});

/**
 * Opens folders in a new window of the desktop's VS Code, with the extension loaded from where it was built.
 * @param {string} command
 * @param {string} root the project
 * @param {readonly string[]} opened absolute paths of folders
 * @returns {Promise<void>} once the program has ended; most hand over to a window and end at once
 * @throws with its last words when it fails
 */
export async function openInDesktop(command, root, opened) {
  const child = spawn(command, [`--extensionDevelopmentPath=${root}`, ...opened], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2_000)));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.trim()}`);
}
