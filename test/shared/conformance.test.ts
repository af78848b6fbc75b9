import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The least that each suite must reach; raised whenever the score rises. */
const FLOORS = {
  istio: { exact: 57, precision: 100 },
  validation: { caught: 38, leftAlone: 18 },
};

function score(): string {
  const script = join(root, '../shared/conformance/score.mjs');
  const run = spawnSync(process.execPath, [script, '--cli', `${process.execPath} ${join(root, 'dist/cli.js')}`], {
    encoding: 'utf8',
  });
  return run.stdout;
}

describe('cases that others wrote', () => {
  const printed = score();

  it('analysis', () => {
    const match = /istio: cases exact (\d+)\/\d+, recall .*, precision ([\d.]+|n\/a)[^,]*, failed runs 0/.exec(printed);
    expect(match, printed).not.toBeNull();
    expect(Number(match?.[1])).toBeGreaterThanOrEqual(FLOORS.istio.exact);
    if (match?.[2] !== 'n/a') expect(Number(match?.[2])).toBeGreaterThanOrEqual(FLOORS.istio.precision);
  });

  it('validation', () => {
    const match = /istio-validation: invalid caught (\d+)\/\d+, valid left alone (\d+)\/\d+, failed runs 0/.exec(printed);
    expect(match, printed).not.toBeNull();
    expect(Number(match?.[1])).toBeGreaterThanOrEqual(FLOORS.validation.caught);
    expect(Number(match?.[2])).toBeGreaterThanOrEqual(FLOORS.validation.leftAlone);
  });
});
