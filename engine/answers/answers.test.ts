import { expect, it } from 'vitest';
import { deployment } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import { AT_ONCE } from '../incremental/pause';
import { askExplanation } from './explanation';
import { askLenses } from './lenses';
import { askReport } from './report';
import { askSummary, preparingSummary } from './summary';
import { askVerdicts, preparingVerdicts } from './verdicts';

const folder = (name: string): Record<string, string> => ({
  [`${name}/kustomization.yaml`]: 'resources: [app.yaml]\n',
  [`${name}/app.yaml`]: deployment('cart'),
});

it('a verdict and a summary are worked out once, and again after an edit that matters to them', () => {
  const workspace = workspaceOf({ ...folder('dev'), ...folder('prod') }, []);
  const runs = (label: string): number => workspace.graph.runCounts().get(label) ?? 0;
  const look = (): void => {
    askVerdicts(workspace);
    askSummary(workspace, 'prod');
  };
  look();
  look();
  expect([runs('verdict'), runs('summary')]).toEqual([2, 1]);
  workspace.set('dev/app.yaml', deployment('cart', { more: '  replicas: 3\n' }));
  look();
  expect([runs('verdict'), runs('summary')]).toEqual([3, 1]);
});

it('what was worked out in steps is only looked up', () => {
  const workspace = workspaceOf({ ...folder('dev'), ...folder('prod') }, []);
  const always = { ...AT_ONCE, isDue: () => true };
  const steps = [...preparingVerdicts(workspace, always), ...preparingSummary(workspace, 'prod', always)];
  expect(steps.length).toBeGreaterThan(10);
  workspace.graph.resetRunCounts();
  const fresh = workspaceOf({ ...folder('dev'), ...folder('prod') }, []);
  expect(askVerdicts(workspace)).toEqual(askVerdicts(fresh));
  expect(askSummary(workspace, 'prod')).toEqual(askSummary(fresh, 'prod'));
  expect(Object.fromEntries(workspace.graph.runCounts())).toEqual({});
  expect([...preparingSummary(workspace, 'staging', always)]).toEqual([]);
});

it('an environment that is gone has no answers, and one that comes back has new ones', () => {
  const workspace = workspaceOf({ ...folder('dev'), ...folder('prod') }, []);
  expect(askVerdicts(workspace).others).toHaveLength(1);
  expect(askSummary(workspace, 'dev')?.membership).toHaveLength(1);
  for (const path of Object.keys(folder('dev'))) workspace.remove(path);
  expect(askVerdicts(workspace).others).toEqual([]);
  expect(askSummary(workspace, 'dev')).toBeUndefined();
  for (const [path, text] of Object.entries(folder('dev'))) workspace.set(path, text);
  expect(askSummary(workspace, 'dev')?.membership).toHaveLength(1);
  expect(askReport(workspace)).toEqual(askReport(workspaceOf({ ...folder('dev'), ...folder('prod') }, [])));
});

it('nothing is answered, without a fault, of what there is not', () => {
  const workspace = workspaceOf({}, []);
  expect(askVerdicts(workspace)).toEqual({ leading: undefined, others: [] });
  expect(askSummary(workspace, 'prod')).toBeUndefined();
  expect(askExplanation(workspace, 'none.yaml', 0)).toBeUndefined();
  expect(askLenses(workspace, 'none.yaml')).toEqual([]);
  expect(askReport(workspace)).toMatchObject({ findings: [], environments: [], verdict: null, verdicts: [] });
});
