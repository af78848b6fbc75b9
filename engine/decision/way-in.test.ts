import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import type { Place } from '../yaml/tree';
import { alternativeStates } from './alternative-states';
import { callersOf } from './callers';
import { countFacts } from './count-facts';
import type { Target } from './situation';
import { wayIn } from './way-in';
import type { Journey, WayIn } from './way-in';

function journey(target: Target, files: Files, more: Partial<Journey> = {}, environment = '.'): WayIn<Place> {
  const view = workspaceOf(files, []).view(environment);
  if (view === undefined) throw new Error('no such environment');
  const facts = countFacts(view);
  return wayIn(view, { facts, needs: [...facts.needs.keys()], target, unanswered: 0, asked: 8, neighbours: [], ...more });
}

const namespace = (more: string, name = 'shop'): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${more}`;
const inShop = (text: string): string => text.replace(/^ {2}name: (.*)$/m, '  name: $1\n  namespace: shop');
/** A Deployment and its Service in namespace shop; it calls the others by their addresses. */
const app = (name: string, ...calls: readonly string[]): string => {
  const env = calls.map((host) => `            - {name: ${host.toUpperCase()}_ADDR, value: "${host}:8080"}\n`).join('');
  const pod = env === '' ? '' : `          env:\n${env}`;
  return documents(deployment(name, { namespace: 'shop', pod }), inShop(service(name)));
};
const sidecars = namespace('  labels: {istio-injection: enabled}\n');
const strict =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n';
const one = (...texts: readonly string[]): Files => ({ 'a.yaml': documents(...texts) });
const texts = ({ steps }: WayIn<Place>): string[] => steps.map(({ text }) => text);

describe('who calls whom', () => {
  const called = (files: Files): Record<string, string> => {
    const view = workspaceOf(files, []).view('.');
    if (view === undefined) throw new Error('no environment');
    return Object.fromEntries(
      [...callersOf(view)].map(([workload, { workloads, fromOutside }]) => [
        workload.name ?? '',
        `${workloads.map(({ name }) => name).join(' ')}${fromOutside ? ' <- outside' : ''}`,
      ]),
    );
  };
  const env = (name: string, value: string): string =>
    deployment('web', { namespace: 'shop', pod: `          env: [{name: ${name}, value: "${value}"}]\n` });

  it.each([
    ['CART_ADDR', 'cart:7070', 'web'],
    ['CART_HOST', 'cart', 'web'],
    ['CART', 'http://cart/items', 'web'],
    ['CART', 'cart.shop.svc.cluster.local', 'web'],
    ['CART', 'grpc://cart.shop:9', 'web'],
    ['COLLECTION', 'cart', ''],
    ['CART_ADDR', 'cart.other:7070', ''],
    ['CART_ADDR', 'mycart:7070', ''],
  ])('a variable %s of %s', (name, value, callers) => {
    expect(called(one(app('cart'), env(name, value)))).toEqual({ cart: callers });
  });

  it('an argument, a policy, and nobody by itself', () => {
    const policy =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: pay, namespace: shop}\nspec:\n  podSelector: {matchLabels: {app: pay}}\n  ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]\n';
    const args = deployment('web', { namespace: 'shop', pod: '          args: ["--pay=pay:80"]\n' });
    expect(called(one(app('cart', 'cart'), app('pay'), policy, args))).toEqual({ cart: '', pay: 'web cart' });
  });

  it('the world, by a LoadBalancer, an Ingress or a gateway', () => {
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: in, namespace: shop}\nspec: {rules: [{http: {paths: [{backend: {service: {name: web}}}]}}]}\n';
    const route =
      'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: in, namespace: shop}\nspec: {hosts: ["*"], gateways: [in], http: [{route: [{destination: {host: pay}}]}]}\n';
    const balancer = documents(
      deployment('cart', { namespace: 'shop' }),
      inShop(service('cart', 'cart', '  type: LoadBalancer\n')),
    );
    expect(called(one(app('web'), app('pay'), app('mail'), balancer, ingress, route))).toEqual({
      web: ' <- outside',
      pay: ' <- outside',
      cart: ' <- outside',
      mail: '',
    });
  });

  it('nobody, however hostile a value is', () => {
    const value = `${'a-'.repeat(3000)}${'.a'.repeat(3000)}`;
    expect(called(one(app('cart'), env('CART_ADDR', value)))).toEqual({ cart: '' });
  });
});

describe('the way in', () => {
  it('has nothing to do where nothing is needed', () => {
    expect(journey('none', one(app('cart')))).toMatchObject({ stage: 'alternatives', order: [] });
    expect(journey('none', one(app('cart'))).next).toContain('Nothing is to be done');
    expect(journey('none', one(app('cart')), { needs: ['mtls'] }).next).toContain('what needs no mesh');
  });

  it('starts with the questions while most are open, and then with a trial', () => {
    const files = one(app('cart'));
    expect(journey('linkerd', files, { unanswered: 5 })).toMatchObject({ stage: 'audit' });
    const trial = journey('linkerd', files, { unanswered: 4 });
    expect(trial.stage).toBe('proof-of-concept');
    expect(trial.next).toContain('at least 4 weeks');
    expect(trial.next).toContain('2 people');
  });

  it('goes on where another environment tries the mesh', () => {
    const neighbours = [{ name: 'dev', production: false, meshes: ['linkerd' as const] }];
    expect(journey('linkerd', one(app('cart')), { unanswered: 8, neighbours }).next).toContain('Go on with Linkerd in dev');
  });

  it('takes in who is called least, and what the world reaches last', () => {
    const web = documents(
      deployment('web', {
        namespace: 'shop',
        pod: '          env: [{name: CART_ADDR, value: "cart:1"}, {name: PAY_ADDR, value: "pay:1"}]\n',
      }),
      inShop(service('web', 'web', '  type: NodePort\n')),
    );
    const files = one(app('cart', 'pay'), app('pay'), app('ads'), web);
    const way = journey('linkerd', files);
    expect(way.order.map(({ workload, callers, fromOutside }) => [workload, callers, fromOutside])).toEqual([
      ['Deployment shop/ads', 0, false],
      ['Deployment shop/cart', 1, false],
      ['Deployment shop/pay', 2, false],
      ['Deployment shop/web', 0, true],
    ]);
    expect(texts(way)).toEqual(['Begin with Deployment shop/ads: no manifest shows who calls it.']);
  });

  it('goes on with those that are not in yet, and says what STRICT waits for', () => {
    const out = app('pay').replace('        app: pay\n', '        app: pay\n        sidecar.istio.io/inject: "false"\n');
    const way = journey('istio-sidecar', one(sidecars, app('cart'), out));
    expect(way.stage).toBe('rollout');
    expect(way.next).toContain('1 of 2 workloads is in the mesh');
    expect(texts(way)).toEqual([
      'Begin with Deployment shop/pay: no manifest shows who calls it.',
      'STRICT has to wait for Deployment shop/pay, which may call and is outside.',
      '1 workload in the mesh still accepts plaintext: no STRICT holds there.',
    ]);
  });

  it('refuses plaintext when everything is in, and has then arrived', () => {
    const open = journey('istio-ambient', one(sidecars, app('cart')));
    expect(open).toMatchObject({ stage: 'rollout', order: [] });
    expect(open.next).toContain('refuse plaintext now');
    expect(texts(open)[0]).toContain('the same mesh in its other mode');
    expect(journey('istio-sidecar', one(sidecars, app('cart'), strict)).stage).toBe('settled');
  });

  it("knows Linkerd's policies for STRICT", () => {
    const meshed = (policy: string): string => namespace(`  annotations: {linkerd.io/inject: enabled${policy}}\n`);
    expect(journey('linkerd', one(meshed(''), app('cart'))).stage).toBe('rollout');
    const refusing = meshed(', config.linkerd.io/default-inbound-policy: all-authenticated');
    expect(journey('linkerd', one(refusing, app('cart'))).stage).toBe('settled');
  });

  it('is a trial as long as no production has the mesh', () => {
    const neighbours = [{ name: 'prod', production: true, meshes: [] }];
    expect(journey('istio-sidecar', one(sidecars, app('cart')), { neighbours }).stage).toBe('proof-of-concept');
    const there = [{ name: 'prod', production: true, meshes: ['istio-sidecar' as const] }];
    expect(journey('istio-sidecar', one(sidecars, app('cart')), { neighbours: there }).stage).toBe('rollout');
  });

  it('leads out of a mesh that the verdict is against', () => {
    const way = journey('none', one(sidecars, app('cart')));
    expect(way.stage).toBe('migration');
    expect(texts(way)).toEqual(['1 workload has still to leave Istio.']);
    expect(way.order).toEqual([]);
  });

  it('names the double ground between two meshes', () => {
    const annotated = (name: string): string =>
      app(name).replace('    metadata:\n', '    metadata:\n      annotations: {linkerd.io/inject: enabled}\n');
    const out = annotated('pay').replace('        app: pay\n', '        app: pay\n        sidecar.istio.io/inject: "false"\n');
    const way = journey('linkerd', one(sidecars, app('cart'), out, annotated('both')));
    expect(way.stage).toBe('migration');
    expect(texts(way)).toEqual([
      '1 workload gets two meshes: take one of them away before anything else.',
      'Namespace shop is double ground: some of its workloads are in Istio and some in Linkerd.',
      '2 workloads have still to leave Istio.',
    ]);
    expect(way.order.map(({ workload }) => workload)).toEqual(['Deployment shop/both', 'Deployment shop/cart']);
  });
});

describe('the alternatives', () => {
  const states = (files: Files, answer?: boolean): Record<string, string> => {
    const view = workspaceOf(files, []).view('.');
    if (view === undefined) throw new Error('no environment');
    return Object.fromEntries(alternativeStates(view, answer).map(({ purpose, state, text }) => [purpose, `${state}: ${text}`]));
  };
  const object = (apiVersion: string, kind: string, more = ''): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: shop}\n${more}`;

  it('are absent where no file shows them', () => {
    expect(states(one(app('cart')))).toEqual({
      mtls: 'absent: No cert-manager is here.',
      isolation: 'absent: No network policy isolates pods.',
      observability: 'absent: No file shows OpenTelemetry.',
      routing: 'absent: Neither Argo Rollouts nor Flagger is here.',
      authorization: 'absent: No OPA runs beside a workload.',
      gateway: 'absent: No ingress and no API gateway is here.',
      autoscaling: 'absent: Nothing scales by itself.',
      resilience: 'unknown: Whether libraries retry and break circuits, no manifest shows (team.libraryResilience).',
    });
  });

  it('tell what is here from what works between services', () => {
    const issuer = object('cert-manager.io/v1', 'Issuer');
    expect(states(one(app('cart'), issuer))['mtls']).toBe('idle: cert-manager is here; nothing uses it between services.');
    const certificate = object('cert-manager.io/v1', 'Certificate', 'spec: {secretName: cart-tls}\n');
    const mounting = deployment('cart', {
      namespace: 'shop',
      pod: '      volumes: [{name: tls, secret: {secretName: cart-tls}}]\n',
    });
    expect(states(one(mounting, issuer, certificate))['mtls']).toBe('in use: 1 workload mounts a certificate of its own.');
  });

  it('count policies, gateways and autoscalers', () => {
    const found = states(
      one(
        app('cart'),
        object('networking.k8s.io/v1', 'NetworkPolicy'),
        object('cilium.io/v2', 'CiliumNetworkPolicy'),
        object('projectcalico.org/v3', 'GlobalNetworkPolicy'),
        object('configuration.konghq.com/v1', 'KongPlugin'),
        object('networking.k8s.io/v1', 'Ingress'),
        object('kyverno.io/v1', 'ClusterPolicy'),
        object('autoscaling/v2', 'HorizontalPodAutoscaler'),
      ),
      true,
    );
    expect(found).toMatchObject({
      isolation: 'in use: 3 network policies isolate pods.',
      gateway: 'in use: Traffic comes in by Kong and Ingress or Gateway.',
      authorization: 'idle: Kyverno decides what may be created, and nothing decides who may call whom.',
      autoscaling: 'in use: 1 autoscaler adds and takes pods.',
      resilience: 'in use: Libraries retry and break circuits (team.libraryResilience).',
    });
  });

  it('bear their places', () => {
    const files = one(app('cart'), object('networking.k8s.io/v1', 'NetworkPolicy'));
    const view = workspaceOf(files, []).view('.');
    const isolation = view && alternativeStates(view, undefined).find(({ purpose }) => purpose === 'isolation');
    expect(cited(files, isolation?.evidence ?? [])).toEqual(['a.yaml:27 x']);
  });
});
