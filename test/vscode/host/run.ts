import { readFileSync, createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { Result } from '../report';
import type { Workspaces } from '../workspaces';
import type { Installation } from './browser';

export interface Host {
  /** Its executable; without one, the server build. */
  readonly desktop?: string;
  readonly installation: Installation;
}

export const SUITES = ['example', 'folders', 'large', 'crashes'] as const;

/** Runs one suite in an extension host of its own. */
export async function runSuite(
  suite: (typeof SUITES)[number],
  root: string,
  { desktop, installation }: Host,
  workspaces: Workspaces,
): Promise<Result[]> {
  const built = join(root, 'dist/test-vscode');
  const results = join(workspaces.parent, `${suite}.json`);
  const logs = join(built, 'logs');
  mkdirSync(logs, { recursive: true });
  const log = join(logs, `${suite}.log`);
  const output = createWriteStream(log);
  const profile = join(workspaces.parent, `profile-${suite}`);
  const folder = workspaces.folders[suite];
  try {
    await runTests({
      vscodeExecutablePath: desktop ?? installation.node,
      launchArgs:
        desktop === undefined
          ? [join(built, 'run-in-server-build.js'), folder]
          : [folder, '--disable-gpu', `--user-data-dir=${profile}`, `--extensions-dir=${profile}-extensions`],
      extensionDevelopmentPath: root,
      extensionTestsPath: join(built, `${suite}.js`),
      extensionTestsEnv: {
        MESH_LINT_RESULTS: results,
        MESH_LINT_EXPECTED: workspaces.expected,
        MESH_LINT_EXPECTED_EDITED: workspaces.expectedEdited,
        MESH_LINT_INSTALLATION: JSON.stringify(installation),
      },
      stdout: output,
      stderr: output,
      reuseMachineInstall: true,
    });
  } catch {
    // The results tell what failed; without them the log does.
  } finally {
    output.end();
  }
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Result[];
  } catch {
    const end = readFileSync(log, 'utf8').split('\n').slice(-30).join('\n');
    return [
      { suite, name: 'the suite runs', milliseconds: 0, error: `VS Code ended without results; the end of ${log}:\n${end}` },
    ];
  }
}
