import type { Resource } from '../resources/resource';
import { itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { itself, keyOf, shown } from './evidence';
import type { Find } from './evidence';
import type { AdvancedFeature, MeshName } from './facts';
import { ROUTES, VIRTUAL_SERVICE } from './mesh-features';

/** What stands in for a feature where a mesh lacks it, as a clause; a mesh that is not named has it, in its own form. */
export type Substitutes = Partial<Record<MeshName, string>>;

/**
 * Envoy's filters that Cilium documents for a CiliumEnvoyConfig (docs.cilium.io 1.20, "L7 Traffic Management"): ext_authz, jwt_authn,
 * local_ratelimit, ratelimit, connection_limit and a few more; neither fault nor wasm. That its proxy is built with others too is not certain,
 * so none of those is promised here. Clusters may be written as well (cilium/cilium pkg/ciliumenvoyconfig/cec_resource_parser.go).
 */
const cecWith = (what: string): string => `${what} in a CiliumEnvoyConfig`;

/**
 * What comes nearest to an advanced feature where `LACKS` says that a mesh has none. Linkerd splits by weight and matches headers, and drops
 * a route that mirrors or rewrites (linkerd/linkerd2 policy-controller/k8s/index, outbound/index/http.rs, edge-26.8.3). Waypoints read no
 * EnvoyFilter, and take a WasmPlugin or TrafficExtension that names them (istio.io, "Ambient mode"; istio/istio
 * pilot/pkg/model/policyattachment.go, 1.32 development).
 */
export const ADVANCED_SUBSTITUTES: Readonly<Record<AdvancedFeature, Substitutes>> = {
  'fault-injection': {
    linkerd: 'a backend that fails on purpose, with a small weight in an HTTPRoute',
    cilium: 'a backend that fails on purpose, with a small weight in an HTTPRoute',
  },
  mirroring: { linkerd: 'none in the mesh: mirror at the ingress, or replay recorded traffic' },
  'header-routing': {},
  'claim-routing': {
    linkerd: 'an ingress that checks the token and sets a header, and an HTTPRoute that matches that header',
    cilium: 'an ingress that checks the token and sets a header, and an HTTPRoute that matches that header',
  },
  jwt: {
    linkerd: 'tokens checked by the ingress or API gateway, or by the applications',
    cilium: `tokens checked by the ingress or API gateway, or by ${cecWith("Envoy's jwt_authn")}`,
  },
  'l7-authorization': {},
  'rate-limiting': { cilium: `${cecWith("Envoy's local_ratelimit")}, or limits at the ingress` },
  wasm: {
    linkerd: 'none: the logic goes into the application or the ingress',
    cilium: 'none that Cilium documents: the logic goes into the application or the ingress',
  },
  'envoy-filter': {
    linkerd: 'none: what the filter does goes into the application or the ingress',
    'istio-ambient': 'a WasmPlugin or TrafficExtension on the waypoint, or sidecars for the workloads that need the filter',
    cilium: cecWith('the same filter, if Cilium documents it,'),
  },
};

/** A feature of one mesh that no need and no advanced feature stands for, and that another mesh lacks. */
export interface OwnFeature {
  readonly feature: string;
  /** The meshes it is a feature of. */
  readonly of: readonly MeshName[];
  readonly kinds: readonly string[];
  readonly find: Find;
  readonly substitutes: Substitutes;
}

const ISTIO: readonly MeshName[] = ['istio-sidecar', 'istio-ambient'];
const DESTINATION_RULE = 'DestinationRule.networking.istio.io';
const CILIUM_POLICIES = ['CiliumNetworkPolicy.cilium.io', 'CiliumClusterwideNetworkPolicy.cilium.io'];

/**
 * Linkerd: linkerd.io/2-edge and linkerd/linkerd2, edge-26.8.3 (EgressNetwork and HTTPLocalRateLimitPolicy since 2.17; routes that rewrite are
 * dropped). Cilium: docs.cilium.io 1.20, and the chart of 1.20.0 (Maglev needs its own kube-proxy replacement; HTTP is seen where a policy has
 * rules for it). Istio: istio.io, and istio/api networking/v1alpha3/envoy_filter.proto, v1.31.1, for attributegen.
 */
export const OWN_FEATURES: readonly OwnFeature[] = [
  {
    feature: "ingress by Istio's Gateway",
    of: ISTIO,
    kinds: ['Gateway.networking.istio.io'],
    find: itself,
    substitutes: {
      linkerd: 'an ingress controller of your choice with its pods meshed, or a Gateway of the Gateway API',
      cilium: 'a Gateway of the Gateway API, or an Ingress, both of class cilium',
    },
  },
  {
    feature: 'services outside the mesh as ServiceEntry',
    of: ISTIO,
    kinds: ['ServiceEntry.networking.istio.io'],
    find: itself,
    substitutes: {
      linkerd: 'EgressNetwork with routes, since 2.17',
      cilium: 'egress rules with toFQDNs in a CiliumNetworkPolicy, which allow and do not route',
    },
  },
  {
    feature: 'sticky sessions by hash',
    of: ISTIO,
    kinds: [DESTINATION_RULE],
    find: (rule) => inPolicies(rule, 'loadBalancer', 'consistentHash').map(keyOf),
    substitutes: {
      linkerd: 'none: its balancer follows latency; keep the session outside the process, or hash at the ingress',
      cilium: 'sessionAffinity of the Service, or Maglev at layer 4 where Cilium replaces kube-proxy',
    },
  },
  {
    feature: 'limits on connections (connectionPool)',
    of: ISTIO,
    kinds: [DESTINATION_RULE],
    find: (rule) => inPolicies(rule, 'connectionPool').map(keyOf),
    substitutes: {
      linkerd: 'HTTPLocalRateLimitPolicy at the server, since 2.17, and timeouts',
      cilium: cecWith("Envoy's connection_limit, or a Cluster of your own,"),
    },
  },
  {
    feature: 'TLS to services outside, made by the proxy',
    of: ISTIO,
    kinds: [DESTINATION_RULE],
    find: (rule) => inPolicies(rule, 'tls', 'mode').flatMap((mode) => [...saying(mode, 'SIMPLE'), ...saying(mode, 'MUTUAL')]),
    substitutes: {
      linkerd: 'TLS made by the applications',
      cilium: 'TLS made by the applications, or TLS interception by policy',
    },
  },
  {
    feature: 'rewriting of requests',
    of: ISTIO,
    kinds: [VIRTUAL_SERVICE, ...ROUTES],
    find: rewrites,
    substitutes: { linkerd: 'none: a rewrite is done by the ingress or the application; a route that asks for one is dropped' },
  },
  {
    feature: 'authorization by a service of your own (CUSTOM)',
    of: ISTIO,
    kinds: ['AuthorizationPolicy.security.istio.io'],
    find: (policy) => saying(policy.at('spec', 'action'), 'CUSTOM'),
    substitutes: {
      linkerd: 'external authorization at the ingress, or OPA beside the application',
      cilium: cecWith("Envoy's ext_authz"),
    },
  },
  {
    feature: "the mesh's telemetry as Telemetry shapes it",
    of: ISTIO,
    kinds: ['Telemetry.telemetry.istio.io'],
    find: itself,
    substitutes: {
      linkerd: 'the metrics that its proxies always give; an access log by annotation (config.linkerd.io/access-log)',
      cilium: "Hubble's metrics and flows; those of HTTP where a policy has rules.http",
    },
  },
  {
    feature: 'rate limits (HTTPLocalRateLimitPolicy)',
    of: ['linkerd'],
    kinds: ['HTTPLocalRateLimitPolicy.policy.linkerd.io'],
    find: itself,
    substitutes: {
      'istio-sidecar': "an EnvoyFilter with Envoy's local rate limit",
      'istio-ambient': 'sidecars with an EnvoyFilter: a waypoint reads none',
    },
  },
  {
    feature: 'retry budgets',
    of: ['linkerd'],
    kinds: ['ServiceProfile.linkerd.io'],
    find: (profile) => keysOf(shown(profile.at('spec'), 'retryBudget')),
    substitutes: { cilium: cecWith('a Cluster of your own') },
  },
  {
    feature: 'virtual machines in the mesh (ExternalWorkload)',
    of: ['linkerd'],
    kinds: ['ExternalWorkload.workload.linkerd.io'],
    find: itself,
    substitutes: {
      'istio-ambient': 'WorkloadEntry with sidecars: ambient mode takes no virtual machines',
      cilium: 'none in the mesh',
    },
  },
  {
    feature: 'metrics of each route (ServiceProfile)',
    of: ['linkerd'],
    kinds: ['ServiceProfile.linkerd.io'],
    find: (profile) => keysOf(shown(profile.at('spec'), 'routes')),
    substitutes: {
      'istio-sidecar': 'an EnvoyFilter with the attributegen extension, which names requests by their paths',
      'istio-ambient': 'metrics of each service, from a waypoint',
      cilium: "Hubble's HTTP metrics where a policy has rules.http",
    },
  },
  {
    feature: 'HTTP rules of network policies between meshed pods',
    of: ['cilium'],
    kinds: CILIUM_POLICIES,
    find: (policy) => httpRules(policy),
    substitutes: {
      linkerd: "AuthorizationPolicy on an HTTPRoute: Cilium's proxy cannot read what the mesh encrypts",
      'istio-sidecar': "AuthorizationPolicy: Cilium's proxy cannot read what the mesh encrypts",
      'istio-ambient': "AuthorizationPolicy on a waypoint: Cilium's proxy cannot read what the mesh encrypts",
    },
  },
  {
    feature: 'CiliumEnvoyConfig',
    of: ['cilium'],
    kinds: ['CiliumEnvoyConfig.cilium.io', 'CiliumClusterwideEnvoyConfig.cilium.io'],
    find: itself,
    substitutes: {
      linkerd: 'HTTPRoute where it routes; none for what else it does',
      'istio-sidecar': 'VirtualService, DestinationRule or EnvoyFilter',
      'istio-ambient': 'HTTPRoute on a waypoint where it routes; sidecars with an EnvoyFilter for what else it does',
    },
  },
];

/**
 * What comes nearest to each gap of ambient mode, by the names that ambient-gaps.ts gives them: sidecars, which have none of them (istio.io,
 * "Ambient mode", of SPIRE, virtual machines and primary-remote; istio/istio pilot/pkg/networking/core/listener_waypoint.go and
 * pilot/pkg/serviceregistry/ambient/authorization.go, 1.32 development, of the others).
 */
export const GAP_SUBSTITUTES: ReadonlyMap<string, string> = new Map([
  ['SPIRE', "Istio's own CA; sidecars for workloads that must keep SPIRE's identities"],
  ['virtual machines in the mesh', 'sidecars on the machines, and for whoever calls them'],
  ["matches on the client's labels (sourceLabels)", 'a route in the namespace of the service that matches a header, or sidecars'],
  ['mTLS switched off by PeerAuthentication', 'taking the pods out of ambient mode: their mTLS cannot be switched off in it'],
  ['a control plane in another cluster (primary-remote)', 'sidecars in the clusters that share a control plane'],
]);

/** What comes nearest to each need without a mesh: the alternatives of guide B, with those of guide A; of the last two needs they name none. */
export const WITHOUT_MESH = {
  mtls: "certificates of cert-manager's, mounted by the workloads that need them",
  routing: 'Argo Rollouts or Flagger for canaries; a library for retries, timeouts and circuit breaking',
  authorization: 'NetworkPolicy between pods, OPA or the application for requests',
  observability: "OpenTelemetry's SDK in each service",
  multicluster: 'a gateway at the edge of each cluster, with TLS',
  extension: 'the application, or the API gateway',
} as const;

function inPolicies(rule: Resource, ...path: readonly string[]): YamlNode[] {
  const policies = [
    rule.at('spec', 'trafficPolicy'),
    ...itemsOf(rule.at('spec', 'subsets')).map((subset) => lookup(subset, 'trafficPolicy')),
  ];
  const all = policies.flatMap((policy) => [policy, ...itemsOf(lookup(policy, 'portLevelSettings'))]);
  return all.flatMap((policy) => shown(policy, ...path) ?? []);
}

function keysOf(node: YamlNode | undefined): YamlNode[] {
  return node === undefined ? [] : [keyOf(node)];
}

function saying(node: YamlNode | undefined, text: string): YamlNode[] {
  return node !== undefined && stringOf(node) === text ? [node] : [];
}

function rewrites(route: Resource): YamlNode[] {
  if (route.kind === VIRTUAL_SERVICE) return itemsOf(route.at('spec', 'http')).flatMap((http) => keysOf(shown(http, 'rewrite')));
  const filters = itemsOf(route.at('spec', 'rules')).flatMap((rule) => itemsOf(lookup(rule, 'filters')));
  return filters.flatMap((filter) => saying(lookup(filter, 'type'), 'URLRewrite'));
}

function httpRules(policy: Resource): YamlNode[] {
  const rules = [policy.at('spec'), ...itemsOf(policy.at('specs'))];
  const entries = rules.flatMap((rule) => ['ingress', 'egress'].flatMap((direction) => itemsOf(lookup(rule, direction))));
  const ports = entries.flatMap((entry) => itemsOf(lookup(entry, 'toPorts')));
  return ports.flatMap((port) => keysOf(shown(port, 'rules', 'http')));
}
