import { deepEqual, notEqual, ok } from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { kill } from 'node:process';
import * as vscode from 'vscode';
import { until } from '../tests';
import { deployment, namespace } from '../workspaces';
import { discard, open, path, replace, rulesIn, serverProcess, suite, untilReported, untilSilent } from './editor';

const DOUBLE = 'coexistence/double-injection';
const [ALPHA, BETA] = [0, 1];

const late = namespace('late', true) + deployment('late', 'tardy', 'enabled');

async function setRules(rules: Record<string, string> | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('meshLint').update('rules', rules, vscode.ConfigurationTarget.Workspace);
}

/** Two workspace folders, and what happens to a workspace over a day. */
export const run = suite('folders', {
  'each folder follows its own configuration': async () => {
    await untilReported('shop.yaml', DOUBLE, ALPHA);
    deepEqual(
      rulesIn('shop.yaml', BETA).filter((rule) => rule === DOUBLE),
      [],
    );
  },

  'a configuration changed on disk holds at once': async () => {
    writeFileSync(path('.mesh-lint.yaml', BETA), 'rules: {}\n');
    await untilReported('shop.yaml', DOUBLE, BETA);
    writeFileSync(path('.mesh-lint.yaml', BETA), 'rules:\n  coexistence/double-injection: off\n');
    await untilSilent('shop.yaml', DOUBLE, BETA);
    await untilReported('shop.yaml', DOUBLE, ALPHA);
  },

  'a file added on disk is read, renamed is followed, deleted is forgotten': async () => {
    writeFileSync(path('late.yaml', ALPHA), late);
    await untilReported('late.yaml', DOUBLE, ALPHA);
    renameSync(path('late.yaml', ALPHA), path('later.yaml', ALPHA));
    await untilReported('later.yaml', DOUBLE, ALPHA);
    await untilSilent('late.yaml', DOUBLE, ALPHA);
    rmSync(path('later.yaml', ALPHA));
    await untilSilent('later.yaml', DOUBLE, ALPHA);
  },

  'a setting changed holds at once': async () => {
    await untilReported('shop.yaml', DOUBLE, ALPHA);
    await setRules({ [DOUBLE]: 'off' });
    await untilSilent('shop.yaml', DOUBLE, ALPHA);
    await setRules(undefined);
    await untilReported('shop.yaml', DOUBLE, ALPHA);
  },

  'a killed server comes back, and follows edits again': async () => {
    const before = await until('a server process', serverProcess);
    ok(before !== undefined);
    kill(before, 'SIGKILL');
    const after = await until('another server process', serverProcess, (pid) => pid !== undefined && pid !== before);
    notEqual(after, before);
    await untilReported('shop.yaml', DOUBLE, ALPHA);
    const document = await open('shop.yaml', ALPHA);
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilSilent('shop.yaml', DOUBLE, ALPHA);
    await discard(document);
    await untilReported('shop.yaml', DOUBLE, ALPHA);
  },
});
