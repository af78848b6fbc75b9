import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Workspace } from '../../engine/workspace';
import { workspaceOf } from '../../test/support/lint';
import { rule } from './policy-without-workload';
const PIECES = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { istio-injection: enabled }\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata: { labels: { app: cart } }\n    spec: {}\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: pay\n  namespace: shop\nspec:\n  template:\n    metadata: { labels: { app: pay } }\n    spec: {}\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: p\n  namespace: shop\nspec: { selector: { matchLabels: { app: cart } } }\n',
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: q\n  namespace: shop\nspec: {}\n',
  '# nothing\n',
];
const PATHS = ['a.yaml', 'one/a.yaml', 'one/kustomization.yaml', 'two/a.yaml', 'two/kustomization.yaml'];
const edit = fc.record({ path: fc.constantFrom(...PATHS), pieces: fc.array(fc.nat(PIECES.length - 1), { maxLength: 3 }) });
const reportOf = (w: Workspace): string[] => w.findings().map(({ reported }) => JSON.stringify(reported)).sort();
it('x', () => {
  fc.assert(fc.property(fc.array(edit, { minLength: 2, maxLength: 14 }), (edits) => {
    const files = new Map<string, string>();
    const workspace = workspaceOf({}, [rule]);
    const put = (path: string, text: string | undefined): void => {
      if (text === undefined) workspace.remove(path);
      else if (workspace.accepts(path, text)) workspace.set(path, text);
      else workspace.name(path);
    };
    for (const { path, pieces } of edits) {
      const text = path.endsWith('kustomization.yaml') ? 'resources:\n  - a.yaml\n' : pieces.map((i) => PIECES[i] ?? '').join('---\n');
      if (pieces.length === 0) files.delete(path); else files.set(path, text);
      put(path, files.get(path));
      for (const [other, content] of files) put(other, content);
      expect(reportOf(workspace)).toEqual(reportOf(workspaceOf(Object.fromEntries([...files].sort()), [rule])));
    }
  }), { numRuns: 200 });
});
