import { describe, expect, it } from 'vitest';
import { cited, deployment, documents } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import type { Place } from '../yaml/tree';
import { proxyRequests } from './proxy-requests';
import type { ProxyRequests } from './proxy-requests';

function requests(files: Files): readonly ProxyRequests<Place>[] {
  const view = workspaceOf(files, []).view('.');
  if (view === undefined) throw new Error('no environment');
  return proxyRequests(view);
}

/** A Deployment of which the pod template bears these annotations. */
const annotated = (name: string, annotations: string, replicas = 1): string =>
  deployment(name, { more: `  replicas: ${replicas}\n`, namespace: 'shop' }).replace(
    '    metadata:\n',
    `    metadata:\n      annotations: {${annotations}}\n`,
  );
const namespace = (more: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${more}`;
const istio = namespace('  labels: {istio-injection: enabled}\n');

describe('what proxies request', () => {
  it("is read from the annotations of Istio's pods, times their number", () => {
    const files = {
      'a.yaml': documents(istio, annotated('cart', 'sidecar.istio.io/proxyCPU: 50m, sidecar.istio.io/proxyMemory: 64M', 3)),
    };
    const [only, ...others] = requests(files);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ mesh: 'istio-sidecar', workloads: 1, unshown: 0, cpu: { low: 150, high: 150 } });
    expect(only?.memory.high).toBeCloseTo(192);
    expect(cited(files, only?.evidence ?? [])).toEqual(['a.yaml:16 50m', 'a.yaml:16 64M']);
  });

  it('is what the installation sets where a pod sets nothing of its own', () => {
    const operator =
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  values:\n    global:\n      proxy:\n        resources:\n          requests: {cpu: 10m, memory: 40Mi}\n';
    const files = {
      'a.yaml': documents(istio, operator, annotated('cart', 'sidecar.istio.io/proxyCPU: "1"'), annotated('pay', '', 2)),
    };
    const [only] = requests(files);
    expect(only).toMatchObject({ workloads: 2, unshown: 0, cpu: { low: 1020, high: 1020 } });
    expect(only?.memory.low).toBeCloseTo(3 * 41.94304, 5);
  });

  it("is read for Linkerd from pods, Namespaces and the control plane's values", () => {
    const app =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: linkerd\nspec:\n  source:\n    repoURL: https://helm.linkerd.io/edge\n    chart: linkerd-control-plane\n    targetRevision: 2025.1.1\n    helm:\n      valuesObject:\n        proxy:\n          resources:\n            memory: {request: 20M}\n';
    const meshed = namespace('  annotations: {linkerd.io/inject: enabled, config.linkerd.io/proxy-cpu-request: 20m}\n');
    const files = {
      'a.yaml': documents(meshed, app, annotated('cart', 'config.linkerd.io/proxy-cpu-request: 100m'), annotated('pay', '', 2)),
    };
    expect(requests(files)).toMatchObject([
      { mesh: 'linkerd', workloads: 2, unshown: 0, cpu: { low: 140 }, memory: { low: 60 } },
    ]);
  });

  it('is not shown where no file says it, where it is no quantity, and where the pods are not known', () => {
    const daemons = annotated('cart', 'sidecar.istio.io/proxyCPU: 50m').replace('Deployment', 'DaemonSet');
    const files = {
      'a.yaml': documents(istio, daemons, annotated('pay', ''), annotated('mail', 'sidecar.istio.io/proxyCPU: lots')),
    };
    expect(requests(files)).toMatchObject([{ workloads: 0, unshown: 3, cpu: { low: 0, high: 0 }, evidence: [] }]);
  });

  it('goes from the fewest pods to the most', () => {
    const scaled =
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}\n  minReplicas: 2\n  maxReplicas: 10\n';
    const files = { 'a.yaml': documents(istio, annotated('cart', 'sidecar.istio.io/proxyCPU: 50m'), scaled) };
    expect(requests(files)).toMatchObject([{ cpu: { low: 100, high: 500 }, memory: { low: 0, high: 0 } }]);
  });

  it('is of no concern outside a mesh', () => {
    const files = { 'a.yaml': documents(namespace(''), annotated('cart', 'sidecar.istio.io/proxyCPU: 50m')) };
    expect(requests(files)).toEqual([]);
  });
});
