import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { env, execPath, platform } from 'node:process';
import { until } from '../tests';

/** What decides what a start does, apart from what a test sets. */
const DECIDING = /^(CI|DISPLAY|WAYLAND_DISPLAY|MESH_LINT_VSCODE|VSCODE_IPC_HOOK_CLI|INIT_CWD)$/;

/** Whether this machine has a way to start a program in a terminal: `script` of util-linux; other systems' take other arguments. */
export function hasTerminals(): boolean {
  try {
    return platform === 'linux' && execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

export function environment(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !DECIDING.test(name))), ...variables };
}

/** A run of `npm start`'s script, with somebody in front of it. */
export class Run {
  private readonly child: ChildProcess;
  private readonly terminal: boolean;
  private printed = '';
  private code: number | null | undefined;

  private constructor(child: ChildProcess, terminal: boolean) {
    this.child = child;
    this.terminal = terminal;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed += text;
      });
    }
    child.on('close', (code) => {
      this.code = code;
    });
  }

  /** In a terminal of its own, which is where Ctrl-C is typed. */
  static inTerminal(words: readonly string[], variables: NodeJS.ProcessEnv): Run {
    // `exec`, so that the code is the script's and not that of a shell which Ctrl-C ends as well.
    const quoted = [execPath, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = ['exec', ...quoted].join(' ');
    const options = { env: environment({ ...variables, SHELL: '/bin/sh' }) };
    return new Run(spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], options), true);
  }

  static withoutTerminal(words: readonly string[], variables: NodeJS.ProcessEnv): Run {
    return new Run(spawn(execPath, words, { env: environment(variables), stdio: ['ignore', 'pipe', 'pipe'] }), false);
  }

  /** What it has printed so far, on either stream. */
  get output(): string {
    return this.printed;
  }

  /** The process that was started here; a terminal's, not what runs in it. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits until it has printed what a pattern matches, and gives that. */
  async printing(pattern: RegExp): Promise<RegExpExecArray> {
    const ready = (): RegExpExecArray | null => pattern.exec(this.printed);
    await until(
      `${String(pattern)} from npm start`,
      () => this.printed,
      () => ready() !== null || this.code !== undefined,
    );
    const found = ready();
    if (found === null)
      throw new Error(`it ended with ${String(this.code)} before it printed ${String(pattern)}:\n${this.printed}`);
    return found;
  }

  async ended(): Promise<number | null> {
    await until(
      'the end of npm start',
      () => this.printed,
      () => this.code !== undefined,
    );
    return this.code ?? null;
  }

  /** As a person would: the key in a terminal, which sends the signal to all that runs there; elsewhere the signal. */
  interrupt(): void {
    if (this.terminal) this.child.stdin?.write('\x03');
    else this.child.kill('SIGINT');
  }

  /** When a test is over, however it went. */
  kill(): void {
    if (this.code === undefined) this.child.kill('SIGTERM');
  }
}
