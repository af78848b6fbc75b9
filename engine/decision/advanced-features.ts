import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { usedOfKind } from './applications';
import { itself, keyOf, query, shown, signsIn } from './evidence';
import type { Find } from './evidence';
import type { AdvancedFeature, DecisionFacts, Observed } from './facts';
import { ROUTES, VIRTUAL_SERVICE } from './mesh-features';
import { deliveryUse, gatewayRouteUse, virtualServiceUse } from './routing';
import type { RouteUse } from './routing';

/** How resources of some kinds show an advanced feature. */
interface Sign {
  readonly feature: AdvancedFeature;
  readonly kinds: readonly string[];
  readonly find: Find;
}

const DELIVERY = ['Canary.flagger.app', 'Rollout.argoproj.io'];
const ROUTING = [VIRTUAL_SERVICE, ...ROUTES, ...DELIVERY];
const ENVOY_FILTER = 'EnvoyFilter.networking.istio.io';

const inRoute =
  (use: keyof RouteUse): Find =>
  (resource) => {
    if (resource.kind === VIRTUAL_SERVICE) return virtualServiceUse(resource)[use];
    return (DELIVERY.includes(resource.kind) ? deliveryUse(resource) : gatewayRouteUse(resource))[use];
  };

/** An EnvoyFilter counts as one whatever it is for, and as rate limiting or Wasm too when that is what it configures. */
const SIGNS: readonly Sign[] = [
  { feature: 'fault-injection', kinds: [VIRTUAL_SERVICE], find: inRoute('faults') },
  { feature: 'mirroring', kinds: ROUTING, find: inRoute('mirrors') },
  { feature: 'header-routing', kinds: ROUTING, find: inRoute('headers') },
  { feature: 'claim-routing', kinds: [VIRTUAL_SERVICE], find: inRoute('claims') },
  { feature: 'jwt', kinds: ['RequestAuthentication.security.istio.io'], find: (policy) => listed(policy, 'jwtRules') },
  { feature: 'l7-authorization', kinds: ['AuthorizationPolicy.security.istio.io'], find: istioL7 },
  { feature: 'l7-authorization', kinds: ['AuthorizationPolicy.policy.linkerd.io'], find: linkerdL7 },
  { feature: 'rate-limiting', kinds: ['HTTPLocalRateLimitPolicy.policy.linkerd.io'], find: itself },
  { feature: 'rate-limiting', kinds: [ENVOY_FILTER], find: (filter) => mentions(filter, isRateLimit) },
  { feature: 'wasm', kinds: ['WasmPlugin.extensions.istio.io'], find: itself },
  { feature: 'wasm', kinds: ['TrafficExtension.extensions.istio.io'], find: (extension) => fields(extension.at('spec'), 'wasm') },
  { feature: 'wasm', kinds: [ENVOY_FILTER], find: (filter) => mentions(filter, isWasm) },
  { feature: 'envoy-filter', kinds: [ENVOY_FILTER], find: itself },
];

/**
 * The advanced features in use, each once. At the edge of the mesh too: a VirtualService of an ingress gateway that matches headers uses
 * Istio for it. A Gateway API route of a Gateway does not: every implementation of the API has that.
 */
export function advancedFeatures(view: MeshView): DecisionFacts<Place>['advanced'] {
  return query(view, 'advanced', () => {
    const found = new Map<AdvancedFeature, Place[]>();
    for (const { feature, kinds, find } of SIGNS) {
      for (const kind of kinds) {
        const { evidence } = signsIn(usedOfKind(view, kind), find);
        if (evidence.length > 0) found.set(feature, [...(found.get(feature) ?? []), ...evidence]);
      }
    }
    return [...found].map(([feature, evidence]) => ({ feature, evidence }));
  });
}

/**
 * Where traffic is split by weight: routes with several destinations, TrafficSplits, ServiceProfiles with `dstOverrides`, and the
 * controllers that deliver progressively. No advanced feature, since every mesh has it; the guides ask for it all the same.
 */
export function trafficSplits(view: MeshView): Observed<Place> {
  return query(view, 'splits', () => {
    const evidence = SPLITS.flatMap(({ kinds, find }) => kinds.flatMap((kind) => signsIn(usedOfKind(view, kind), find).evidence));
    return { holds: evidence.length > 0, evidence };
  });
}

const SPLITS: readonly Pick<Sign, 'kinds' | 'find'>[] = [
  { kinds: [VIRTUAL_SERVICE, ...ROUTES], find: inRoute('splits') },
  { kinds: ['TrafficSplit.split.smi-spec.io', 'Canary.flagger.app'], find: itself },
  { kinds: ['ServiceProfile.linkerd.io'], find: (profile) => listed(profile, 'dstOverrides') },
  { kinds: ['Rollout.argoproj.io'], find: (rollout) => fields(rollout.at('spec', 'strategy'), 'canary') },
];

/**
 * What an AuthorizationPolicy asks of a request rather than of a connection: host, method, path, who its token is for, its headers and
 * claims (istio.io, "Authorization Policy"; ztunnel, which sees connections, enforces none of these).
 */
function istioL7(policy: Resource): YamlNode[] {
  return itemsOf(policy.at('spec', 'rules')).flatMap((rule) => [
    ...itemsOf(lookup(rule, 'to')).flatMap((to) =>
      fields(lookup(to, 'operation'), 'hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'),
    ),
    ...itemsOf(lookup(rule, 'from')).flatMap((from) =>
      fields(lookup(from, 'source'), 'requestPrincipals', 'notRequestPrincipals'),
    ),
    ...itemsOf(lookup(rule, 'when')).flatMap((condition) => {
      const key = lookup(condition, 'key');
      return key !== undefined && stringOf(key)?.startsWith('request.') === true ? [key] : [];
    }),
  ]);
}

/** Linkerd's policies see requests where they target a route. */
function linkerdL7(policy: Resource): YamlNode[] {
  const kind = policy.at('spec', 'targetRef', 'kind');
  return kind !== undefined && ['HTTPRoute', 'GRPCRoute'].includes(stringOf(kind) ?? '') ? [kind] : [];
}

function fields(node: YamlNode | undefined, ...names: readonly string[]): YamlNode[] {
  return names.flatMap((name) => shown(node, name) ?? []).map(keyOf);
}

function listed(resource: Resource, name: string): YamlNode[] {
  const list = resource.at('spec', name);
  return list !== undefined && itemsOf(list).length > 0 ? [keyOf(list)] : [];
}

/** Envoy's local and global rate limit filters, by the names and types that configure them. */
function isRateLimit(text: string): boolean {
  return /(?:^|[._])(?:local_)?rate_?limit/i.test(text);
}

function isWasm(text: string): boolean {
  return /envoy\.(?:filters\.(?:http|network)\.wasm|extensions\.filters\.(?:http|network)\.wasm)/.test(text);
}

/** The first text in a resource's patches that fits: an EnvoyFilter names filters at any depth. */
function mentions(filter: Resource, fits: (text: string) => boolean): YamlNode[] {
  const open = [...itemsOf(filter.at('spec', 'configPatches'))].reverse();
  for (let left = 10_000, node = open.pop(); node !== undefined && left > 0; left--, node = open.pop()) {
    const text = stringOf(node);
    if (text !== undefined && fits(text)) return [node];
    const keys = entriesOf(node).find(({ key }) => typeof key.value === 'string' && fits(key.value));
    if (keys !== undefined) return [keys.key];
    open.push(...[...entriesOf(node).map(({ value }) => value), ...itemsOf(node)].reverse());
  }
  return [];
}
