import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { collisionOf, collisionsThrough, joinedThrough, originOf } from './collisions';
import type { Collision } from './collisions';
import type { MeshView } from './view';

const namespace = (labels: string, annotations = '{}', name = 'shop'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: ${labels}\n  annotations: ${annotations}\n`;
const deployment = (labels = '{}', annotations = '{}', containers = '[{ name: cart }]', name = 'cart'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  template:\n    metadata:\n      labels: ${labels}\n` +
  `      annotations: ${annotations}\n    spec:\n      containers: ${containers}\n`;
const documents = (...texts: string[]): string => texts.join('---\n');

function viewOf(files: Files): MeshView {
  const workspace = workspaceOf(files, []);
  const [name = ''] = workspace.environmentNames();
  return workspace.view(name)!;
}

function collision(text: string, rest: Files = {}): Collision | undefined {
  const view = viewOf({ 'shop.yaml': text, ...rest });
  const [workload] = view.index.workloads();
  return collisionOf(workload!, view);
}

const ISTIO = '{ istio-injection: enabled }';
const LINKERD = '{ linkerd.io/inject: enabled }';
const NO_SIDECAR = { field: 'labels', key: 'sidecar.istio.io/inject', value: 'false' };
const NO_AMBIENT = { field: 'labels', key: 'istio.io/dataplane-mode', value: 'none' };
const NO_LINKERD = { field: 'annotations', key: 'linkerd.io/inject', value: 'disabled' };

describe('the sides of a collision', () => {
  it('by the Namespace', () => {
    expect(collision(documents(namespace(ISTIO, LINKERD), deployment()))).toMatchObject({
      istio: { mesh: 'istio-sidecar', decidedBy: 'namespace', optOut: [NO_SIDECAR] },
      linkerd: { mesh: 'linkerd', decidedBy: 'namespace', optOut: [NO_LINKERD] },
      assumptions: [],
    });
  });

  it('by the pod template', () => {
    expect(collision(documents(namespace('{}'), deployment('{ sidecar.istio.io/inject: "true" }', LINKERD)))).toMatchObject({
      istio: { mesh: 'istio-sidecar', decidedBy: 'pod' },
      linkerd: { decidedBy: 'pod' },
      assumptions: [],
    });
  });

  it('by containers, which no label takes away', () => {
    expect(
      collision(deployment('{ sidecar.istio.io/inject: "false" }', '{}', '[{ name: istio-proxy }, { name: linkerd-proxy }]')),
    ).toMatchObject({
      istio: { decidedBy: 'container', optOut: [] },
      linkerd: { decidedBy: 'container', optOut: [] },
    });
  });

  it('by the installation alone, which leaves no evidence', () => {
    const configuration = { '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: true\n' };
    expect(collision(documents(namespace('{}', LINKERD), deployment()), configuration)).toMatchObject({
      istio: { mesh: 'istio-sidecar', decidedBy: 'installation', evidence: [] },
      linkerd: { decidedBy: 'namespace' },
    });
  });

  it('the sidecar where ambient mode would take the pods, and then neither', () => {
    const both = '{ istio-injection: enabled, istio.io/dataplane-mode: ambient }';
    expect(collision(documents(namespace(both, LINKERD), deployment()))?.istio).toMatchObject({
      mesh: 'istio-sidecar',
      optOut: [NO_SIDECAR, NO_AMBIENT],
    });
    expect(collision(documents(namespace(both, LINKERD), deployment('{ istio.io/dataplane-mode: none }')))?.istio.optOut).toEqual(
      [NO_SIDECAR],
    );
    const own = collision(documents(namespace(ISTIO, LINKERD), deployment('{ istio.io/dataplane-mode: ambient }')));
    expect(own?.istio.optOut).toEqual([NO_SIDECAR, NO_AMBIENT]);
  });

  it('ambient mode', () => {
    expect(collision(documents(namespace('{ istio.io/dataplane-mode: ambient }', LINKERD), deployment()))).toMatchObject({
      istio: { mesh: 'istio-ambient', decidedBy: 'namespace', optOut: [NO_AMBIENT] },
      // Whichever way Istio takes the pods, they are in it.
      assumptions: [],
    });
  });
});

it.each([
  [
    "Istio's sidecar and ambient mode",
    documents(namespace('{ istio-injection: enabled, istio.io/dataplane-mode: ambient }'), deployment()),
  ],
  ["Istio's proxy in the manifest", documents(namespace('{}', LINKERD), deployment('{}', LINKERD, '[{ name: istio-proxy }]'))],
  ['one mesh', documents(namespace(ISTIO), deployment())],
  ['none', deployment()],
  ['no pod template', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart }\nspec: {}\n'],
])('no collision: %s', (_, text) => {
  expect(collision(text)).toBeUndefined();
});

describe('a Namespace that no file defines', () => {
  const assumed = ['Namespace shop, which no file here defines, does not overrule the pod template'];
  it.each<[string, string, string, readonly string[] | undefined]>([
    ['both asked for', '{ sidecar.istio.io/inject: "true" }', LINKERD, assumed],
    ['ambient mode asked for', '{ istio.io/dataplane-mode: ambient }', LINKERD, assumed],
    ['a revision asked for', '{ istio.io/rev: canary }', LINKERD, ['revision canary is installed', ...assumed]],
    ['one asked for', '{}', LINKERD, undefined],
    ['one refused', '{ sidecar.istio.io/inject: "false", istio.io/rev: canary }', LINKERD, undefined],
    [
      'a part of Linkerd itself',
      '{ sidecar.istio.io/inject: "true", linkerd.io/control-plane-component: web }',
      LINKERD,
      undefined,
    ],
  ])('%s', (_, labels, annotations, expected) => {
    expect(collision(deployment(labels, annotations))?.assumptions).toEqual(expected);
  });

  it('does not count what injects by default', () => {
    expect(
      collision(deployment('{}', LINKERD), { '.mesh-lint.yaml': 'istio:\n  enableNamespacesByDefault: true\n' }),
    ).toBeUndefined();
  });

  it('is one whose name a template holds, too', () => {
    const chart = { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' };
    const text = deployment('{ sidecar.istio.io/inject: "true" }', LINKERD).replace(
      'namespace: shop',
      'namespace: "{{ .Release.Namespace }}"',
    );
    expect(collision(text, chart)?.assumptions).toEqual([
      'its Namespace, which no file here defines, does not overrule the pod template',
    ]);
  });
});

describe('what a place brings in', () => {
  const names = (found: readonly Resource[]): (string | undefined)[] => found.map(({ name }) => name);
  const labelOf = (view: MeshView, field: 'labels' | 'annotations', key: string): YamlNode => {
    const label = view.ofKind('Namespace')[0]![field].get(key);
    if (label.is === 'absent') throw new Error(`no ${key}`);
    return label.node;
  };

  it('is who collides, and who merely joins', () => {
    const view = viewOf({
      'namespace.yaml': namespace(ISTIO, LINKERD),
      'a.yaml': deployment('{}', '{}', '[]', 'a'),
      'b.yaml': deployment('{}', '{ linkerd.io/inject: disabled }', '[]', 'b'),
      'c.yaml': deployment('{ sidecar.istio.io/inject: "false" }', '{}', '[]', 'c'),
      'd.yaml': deployment('{ sidecar.istio.io/inject: "false" }', '{}', '[]', 'd'),
      'alternative.yaml': deployment('{ sidecar.istio.io/inject: "false" }', '{}', '[]', 'd'),
    });
    const label = labelOf(view, 'labels', 'istio-injection');
    const annotation = labelOf(view, 'annotations', 'linkerd.io/inject');
    expect(joinedThrough(label, view)).toBe(2);
    expect(joinedThrough(annotation, view)).toBe(3);
    for (const node of [label, annotation])
      expect(names(collisionsThrough(node, view).map(({ workload }) => workload))).toEqual(['a']);
  });

  it('is told by the text that made it', () => {
    const view = viewOf({
      'kustomization.yaml': 'kind: Kustomization\nresources: [all.yaml]\ncommonAnnotations:\n  linkerd.io/inject: enabled\n',
      'all.yaml': documents(namespace(ISTIO), deployment('{}', '{}', '[]', 'a'), deployment('{}', '{}', '[]', 'b')),
    });
    const [a, b] = view.index.workloads().map((workload) => collisionOf(workload, view)!.linkerd.evidence[0]!);
    expect(a).not.toBe(b);
    expect(originOf(a!)).toBe(originOf(b!));
    expect(joinedThrough(a!, view)).toBe(2);
  });
});
