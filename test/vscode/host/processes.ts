import { execFileSync } from 'node:child_process';
import { platform } from 'node:process';

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  /** Its command line, with `/` in paths. */
  readonly words: string;
}

const WINDOWS = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.CommandLine)" }';

/** Everything that runs, as far as one may see it. */
export function processes(): Process[] {
  const [command, words]: [string, string[]] =
    platform === 'win32' ? ['powershell', ['-NoProfile', '-Command', WINDOWS]] : ['ps', ['-eo', 'pid=,args=']];
  const lines = execFileSync(command, words, { encoding: 'utf8', maxBuffer: 32_000_000 }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, rest] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || rest === undefined ? [] : [{ pid: Number(pid), words: rest.replaceAll('\\', '/') }];
  });
}
