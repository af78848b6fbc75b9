import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askReport } from '../engine/answers/report';
import { PAIR_RUNS } from '../engine/findings/runner';
import { AT_ONCE } from '../engine/incremental/pause';
import type { Workspace } from '../engine/workspace';
import { apply, editOf, sorted, update } from './support/edits';
import { workspaceOf } from './support/lint';

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';
const workload = (name: string, annotations: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels: { app: ${name} }\n${annotations}    spec:\n      containers:\n        - name: app\n          image: example/app:1\n`;
const service = (name: string, app: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: { app: ${app} }\n  ports: [{ port: 80 }]\n`;

const PATHS = [
  'a.yaml',
  'b.yaml',
  'dev/a.yaml',
  'prod/a.yaml',
  'kustomization.yaml',
  'prod/kustomization.yaml',
  '.mesh-lint.yaml',
];
const PIECES = [
  namespace,
  namespace.replace('labels', 'annotations').replace('istio-injection', 'linkerd.io/inject'),
  workload('cart', '      annotations:\n        linkerd.io/inject: enabled\n'),
  workload('web', ''),
  service('cart', 'cart'),
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n  mtls:\n    mode: STRICT\n',
  'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    repoURL: https://git.example/shop\n    path: prod\n    kustomize: { namePrefix: p- }\n  destination: { name: blue, namespace: shop }\n',
  '# mesh-lint-disable coexistence -- tried out\n',
  'resources:\n  - a.yaml\n  - prod\n',
  'namespace: shop\nresources:\n  - a.yaml\n',
  'environments:\n  one:\n    include: ["*.yaml"]\n',
  'rules:\n  coexistence: off\n',
];
const INSERTS = ['', 'x', '# note\n', '---\n', 'enabled', '  '];

describe('work in steps', () => {
  it('comes to what a fresh start says, whatever changes between two steps', () => {
    const edit = editOf({ paths: PATHS, pieces: PIECES, inserts: INSERTS });
    const move = fc.record({
      edit,
      steps: fc.nat(40),
      asksFor: fc.option(fc.constantFrom(...PATHS), { nil: undefined, freq: 4 }),
    });
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 10 }), fc.infiniteStream(fc.boolean()), (moves, due) => {
        const files = new Map<string, string>();
        const workspace = workspaceOf({});
        const pace = { ...AT_ONCE, isDue: () => due.next().value === true };
        let work = workspace.settling(pace);
        for (const { edit: change, steps, asksFor } of moves) {
          apply(files, change);
          update(workspace, files, change.path);
          for (let i = 0; i < steps; i++) if (work.next().done === true) work = workspace.settling(pace);
          if (asksFor !== undefined)
            expect(findingsIn(workspace, asksFor)).toEqual(findingsIn(workspaceOf(sorted(files)), asksFor));
        }
        finish(work);
        expect(askReport(workspace)).toEqual(askReport(workspaceOf(sorted(files))));
        expect(workspace.faults()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('asks nothing twice, though what asks begins again after each pause', () => {
    const files = Object.fromEntries(PIECES.slice(0, 6).map((piece, i) => [`${i}.yaml`, piece]));
    const [atOnce, inSteps] = [workspaceOf(files), workspaceOf(files)];
    atOnce.findings();
    finish(inSteps.settling({ ...AT_ONCE, isDue: () => true }));
    const [once, again] = [atOnce, inSteps].map(({ graph }) => graph.runCounts().get('view.namespaceLabel'));
    expect(again).toBe(once);
    expect(inSteps.graph.runCounts().get(PAIR_RUNS)).toBeGreaterThan(atOnce.graph.runCounts().get(PAIR_RUNS) ?? 0);
    expect(askReport(inSteps)).toEqual(askReport(atOnce));
  });
});

function finish(work: Iterator<undefined>): void {
  while (work.next().done !== true);
}

function findingsIn(workspace: Workspace, file: string): unknown {
  return workspace.findingsIn(file).map(({ reported }) => reported);
}

describe('an environment of many resources', () => {
  const many = Array.from({ length: 1400 }, (_, i) => service(`s-${i}`, 'web')).join('---\n');
  const files: Record<string, string> = {
    'many.yaml': many,
    'kustomization.yaml': 'resources:\n  - many.yaml\n  - web.yaml\n',
    'web.yaml': `${workload('web', '')}---\n${namespace}`,
    'plain/many.yaml': many,
  };

  it.each([5, 6, 7, 8, 9, 10, 11])('changes after %i steps of taking it in', (steps) => {
    const workspace = workspaceOf(files);
    const work = workspace.settling();
    for (let i = 0; i < steps; i++) work.next();
    const changed = { ...files, 'many.yaml': `${service('another', 'gone')}---\n${many}` };
    workspace.set('many.yaml', changed['many.yaml']);
    if (steps % 2 === 0) expect(workspace.views().map(({ index }) => index.all().length)).toEqual([1403, 1400]);
    finish(work);
    expect(askReport(workspace)).toEqual(askReport(workspaceOf(changed)));
  });
});
