import { describe, expect, it } from 'vitest';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './permissive-left-on';

const namespace = (name: string, label = 'istio-injection: enabled'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${label}\n`;
const deployment = (where: string, name: string, pod = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${pod}    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const policy = (where: string, mode: string, rest = ''): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: ${where}\nspec:\n${rest}  mtls:\n    mode: ${mode}\n`;
const of = (apiVersion: string, kind: string, where: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: other\n  namespace: ${where}\nspec:\n${spec}`;
const route = (parent: string): string =>
  of('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', `  parentRefs:\n    - name: edge\n${parent}`);
const gateway = (className: string): string =>
  of('gateway.networking.k8s.io/v1', 'Gateway', 'shop', `  gatewayClassName: ${className}\n`).replace('other', 'edge');

const release = (chart: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: ${chart}\n  namespace: flux-system\nspec:\n  chart:\n    spec:\n      chart: ${chart}\n      version: 1.0.0\n      sourceRef:\n        kind: HelmRepository\n        name: charts\n`;

/** A namespace that is meshed throughout. */
const SHOP: Files = {
  'shop.yaml': namespace('shop'),
  'cart.yaml': deployment('shop', 'cart'),
  'mtls.yaml': policy('shop', 'PERMISSIVE'),
};

function places(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  for (const finding of found) expect(coveredText(files, finding)).toContain('PERMISSIVE');
  return found.map(startOf);
}

const FOUND = ['mtls.yaml:8:11'];

describe('with every workload in the mesh', () => {
  it('the mode is found, and each pod that it opens is named', () => {
    const [found] = workspaceOf({ ...SHOP, 'mail.yaml': deployment('shop', 'mail') }, [rule]).findings();
    expect(found?.reported.related.map(({ message }) => message)).toEqual([
      'Deployment shop/cart accepts plaintext.',
      'Deployment shop/mail accepts plaintext.',
    ]);
  });

  it.each([
    ['in quotes', { 'mtls.yaml': policy('shop', '"PERMISSIVE"') }],
    ['beside what calls no application', { 'istiod.yaml': deployment('istio-system', 'istiod') }],
    ['beside what Istio never meshes', { 'dns.yaml': deployment('kube-system', 'dns') }],
    [
      'with a Service that is for the cluster alone',
      { 's.yaml': of('v1', 'Service', 'shop', '  selector:\n    app: cart\n  ports:\n    - port: 80\n') },
    ],
    ["with Istio's chart", { 'x.yaml': release('istiod') }],
    ['with a load balancer elsewhere', { 's.yaml': of('v1', 'Service', 'pay', '  type: LoadBalancer\n') }],
    ["behind Istio's own Gateway", { 'route.yaml': route(''), 'gateway.yaml': gateway('istio') }],
    ['with a route between workloads', { 'route.yaml': route('      kind: Service\n') }],
  ])('%s', (_title, more) => {
    expect(places({ ...SHOP, ...more })).toEqual(FOUND);
  });
});

describe('silence', () => {
  it.each<[string, Files]>([
    ['where a workload is outside', { 'old.yaml': deployment('shop', 'old', '        sidecar.istio.io/inject: "false"\n') }],
    ['where a namespace is outside', { 'pay.yaml': namespace('pay', 'team: pay'), 'api.yaml': deployment('pay', 'api') }],
    ['where no file defines a Namespace', { 'api.yaml': deployment('pay', 'api') }],
    ['where a template hides the membership', { 'shop.yaml': namespace('shop', 'istio-injection: {{ .Values.injection }}') }],
    ['where a controller of ingresses is outside', { 'n.yaml': namespace('in', 'a: b'), 'c.yaml': deployment('in', 'traefik') }],
    ['under STRICT', { 'mtls.yaml': policy('shop', 'STRICT') }],
    ['where a template hides the mode', { 'mtls.yaml': policy('shop', '{{ .Values.mode }}') }],
    ['for an exception', { 'mtls.yaml': policy('shop', 'PERMISSIVE', '  selector:\n    matchLabels:\n      app: cart\n') }],
    [
      'where a narrower policy says STRICT',
      { 'more.yaml': policy('shop', 'STRICT', '  selector:\n    matchLabels:\n      app: cart\n').replace('default', 'cart') },
    ],
    ['where an Ingress is', { 'ingress.yaml': of('networking.k8s.io/v1', 'Ingress', 'shop', '  rules: []\n') }],
    ['behind a node port', { 's.yaml': of('v1', 'Service', 'shop', '  type: NodePort\n') }],
    ['behind a load balancer', { 's.yaml': of('v1', 'Service', 'shop', '  type: LoadBalancer\n') }],
    ['behind a Gateway of another class', { 'route.yaml': route(''), 'gateway.yaml': gateway('nginx') }],
    ['behind a Gateway that is not here', { 'route.yaml': route('') }],
    ['for Prometheus', { 'm.yaml': of('monitoring.coreos.com/v1', 'PodMonitor', 'monitoring', '  selector: {}\n') }],
    ['for what a chart installs', { 'x.yaml': release('kube-prometheus-stack') }],
    [
      'for a webhook',
      {
        'hook.yaml':
          'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata:\n  name: cart\nwebhooks:\n  - name: cart.example.com\n    clientConfig:\n      service:\n        name: cart\n        namespace: shop\n',
      },
    ],
    [
      'for an aggregated API',
      {
        'api.yaml':
          'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata:\n  name: v1.cart.example.com\nspec:\n  service:\n    name: cart\n    namespace: shop\n',
      },
    ],
  ])('%s', (_title, more) => {
    expect(places({ ...SHOP, ...more })).toEqual([]);
  });

  it('without a workload that it opens', () => {
    expect(places({ 'shop.yaml': namespace('shop'), 'mtls.yaml': policy('shop', 'PERMISSIVE') })).toEqual([]);
  });

  it('in a chart, whose templates say only a part', () => {
    const files = Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [`templates/${path}`, text]));
    expect(places({ ...files, 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' })).toEqual([]);
  });
});

it('each environment is judged by itself', () => {
  const base = { 'base/kustomization.yaml': 'resources: [shop.yaml, cart.yaml, mtls.yaml]\n' };
  for (const [path, text] of Object.entries(SHOP)) Object.assign(base, { [`base/${path}`]: text });
  const files = {
    ...base,
    'prod/kustomization.yaml': 'resources: [../base]\n',
    'dev/kustomization.yaml': 'resources: [../base, old.yaml]\n',
    'dev/old.yaml': deployment('shop', 'old', '        sidecar.istio.io/inject: "false"\n'),
  };
  const found = workspaceOf(files, [rule]).findings();
  expect(found.map((finding) => [startOf(finding), finding.reported.environments])).toEqual([['base/mtls.yaml:8:11', ['prod']]]);
});
