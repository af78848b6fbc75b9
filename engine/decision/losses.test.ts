import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import { countFacts } from './count-facts';
import type { MeshName } from './facts';
import { NEEDS } from './facts';
import { ADVANCED_SUBSTITUTES, GAP_SUBSTITUTES, OWN_FEATURES, WITHOUT_MESH } from './losses.data';
import { lossesTo } from './losses';
import { isAdvanced, LACKS } from './situation';
import type { Target } from './situation';

const FILE = 'a.yaml';

/** `feature @ places` of what a move from what these documents show would lose. */
function losses(target: Target, ...texts: readonly string[]): string[] {
  const files = { [FILE]: documents(...texts) };
  const view = workspaceOf(files, []).view('.');
  if (view === undefined) throw new Error('no environment');
  return lossesTo(target, countFacts(view), view).map(
    ({ feature, evidence }) => `${feature} @ ${cited(files, evidence).join(', ').replaceAll(`${FILE}:`, '')}`,
  );
}

const shop = (more: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n${more}`;
const istio = documents(shop('  labels: {istio-injection: enabled}\n'), deployment('cart'), service('cart'));
const linkerd = documents(shop('  annotations: {linkerd.io/inject: enabled}\n'), deployment('cart'), service('cart'));
const virtualService = (http: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: cart}\nspec:\n  hosts: [cart]\n  http:\n    - ${http}\n`;
const destinationRule = (policy: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: cart}\nspec:\n  host: cart\n  trafficPolicy: ${policy}\n`;

describe('a move loses', () => {
  it('nothing where no mesh is here, or the same', () => {
    expect(losses('linkerd', deployment('cart'), service('cart'))).toEqual([]);
    expect(losses('linkerd', linkerd)).toEqual([]);
  });

  it.each<[string, string, Target, string]>([
    ['faults', virtualService('fault: {abort: {httpStatus: 500}}'), 'linkerd', 'fault injection'],
    ['mirrors', virtualService('mirror: {host: cart}'), 'linkerd', 'request mirroring'],
    ['rewrites', virtualService('rewrite: {uri: /}'), 'linkerd', 'rewriting of requests'],
    ['hashes', destinationRule('{loadBalancer: {consistentHash: {useSourceIp: true}}}'), 'linkerd', 'sticky sessions by hash'],
    [
      'pools',
      destinationRule('{connectionPool: {tcp: {maxConnections: 1}}}'),
      'linkerd',
      'limits on connections (connectionPool)',
    ],
    ['TLS to outside', destinationRule('{tls: {mode: SIMPLE}}'), 'linkerd', 'TLS to services outside, made by the proxy'],
    [
      'external authorization',
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: opa}\nspec: {action: CUSTOM, provider: {name: opa}, rules: [{}]}\n',
      'linkerd',
      'authorization by a service of your own (CUSTOM)',
    ],
    [
      'filters',
      'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: lua}\nspec: {}\n',
      'istio-ambient',
      'EnvoyFilter',
    ],
    [
      "the client's labels",
      virtualService('match: [{sourceLabels: {app: a}}]'),
      'istio-ambient',
      "matches on the client's labels (sourceLabels)",
    ],
  ])('%s', (_, text, target, feature) => {
    const found = losses(target, istio, text);
    expect(found.map((loss) => loss.replace(/ @ .*/, ''))).toEqual([feature]);
    expect(found[0]).toMatch(/ @ \d+ /);
  });

  it('what only Linkerd has', () => {
    const limit =
      'apiVersion: policy.linkerd.io/v1alpha1\nkind: HTTPLocalRateLimitPolicy\nmetadata: {name: limit}\nspec: {total: {requestsPerSecond: 9}}\n';
    const profile =
      'apiVersion: linkerd.io/v1alpha2\nkind: ServiceProfile\nmetadata: {name: cart.default.svc.cluster.local}\nspec: {retryBudget: {retryRatio: 0.2}, routes: [{name: all}]}\n';
    expect(losses('istio-ambient', linkerd, limit, profile).map((loss) => loss.replace(/ @ .*/, ''))).toEqual([
      'rate limits (HTTPLocalRateLimitPolicy)',
      'metrics of each route (ServiceProfile)',
    ]);
  });

  it('every need that the mesh meets, where there would be none', () => {
    const strict =
      'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default}\nspec: {mtls: {mode: STRICT}}\n';
    expect(losses('none', istio, strict)).toEqual(['mTLS @ 32 STRICT']);
  });

  it('no delivery that a controller goes on with', () => {
    const canary =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: pay}\nspec: {strategy: {canary: {steps: []}}}\n';
    expect(losses('none', istio, canary)).toEqual([]);
  });

  it('nothing that the mesh here could not do either', () => {
    const ambient = documents(shop('  labels: {istio.io/dataplane-mode: ambient}\n'), deployment('cart'));
    const filter = 'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: lua}\nspec: {}\n';
    expect(losses('linkerd', ambient, filter)).toEqual([]);
  });
});

describe('the tables', () => {
  it('name something for every feature that a mesh lacks, and for no other', () => {
    for (const mesh of Object.keys(LACKS) as MeshName[]) {
      const lacked = new Set<string>(LACKS[mesh]);
      for (const [feature, substitutes] of Object.entries(ADVANCED_SUBSTITUTES)) {
        expect(isAdvanced(feature)).toBe(true);
        expect(substitutes[mesh] !== undefined, `${feature} in ${mesh}`).toBe(lacked.has(feature));
      }
    }
  });

  // Facts of Cilium's policies, E-12: the filters that its documents list.
  it('promise of Envoy in Cilium what Cilium documents, and neither its faults nor Wasm', () => {
    const documented = ['ext_authz', 'jwt_authn', 'local_ratelimit', 'connection_limit'];
    const all = [...Object.values(ADVANCED_SUBSTITUTES), ...OWN_FEATURES.map(({ substitutes }) => substitutes)];
    const filters = all.flatMap(({ cilium = '' }) => [...cilium.matchAll(/Envoy's (\w+)/g)].map(([, filter]) => filter));
    expect([...new Set(filters)].sort()).toEqual([...documented].sort());
    for (const feature of ['fault-injection', 'wasm'] as const)
      expect(ADVANCED_SUBSTITUTES[feature].cilium).not.toContain('CiliumEnvoyConfig');
  });

  // Facts of Istio, 4.5: SPIRE, virtual machines and primary-remote are not possible in ambient mode; which multi-cluster is, they do not say.
  it('name sidecars for every gap of ambient mode that has no other way out', () => {
    const others = [...GAP_SUBSTITUTES].filter(([, instead]) => !instead.includes('sidecars')).map(([gap]) => gap);
    expect(others).toEqual(['mTLS switched off by PeerAuthentication']);
  });

  it('name something for every need', () => {
    expect(Object.keys(WITHOUT_MESH).sort()).toEqual([...NEEDS].sort());
  });
});
