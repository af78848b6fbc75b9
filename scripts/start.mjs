// Runs the command as built, in the folder that `npm start` was called from: npm itself changes to the project's root.
import { spawn } from 'node:child_process';
import { argv, env, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const child = spawn(execPath, [command, ...argv.slice(2)], { stdio: 'inherit', cwd: env.INIT_CWD });
child.on('exit', (code) => {
  process.exitCode = code ?? 2;
});
