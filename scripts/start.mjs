/**
 * `npm start [-- PATH…]`: lints the bookshop, or what is given, with the command as built, and opens it in VS Code with the extension.
 * Findings are what a reader came for, so they do not count as a failure of npm's; only what could not be done does.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process, { argv, cwd, env, execPath, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { serveEditor } from './start/browser.mjs';
import { findDesktop, openInDesktop, thisMachine } from './start/desktop.mjs';
import { foldersOf } from './start/folders.mjs';
import { opensEditor, readOptions, USAGE } from './start/options.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {Promise<number>} the exit code */
async function main(signal) {
  const options = readOptions(argv.slice(2));
  if (options.do === 'help') {
    stdout.write(USAGE);
    return 0;
  }
  if (options.do === 'refuse') {
    stderr.write(`npm start: ${options.reason}\n`);
    return 2;
  }
  // npm changes to the project's root; paths that a user gives are meant from where npm was called.
  const [paths, from] = options.paths.length > 0 ? [options.paths, env.INIT_CWD ?? cwd()] : [['examples/bookshop'], root];
  const code = await lint(paths, from);
  if (signal.aborted) return interrupted;
  const folders = foldersOf(paths, from);
  if (folders.length > 0 && opensEditor(options.editor, { isTTY: stdout.isTTY, env })) {
    await open(options.editor, folders, signal);
  }
  return code;
}

/** As a shell reports a program that Ctrl-C has ended. */
const interrupted = 130;

async function lint(paths, from) {
  const command = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
  const child = spawn(execPath, [command, '--', ...paths], { stdio: 'inherit', cwd: from });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  return code === 1 ? 0 : (code ?? interrupted);
}

async function open(which, folders, signal) {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const oldest = engines.vscode.replace('^', '');
  const desktop = which === 'browser' ? undefined : await findDesktop(thisMachine(process), oldest);
  stdout.write('\n');
  if (desktop?.command !== undefined) {
    stdout.write(`Opening ${folders.join(', ')} in ${desktop.command}\n`);
    await openInDesktop(desktop.command, root, folders);
    return;
  }
  if (which === 'desktop') throw new Error(desktop.reason);
  const why = desktop === undefined ? '' : ` (${desktop.reason})`;
  stdout.write(`Opening ${folders.join(', ')} in VS Code for the browser${why}\n`);
  await serveEditor(root, folders, signal);
}

const ending = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ending.abort());
// The terminal may be gone before what it started has ended.
stdout.on('error', () => ending.abort());

try {
  process.exitCode = await main(ending.signal);
} catch (error) {
  // What was interrupted fails; that is no news to whoever interrupted it.
  if (ending.signal.aborted) process.exitCode = interrupted;
  else {
    stderr.write(`npm start: VS Code could not be opened: ${error.message.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`);
    process.exitCode = 1;
  }
}
