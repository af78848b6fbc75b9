import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askReport } from '../engine/answers/report';
import { PAIR_RUNS, RuleTable } from '../engine/findings/runner';
import { rules } from '../rules';
import type { Workspace } from '../engine/workspace';
import { workspaceOf } from './support/lint';
import type { Files } from './support/lint';

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

type Edit = { readonly path: string } & (
  | { readonly do: 'remove' }
  | { readonly do: 'write'; readonly pieces: readonly number[] }
  | { readonly do: 'splice'; readonly at: number; readonly cut: number; readonly insert: string }
);

const path = fc.constantFrom(...PATHS);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      path,
      do: fc.constant('write' as const),
      pieces: fc.array(fc.nat(PIECES.length - 1), { maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      path,
      do: fc.constant('splice' as const),
      at: fc.nat(500),
      cut: fc.nat(12),
      insert: fc.constantFrom('', ' ', '\n', 'x', '# note\n', '---\n', 'enabled', 'disabled', '  ', '🙂'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ path, do: fc.constant('remove' as const) }) },
);

function apply(files: Map<string, string>, change: Edit): void {
  const text = files.get(change.path) ?? '';
  if (change.do === 'remove') files.delete(change.path);
  else if (change.do === 'write') files.set(change.path, change.pieces.map((i) => PIECES[i]).join('---\n'));
  else {
    const at = Math.min(change.at, text.length);
    files.set(change.path, text.slice(0, at) + change.insert + text.slice(at + change.cut));
  }
}

/** Brings a workspace from one state of the files to the next, as a host would. */
function update(workspace: Workspace, files: ReadonlyMap<string, string>, changed: string): void {
  const text = files.get(changed);
  if (text === undefined) workspace.remove(changed);
  else if (workspace.accepts(changed, text)) workspace.set(changed, text);
  else workspace.name(changed);
  // What a kustomization names is read whatever it holds: each change may name more files, or fewer.
  for (const [other, content] of files) {
    if (workspace.accepts(other, content)) workspace.set(other, content);
    else workspace.name(other);
  }
}

const asFiles = (files: ReadonlyMap<string, string>): Files =>
  Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));

describe('incremental', () => {
  it('equals a fresh start after any sequence of edits', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 14 }), (edits) => {
        const files = new Map<string, string>();
        const workspace = workspaceOf({});
        for (const change of edits) {
          apply(files, change);
          update(workspace, files, change.path);
          const fresh = workspaceOf(asFiles(files));
          expect(askReport(workspace)).toEqual(askReport(fresh));
          expect(workspace.faults()).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keeps ranges inside the file', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 3, maxLength: 10 }), (edits) => {
        const files = new Map<string, string>();
        for (const change of edits) apply(files, change);
        for (const { start, end, reported } of workspaceOf(asFiles(files)).findings()) {
          const text = files.get(reported.file) ?? '';
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
