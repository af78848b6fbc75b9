import { equal, notEqual, ok } from 'node:assert/strict';
import { kill } from 'node:process';
import * as vscode from 'vscode';
import { pause, until } from '../tests';
import { discard, hoverText, open, rangeOf, replace, serverProcess, suite, variable } from './editor';
import { untilShown } from './report';

/** As often as the client takes it within three minutes, and then no more. */
const CRASHES = 5;
/** A server that is started again is so at once; one that is not to be seen for so long will not come. */
const LONG_ENOUGH = 3_000;

/** Kills the server, and gives the process that takes its place. */
async function killed(pid: number): Promise<number> {
  kill(pid, 'SIGKILL');
  const next = await until('another server process', serverProcess, (now) => now !== undefined && now !== pid);
  ok(next !== undefined);
  return next;
}

/** Waits until the server answers. */
async function untilServing(document: vscode.TextDocument): Promise<void> {
  await until('an answer', () => hoverText(document, rangeOf(document, 'Namespace').start));
}

/** A language server that does not stay. */
export const run = suite('crashes', {
  'a server that is killed comes back and knows what is not saved': async () => {
    await untilShown(variable('MESH_LINT_EXPECTED'));
    const document = await open('overlays/prod/namespace.yaml');
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilShown(variable('MESH_LINT_EXPECTED_EDITED'));
    const before = await until('a server process', serverProcess);
    ok(before !== undefined);
    notEqual(await killed(before), before);
    await untilServing(document);
    ok(document.isDirty, 'the edit is lost');
    await untilShown(variable('MESH_LINT_EXPECTED_EDITED'));
    await discard(document);
    await untilShown(variable('MESH_LINT_EXPECTED'));
  },

  'one that crashes five times in three minutes is left alone': async () => {
    const document = await open('overlays/prod/namespace.yaml');
    let pid = await until('a server process', serverProcess);
    ok(pid !== undefined);
    // The first time was in the test before. Every other one of the rest hits a server that has not yet come up.
    for (let crash = 2; crash < CRASHES; crash++) {
      if (crash % 2 === 0) await untilServing(document);
      pid = await killed(pid);
    }
    await untilServing(document);
    kill(pid, 'SIGKILL');
    await until('the end of the server', serverProcess, (now) => now !== pid);
    for (let waited = 0; waited < LONG_ENOUGH; waited += 100) {
      equal(serverProcess(), undefined, 'it was started again');
      await pause(100);
    }
  },

  'the command starts it again, and it says what it said': async () => {
    await vscode.commands.executeCommand('meshLint.restartServer');
    ok(serverProcess() !== undefined, 'it was not started');
    await untilShown(variable('MESH_LINT_EXPECTED'));
    await untilServing(await open('overlays/prod/namespace.yaml'));
  },

  'and has all its tries again': async () => {
    const document = await open('overlays/prod/namespace.yaml');
    const pid = await until('a server process', serverProcess);
    ok(pid !== undefined);
    await killed(pid);
    await untilServing(document);
    await untilShown(variable('MESH_LINT_EXPECTED'));
  },
});
