import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { env, execPath } from 'node:process';

export interface Server {
  readonly port: number;
  /** What it has printed so far. */
  readonly output: () => string;
  stop(): Promise<void>;
}

const LONGEST_START = 30_000;

/** Starts a Node program that prints the port it listens on. */
export async function startServer(
  program: string,
  words: readonly string[],
  port: RegExp,
  { node = execPath, variables = {} }: { readonly node?: string; readonly variables?: NodeJS.ProcessEnv } = {},
): Promise<Server> {
  const child = spawn(node, [program, ...words], {
    env: { ...withoutEditor(env), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the extension host and what that starts end with it.
    detached: process.platform !== 'win32',
  });
  let output = '';
  const found = new Promise<number>((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      const match = port.exec(output);
      if (match?.[1] !== undefined) resolve(Number(match[1]));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`the server ended with ${String(code)}:\n${output}`));
    });
    setTimeout(() => {
      reject(new Error(`the server named no port in ${LONGEST_START / 1000} s:\n${output}`));
    }, LONGEST_START).unref();
  });
  const stop = (): Promise<void> => stopGroup(child);
  try {
    return { port: await found, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', resolve);
  });
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
  await ended;
}

/** A test started from a terminal inside VS Code has that window's variables, which would make a new server believe it is a part of it. */
function withoutEditor(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)));
}
