import * as is from './predicates';
import type { Predicate } from './predicates';

/** A CEL rule: where it holds, as the facts and CRDs write paths (`[]` for the items of a list, `{}` for the values of a map). */
export type Row = readonly [path: string, predicate: Predicate];

const each = (paths: readonly string[], ...predicates: readonly Predicate[]): Row[] =>
  paths.flatMap((path) => predicates.map((predicate): Row => [path, predicate]));

const under = (prefixes: readonly string[], ...ends: readonly string[]): string[] =>
  prefixes.flatMap((prefix) => ends.map((end) => prefix + end));

const matchLabels = (path: string): Row[] => [
  ...each([path], is.keysWithoutWildcard, is.keysNotEmpty),
  [`${path}{}`, is.withoutWildcard],
];

const targets = (...fields: readonly string[]): Row[] =>
  each(
    fields.map((field) => `.spec.${field}.namespace`),
    is.ownNamespaceOnly,
  );

const POLICY: readonly Row[] = [
  ['.spec', is.atMostOne('selector', 'targetRef', 'targetRefs')],
  ...matchLabels('.spec.selector.matchLabels'),
  ...targets('targetRef', 'targetRefs[]'),
];

const POOL_DURATIONS = [
  '.http.http2KeepAlive.interval',
  '.http.http2KeepAlive.timeout',
  '.http.idleTimeout',
  '.tcp.connectTimeout',
  '.tcp.maxConnectionDuration',
  '.tcp.tcpKeepalive.interval',
  '.tcp.tcpKeepalive.time',
];

const pool = (...prefixes: readonly string[]): Row[] => each(under(prefixes, ...POOL_DURATIONS), is.atLeastOneMillisecond);

const TRAFFIC_POLICIES = under(['.spec', '.spec.subsets[]'], '.trafficPolicy', '.trafficPolicy.portLevelSettings[]');

/** Three rules in the CRD, of which two say the same. */
const serverTls = (path: string): Row[] =>
  each(
    [path],
    is.atMostOne('tlsCertificates', 'credentialNames'),
    is.atMostOne('credentialName', 'credentialNames'),
    is.atMostOne('credentialNames', 'tlsCertificates'),
  );

const workload = (path: string): Row[] => [
  [path, is.noPortsOfSocket],
  ...each([`${path}.address`], is.socketIsAbsolute, is.socketIsNoFolder),
  [`${path}.ports`, is.portNames],
  [`${path}.ports{}`, is.portNumber],
];

const wasm = (path: string): Row[] => [
  [`${path}.url`, is.wasmUrl],
  [`${path}.vmConfig.env[]`, is.valueOnlyInline],
];

/**
 * The 159 CEL rules of the CRDs by kind: what the API server refuses beyond types and bounds (crd-all.gen.yaml of istio/istio at
 * 86c9f01fd735, 1.32 development). test/shared/istio-schemas.test.ts counts them path by path.
 */
export const CEL_RULES: Readonly<Record<string, readonly Row[]>> = {
  AuthorizationPolicy: [...POLICY, ['.spec.rules[].from[].source', is.serviceAccountsAlone]],
  DestinationRule: [
    ...pool(...under(TRAFFIC_POLICIES, '.connectionPool')),
    ...each(
      under(
        TRAFFIC_POLICIES,
        '.loadBalancer.warmup.duration',
        '.loadBalancer.warmupDurationSecs',
        '.outlierDetection.baseEjectionTime',
        '.outlierDetection.interval',
      ),
      is.atLeastOneMillisecond,
    ),
    ...matchLabels('.spec.workloadSelector.matchLabels'),
  ],
  EnvoyFilter: [
    ['.spec', is.atMostOne('workloadSelector', 'targetRefs')],
    ['.spec.configPatches[].match', is.waypointByContext],
    ['.spec.configPatches[].match.waypoint.portNumber', is.portNumber],
    ...targets('targetRefs[]'),
    ['.spec.workloadSelector.labels{}', is.withoutWildcard],
  ],
  Gateway: serverTls('.spec.servers[].tls'),
  PeerAuthentication: [
    ['.spec', is.selectorForPorts],
    ['.spec.portLevelMtls', is.portKeys],
    ...matchLabels('.spec.selector.matchLabels'),
  ],
  ProxyConfig: matchLabels('.spec.selector.matchLabels'),
  RequestAuthentication: [
    ...POLICY,
    ['.spec.jwtRules[]', is.atMostOne('jwksUri', 'jwks_uri', 'jwks')],
    ...each(['.spec.jwtRules[].jwks_uri', '.spec.jwtRules[].jwksUri'], is.webUrl),
    ['.spec.jwtRules[].timeout', is.atLeastOneMillisecond],
  ],
  ServiceEntry: [
    ...each(
      ['.spec'],
      is.atMostOne('workloadSelector', 'endpoints'),
      is.cidrByResolution,
      is.noEndpointsWithNone,
      is.oneEndpointWithRoundRobin,
    ),
    ['.spec.endpoints[]', is.addressOrNetwork],
    ...workload('.spec.endpoints[]'),
    ['.spec.hosts[]', is.notEveryHost],
    ['.spec.ports', is.differIn('number')],
    ...each(['.spec.ports[].number', '.spec.ports[].targetPort'], is.portNumber),
    ['.spec.workloadSelector.labels{}', is.withoutWildcard],
  ],
  Sidecar: [
    ...pool('.spec.inboundConnectionPool', '.spec.ingress[].connectionPool'),
    ...serverTls('.spec.ingress[].tls'),
    ['.spec.workloadSelector.labels{}', is.withoutWildcard],
  ],
  Telemetry: [
    ...POLICY,
    ...each(['.spec.metrics[].overrides[].tagOverrides{}'], is.valueToSet, is.noValueToRemove),
    ['.spec.metrics[].reportingInterval', is.atLeastOneMillisecond],
  ],
  TrafficExtension: [
    ...each(['.spec'], is.atMostOne('selector', 'targetRefs'), is.wasmOrLua),
    ...matchLabels('.spec.selector.matchLabels'),
    ...targets('targetRefs[]'),
    ...wasm('.spec.wasm'),
  ],
  VirtualService: each(
    [
      '.spec.http[].corsPolicy.maxAge',
      '.spec.http[].fault.delay.exponentialDelay',
      '.spec.http[].fault.delay.fixedDelay',
      '.spec.http[].retries.backoff',
      '.spec.http[].retries.perTryTimeout',
      '.spec.http[].timeout',
    ],
    is.atLeastOneMillisecond,
  ),
  WasmPlugin: [...POLICY, ...wasm('.spec')],
  WorkloadEntry: [['.spec', is.addressOrNetwork], ...workload('.spec')],
  WorkloadGroup: [
    ...each(['.spec.probe.grpc.port', '.spec.probe.httpGet.port', '.spec.probe.tcpSocket.port'], is.portNumber),
    ['.spec.probe.httpGet.scheme', is.httpScheme],
    ...workload('.spec.template'),
  ],
};

/** Lists that the API server keeps as maps (`x-kubernetes-list-type: map`): two items with one key are refused. */
export const LIST_KEYS: Readonly<Record<string, readonly Row[]>> = {
  ServiceEntry: [['.spec.ports', is.differIn('name')]],
  TrafficExtension: [
    ['.spec.match[].ports', is.differIn('number')],
    ['.spec.wasm.vmConfig.env', is.differIn('name')],
  ],
  WasmPlugin: [
    ['.spec.match[].ports', is.differIn('number')],
    ['.spec.vmConfig.env', is.differIn('name')],
  ],
};
