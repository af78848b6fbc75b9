import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationServices, applicationWorkloads, usedOfKind } from './applications';
import { CILIUM_POLICIES, requiredModes } from '../mesh/cilium/authentication';
import { encryptedBy } from './cilium-presence';
import { remoteSecretsOf } from './count-clusters';
import { because, itself, keyOf, objectsOf, objectsOfKind, plainKind, remembered, shown, signsIn } from './evidence';
import type { Find } from './evidence';
import type { Because, Need } from './facts';
import { meshCharts } from './mesh-charts';
import type { ChartRole } from './mesh-charts';
import { gatewayRouteUse, virtualServiceUse } from './routing';
import type { RouteUse } from './routing';

/** A mesh feature that calls for a need, as resources of some kinds show it. */
interface Feature {
  readonly need: Need;
  readonly kinds: readonly string[];
  /** What one of them does, and what several do. */
  readonly verb: readonly [one: string, several: string];
  readonly find: Find;
}

export const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io';
export const ROUTES = [
  'HTTPRoute.gateway.networking.k8s.io',
  'GRPCRoute.gateway.networking.k8s.io',
  'TLSRoute.gateway.networking.k8s.io',
  'TCPRoute.gateway.networking.k8s.io',
  'HTTPRoute.policy.linkerd.io',
];
const SERVICE_PROFILE = 'ServiceProfile.linkerd.io';

/** Where a route asks for something. */
const inRoute =
  (...uses: readonly (keyof RouteUse)[]): Find =>
  (resource) => {
    const use = resource.kind === VIRTUAL_SERVICE ? virtualServiceUse(resource) : gatewayRouteUse(resource);
    return uses.flatMap((one) => use[one]);
  };

/** Whether a route has a clause of its own, and so need not be named for less. */
function anyOf(resource: Resource, ...uses: readonly (keyof RouteUse)[]): boolean {
  return inRoute(...uses)(resource).length > 0;
}

/** Where one of several fields is set. */
const field =
  (...paths: readonly (readonly string[])[]): Find =>
  (resource) =>
    paths.flatMap((path) => shown(resource.at('spec'), ...path) ?? []).map(keyOf);

/**
 * The mesh features that call for each need. A DestinationRule's subsets and a ServiceEntry call for none by themselves. Cilium's network
 * policies, HTTP rules and all, isolate pods, which the CNI does without a mesh; isolation is none of the six needs.
 */
