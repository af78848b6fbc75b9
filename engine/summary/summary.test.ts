import { describe, expect, it } from 'vitest';
import { deployment, documents } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askSummary } from '../answers/summary';
import type { Location } from '../findings/report';
import type { Workspace } from '../workspace';
import type { Claim } from './claim';
import type { EnvironmentSummary } from './summary';

const namespace = (name: string, more = ''): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${more}`;
const labels = (label: string): string => `  labels:\n    ${label}\n`;

function summaryOf(files: Files, environment = '.'): EnvironmentSummary<Location> {
  return readable(workspaceOf(files, []), environment);
}

function readable(workspace: Workspace, environment = '.'): EnvironmentSummary<Location> {
  const summary = askSummary(workspace, environment);
  if (summary === undefined) throw new Error(`no environment ${environment} among ${workspace.environmentNames().join(', ')}`);
  return summary;
}

const cite = ({ file, range }: Location): string => `${file}:${range.start.line}:${range.start.column}`;
const said = (claims: readonly Claim<Location>[]): (readonly [string, ...string[]])[] =>
  claims.map(({ text, evidence }) => [text, ...evidence.map(cite)]);
const grouped = (summary: EnvironmentSummary<Location>): unknown =>
  summary.membership.map(({ title, count, reasons }) => [
    title,
    count,
    ...reasons.flatMap(({ reason, workloads }) => said(reason === null ? workloads : [reason, ...workloads])),
  ]);

it('a repository without a mesh: who is outside, and that nothing is encrypted', () => {
  const summary = summaryOf({ 'shop.yaml': documents(namespace('shop'), deployment('cart', { namespace: 'shop' })) });
  expect(summary.meshes).toEqual([]);
  expect(grouped(summary)).toEqual([
    [
      'No mesh',
      1,
      ['Deployment shop/cart: neither Namespace shop nor the pod template asks for a mesh', 'shop.yaml:9:9', 'shop.yaml:4:9'],
    ],
  ]);
  expect(said(summary.mtls)).toEqual([
    ['1 workload outside every mesh: no mutual TLS, unless the application brings its own.', 'shop.yaml:9:9'],
  ]);
  expect(summary.licences).toEqual([]);
});

describe('an environment with Istio', () => {
  const files = {
    'istiod.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  template:\n    metadata:\n' +
      '      labels:\n        app: istiod\n    spec:\n      containers:\n        - name: discovery\n          image: docker.io/istio/pilot:1.30.2\n',
    'shop.yaml': documents(
      namespace('shop', labels('istio-injection: enabled')),
      deployment('cart', { namespace: 'shop' }),
      deployment('web', { namespace: 'shop' }),
    ),
    'mtls.yaml':
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: istio-system\nspec:\n  mtls:\n    mode: STRICT\n',
  };

  it('names it, how it shows, and the version that its control plane has', () => {
    const [istio, ...others] = summaryOf(files).meshes;
    expect(others).toEqual([]);
    expect(istio?.mesh).toBe('istio-sidecar');
    expect(istio?.text).toBe('Istio with sidecars: installed here, workloads or namespaces join it and its resources are used');
    expect(istio?.evidence.map(cite)).toEqual(['istiod.yaml:4:9', 'shop.yaml:6:22', 'mtls.yaml:4:9']);
    expect(said([istio!.version!])).toEqual([['1.30.2', 'istiod.yaml:14:18']]);
  });

  it('takes the version from the configuration where that names one', () => {
    const configured = { ...files, '.mesh-lint.yaml': 'istio:\n  version: "1.29.0"\n' };
    expect(said([summaryOf(configured).meshes[0]!.version!])).toEqual([['1.29.0', '.mesh-lint.yaml:2:12']]);
  });

  it('takes no word for a version, such as a mesh’s own chart has until it is released', () => {
    const unreleased = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll('1.30.2', 'versionValue')]),
    );
    expect(summaryOf(unreleased).meshes[0]?.version).toBeNull();
  });

  it('groups workloads, each with what decides', () => {
    expect(grouped(summaryOf(files))).toEqual([
      [
        'Istio sidecar',
        2,
        ['Namespace shop has label istio-injection=enabled.', 'shop.yaml:6:22'],
        ['Deployment shop/cart', 'shop.yaml:11:9'],
        ['Deployment shop/web', 'shop.yaml:26:9'],
      ],
    ]);
  });

  it('states mutual TLS with the policy that sets it', () => {
    expect(said(summaryOf(files).mtls)).toEqual([
      [
        "2 workloads with Istio's sidecar: mutual TLS is demanded, plaintext refused (PeerAuthentication istio-system/default).",
        'mtls.yaml:8:11',
        'shop.yaml:11:9',
        'shop.yaml:26:9',
      ],
    ]);
  });

  it('follows an edit, and runs once for it', () => {
    const workspace = workspaceOf(files, []);
    readable(workspace);
    workspace.graph.resetRunCounts();
    expect(readable(workspace).mtls).toHaveLength(1);
    expect(workspace.graph.runCounts().get('summary')).toBeUndefined();
    workspace.set('mtls.yaml', files['mtls.yaml'].replace('STRICT', 'PERMISSIVE'));
    expect(said(readable(workspace).mtls)[0]?.[0]).toBe(
      "2 workloads with Istio's sidecar: mutual TLS inside the mesh, plaintext from outside it accepted (PeerAuthentication istio-system/default).",
    );
    expect(workspace.graph.runCounts().get('summary')).toBe(1);
    workspace.set('mtls.yaml', `# moved\n${files['mtls.yaml']}`);
    expect(said(readable(workspace).mtls)[0]?.[1]).toBe('mtls.yaml:9:11');
  });
});

