/**
 * Asks the package registry for known vulnerabilities of what is shipped. Exits with 0 when there are none, 1 when there are some, and 3
 * when the registry gives no answer (a mirror may not serve it, a machine may be offline): then nothing is known, and that is said.
 */
import { spawnSync } from 'node:child_process';
import { argv, platform, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

/**
 * What `npm audit --json` found out.
 * @param {string} output what it printed
 * @returns {{ outcome: 'clean' | 'vulnerable' | 'unknown', message: string }}
 */
export function readAudit(output) {
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { outcome: 'unknown', message: 'npm audit printed no report' };
  }
  const total = report?.metadata?.vulnerabilities?.total;
  if (typeof total !== 'number') {
    const reason = report?.message ?? report?.error?.summary;
    return { outcome: 'unknown', message: shortened(reason) };
  }
  const audited = report.metadata.dependencies?.prod ?? 0;
  if (total === 0) return { outcome: 'clean', message: `no known vulnerability in ${audited} packages` };
  const named = Object.entries(report.vulnerabilities ?? {}).map(([name, { severity }]) => `${name} (${severity})`);
  return { outcome: 'vulnerable', message: `known vulnerabilities: ${named.join(', ')}` };
}

/** Without the address that was asked. */
function shortened(reason) {
  return typeof reason === 'string' && reason !== '' ? reason.replace(/ - .*/s, '') : 'the registry gave no answer';
}

const EXITS = { clean: 0, vulnerable: 1, unknown: 3 };

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const { stdout: output } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    shell: platform === 'win32',
  });
  const { outcome, message } = readAudit(output ?? '');
  stdout.write(`${outcome === 'unknown' ? 'NOT AUDITED: ' : ''}${message}\n`);
  process.exitCode = EXITS[outcome];
}
