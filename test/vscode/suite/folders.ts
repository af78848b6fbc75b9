import { deepEqual } from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { until } from '../tests';
import { deployment, namespace } from '../workspaces';
import { codeLenses, open, path, rulesIn, suite, untilReported, untilSilent } from './editor';

const DOUBLE = 'coexistence/double-injection';
const [ALPHA, BETA] = [0, 1];

const late = namespace('late', true) + deployment('late', 'tardy', 'enabled');

async function setOption(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('meshLint').update(name, value, vscode.ConfigurationTarget.Workspace);
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

  'a severity changed in the settings holds at once': async () => {
    await untilReported('shop.yaml', DOUBLE, ALPHA);
    await setOption('rules', { [DOUBLE]: 'off' });
    await untilSilent('shop.yaml', DOUBLE, ALPHA);
    await setOption('rules', undefined);
    await untilReported('shop.yaml', DOUBLE, ALPHA);
  },

  'lenses switched off in the settings are gone at once': async () => {
    const document = await open('shop.yaml', ALPHA);
    const count = async (): Promise<number> => (await codeLenses(document)).length;
    await until('lenses', count);
    await setOption('codeLens', false);
    await until('no lenses', count, (left) => left === 0);
    await setOption('codeLens', undefined);
    await until('lenses', count);
  },
});