describe('standings', () => {
  const shop = (label: string, template = ''): Files => ({
    'shop.yaml': documents(
      namespace('shop', label),
      deployment('cart', { namespace: 'shop' }).replace('      labels:\n', `${template}      labels:\n`),
    ),
  });
  const inject = '      annotations:\n        linkerd.io/inject: enabled\n';

  it.each([
    ['Istio ambient mode', shop(labels('istio.io/dataplane-mode: ambient'))],
    ['Linkerd', shop('', inject)],
    ['Two meshes at once', shop(labels('istio-injection: enabled'), inject)],
    ['No mesh', shop(labels('istio-injection: disabled'))],
    ['Mesh unknown', { 'cart.yaml': deployment('cart', { namespace: 'shop' }) }],
  ])('%s', (title, files) => {
    expect(summaryOf(files).membership.map((group) => group.title)).toEqual([title]);
  });
});

describe('reasons', () => {
  it('that several workloads have in common are said once, with the place that they share', () => {
    const annotated = deployment('own', { namespace: 'shop' }).replace(
      '      labels:\n',
      '      annotations:\n        linkerd.io/inject: enabled\n      labels:\n',
    );
    const files = {
      'a.yaml': documents(
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    linkerd.io/inject: enabled\n',
        deployment('cart', { namespace: 'shop' }),
        deployment('web', { namespace: 'shop' }),
      ),
      'b.yaml': annotated,
    };
    expect(grouped(summaryOf(files))).toEqual([
      [
        'Linkerd',
        3,
        ['Namespace shop has annotation linkerd.io/inject=enabled.', 'a.yaml:6:24'],
        ['Deployment shop/cart', 'a.yaml:11:9'],
        ['Deployment shop/web', 'a.yaml:26:9'],
        ['Deployment shop/own: pod annotation linkerd.io/inject=enabled', 'b.yaml:4:9', 'b.yaml:10:28'],
      ],
    ]);
  });

  it('of an unknown mesh are told for each Namespace', () => {
    const files = {
      'a.yaml': documents(
        deployment('cart', { namespace: 'shop' }),
        deployment('web', { namespace: 'shop' }),
        deployment('a'),
        deployment('b'),
        deployment('c', { namespace: 'far' }),
      ),
    };
    expect(grouped(summaryOf(files))).toEqual([
      [
        'Mesh unknown',
        5,
        ['No file here defines Namespace shop, whose labels and annotations decide.'],
        ['Deployment shop/cart', 'a.yaml:4:9'],
        ['Deployment shop/web', 'a.yaml:19:9'],
        ['No namespace is set here, and the Namespace that it is applied to decides.'],
        ['Deployment a', 'a.yaml:34:9'],
        ['Deployment b', 'a.yaml:48:9'],
        ['Deployment far/c: no file here defines Namespace far, whose labels and annotations decide', 'a.yaml:62:9'],
      ],
    ]);
  });
});

