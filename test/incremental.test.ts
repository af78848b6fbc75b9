import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAIR_RUNS, RuleTable } from '../engine/findings/runner';
import { rules } from '../rules';
import { collector } from './support/collector';
import { comparing, edited, editOf, expectSameAsFresh } from './support/edits';
import { workspaceOf } from './support/lint';

const workload = (kind: string, name: string, namespace: string, annotations: string): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  template:\n    metadata:\n      labels: { app: ${name} }\n${annotations}    spec:\n      containers:\n        - name: app\n          image: example/app:1\n`;

/** Pieces that edits put into files: whole documents, so that findings come and go across files. */
const PIECES = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    linkerd.io/inject: enabled\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n    istio.io/rev: canary\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: legacy\n',
  workload('Deployment', 'cart', 'shop', '      annotations:\n        linkerd.io/inject: enabled\n'),
  workload('Deployment', 'web', 'legacy', ''),
  workload('StatefulSet', 'db', 'shop', ''),
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  selector: { app: cart }\n  ports: [{ port: 80 }]\n',
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtls:\n    mode: STRICT\n',
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: broken: yes\n',
  '# mesh-lint-disable istio -- tried out\n',
  '# only a comment\n',
  'resources:\n  - a.yaml\n  - b.yaml\n',
  'namespace: shop\nresources:\n  - a.yaml\npatches:\n  - path: c.yaml\n',
  'rules:\n  manifest/syntax: off\n',
];

const PATHS = [
  'a.yaml',
  'b.yaml',
  'c.yaml',
  'dev/a.yaml',
  'prod/a.yaml',
  'kustomization.yaml',
  'dev/kustomization.yaml',
  '.mesh-lint.yaml',
];

const INSERTS = ['', ' ', '\n', 'x', '# note\n', '---\n', 'enabled', 'disabled', '  ', '🙂'];

const edit = editOf({ paths: PATHS, pieces: PIECES, inserts: INSERTS });

describe('incremental', () => {
  it('equals a fresh start after any sequence of edits', () => {
    fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 14 }), expectSameAsFresh), { numRuns: 150 });
  });

  it('does so too where trees rest between two edits, and what nobody held of them is gone', async () => {
    const collect = collector();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(edit, fc.boolean()), { minLength: 2, maxLength: 10 }), async (edits) => {
        const compared = comparing();
        for (const [change, rests] of edits) {
          const workspace = compared(change);
          if (!rests) continue;
          for (const steps = workspace.resting(() => false); steps.next().done !== true;);
          await collect();
          for (const steps = workspace.sweeping(); steps.next().done !== true;);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps ranges inside the file', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 3, maxLength: 10 }), (edits) => {
        const files = edited(edits);
        for (const { start, end, reported } of workspaceOf(files).findings()) {
          const text = files[reported.file] ?? '';
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('pairs of rule and subject that run again', () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 40; i++) {
    files[`ns-${i}.yaml`] =
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns-${i}\n  labels:\n    istio-injection: enabled\n`;
    files[`app-${i}.yaml`] = workload('Deployment', `app-${i}`, `ns-${i}`, '');
  }

  function runsAfter(path: string, text: string): number {
    const workspace = workspaceOf(files);
    workspace.findings();
    workspace.graph.resetRunCounts();
    workspace.set(path, text);
    workspace.findings();
    return workspace.graph.runCounts().get(PAIR_RUNS) ?? 0;
  }

  it('a comment or white space reruns only what reads the file as text', () => {
    const all = workspaceOf(files);
    all.findings();
    const total = all.graph.runCounts().get(PAIR_RUNS) ?? 0;
    const onText = runsAfter('app-7.yaml', `# a comment\n${files['app-7.yaml'] ?? ''}\n`);
    expect(onText).toBeLessThan(5);
    expect(total).toBeGreaterThan(200);
  });

  it('a label of one Namespace reruns the pairs that asked about that Namespace', () => {
    const text = (files['ns-7.yaml'] ?? '').replace('enabled', 'disabled');
    expect(runsAfter('ns-7.yaml', text)).toBeLessThan(25);
  });

  it('an image of one workload reruns that workload alone', () => {
    const text = (files['app-7.yaml'] ?? '').replace('app:1', 'app:2');
    const table = new RuleTable(rules);
    const own = ['Deployment.apps', 'file:*'].reduce((sum, kind) => sum + table.rulesFor(kind).length, 0);
    // And those of its Namespace that look at its workloads.
    expect(runsAfter('app-7.yaml', text)).toBeLessThanOrEqual(own + table.rulesFor('Namespace').length);
  });
});
