import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, factsOf, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askReport } from '../answers/report';

/** `mesh how` of each presence. */
const meshesOf = (files: Files, environment?: string): string[] =>
  factsOf(files, environment).meshes.map(({ mesh, how }) => `${mesh} ${how}`);

const namespace = (name: string, labels = '', annotations = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: {${labels}}\n  annotations: {${annotations}}\n`;

const named = (apiVersion: string, kind: string, name: string, more = ''): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: shop\n${more}`;

const application = (chart: string, repository: string, values = ''): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${chart}\nspec:\n  source:\n    chart: ${chart}\n    repoURL: ${repository}\n    targetRevision: 1.0.0\n    helm:\n      valuesObject: {${values}}\n  destination: { name: in-cluster }\n`;

const ISTIO_REPOSITORY = 'https://istio-release.storage.googleapis.com/charts';

describe('installed', () => {
  it.each<[string, string, readonly string[]]>([
    ["istiod's workload", deployment('istiod'), ['istio-sidecar installed']],
    ['ztunnel beside it', documents(deployment('istiod'), deployment('ztunnel')), ['istio-ambient installed']],
    ['an IstioOperator', named('install.istio.io/v1alpha1', 'IstioOperator', 'i'), ['istio-sidecar installed']],
    [
      'an IstioOperator of the ambient profile',
      named('install.istio.io/v1alpha1', 'IstioOperator', 'i', 'spec:\n  profile: ambient\n'),
      ['istio-ambient installed'],
    ],
    ['the Sail operator', named('sailoperator.io/v1', 'Istio', 'default'), ['istio-sidecar installed']],
    ["Istio's base chart", application('base', ISTIO_REPOSITORY), ['istio-sidecar installed']],
    ["Istio's ztunnel chart", application('ztunnel', ISTIO_REPOSITORY), ['istio-ambient installed']],
    ['istiod of the ambient profile', application('istiod', ISTIO_REPOSITORY, ' profile: ambient '), ['istio-ambient installed']],
    ["somebody else's base chart", application('base', 'https://charts.example.org'), []],
    ["Linkerd's chart", application('linkerd-control-plane', 'https://helm.linkerd.io/edge'), ['linkerd installed']],
    ["Linkerd's extension alone", application('linkerd-viz', 'https://helm.linkerd.io/edge'), []],
    ["Cilium's chart", application('cilium', 'https://helm.cilium.io'), ['cilium installed']],
  ])('%s', (_, text, meshes) => {
    expect(meshesOf({ 'a.yaml': text })).toEqual(meshes);
  });

  it("Linkerd's workloads, cited by name", () => {
    const text = deployment('linkerd-destination', { namespace: 'linkerd' }).replace(
      'app: linkerd-destination',
      'linkerd.io/control-plane-component: destination',
    );
    const { meshes } = factsOf({ 'a.yaml': text });
    expect(meshes).toMatchObject([{ mesh: 'linkerd', how: 'installed' }]);
    expect(cited({ 'a.yaml': text }, meshes[0]!.evidence)).toEqual(['a.yaml:4 linkerd-destination']);
  });

  it('a Flux HelmRelease, by its repository', () => {
    const files = {
      'a.yaml': documents(
        named('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'istio', `spec:\n  url: ${ISTIO_REPOSITORY}\n`),
        named(
          'helm.toolkit.fluxcd.io/v2',
          'HelmRelease',
          'gateway',
          'spec:\n  chart:\n    spec:\n      chart: gateway\n      sourceRef: { kind: HelmRepository, name: istio }\n',
        ),
      ),
    };
    expect(meshesOf(files)).toEqual(['istio-sidecar installed']);
  });

  it('a dependency of a chart, a helmfile, a kustomization with charts', () => {
    const chart = {
      'chart/Chart.yaml': `apiVersion: v2\nname: mesh\nversion: 1.0.0\ndependencies:\n  - name: istiod\n    version: 1.28.0\n    repository: ${ISTIO_REPOSITORY}\n`,
      'chart/templates/a.yaml': deployment('cart'),
    };
    expect(meshesOf(chart, 'chart')).toEqual(['istio-sidecar installed']);
    const helmfile = {
      'helmfile.yaml':
        'repositories:\n  - name: l5d\n    url: https://helm.linkerd.io/edge\nreleases:\n  - name: l\n    chart: l5d/linkerd-control-plane\n',
      'a.yaml': deployment('cart'),
    };
    expect(meshesOf(helmfile)).toEqual(['linkerd installed']);
    const kustomize = {
      'app/kustomization.yaml':
        'resources:\n  - a.yaml\nhelmCharts:\n  - name: cilium\n    repo: https://helm.cilium.io\n    version: 1.20.0\n',
      'app/a.yaml': deployment('cart'),
    };
    expect(meshesOf(kustomize, 'app')).toEqual(['cilium installed']);
  });

  it('notices a dependency that is taken out', () => {
    const chart = (dependencies: string): string => `apiVersion: v2\nname: mesh\nversion: 1.0.0\n${dependencies}`;
    const workspace = workspaceOf(
      {
        'chart/Chart.yaml': chart(
          'dependencies:\n  - name: cilium\n    version: 1.20.0\n    repository: https://helm.cilium.io\n',
        ),
        'chart/templates/a.yaml': deployment('cart'),
      },
      [],
    );
    expect(askReport(workspace).verdict?.facts['ciliumIsCni']).toBe(true);
    workspace.set('chart/Chart.yaml', chart(''));
    expect(askReport(workspace).verdict?.facts['ciliumIsCni']).toBe(false);
  });
});

describe('injected', () => {
  const cart = deployment('cart', { namespace: 'shop' });

  it.each<[string, string, readonly string[]]>([
    ['by a Namespace for sidecars', namespace('shop', 'istio-injection: enabled'), ['istio-sidecar injected']],
    ['by a Namespace for a revision', namespace('shop', 'istio.io/rev: stable'), ['istio-sidecar injected']],
    ['by a Namespace for ambient mode', namespace('shop', 'istio.io/dataplane-mode: ambient'), ['istio-ambient injected']],
    ['by a Namespace for Linkerd', namespace('shop', '', 'linkerd.io/inject: enabled'), ['linkerd injected']],
    ['by nothing', namespace('shop', 'istio-injection: disabled', 'linkerd.io/inject: disabled'), []],
  ])('%s, with workloads or without', (_, text, meshes) => {
    expect(meshesOf({ 'a.yaml': documents(text, cart) })).toEqual(meshes);
    expect(meshesOf({ 'a.yaml': text })).toEqual(meshes);
  });

  it('by the label of a pod, cited there', () => {
    const files = {
      'a.yaml': documents(namespace('shop'), cart.replace('app: cart', "app: cart\n        sidecar.istio.io/inject: 'true'")),
    };
    const { meshes } = factsOf(files);
    expect(meshes).toMatchObject([{ mesh: 'istio-sidecar', how: 'injected' }]);
    expect(cited(files, meshes[0]!.evidence)).toEqual(["a.yaml:18 'true'"]);
  });

  it("not by Linkerd's own namespaces", () => {
    expect(meshesOf({ 'a.yaml': namespace('linkerd-viz', '', 'linkerd.io/inject: enabled') })).toEqual([]);
  });
});

describe('configured', () => {
  const policy = named('security.istio.io/v1', 'PeerAuthentication', 'default');
  const profile = named('linkerd.io/v1alpha2', 'ServiceProfile', 'cart.shop.svc.cluster.local');
  const waypoint = named('gateway.networking.k8s.io/v1', 'Gateway', 'waypoint', 'spec:\n  gatewayClassName: istio-waypoint\n');

  it.each<[string, string, readonly string[]]>([
    ["by Istio's resources", policy, ['istio-sidecar configured']],
    [
      "by Istio's resources where ambient mode runs",
      documents(policy, namespace('shop', 'istio.io/dataplane-mode: ambient')),
      ['istio-ambient injected', 'istio-ambient configured'],
    ],
    ['by a waypoint', waypoint, ['istio-ambient configured']],
    ["by Linkerd's resources", profile, ['linkerd configured']],
    [
      "not by those of Linkerd's extensions",
      profile.replace('namespace: shop', 'namespace: shop\n  labels: {linkerd.io/extension: viz}'),
      [],
    ],
    ['not by a Gateway of something else', waypoint.replace('istio-waypoint', 'envoy'), []],
  ])('%s', (_, text, meshes) => {
    expect(meshesOf({ 'a.yaml': text })).toEqual(meshes);
  });
});

describe('Cilium', () => {
  const policy = (more: string): string =>
    named(
      'cilium.io/v2',
      'CiliumNetworkPolicy',
      'p',
      `spec:\n  endpointSelector: {}\n  ingress:\n    - fromEndpoints: [{}]\n${more}`,
    );
  const config = (data: string): string => named('v1', 'ConfigMap', 'cilium-config', `data: {${data}}\n`);
  const ztunnel = application('cilium', 'https://helm.cilium.io', ' encryption: { enabled: true, type: ztunnel } ');

  it.each<[string, string]>([
    ['its agents', deployment('cilium').replace('Deployment', 'DaemonSet')],
    ['its ConfigMap', config('')],
    ['a policy of its own', policy('')],
  ])('is the CNI by %s, and that is no mesh', (_, text) => {
    const facts = factsOf({ 'a.yaml': text });
    expect(facts.ciliumIsCni.holds).toBe(true);
    expect(facts.ciliumIsCni.evidence).toHaveLength(1);
    expect(facts.meshes).toMatchObject([{ mesh: 'cilium', how: 'installed' }]);
  });

  it.each<[string, string]>([
    ['a policy that requires authentication', policy('      authentication: { mode: required }\n')],
    ['a Namespace under ztunnel', namespace('shop', 'io.cilium/mtls-enabled: "true"')],
    ['ztunnel in its ConfigMap', config('enable-ztunnel: "true"')],
    ['ztunnel in values', ztunnel.replace('1.0.0', '1.20.0')],
    [
      'SPIRE in values',
      application('cilium', 'https://helm.cilium.io', ' authentication: { mutual: { spire: { enabled: true } } } '),
    ],
  ])('is a mesh by %s', (_, text) => {
    expect(meshesOf({ 'a.yaml': text })).toContain('cilium configured');
  });

  it.each<[string, string]>([
    ['a policy that disables it', policy('      authentication: { mode: disabled }\n')],
    ['WireGuard', application('cilium', 'https://helm.cilium.io', ' encryption: { enabled: true, type: wireguard } ')],
    ['ztunnel that its chart is too old for', ztunnel],
    [
      'policies that are not enforced',
      documents(policy('      authentication: { mode: required }\n'), config('enable-policy: never')),
    ],
    [
      'a Namespace under ztunnel, where Cilium encrypts otherwise',
      documents(namespace('shop', 'io.cilium/mtls-enabled: "true"'), config('enable-wireguard: "true"')),
    ],
    ['ztunnel that is off', application('cilium', 'https://helm.cilium.io', ' encryption: { enabled: false, type: ztunnel } ')],
  ])('is no mesh by %s', (_, text) => {
    expect(meshesOf({ 'a.yaml': text })).not.toContain('cilium configured');
  });

  it('is the verdict where it is the CNI and no need goes beyond it', () => {
    const files: Record<string, string> = { 'p.yaml': policy('') };
    for (let i = 0; i < 40; i++) files[`s${i}.yaml`] = documents(service(`s${i}`), deployment(`s${i}`));
    expect(askReport(workspaceOf(files, [])).verdict).toMatchObject({
      choice: 'cilium',
      facts: { services: 40, ciliumIsCni: true },
    });
  });
});

describe('two meshes', () => {
  const both = namespace('shop', 'istio-injection: enabled', 'linkerd.io/inject: enabled');

  it('on one workload, cited by what joins it to each', () => {
    const files = {
      'a.yaml': documents(both, deployment('cart', { namespace: 'shop' }), deployment('pay', { namespace: 'shop' })),
    };
    const { doublyInjected } = factsOf(files);
    expect(doublyInjected.count).toBe(2);
    expect(cited(files, doublyInjected.evidence)).toEqual(['a.yaml:5 enabled', 'a.yaml:6 enabled']);
    expect(askReport(workspaceOf(files, [])).verdict).toMatchObject({
      choice: 'converge',
      target: 'none',
      facts: { doublyInjected: 2 },
    });
  });

  it('in ambient mode too, but not where one of them is turned off', () => {
    const ambient = namespace('shop', 'istio.io/dataplane-mode: ambient', 'linkerd.io/inject: enabled');
    const cart = deployment('cart', { namespace: 'shop' });
    const off = cart.replace('app: cart', 'app: cart\n        istio.io/dataplane-mode: none');
    expect(factsOf({ 'a.yaml': documents(ambient, cart) }).doublyInjected.count).toBe(1);
    expect(factsOf({ 'a.yaml': documents(ambient, off) }).doublyInjected.count).toBe(0);
  });

  it('installed side by side', () => {
    const files = {
      'a.yaml': documents(
        application('istiod', ISTIO_REPOSITORY),
        application('linkerd-control-plane', 'https://helm.linkerd.io/edge'),
      ),
    };
    expect(askReport(workspaceOf(files, [])).verdict).toMatchObject({ choice: 'converge', target: 'none' });
  });
});
