import type { Resource } from '../resources/resource';
import { booleanOf, entriesOf, isSet, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { keyOf, shown } from './evidence';

/** What a resource that routes requests makes of them, each with the places that say so. */
export interface RouteUse {
  /** Shares of the traffic to different places. */
  readonly splits: readonly YamlNode[];
  /** Matches on headers or query parameters, those on token claims aside. */
  readonly headers: readonly YamlNode[];
  readonly claims: readonly YamlNode[];
  readonly faults: readonly YamlNode[];
  readonly mirrors: readonly YamlNode[];
  /** Retries and timeouts. */
  readonly resilience: readonly YamlNode[];
  /** Anything else that sends a request elsewhere than its address says, or changes it, between workloads of the mesh. */
  readonly other: readonly YamlNode[];
  /** Matches on the labels or the namespace of the client. */
  readonly sources: readonly YamlNode[];
}

const NOTHING: RouteUse = {
  splits: [],
  headers: [],
  claims: [],
  faults: [],
  mirrors: [],
  resilience: [],
  other: [],
  sources: [],
};

/** Istio's name for all sidecars and waypoints in a VirtualService's `gateways`; also what an unset list means. */
const MESH_GATEWAY = 'mesh';

/** Keys by which a VirtualService matches token claims (istio.io, "JWT claim based routing"). */
const CLAIMS = '@request.auth.claims';

/** `@request.auth.claims.group`, or `@request.auth.claims[group]`. */
function isClaim(key: unknown): boolean {
  return typeof key === 'string' && key.startsWith(CLAIMS);
}

/**
 * Reads an Istio VirtualService (istio.io, "Virtual Service"). One that is bound to gateways alone routes what comes in from outside, which
 * every ingress does: there only splits, header matches, faults and mirrors are the mesh's.
 */
export function virtualServiceUse(resource: Resource): RouteUse {
  const http = itemsOf(resource.at('spec', 'http'));
  const others = ['tcp', 'tls'].flatMap((protocol) => itemsOf(resource.at('spec', protocol)));
  const gateways = itemsOf(resource.at('spec', 'gateways')).map(stringOf);
  const inMesh = gateways.length === 0 || gateways.includes(MESH_GATEWAY);
  const matches = http.flatMap((route) => itemsOf(lookup(route, 'match')));
  const conditions = matches.flatMap((match) =>
    ['headers', 'withoutHeaders', 'queryParams'].flatMap((field) => entriesOf(lookup(match, field)).map(({ key }) => key)),
  );
  const inMeshOnly = (nodes: readonly YamlNode[]): readonly YamlNode[] => (inMesh ? nodes : []);
  return {
    splits: [...http, ...others].flatMap((route) => splitIn(lookup(route, 'route'))),
    headers: conditions.filter((key) => !isClaim(key.value)),
    claims: conditions.filter((key) => isClaim(key.value)),
    faults: http.flatMap((route) => keyed(route, 'fault')),
    mirrors: http.flatMap((route) => keyed(route, 'mirror', 'mirrors')),
    resilience: inMeshOnly(http.flatMap((route) => keyed(route, 'retries', 'timeout'))),
    other: inMeshOnly([
      ...http.flatMap((route) => keyed(route, 'match', 'redirect', 'rewrite', 'delegate', 'directResponse', 'headers')),
      ...[...http, ...others].flatMap((route) =>
        itemsOf(lookup(route, 'route')).flatMap((to) => keyed(lookup(to, 'destination'), 'subset')),
      ),
    ]),
    sources: [
      ...matches.flatMap((match) => keyed(match, 'sourceLabels')),
      ...others.flatMap((route) =>
        itemsOf(lookup(route, 'match')).flatMap((match) => keyed(match, 'sourceLabels', 'sourceNamespace')),
      ),
    ],
  };
}

/**
 * Reads an HTTPRoute, GRPCRoute, TLSRoute or TCPRoute, of the Gateway API or of Linkerd's own group. One whose parent is a Service is a
 * route of the mesh (gateway-api.sigs.k8s.io, GEP-1426 and GEP-1294). One of a Gateway is ingress: of those only splits say something.
 */
export function gatewayRouteUse(resource: Resource): RouteUse {
  const rules = itemsOf(resource.at('spec', 'rules'));
  const splits = rules.flatMap((rule) => splitIn(lookup(rule, 'backendRefs')));
  const parents = itemsOf(resource.at('spec', 'parentRefs'));
  if (!parents.some((parent) => stringOf(lookup(parent, 'kind')) === 'Service')) return { ...NOTHING, splits };
  const matches = rules.flatMap((rule) => itemsOf(lookup(rule, 'matches')));
  const filters = rules.flatMap((rule) => itemsOf(lookup(rule, 'filters')));
  const isMirror = (filter: YamlNode): boolean => stringOf(lookup(filter, 'type')) === 'RequestMirror';
  return {
    ...NOTHING,
    splits,
    headers: matches.flatMap((match) => keyed(match, 'headers', 'queryParams')),
    mirrors: filters.filter(isMirror),
    resilience: rules.flatMap((rule) => keyed(rule, 'timeouts', 'retry')),
    other: [...matches, ...filters.filter((filter) => !isMirror(filter))].slice(0, 1),
  };
}

/** The key of a list of destinations when it names more than one. */
function splitIn(list: YamlNode | undefined): YamlNode[] {
  return list !== undefined && itemsOf(list).length > 1 ? [keyOf(list)] : [];
}

/** The keys of those fields that are set, to more than an empty list. */
function keyed(node: YamlNode | undefined, ...fields: readonly string[]): YamlNode[] {
  return fields.flatMap((field) => {
    const value = shown(node, field);
    return !isSet(value) || (value.type === 'sequence' && value.items.length === 0) ? [] : [keyOf(value)];
  });
}

/** Flagger's providers that are a mesh; unset, the controller's own setting decides (docs.flagger.app, "How it works"). */
const MESH_PROVIDERS: ReadonlySet<string | undefined> = new Set([
  undefined,
  'istio',
  'linkerd',
  'kuma',
  'knative',
  'appmesh',
  'osm',
]);

/**
 * What a Flagger Canary or an Argo Rollout does through a mesh beyond shifting weights: Flagger's `analysis.match` and `analysis.mirror`
 * (docs.flagger.app, "Deployment Strategies"), the steps `setHeaderRoute` and `setMirrorRoute` of a Rollout that drives Istio
 * (argo-rollouts, "Traffic Management").
 */
export function deliveryUse(resource: Resource): RouteUse {
  if (resource.kind === 'Rollout.argoproj.io') {
    const canary = resource.at('spec', 'strategy', 'canary');
    const steps = isSet(shown(canary, 'trafficRouting', 'istio')) ? itemsOf(lookup(canary, 'steps')) : [];
    return {
      ...NOTHING,
      headers: steps.flatMap((step) => keyed(step, 'setHeaderRoute')),
      mirrors: steps.flatMap((step) => keyed(step, 'setMirrorRoute')),
    };
  }
  if (!MESH_PROVIDERS.has(stringOf(resource.at('spec', 'provider')))) return NOTHING;
  const analysis = shown(resource.at('spec'), 'analysis') ?? resource.at('spec', 'canaryAnalysis');
  const mirror = lookup(analysis, 'mirror');
  return {
    ...NOTHING,
    headers: itemsOf(lookup(analysis, 'match')).flatMap((match) => keyed(match, 'headers')),
    mirrors: booleanOf(mirror) === true ? keyed(analysis, 'mirror') : [],
  };
}
