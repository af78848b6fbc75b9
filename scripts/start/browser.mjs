import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stdout } from 'node:process';
import { editor, VSCODE_VERSION } from '../vscode-cache.mjs';
import { packageExtension, startEditor } from '../vscode-server.mjs';

const SETTINGS = {
  // The folder is somebody's: it opens restricted, and what is in it runs only for those who say that they trust it.
  'security.workspace.trust.startupPrompt': 'never',
  // As on a desktop: in a browser VS Code would save a second after each edit.
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
};

/**
 * Serves VS Code's server build with the extension on 127.0.0.1, behind a password made for this one run, until it is told to end.
 * Everything that the editor writes lies in a temporary folder, which is gone afterwards.
 * @param {string} root the project
 * @param {readonly string[]} folders to be shown, absolute
 * @param {AbortSignal} signal
 * @throws when it cannot be had, or ends by itself
 */
export async function serveEditor(root, folders, signal) {
  const installation = await editor(signal);
  const data = await realpath(await mkdtemp(join(tmpdir(), 'mesh-lint-start-')));
  try {
    const vsix = join(data, 'mesh-lint.vsix');
    await packageExtension(root, vsix, signal);
    const password = randomBytes(15).toString('base64url');
    const open = await workspaceOf(folders, data);
    const server = await startEditor(installation, { vsix, data, password, settings: SETTINGS, open, signal });
    try {
      if (!signal.aborted) {
        stdout.write(`VS Code ${VSCODE_VERSION}: http://127.0.0.1:${server.port}/\n`);
        stdout.write(`Password: ${password}\n`);
        stdout.write('Ctrl-C ends it; what is not saved is lost.\n');
      }
      await Promise.race([server.ended, aborted(signal)]);
      if (!signal.aborted) throw new Error(`VS Code ended by itself: ${server.output().trim().split('\n').at(-1)}`);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', resolve, { once: true });
  });
}

/** One folder as it is; several in a workspace file beside the editor's own. */
async function workspaceOf(folders, data) {
  if (folders.length === 1) return folders[0];
  const path = join(data, 'mesh-lint.code-workspace');
  await writeFile(path, JSON.stringify({ folders: folders.map((folder) => ({ path: folder })) }));
  return path;
}
