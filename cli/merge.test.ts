import { expect, test } from 'vitest';
import type { Report } from '../engine/findings/report';
import { FakeLinter, finding, lineRange, verdict } from './fake';
import { merge, relocate } from './merge';

const REPORT: Report = {
  ...new FakeLinter().report(),
  findings: [finding({ file: 'a.yaml', related: [{ file: 'b/c.yaml', range: lineRange(1, 1, 2), message: 'm' }] })],
  verdict: verdict({}),
};

test('every path of a report is relocated', () => {
  const moved = relocate({ ...REPORT, verdicts: [verdict({})] }, 'x/y', (file) => (file === 'a.yaml' ? '../z.yaml' : file));
  expect(moved.findings[0]).toMatchObject({ file: 'x/z.yaml', related: [{ file: 'x/y/b/c.yaml' }] });
  expect(moved.environments[0]?.root).toBe('x/y');
  expect(moved.verdict?.reasons[0]?.evidence[0]?.file).toBe('x/z.yaml');
  expect(moved.verdicts[0]?.reasons[0]?.evidence[0]?.file).toBe('x/z.yaml');
  expect(relocate(REPORT, '')).toEqual(REPORT);
});

test('reports are put one after another, numbers added, what two share said once', () => {
  const other: Report = { ...REPORT, verdict: null, verdicts: [verdict({ environment: 'dev' })] };
  const { findings, environments, verdict: leading, verdicts, stats } = merge([other, REPORT, REPORT]);
  expect(findings).toHaveLength(1);
  expect(environments).toHaveLength(3);
  expect(leading?.environment).toBe('dev');
  expect(verdicts.map(({ environment }) => environment)).toEqual(['prod', 'prod']);
  expect(stats).toEqual({ files: 297, skipped: 297, documents: 0, resources: 0, milliseconds: 297 });
});

test('no report gives an empty one', () => {
  expect(merge([])).toEqual({
    version: 1,
    findings: [],
    environments: [],
    verdict: null,
    verdicts: [],
    stats: { files: 0, skipped: 0, documents: 0, resources: 0, milliseconds: 0 },
  });
});
