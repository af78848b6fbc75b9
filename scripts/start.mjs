/**
 * `npm start [-- PATH…]`: lints the bookshop, or any folder, with the command as built. Findings are what a reader came for, so they do
 * not count as a failure of npm's; only what the command could not do does.
 */
import { spawn } from 'node:child_process';
import { argv, env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const given = argv.slice(2);
// npm changes to the project's root; paths that a user gives are meant from where npm was called.
const [arguments_, cwd] = given.length > 0 ? [given, env.INIT_CWD] : [['examples/bookshop'], root];
const child = spawn(execPath, [command, ...arguments_], { stdio: 'inherit', cwd });
child.on('exit', (code) => {
  process.exitCode = code === 1 ? 0 : (code ?? 2);
});
