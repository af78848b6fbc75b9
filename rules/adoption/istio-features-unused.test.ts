import { describe, expect, it } from 'vitest';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './istio-features-unused';

const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: flux-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      version: 1.0.0\n      sourceRef:\n        kind: HelmRepository\n        name: charts\n`;
const namespace = (metadata: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${metadata}`;
const deployment = (where: string, name: string, labels = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${labels}    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const of = (apiVersion: string, kind: string, rest = 'spec: {}\n', metadata = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: shop\n${metadata}${rest}`;

const MESHED: Files = {
  'istio.yaml': release('istiod'),
  'shop.yaml': namespace('  labels:\n    istio-injection: enabled\n'),
  'cart.yaml': deployment('shop', 'cart'),
};

function places(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);
}

const FOUND = ['istio.yaml:9:14 istiod'];

describe('what uses no feature of Istio', () => {
  it.each<[string, Files]>([
    ['nothing at all', {}],
    ['mutual TLS', { 'x.yaml': of('security.istio.io/v1', 'PeerAuthentication', 'spec:\n  mtls:\n    mode: STRICT\n') }],
    ['an Ingress of another class', { 'x.yaml': of('networking.k8s.io/v1', 'Ingress', 'spec:\n  ingressClassName: nginx\n') }],
    [
      'a Gateway of another class',
      { 'x.yaml': of('gateway.networking.k8s.io/v1', 'Gateway', 'spec:\n  gatewayClassName: eg\n') },
    ],
    [
      'a route of that',
      { 'x.yaml': of('gateway.networking.k8s.io/v1', 'HTTPRoute', 'spec:\n  parentRefs:\n    - name: edge\n') },
    ],
    ['a canary without a mesh', { 'x.yaml': of('argoproj.io/v1alpha1', 'Rollout', 'spec:\n  strategy:\n    canary: {}\n') }],
    ['a Secret', { 'x.yaml': of('v1', 'Secret', 'data: {}\n') }],
    [
      'the filters that older charts of Istio bring',
      { 'x.yaml': of('networking.istio.io/v1alpha3', 'EnvoyFilter').replace('name: x', 'name: stats-filter-1.16') },
    ],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual(FOUND);
  });

  it('names the workloads that pay', () => {
    const [found] = workspaceOf({ ...MESHED, 'mail.yaml': deployment('shop', 'mail') }, [rule]).findings();
    expect(found?.reported.message).toContain('with sidecars for 2 workloads,');
    expect(found?.reported.related.map(({ message }) => message)).toEqual([
      'Deployment shop/cart gets a sidecar.',
      'Deployment shop/mail gets a sidecar.',
    ]);
  });
});

describe('silence', () => {
  it.each([
    ['networking.istio.io/v1', 'VirtualService'],
    ['networking.istio.io/v1', 'DestinationRule'],
    ['networking.istio.io/v1', 'Gateway'],
    ['networking.istio.io/v1', 'ServiceEntry'],
    ['networking.istio.io/v1', 'Sidecar'],
    ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
    ['networking.istio.io/v1', 'WorkloadEntry'],
    ['networking.istio.io/v1', 'WorkloadGroup'],
    ['networking.istio.io/v1beta1', 'ProxyConfig'],
    ['security.istio.io/v1', 'AuthorizationPolicy'],
    ['security.istio.io/v1', 'RequestAuthentication'],
    ['telemetry.istio.io/v1', 'Telemetry'],
    ['extensions.istio.io/v1alpha1', 'WasmPlugin'],
    ['flagger.app/v1beta1', 'Canary'],
  ])('with %s %s', (apiVersion, kind) => {
    expect(places({ ...MESHED, 'x.yaml': of(apiVersion, kind) })).toEqual([]);
  });

  it.each<[string, Files]>([
    [
      'with a Gateway of Istio',
      { 'x.yaml': of('gateway.networking.k8s.io/v1', 'Gateway', 'spec:\n  gatewayClassName: istio\n') },
    ],
    [
      'with a Gateway whose class a template hides',
      { 'x.yaml': of('gateway.networking.k8s.io/v1', 'Gateway', 'spec:\n  gatewayClassName: {{ .Values.class }}\n') },
    ],
    ['with an Ingress of Istio', { 'x.yaml': of('networking.k8s.io/v1', 'Ingress', 'spec:\n  ingressClassName: istio\n') }],
    [
      'with a route between workloads',
      {
        'x.yaml': of(
          'gateway.networking.k8s.io/v1',
          'HTTPRoute',
          'spec:\n  parentRefs:\n    - kind: Service\n      group: ""\n      name: cart\n',
        ),
      },
    ],
    [
      'with a canary by Istio',
      {
        'x.yaml': of(
          'argoproj.io/v1alpha1',
          'Rollout',
          'spec:\n  strategy:\n    canary:\n      trafficRouting:\n        istio:\n          virtualService:\n            name: cart\n',
        ),
      },
    ],
    ['with another cluster', { 'x.yaml': of('v1', 'Secret', 'data: {}\n', '  labels:\n    istio/multiCluster: "true"\n') }],
    ['with a gateway', { 'x.yaml': deployment('edge', 'edge', '        istio: ingressgateway\n') }],
    ['in ambient mode', { 'shop.yaml': namespace('  labels:\n    istio.io/dataplane-mode: ambient\n') }],
    ['without a workload in the mesh', { 'shop.yaml': namespace('') }],
    ['with a chart of an application, which may use them', { 'x.yaml': release('orders') }],
    ['with a need that is named', { '.mesh-lint.yaml': 'team:\n  needs: [routing]\n' }],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual([]);
  });
});
