import { expect, it } from 'vitest';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './misplaced-inject';

const deployment = (metadata: string, spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\n${metadata}spec:\n${spec}`;
const PLAIN = '  template:\n    spec:\n      containers: [{ name: cart, image: shop/cart }]\n';
const namespace = (value: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    linkerd.io/inject: ${value}\n`;
const ENABLED = '  annotations:\n    linkerd.io/inject: enabled\n';

function found(files: Files): string[] {
  return workspaceOf(files, [rule])
    .findings()
    .map((finding) => `${startOf(finding)} ${finding.reported.severity} ${coveredText(files, finding)}`);
}

it('keeps a label of the pod template that the selector names, and sets the annotation beside it', () => {
  const spec = `  selector:
    matchLabels:
      linkerd.io/inject: enabled
  template:
    metadata:
      labels:
        linkerd.io/inject: enabled
    spec:
      containers: [{ name: cart, image: shop/cart }]
`;
  const files = { 'cart.yaml': deployment('', spec) };
  const [finding] = workspaceOf(files, [rule]).findings();
  const repaired = applyEdits(files, finding!.fixes[0]!.edits()!);
  expect(repaired['cart.yaml']).toContain(
    '      labels:\n        linkerd.io/inject: enabled\n      annotations:\n        linkerd.io/inject: enabled\n',
  );
  expect(found(repaired)).toEqual([]);
});

it('reports a label that an overlay adds where the overlay adds it, and does not move it into the base', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [cart.yaml]\n',
    'base/cart.yaml': deployment('', PLAIN),
    'prod/kustomization.yaml': 'resources: [../base]\nlabels:\n  - pairs:\n      linkerd.io/inject: enabled\n',
  };
  const [finding, ...others] = workspaceOf(files, [rule]).findings();
  expect(others).toEqual([]);
  expect(finding!.reported.file).toBe('prod/kustomization.yaml');
  expect(finding!.fixes).toEqual([]);
});

it('reports an annotation that a patch puts into the wrong place in the patch', () => {
  const patch = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\n${ENABLED}`;
  const files = {
    'base/kustomization.yaml': 'resources: [cart.yaml]\n',
    'base/cart.yaml': deployment('', PLAIN),
    'prod/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: inject.yaml\n',
    'prod/inject.yaml': patch,
  };
  const [finding, ...others] = workspaceOf(files, [rule]).findings();
  expect(others).toEqual([]);
  expect(startOf(finding!)).toBe('prod/inject.yaml:7:5');
  expect(finding!.fixes).toEqual([]);
});

it('names the other places in vain once, and is silent when the pod template speaks', () => {
  const metadata = `${ENABLED}  labels:\n    linkerd.io/inject: enabled\n`;
  const files = { 'cart.yaml': deployment(metadata, PLAIN) };
  const [finding, ...others] = workspaceOf(files, [rule]).findings();
  expect(others).toEqual([]);
  expect(finding!.reported.related.map(({ range }) => range.start.line)).toEqual([9]);
  expect(found(applyEdits(files, finding!.fixes[0]!.edits()!))).toEqual([]);
});

it('says nothing of a pod that carries its proxy already', () => {
  const spec =
    '  template:\n    spec:\n      containers: [{ name: linkerd-proxy, image: cr.l5d.io/linkerd/proxy:edge-26.8.3 }]\n';
  expect(found({ 'cart.yaml': deployment(ENABLED, spec) })).toEqual([]);
});

it('takes an empty value and a null for none', () => {
  expect(found({ 'a.yaml': namespace('""'), 'b.yaml': namespace('').replace('name: shop', 'name: other') })).toEqual([]);
});

it('follows an edit of the Namespace', () => {
  const files = { 'cart.yaml': deployment(ENABLED, PLAIN), 'namespace.yaml': namespace('disabled') };
  const workspace = workspaceOf(files, [rule]);
  expect(workspace.findings().map(startOf)).toEqual(['cart.yaml:7:5']);
  workspace.set('namespace.yaml', namespace('enabled'));
  expect(workspace.findings()).toEqual([]);
  workspace.set('namespace.yaml', namespace('enable'));
  expect(workspace.findings().map(startOf)).toEqual(['cart.yaml:7:5', 'namespace.yaml:6:24']);
});

it('tells of a boolean in the wrong place that it is refused as well', () => {
  const metadata = '  annotations:\n    linkerd.io/inject: yes\n';
  const [finding] = workspaceOf({ 'cart.yaml': deployment(metadata, PLAIN) }, [rule]).findings();
  expect(finding!.reported.message).toBe(
    'linkerd.io/inject stands on the Deployment itself, and Linkerd reads it on pods and Namespaces alone: no proxy is put into the pods of Deployment shop/cart unless the Namespace turns injection on. The value is a boolean, and only strings may stand here: the API server refuses Deployment shop/cart. Move it to spec.template.metadata.annotations, as `enabled`.',
  );
});