const FEATURES: readonly Feature[] = [
  {
    need: 'mtls',
    kinds: ['PeerAuthentication.security.istio.io'],
    verb: ['demands mTLS (STRICT)', 'demand mTLS (STRICT)'],
    find: strict,
  },
  {
    need: 'mtls',
    kinds: ['DestinationRule.networking.istio.io'],
    verb: ["asks for Istio's mTLS", "ask for Istio's mTLS"],
    find: mutualTls,
  },
  {
    need: 'mtls',
    kinds: ['MeshTLSAuthentication.policy.linkerd.io'],
    verb: ['demands a mesh identity', 'demand a mesh identity'],
    find: itself,
  },
  {
    need: 'mtls',
    kinds: ['ServerAuthorization.policy.linkerd.io'],
    verb: ['demands a mesh identity', 'demand a mesh identity'],
    find: field(['client', 'meshTLS']),
  },
  {
    need: 'mtls',
    kinds: CILIUM_POLICIES,
    verb: ['requires mutual authentication', 'require mutual authentication'],
    find: requiredModes,
  },
  {
    need: 'mtls',
    kinds: ['Namespace'],
    verb: ["asks for Cilium's ztunnel", "ask for Cilium's ztunnel"],
    find: encryptedBy,
  },
  { need: 'routing', kinds: [VIRTUAL_SERVICE, ...ROUTES], verb: ['splits traffic', 'split traffic'], find: inRoute('splits') },
  {
    need: 'routing',
    kinds: [VIRTUAL_SERVICE, ...ROUTES],
    verb: ['routes by header', 'route by header'],
    find: inRoute('headers', 'claims'),
  },
  {
    need: 'routing',
    kinds: [VIRTUAL_SERVICE],
    verb: ['injects faults', 'inject faults'],
    find: inRoute('faults'),
  },
  { need: 'routing', kinds: [VIRTUAL_SERVICE, ...ROUTES], verb: ['mirrors traffic', 'mirror traffic'], find: inRoute('mirrors') },
  {
    need: 'routing',
    kinds: [VIRTUAL_SERVICE, ...ROUTES],
    verb: ['sets retries or timeouts', 'set retries or timeouts'],
    find: inRoute('resilience'),
  },
  {
    need: 'routing',
    kinds: [VIRTUAL_SERVICE, ...ROUTES],
    verb: ['routes between workloads', 'route between workloads'],
    find: (resource) =>
      anyOf(resource, 'splits', 'headers', 'claims', 'faults', 'mirrors', 'resilience') ? [] : inRoute('other')(resource),
  },
  {
    need: 'routing',
    kinds: ['DestinationRule.networking.istio.io'],
    verb: ['sets load balancing or circuit breaking', 'set load balancing or circuit breaking'],
    find: field(['trafficPolicy', 'outlierDetection'], ['trafficPolicy', 'connectionPool'], ['trafficPolicy', 'loadBalancer']),
  },
  { need: 'routing', kinds: ['TrafficSplit.split.smi-spec.io'], verb: ['splits traffic', 'split traffic'], find: itself },
  {
    need: 'routing',
    kinds: [SERVICE_PROFILE],
    verb: ['sets retries, timeouts or splits', 'set retries, timeouts or splits'],
    find: profileRouting,
  },
  {
    need: 'routing',
    kinds: ['CiliumEnvoyConfig.cilium.io', 'CiliumClusterwideEnvoyConfig.cilium.io'],
    verb: ['configures Envoy directly', 'configure Envoy directly'],
    find: itself,
  },
  {
    need: 'authorization',
    kinds: [
      'AuthorizationPolicy.security.istio.io',
      'AuthorizationPolicy.policy.linkerd.io',
      'ServerAuthorization.policy.linkerd.io',
    ],
    verb: ['decides who may call', 'decide who may call'],
    find: itself,
  },
  {
    need: 'authorization',
    kinds: ['RequestAuthentication.security.istio.io'],
    verb: ['checks tokens', 'check tokens'],
    find: field(['jwtRules']),
  },
  {
    need: 'observability',
    kinds: ['Telemetry.telemetry.istio.io'],
    verb: ["shapes the mesh's telemetry", "shape the mesh's telemetry"],
    find: itself,
  },
  {
    need: 'observability',
    kinds: [SERVICE_PROFILE],
    verb: ['gives metrics by route', 'give metrics by route'],
    find: field(['routes']),
  },
  { need: 'observability', kinds: ['Kiali.kiali.io'], verb: ['shows the mesh', 'show the mesh'], find: itself },
  {
    need: 'multicluster',
    kinds: ['Link.multicluster.linkerd.io'],
    verb: ['leads to another cluster', 'lead to other clusters'],
    find: itself,
  },
  {
    need: 'multicluster',
    kinds: ['ServiceExport.multicluster.x-k8s.io', 'ServiceImport.multicluster.x-k8s.io'],
    verb: ['crosses clusters', 'cross clusters'],
    find: itself,
  },
  {
    need: 'multicluster',
    kinds: ['Gateway.networking.istio.io', 'Gateway.gateway.networking.k8s.io'],
    verb: ['carries traffic between clusters', 'carry traffic between clusters'],
    find: eastWest,
  },
  {
    need: 'extension',
    kinds: ['EnvoyFilter.networking.istio.io', 'WasmPlugin.extensions.istio.io', 'TrafficExtension.extensions.istio.io'],
    verb: ['extends the proxy', 'extend the proxy'],
    find: itself,
  },
];

/** Charts that are there for a need. */
const CHART_NEEDS: readonly { readonly need: Need; readonly role: ChartRole; readonly because: string }[] = [
  { need: 'observability', role: 'linkerd-viz', because: "Linkerd's observability extension is installed" },
  { need: 'observability', role: 'kiali', because: 'Kiali is installed' },
  { need: 'multicluster', role: 'linkerd-multicluster', because: "Linkerd's multicluster extension is installed" },
];

/** Why needs count because a mesh already meets them here. */
export function featuresInUse(view: MeshView): (readonly [Need, Because<Place>])[] {
  const found: (readonly [Need, Because<Place>])[] = [];
  for (const { need, kinds, verb, find } of FEATURES) {
    for (const kind of kinds) {
      for (const one of because(signsIn(usedOfKind(view, kind), find), plainKind(kind), verb)) found.push([need, one]);
    }
  }
  for (const { need, role, because: clause } of CHART_NEEDS) {
    const nodes = meshCharts(view).flatMap((chart) => (chart.role === role ? (chart.reference.chart?.node ?? []) : []));
    if (nodes.length > 0) found.push([need, { because: clause, evidence: nodes.map((node) => ({ node })) }]);
  }
  return [...found, ...fromServices(view), ...fromWorkloads(view)];
}