describe('the definitions of a mesh’s kinds', () => {
  const definition = (name: string, more = ''): string =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${name}\n${more}spec: {}\n`;

  it('are told of where nothing else of it is here, each mesh by itself', () => {
    const summary = summaryOf({
      'istio.yaml': documents(definition('gateways.networking.istio.io'), definition('sidecars.networking.istio.io')),
      'cilium.yaml': definition('ciliumnodes.cilium.io'),
      'other.yaml': documents(definition('widgets.example.com'), definition('istio.io.example.com')),
    });
    expect(said(summary.meshes)).toEqual([
      ['Istio: 2 CustomResourceDefinitions here, and nothing that uses or installs it', 'istio.yaml:4:9', 'istio.yaml:10:9'],
      ['Cilium: 1 CustomResourceDefinition here, and nothing that uses or installs it', 'cilium.yaml:4:9'],
    ]);
    expect(summary.meshes.map(({ version }) => version)).toEqual([null, null]);
  });

  it('go without saying beside what uses it', () => {
    const summary = summaryOf({
      'istio.yaml': definition('gateways.networking.istio.io'),
      'shop.yaml': documents(
        namespace('shop', labels('istio.io/dataplane-mode: ambient')),
        deployment('cart', { namespace: 'shop' }),
      ),
    });
    expect(summary.meshes.map(({ text }) => text)).toEqual(['Istio in ambient mode: workloads or namespaces join it']);
  });

  it.each([
    ['linkerd/helm stable-2.14.10', 'stable-2.14.10'],
    ['linkerd/cli edge-26.8.1', 'edge-26.8.1'],
    ['linkerd/proxy-injector edge-26.8.1', undefined],
    ['linkerd/helm stable-2.14.10 with changes', undefined],
    ['linkerd/helm linkerdVersionValue', undefined],
  ])('by Linkerd say which release wrote them: %s', (writer, release) => {
    const annotations = `  annotations:\n    linkerd.io/created-by: ${writer}\n`;
    const [linkerd] = summaryOf({ 'crds.yaml': definition('servers.policy.linkerd.io', annotations) }).meshes;
    expect(linkerd?.text).toBe('Linkerd: 1 CustomResourceDefinition here, and nothing that uses or installs it');
    expect(linkerd?.version?.text).toBe(release);
  });
});

describe('licences', () => {
  const chart = (name: string, version: string, repository: string): Files => ({
    'linkerd.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: linkerd\n  namespace: argocd\nspec:\n  source:\n    repoURL: ${repository}\n    chart: ${name}\n    targetRevision: ${version}\n`,
  });

  it('Buoyant Enterprise for Linkerd needs one', () => {
    const summary = summaryOf(chart('linkerd-enterprise-control-plane', '2.20.2', 'https://helm.buoyant.cloud'));
    expect(said(summary.licences)).toEqual([
      [
        expect.stringMatching(/^Buoyant Enterprise for Linkerd runs with a licence key: .*fewer than 50 employees/),
        'linkerd.yaml:8:14',
      ],
    ]);
    expect(said([summary.meshes[0]!.version!])).toEqual([['2.20.2', 'linkerd.yaml:10:21']]);
  });

  it('the stable channel has ended, and a chart version stands for a release', () => {
    const summary = summaryOf(chart('linkerd-control-plane', '1.16.11', 'https://helm.linkerd.io/stable'));
    expect(said(summary.licences)).toEqual([
      [expect.stringMatching(/^Linkerd's open-source stable releases ended with 2.14.10/), 'linkerd.yaml:10:21'],
    ]);
    expect(said([summary.meshes[0]!.version!])).toEqual([['2.14.10 (chart 1.16.11)', 'linkerd.yaml:10:21']]);
  });

  it('a chart that is no resource is told for every environment', () => {
    const files = {
      'shop.yaml': deployment('cart'),
      'platform/linkerd/Chart.yaml':
        'apiVersion: v2\nname: mesh\nversion: 1.0.0\ndependencies:\n  - name: linkerd-enterprise-control-plane\n    version: 2.20.2\n    repository: https://helm.buoyant.cloud\n',
    };
    const workspace = workspaceOf(files, []);
    const [environment = ''] = workspace.environmentNames();
    expect(said(readable(workspace, environment).licences).map(([, place]) => place)).toEqual([
      'platform/linkerd/Chart.yaml:7:17',
    ]);
  });
});

it('an environment of another name has none', () => {
  expect(askSummary(workspaceOf({}, []), 'prod')).toBeUndefined();
});
