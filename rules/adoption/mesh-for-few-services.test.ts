import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './mesh-for-few-services';

const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: flux-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      version: 1.0.0\n      sourceRef:\n        kind: HelmRepository\n        name: charts\n`;
const deployment = (where: string, name: string, labels = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${labels}    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    app: ${name}\n---\n${deployment('shop', name)}`;
const services = (count: number): Files => ({
  'shop.yaml': Array.from({ length: count }, (_, i) => service(`app-${i}`)).join('---\n'),
});
const ISTIO: Files = { 'istio.yaml': release('istiod') };
const operator = (profile: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  profile: ${profile}\n`;
const application = (source: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: app\n  namespace: argocd\nspec:\n  source:\n    repoURL: https://git.example.com/apps\n${source}  destination:\n    server: https://kubernetes.default.svc\n    namespace: shop\n`;

function found(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const findings = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return findings;
}

const at = (files: Files): string[] => found(files).map((finding) => `${startOf(finding)} ${coveredText(files, finding)}`);

describe('the border', () => {
  it.each([
    [1, 'for 1 service.'],
    [9, 'for 9 services.'],
  ])('%i', (count, text) => {
    expect(found({ ...ISTIO, ...services(count) })[0]?.reported.message).toContain(text);
  });

  it.each([0, 10, 11])('%i is silence', (count) => {
    expect(at({ ...ISTIO, ...services(count) })).toEqual([]);
  });

  it('is a setting, which the message then names', () => {
    const settings = { '.mesh-lint.yaml': 'decision:\n  thresholds:\n    smallServices: 3\n' };
    expect(at({ ...ISTIO, ...services(3), ...settings })).toEqual([]);
    const message = found({ ...ISTIO, ...services(2), ...settings })[0]?.reported.message;
    expect(message).toContain('decision.thresholds.smallServices puts the least number that a mesh pays for at 3:');
    expect(message).not.toContain('BIPI');
  });

  it('counts a canary and its stable Service once, and no add-on', () => {
    const canary = service('app-0').replace('name: app-0', 'name: app-0-canary').split('---\n')[0] ?? '';
    const prometheus = service('prometheus');
    const [one] = found({ ...ISTIO, ...services(1), 'canary.yaml': canary, 'prometheus.yaml': prometheus });
    expect(one?.reported.message).toContain('for 1 service.');
    expect(one?.reported.related).toHaveLength(1);
  });
});

describe('the place', () => {
  it.each<[string, Files, string[]]>([
    ['the chart of a release', ISTIO, ['istio.yaml:9:14 istiod']],
    ["an operator's object", { 'm.yaml': operator('default') }, ['m.yaml:4:9 mesh']],
    ["istiod's own Deployment", { 'm.yaml': deployment('istio-system', 'istiod') }, ['m.yaml:4:9 istiod']],
    ["Linkerd's chart", { 'm.yaml': release('linkerd-control-plane') }, ['m.yaml:9:14 linkerd-control-plane']],
    [
      "the part of Linkerd's control plane that makes it one",
      {
        'a.yaml': deployment('linkerd', 'a', '        linkerd.io/control-plane-component: identity\n'),
        'b.yaml': deployment('linkerd', 'b', '        linkerd.io/control-plane-component: destination\n'),
      },
      ['b.yaml:4:9 b'],
    ],
    ['each of two meshes', { ...ISTIO, 'm.yaml': release('linkerd2') }, ['istio.yaml:9:14 istiod', 'm.yaml:9:14 linkerd2']],
    ['nowhere for CRDs and gateways alone', { 'm.yaml': release('istio-base'), 'g.yaml': operator('empty') }, []],
  ])('%s', (_title, files, places) => {
    expect(at({ ...files, ...services(2) })).toEqual(places);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['with mutual TLS mandated', { '.mesh-lint.yaml': 'team:\n  mtlsMandated: true\n' }],
    ['with a need', { '.mesh-lint.yaml': 'team:\n  needs: [authorization]\n' }],
    ['with a feature', { '.mesh-lint.yaml': 'team:\n  features: [mirroring]\n' }],
    ['with several clusters', { '.mesh-lint.yaml': 'team:\n  multicluster: true\n' }],
    ['with growth', { '.mesh-lint.yaml': 'team:\n  servicesInAYear: 10\n' }],
    [
      'where policies use identities',
      {
        'x.yaml':
          'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\n  namespace: shop\nspec: {}\n',
      },
    ],
    ['with a chart of an application', { 'x.yaml': release('orders') }],
    ['with an ApplicationSet', { 'x.yaml': application('    path: apps\n').replace('Application\n', 'ApplicationSet\n') }],
    ['with an Application of a folder that is not here', { 'x.yaml': application('    path: apps/orders\n') }],
    [
      'with a Flux Kustomization of a folder that is not here',
      {
        'x.yaml':
          'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  path: ./apps\n',
      },
    ],
  ])('%s', (_title, more) => {
    expect(at({ ...ISTIO, ...services(2), ...more })).toEqual([]);
  });

  it('answers that give no reason leave the finding', () => {
    const team = { '.mesh-lint.yaml': 'team:\n  mtlsMandated: false\n  servicesInAYear: 9\n  needs: []\n' };
    expect(at({ ...ISTIO, ...services(2), ...team })).toEqual(['istio.yaml:9:14 istiod']);
  });

  it('add-ons leave the finding', () => {
    const more = { 'x.yaml': release('kube-prometheus-stack'), 'y.yaml': release('flagger') };
    expect(at({ ...ISTIO, ...services(2), ...more })).toEqual(['istio.yaml:9:14 istiod']);
  });

  it('where the build left something out', () => {
    const files = { ...ISTIO, ...services(2) };
    expect(at({ ...files, 'kustomization.yaml': 'resources: [istio.yaml, shop.yaml]\n' })).toEqual(['istio.yaml:9:14 istiod']);
    const remote = 'resources: [istio.yaml, shop.yaml, "https://github.com/example/orders"]\n';
    expect(at({ ...files, 'kustomization.yaml': remote })).toEqual([]);
  });

  it('where Flux installs an application whose chart is not here, and not for charts of add-ons', () => {
    const kustomization =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  path: ./apps\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n';
    const files = {
      'clusters/a/apps.yaml': kustomization,
      'apps/istio.yaml': release('istiod'),
      'apps/shop.yaml': services(2)['shop.yaml'] ?? '',
      'apps/flagger.yaml': release('flagger'),
    };
    expect(at(files)).toEqual(['apps/istio.yaml:9:14 istiod']);
    expect(at({ ...files, 'apps/orders.yaml': release('orders') })).toEqual([]);
  });

  it('where Argo CD installs an application whose chart is not here, and not for the mesh and a folder that is', () => {
    const chart = (name: string): string =>
      application(`    chart: ${name}\n    targetRevision: 1.0.0\n`).replace('name: app', `name: ${name}`);
    const files = {
      'apps/istio.yaml': chart('istiod'),
      'apps/shop.yaml': application('    path: shop\n').replace('name: app', 'name: shop'),
      'shop/all.yaml': services(2)['shop.yaml'] ?? '',
    };
    expect(at(files)).toEqual(['apps/istio.yaml:9:12 istiod']);
    expect(at({ ...files, 'apps/orders.yaml': chart('orders') })).toEqual([]);
  });
});