/** Retries, timeouts and circuit breaking of Linkerd, and what Services say of other clusters. */
function fromServices(view: MeshView): (readonly [Need, Because<Place>])[] {
  const services = applicationServices(view);
  const routes = ROUTES.flatMap((kind) => objectsOfKind(view, kind));
  const resilience = because(signsIn(services, linkerdResilience), 'Service', [
    'sets retries, timeouts or circuit breaking',
    'set retries, timeouts or circuit breaking',
  ]);
  const onRoutes = because(signsIn(routes, linkerdResilience), 'route', ['sets retries or timeouts', 'set retries or timeouts']);
  const exported = because(signsIn(services, acrossClusters), 'Service', [
    'is offered to other clusters',
    'are offered to other clusters',
  ]);
  const remote = because(signsIn(objectsOf(remoteSecretsOf(view)), itself), 'Secret', [
    'lets Istio read another cluster',
    'let Istio read other clusters',
  ]);
  return [
    ...[...resilience, ...onRoutes].map((one) => ['routing', one] as const),
    ...[...exported, ...remote].map((one) => ['multicluster', one] as const),
  ];
}

/** Linkerd's default inbound policies that let only meshed clients in. */
const AUTHENTICATED: ReadonlySet<string> = new Set(['all-authenticated', 'cluster-authenticated']);

const demands = remembered((resource) => {
  const annotation = (podTemplateOf(resource)?.annotations ?? resource.annotations).get(
    'config.linkerd.io/default-inbound-policy',
  );
  return annotation.is === 'known' && AUTHENTICATED.has(annotation.value) ? [annotation.node] : [];
});

function fromWorkloads(view: MeshView): (readonly [Need, Because<Place>])[] {
  const verb = ["accepts Linkerd's mTLS alone", "accept Linkerd's mTLS alone"] as const;
  return [
    ...because(signsIn(applicationWorkloads(view), demands), 'workload', verb),
    ...because(signsIn(objectsOfKind(view, 'Namespace'), demands), 'Namespace', verb),
  ].map((one) => ['mtls', one] as const);
}

/** `STRICT` for the whole of a workload or for a port of it. */
function strict(policy: Resource): YamlNode[] {
  const ports = entriesOf(policy.at('spec', 'portLevelMtls')).map(({ value }) => lookup(value, 'mode'));
  return [policy.at('spec', 'mtls', 'mode'), ...ports].flatMap((mode) =>
    mode !== undefined && stringOf(mode) === 'STRICT' ? [mode] : [],
  );
}

function mutualTls(rule: Resource): YamlNode[] {
  const policies = [
    rule.at('spec', 'trafficPolicy'),
    ...itemsOf(rule.at('spec', 'subsets')).map((subset) => lookup(subset, 'trafficPolicy')),
  ];
  const all = policies.flatMap((policy) => [policy, ...itemsOf(lookup(policy, 'portLevelSettings'))]);
  const modes = all.map((policy) => lookup(policy, 'tls', 'mode'));
  return modes.flatMap((mode) => (mode !== undefined && stringOf(mode) === 'ISTIO_MUTUAL' ? [mode] : []));
}

function profileRouting(profile: Resource): YamlNode[] {
  const routes = itemsOf(profile.at('spec', 'routes'));
  const nodes = [
    ...['dstOverrides', 'retryBudget'].map((name) => shown(profile.at('spec'), name)),
    ...routes.flatMap((route) => [shown(route, 'timeout'), shown(route, 'isRetryable')]),
  ];
  return nodes.flatMap((node) => (node === undefined ? [] : [keyOf(node)]));
}

/**
 * A gateway that passes mTLS through to the workloads behind it, which is what another cluster's sidecars come in by, or the class that
 * ambient mode has for it (istio.io, "Install Multi-Primary on different networks").
 */
function eastWest(gateway: Resource): YamlNode[] {
  const className = gateway.at('spec', 'gatewayClassName');
  if (className !== undefined && stringOf(className) === 'istio-east-west') return [className];
  const modes = itemsOf(gateway.at('spec', 'servers')).map((server) => lookup(server, 'tls', 'mode'));
  return modes.flatMap((mode) => (mode !== undefined && stringOf(mode) === 'AUTO_PASSTHROUGH' ? [mode] : []));
}

const linkerdResilience = remembered((resource) => {
  const prefixes = ['retry.linkerd.io/', 'timeout.linkerd.io/', 'balancer.linkerd.io/'];
  return writtenKeys(resource.annotations.keys(), prefixes).flatMap((key) => {
    const annotation = resource.annotations.get(key);
    return annotation.is === 'absent' ? [] : [annotation.node];
  });
});

function writtenKeys(keys: readonly string[], prefixes: readonly string[]): readonly string[] {
  return keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}

/** Labels of Linkerd's multicluster extension, and the annotation of Cilium's Cluster Mesh in both of its spellings. */
const acrossClusters = remembered(({ labels, annotations }) => {
  const found = [
    ...['mirror.linkerd.io/exported', 'mirror.linkerd.io/federated'].map((key) => labels.get(key)),
    ...['service.cilium.io/global', 'io.cilium/global-service'].map((key) => annotations.get(key)),
  ];
  return found.flatMap((one) => (one.is === 'known' && one.value !== 'false' && one.value !== 'disabled' ? [one.node] : []));
});
