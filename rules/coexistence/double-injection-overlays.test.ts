import { describe, expect, it } from 'vitest';
import { PAIR_RUNS } from '../../engine/findings/runner';
import type { Workspace } from '../../engine/workspace';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { marked, namespace, workload } from '../../test/support/mesh-samples';
import { rule } from './double-injection';

const OVERLAYS = ['dev', 'production', 'staging'];

/** One base, with Istio for all; three overlays that use it, of which one does more. */
function repository(base: string, cart: string, patched: Files): Files {
  const overlays = OVERLAYS.map((name) => [`overlays/${name}/kustomization.yaml`, 'resources: [../../base]\n']);
  return {
    'base/kustomization.yaml': 'resources: [namespace.yaml, cart.yaml]\n',
    'base/namespace.yaml': base,
    'base/cart.yaml': cart,
    ...(Object.fromEntries(overlays) as Files),
    ...patched,
  };
}

const injected = marked('shop', 'labels', 'istio-injection: enabled');
const cart = workload('cart', { in: 'shop' });
const shop = (patched: Files): Files => repository(injected, cart, patched);
const of = (line: string): string => `resources: [../../base]\n${line}`;

/** Each finding's place and text with the environments that it holds in. */
function told(workspace: Workspace, files: Files): string[] {
  expect(workspace.faults()).toEqual([]);
  return workspace
    .findings()
    .map((one) => `${startOf(one)} ${coveredText(files, one)} in ${one.reported.environments.join(', ')}`);
}
const found = (files: Files): string[] => told(workspaceOf(files, [rule]), files);

const MERGE =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n';
const IN_BASE = 'base/namespace.yaml:6:22 enabled in staging';

describe("a second mesh that an overlay's patch adds is reported in the patch, for that overlay alone", () => {
  it.each<[string, Files, string]>([
    [
      'a strategic merge in a file of its own',
      { 'overlays/staging/kustomization.yaml': of('patches: [{ path: mesh.yaml }]\n'), 'overlays/staging/mesh.yaml': MERGE },
      'overlays/staging/mesh.yaml:10:28 enabled',
    ],
    [
      'a strategic merge in the kustomization',
      { 'overlays/staging/kustomization.yaml': of(`patches:\n  - patch: |-\n${MERGE.replaceAll(/^/gm, '      ').trimEnd()}\n`) },
      'overlays/staging/kustomization.yaml:13:34 enabled',
    ],
    [
      'a JSON 6902 operation',
      {
        'overlays/staging/kustomization.yaml': of('patches:\n  - path: ops.yaml\n    target: { kind: Deployment }\n'),
        'overlays/staging/ops.yaml':
          '- op: add\n  path: /spec/template/metadata/annotations\n  value: { linkerd.io/inject: enabled }\n',
      },
      'overlays/staging/ops.yaml:3:31 enabled',
    ],
    [
      "the kustomization's own annotations, which reach the Namespace and the pods",
      { 'overlays/staging/kustomization.yaml': of('commonAnnotations:\n  linkerd.io/inject: enabled\n') },
      'overlays/staging/kustomization.yaml:3:22 enabled',
    ],
  ])('%s', (_, patched, place) => {
    expect(found(shop(patched))).toEqual([IN_BASE, `${place} in staging`]);
  });

  it('which the other overlays do not have, nor the base', () => {
    expect(found(shop({}))).toEqual([]);
  });

  it('and for two overlays where two have it', () => {
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{ path: mesh.yaml }]\n';
    const files = shop({
      'components/mesh/kustomization.yaml': component,
      'components/mesh/mesh.yaml': MERGE,
      'overlays/dev/kustomization.yaml': of('components: [../../components/mesh]\n'),
      'overlays/staging/kustomization.yaml': of('components: [../../components/mesh]\n'),
    });
    expect(found(files)).toEqual([
      'base/namespace.yaml:6:22 enabled in dev, staging',
      'components/mesh/mesh.yaml:10:28 enabled in dev, staging',
    ]);
  });

  it('and goes with the patch: an edit touches that overlay alone', () => {
    const kustomization = 'overlays/staging/kustomization.yaml';
    const files = shop({ [kustomization]: of('patches: [{ path: mesh.yaml }]\n'), 'overlays/staging/mesh.yaml': MERGE });
    const workspace = workspaceOf(files, [rule]);
    expect(told(workspace, files)).toHaveLength(2);
    workspace.graph.resetRunCounts();
    workspace.set('overlays/staging/mesh.yaml', MERGE.replace('enabled', 'disabled'));
    expect(workspace.findings()).toEqual([]);
    // The Namespace and the Deployment of one overlay, of three.
    expect(workspace.graph.runCounts().get(PAIR_RUNS) ?? 0).toBeLessThanOrEqual(2);
  });
});

it('a pod template that an overlay gives a custom resource makes a workload of it in that overlay alone', () => {
  const both = namespace('shop', '  labels:\n    istio-injection: enabled\n  annotations:\n    linkerd.io/inject: enabled\n');
  const fleet = 'apiVersion: games.example.com/v1\nkind: Fleet\nmetadata:\n  name: cart\n  namespace: shop\n';
  const template = `${fleet}spec:\n  template:\n    spec:\n      containers:\n        - name: app\n`;
  const files = repository(both, `${fleet}spec:\n  size: 3\n`, {
    'overlays/staging/kustomization.yaml': of('patches: [{ path: template.yaml }]\n'),
    'overlays/staging/template.yaml': template,
  });
  const workspace = workspaceOf(files, [rule]);
  const expected = ['base/namespace.yaml:6:22 enabled in staging', 'base/namespace.yaml:8:24 enabled in staging'];
  expect(told(workspace, files)).toEqual(expected);
  expect(workspace.findings().map(({ reported }) => reported.severity)).toEqual(['info', 'info']);
});
