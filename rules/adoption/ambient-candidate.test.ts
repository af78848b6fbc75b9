import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './ambient-candidate';

function findingsOf(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const places = (files: Files): string[] => findingsOf(files).map(startOf);
const message = (files: Files): string => findingsOf(files)[0]?.reported.message ?? '';

const namespace = (name: string, metadata = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${metadata}`;
const injecting = '  labels:\n    istio-injection: enabled\n';

interface Workload {
  readonly kind?: string;
  readonly in?: string;
  readonly spec?: string;
  readonly labels?: string;
  readonly annotations?: string;
  readonly container?: string;
}

const workload = (name: string, w: Workload = {}): string =>
  `apiVersion: ${w.kind === 'Job' ? 'batch/v1' : 'apps/v1'}\nkind: ${w.kind ?? 'Deployment'}\nmetadata:\n  name: ${name}\n  namespace: ${w.in ?? 'shop'}\nspec:\n${w.spec ?? ''}  template:\n    metadata:\n      labels:\n        app: ${name}\n${w.labels ?? ''}${w.annotations ?? ''}    spec:\n      containers:\n        - name: ${w.container ?? name}\n          image: ${name}:1\n`;

const meshed: Files = { 'shop.yaml': namespace('shop', injecting), 'cart.yaml': workload('cart') };

describe('one finding a namespace', () => {
  it('on the label that injects, with the workloads related', () => {
    const files = { ...meshed, 'catalog.yaml': workload('catalog'), 'mail.yaml': workload('mail') };
    const found = findingsOf(files);
    expect(found.map(startOf)).toEqual(['shop.yaml:6:22']);
    expect(found[0]?.reported.related.map((related) => related.message)).toEqual([
      'Deployment shop/cart gets a sidecar.',
      'Deployment shop/catalog gets a sidecar.',
      'Deployment shop/mail gets a sidecar.',
    ]);
  });

  it('however many files define the Namespace or a workload', () => {
    const files = { ...meshed, 'again.yaml': namespace('shop', injecting), 'cart-again.yaml': workload('cart') };
    expect(places(files)).toEqual(['again.yaml:6:22']);
    expect(message(files)).toContain('the pods of Deployment shop/cart (1 pod)');
  });

  it('on the first pod label where the Namespace has none', () => {
    const ask = { labels: '        sidecar.istio.io/inject: "true"\n' };
    const files = {
      'shop.yaml': namespace('shop'),
      'a.yaml': workload('a', ask),
      'b.yaml': workload('b', ask),
      'c.yaml': workload('c'),
    };
    expect(places(files)).toEqual(['a.yaml:11:34']);
    expect(message(files)).toContain('the pods of 2 workloads in Namespace shop (2 pods)');
  });

  it('on a revision that a pod names', () => {
    const files = { 'shop.yaml': namespace('shop'), 'a.yaml': workload('a', { labels: '        istio.io/rev: canary\n' }) };
    expect(findingsOf(files).map((finding) => coveredText(files, finding))).toEqual(['canary']);
  });

  it('for each of several namespaces', () => {
    const files = { ...meshed, 'pay.yaml': namespace('pay', injecting), 'ledger.yaml': workload('ledger', { in: 'pay' }) };
    expect(places(files)).toEqual(['pay.yaml:6:22', 'shop.yaml:6:22']);
  });
});

describe('pods', () => {
  const counted = (text: string, more: Files = {}): string =>
    /\(([^)]*)\), and nothing/.exec(message({ 'shop.yaml': namespace('shop', injecting), 'x.yaml': text, ...more }))?.[1] ?? '';
  const scaler = (kind: string, spec: string): Files => ({
    'scaler.yaml': `apiVersion: ${kind === 'ScaledObject' ? 'keda.sh/v1alpha1' : 'autoscaling/v2'}\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: shop\nspec:\n  scaleTargetRef:\n    name: cart\n${spec}`,
  });

  it.each([
    ['replicas', workload('cart', { spec: '  replicas: 4\n' }), {}, '4 pods'],
    ['the default', workload('cart'), {}, '1 pod'],
    ['a null, which is the default', workload('cart', { spec: '  replicas:\n' }), {}, '1 pod'],
    ['a template', workload('cart', { spec: '  replicas: {{ .Values.replicas }}\n' }), {}, 'no file says how many'],
    ['one a node', workload('cart', { kind: 'DaemonSet' }), {}, 'no file says how many'],
    [
      'an autoscaler',
      workload('cart'),
      scaler('HorizontalPodAutoscaler', '    kind: Deployment\n  minReplicas: 3\n'),
      'at least 3 pods',
    ],
    ['its default', workload('cart'), scaler('HorizontalPodAutoscaler', '    kind: Deployment\n'), 'at least 1 pod'],
    ['an autoscaler of something else', workload('cart'), scaler('HorizontalPodAutoscaler', '    kind: StatefulSet\n'), '1 pod'],
    ['KEDA', workload('cart'), scaler('ScaledObject', '  minReplicaCount: 2\n'), 'at least 2 pods'],
    ['KEDA, which may scale to nothing', workload('cart'), scaler('ScaledObject', ''), 'no file says how many'],
  ])('%s', (_title, text, more, pods) => {
    expect(counted(text, more)).toBe(pods);
  });

  it('of workloads that are scaled to nothing cost nothing', () => {
    expect(
      places({ 'shop.yaml': namespace('shop', injecting), 'x.yaml': workload('cart', { spec: '  replicas: 0\n' }) }),
    ).toEqual([]);
  });

  it('of Jobs are no standing cost', () => {
    expect(places({ 'shop.yaml': namespace('shop', injecting), 'x.yaml': workload('report', { kind: 'Job' }) })).toEqual([]);
  });
});

describe('silence', () => {
  const silent = (files: Files): void => {
    expect(places(files)).toEqual([]);
  };

  it('where no workload of the namespace is here', () => {
    silent({ 'shop.yaml': namespace('shop', injecting) });
  });

  it('where something needs sidecars, in any namespace of the environment', () => {
    const group =
      'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata:\n  name: vm\n  namespace: other\nspec: {}\n';
    silent({ ...meshed, 'vm.yaml': group });
  });

  it('where the control plane here is too old', () => {
    const istiod = workload('istiod', { in: 'istio-system', container: 'discovery' }).replace('istiod:1', 'istio/pilot:1.22.3');
    silent({ ...meshed, 'istiod.yaml': istiod });
    expect(places({ ...meshed, 'istiod.yaml': istiod.replace('1.22.3', '1.24.0') })).toHaveLength(1);
  });

  it('where a label for ambient mode is there', () => {
    silent({ ...meshed, 'shop.yaml': namespace('shop', `${injecting}    istio.io/dataplane-mode: ambient\n`) });
    silent({ ...meshed, 'shop.yaml': namespace('shop', `${injecting}    istio.io/dataplane-mode: none\n`) });
  });

  it('where a workload joins Linkerd too', () => {
    const annotations = '      annotations:\n        linkerd.io/inject: enabled\n';
    silent({ ...meshed, 'both.yaml': workload('both', { annotations }) });
  });

  it('on gateways, and on pods that opt out', () => {
    silent({ 'shop.yaml': namespace('shop', injecting), 'gw.yaml': workload('gw', { container: 'istio-proxy' }) });
    silent({
      'shop.yaml': namespace('shop', injecting),
      'x.yaml': workload('x', { labels: '        sidecar.istio.io/inject: "false"\n' }),
    });
  });

  it('where the Namespace is unknown', () => {
    silent({ 'a.yaml': workload('a', { labels: '        sidecar.istio.io/inject: "true"\n' }) });
  });
});

it('names what would need a waypoint, of the namespace alone', () => {
  const policy = (kind: string, name: string, in_: string, spec: string): string =>
    `apiVersion: security.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${in_}\nspec:\n${spec}`;
  const http = '  rules:\n    - to:\n        - operation:\n            methods: [GET]\n';
  const files = {
    ...meshed,
    'a.yaml': policy('AuthorizationPolicy', 'read', 'shop', http),
    'b.yaml': policy('AuthorizationPolicy', 'write', 'shop', http),
    'c.yaml': policy('RequestAuthentication', 'jwt', 'shop', '  selector:\n    matchLabels:\n      app: cart\n'),
    'd.yaml': policy('RequestAuthentication', 'jwt', 'pay', '  {}\n'),
  };
  expect(message(files)).toContain(' 2 AuthorizationPolicies and 1 RequestAuthentication would need a waypoint.');
});
