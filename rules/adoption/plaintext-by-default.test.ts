import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './plaintext-by-default';

const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: flux-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      version: 1.0.0\n      sourceRef:\n        kind: HelmRepository\n        name: charts\n`;
const namespace = (name: string, label: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${label}\n`;
const deployment = (where: string, name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const policy = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: shop\nspec:\n${spec}`;

const MESHED: Files = {
  'istio.yaml': release('istiod'),
  'shop.yaml': namespace('shop', 'istio-injection: enabled'),
  'cart.yaml': deployment('shop', 'cart'),
};

function found(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const findings = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return findings;
}
const places = (files: Files): string[] => found(files).map((one) => `${startOf(one)} ${coveredText(files, one)}`);

describe('everything in the mesh', () => {
  it.each<[string, Files]>([
    ['by sidecars', {}],
    ['by both modes', { 'pay.yaml': namespace('pay', 'istio.io/dataplane-mode: ambient'), 'api.yaml': deployment('pay', 'api') }],
    [
      'beside add-ons that call no application',
      { 'b.yaml': release('istio-base'), 'c.yaml': deployment('cert-manager', 'cert-manager') },
    ],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual(['istio.yaml:9:14 istiod']);
  });

  it('names the workloads, and the root namespace', () => {
    const [one] = found({
      ...MESHED,
      'mail.yaml': deployment('shop', 'mail'),
      '.mesh-lint.yaml': 'istio:\n  rootNamespace: mesh\n',
    });
    expect(one?.reported.message).toContain('All 2 workloads of this environment are in the mesh');
    expect(one?.reported.message).toMatch(/set STRICT in the root namespace mesh\.$/);
    expect(one?.reported.related).toHaveLength(2);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['with a policy', { 'x.yaml': policy('  mtls:\n    mode: STRICT\n') }],
    ['with a policy that is another rule’s matter', { 'x.yaml': policy('  mtls:\n    mode: PERMISSIVE\n') }],
    ['with a workload outside', { 'old.yaml': namespace('old', 'team: old'), 'x.yaml': deployment('old', 'batch') }],
    ['with Prometheus outside', { 'm.yaml': namespace('monitoring', 'a: b'), 'p.yaml': deployment('monitoring', 'prometheus') }],
    ['with a workload of which nothing is known', { 'x.yaml': deployment('other', 'api') }],
    [
      'with a load balancer',
      { 's.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  type: LoadBalancer\n' },
    ],
    ['with a chart of an application', { 'x.yaml': release('orders') }],
    ['with a chart of what calls applications', { 'x.yaml': release('flagger') }],
    ['without workloads', { 'cart.yaml': '# gone\n' }],
    ['without a control plane', { 'istio.yaml': '# elsewhere\n' }],
    ['with Linkerd', { 'istio.yaml': release('linkerd-control-plane') }],
  ])('%s', (_title, more) => {
    expect(places({ ...MESHED, ...more })).toEqual([]);
  });
});
