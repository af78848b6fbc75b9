/**
 * Runs what scripts/vscode-test.mjs has built: the suites in an extension host, then the packaged extension as its user sees it.
 * Takes the plan as JSON; writes a report of vitest's shape.
 */
import { rmSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { runSuite, SUITES } from './host/run';
import type { Host } from './host/run';
import { addToReport, writeReport } from './report';
import type { Result } from './report';
import { runStart } from './start/run';
import { runUserInterface } from './ui/run';
import { createWorkspaces } from './workspaces';

interface Plan extends Host {
  readonly root: string;
  /** Names of suites; all when empty. */
  readonly only: readonly string[];
  /** Where the installation lives. */
  readonly cache: string;
  readonly report: string;
  /** A report of vitest's that the results are added to. */
  readonly addTo?: string;
}

async function main(plan: Plan): Promise<boolean> {
  const { root, only } = plan;
  const workspaces = createWorkspaces(root);
  const results: Result[] = [];
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  const tell = (more: readonly Result[]): void => {
    results.push(...more);
    for (const { suite, name, milliseconds, error } of more) {
      stdout.write(`${error === undefined ? ' ✓' : ' ✗'} ${suite}: ${name} (${milliseconds} ms)\n`);
      if (error !== undefined) stdout.write(`${error.replace(/^/gm, '     ')}\n`);
    }
  };
  try {
    for (const suite of SUITES) if (wanted(suite)) tell(await runSuite(suite, root, plan, workspaces));
    if (wanted('start')) tell(await runStart(root, plan.installation, plan.cache, workspaces));
    if (wanted('ui')) tell(await runUserInterface(root, plan.installation, workspaces));
  } finally {
    rmSync(workspaces.parent, { recursive: true, force: true, maxRetries: 3 });
  }
  writeReport(plan.report, results);
  if (plan.addTo !== undefined) addToReport(plan.addTo, results);
  const failed = results.filter(({ error }) => error !== undefined).length;
  stdout.write(`VS Code: ${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 && results.length > 0;
}

main(JSON.parse(argv[2] ?? '{}') as Plan).then(
  (passed) => process.exit(passed ? 0 : 1),
  (error: unknown) => {
    stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
