import { rules } from '../rules';
import { type Io, run } from './run';
import { WorkspaceLinter } from './workspace-linter';

/** Only this file touches the process. The exit code is set and Node left to end: `process.exit` would cut off a pipe that is slow. */
function main(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever reads has seen enough: `mesh-lint | head`.
      if (error.code === 'EPIPE') return;
      process.exitCode = 2;
      if (stream === process.stdout) process.stderr.write(`mesh-lint: the report could not be written: ${error.message}\n`);
    });
  }
  try {
    process.exitCode = run(process.argv.slice(2), processIo(), ({ now }) => new WorkspaceLinter({ rules, now }));
  } catch (error) {
    process.exitCode = 2;
    process.stderr.write(
      `mesh-lint: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}

function processIo(): Io {
  const { stdout, stderr } = process;
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    cwd: process.cwd(),
    env: process.env,
    isTTY: stdout.isTTY,
    columns: stdout.columns,
    now: Date.now,
  };
}

main();
