import {
  decimal,
  deprecated,
  duration,
  flag,
  int32,
  list,
  map,
  moved,
  object,
  oneOf,
  oneOfEach,
  ref,
  text,
  textMap,
  texts,
  uint32,
  uint64,
  word,
} from './schema';
import type { Fields, KindSchema, Schema } from './schema';
import { selector } from './shared/targets';
import { clientTlsDefinitions } from './shared/tls';
import { connectionPoolDefinitions, exportTo, portSelector } from './shared/traffic';

const failover: Schema = list(
  'Where traffic of a region goes when its own endpoints fail. Needs `outlierDetection`, which finds out that they do.',
  object(
    'From one region to another.',
    { from: text('The region that traffic comes from.'), to: text('The region that takes over.') },
    { 'x-anchor': 'LocalityLoadBalancerSetting-Failover' },
  ),
);

const failoverPriority: Schema = texts(
  'Labels, the most important first: endpoints that agree with the client in more of them, from the first on, come first.',
);

const minimumRingSize = (description: string): Schema => uint64(description, { default: 1024 });

const loadBalancer: Schema = object(
  'How an endpoint is chosen.',
  {
    simple: word(
      'The endpoint with fewest requests (LEAST_REQUEST), each in turn (ROUND_ROBIN), any (RANDOM), or the address that the client wanted (PASSTHROUGH). LEAST_CONN is the old name of LEAST_REQUEST.',
      ['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST'],
      { default: 'LEAST_REQUEST', 'x-renamed': { LEAST_CONN: 'LEAST_REQUEST' }, 'x-anchor': 'LoadBalancerSettings-SimpleLB' },
    ),
    consistentHash: object(
      'The same endpoint for requests that are alike.',
      {
        httpHeaderName: text('The header that decides.'),
        httpCookie: object(
          'The cookie that decides; it is made where the request has none.',
          {
            name: text('The name of the cookie.'),
            path: text('The path of the cookie.'),
            ttl: duration('How long the cookie lives; `0s` is until the browser closes.'),
            attributes: list(
              'Further attributes of the cookie.',
              object('One attribute.', { name: text('Its name.'), value: text('Its value.') }, { required: ['name'] }),
            ),
          },
          { required: ['name'], 'x-anchor': 'LoadBalancerSettings-ConsistentHashLB-HTTPCookie' },
        ),
        useSourceIp: flag("The client's address decides."),
        httpQueryParameterName: text('The query parameter that decides.'),
        ringHash: object('The ring hash algorithm.', {
          minimumRingSize: minimumRingSize(
            'The smallest number of points on the ring: more of them spread the load more evenly.',
          ),
        }),
        maglev: object('The Maglev algorithm: faster, and moves more clients when endpoints change.', {
          tableSize: uint64('The size of its table, a prime number below 5,000,011.', { default: 65537 }),
        }),
        minimumRingSize: moved('ringHash.minimumRingSize', minimumRingSize('The smallest number of points on the ring.')),
      },
      {
        ...oneOfEach(['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'], ['ringHash', 'maglev']),
        'x-anchor': 'LoadBalancerSettings-ConsistentHashLB',
      },
    ),
    backendUtilization: object('Weighs endpoints by the load that they report themselves.', {
      errorUtilizationPenaltyPercent: uint32('How much errors count against an endpoint, in per cent.'),
      metricNamesForComputingUtilization: texts('The reported metrics that stand for utilization.'),
      weightExpirationPeriod: duration('After which silence a reported weight no longer counts.'),
      weightStabilizationPeriod: duration('How long an endpoint must report before its weight counts.'),
      weightUpdatePeriod: duration('How often weights are computed anew.'),
    }),
    localityLbSetting: object(
      "How localities share the load, in place of the mesh's setting.",
      {
        enabled: flag('Whether locality counts at all.', { default: true }),
        distribute: list(
          'Which share of the traffic from one locality goes to which. Not together with `failover`.',
          object(
            'The traffic from one locality.',
            {
              from: text('The locality of the client, as `region/zone/*`.'),
              to: map('The share of each locality in per cent; together 100.', uint32('Per cent.')),
            },
            { 'x-anchor': 'LocalityLoadBalancerSetting-Distribute' },
          ),
        ),
        failover,
        failoverPriority,
      },
      { 'x-anchor': 'LocalityLoadBalancerSetting' },
    ),
    zoneAwareLbSetting: object(
      'Keeps traffic in its zone as long as the load stays even. Not together with `localityLbSetting`.',
      {
        enabled: flag('Whether zones count at all.'),
        failover,
        failoverPriority,
        minClusterSize: uint32('Below this many endpoints zones do not count.', { minimum: 1 }),
      },
    ),
    warmup: object(
      'Brings new endpoints up to full load slowly.',
      {
        duration: duration('How long it takes.'),
        minimumPercent: decimal('The share of its load that a new endpoint starts with, in per cent.', {
          minimum: 0,
          maximum: 100,
          default: 10,
        }),
        aggression: decimal('How fast the load grows: 1 is evenly, more is faster at first.', { minimum: 0, default: 1 }),
      },
      { required: ['duration'] },
    ),
    warmupDurationSecs: moved('warmup.duration', duration('How long a new endpoint takes to come up to full load.')),
  },
  { ...oneOf('simple', 'consistentHash', 'backendUtilization'), 'x-anchor': 'LoadBalancerSettings' },
);

const outlierDetection: Schema = object(
  'Takes endpoints out of the pool that keep failing.',
  {
    consecutive5xxErrors: uint32('After how many 5xx responses in a row; 0 turns this off.', { default: 5 }),
    consecutiveGatewayErrors: uint32('After how many 502, 503 or 504 responses in a row; 0 turns this off.', { default: 0 }),
    consecutiveLocalOriginFailures: uint32(
      'After how many failures in a row of the proxy itself, such as no connection. Needs `splitExternalLocalOriginErrors`.',
      { default: 5 },
    ),
    splitExternalLocalOriginErrors: flag('Counts failures of the proxy itself apart from those that the endpoint answers with.', {
      default: false,
    }),
    outlierDetectionHttpErrorCodes: list('The status codes that count as errors.', {
      type: 'integer',
      minimum: 100,
      maximum: 599,
    }),
    interval: duration('How often endpoints are looked at.', { default: '10s' }),
    baseEjectionTime: duration('How long an endpoint is out at first; it is multiplied by how often it has been out.', {
      default: '30s',
    }),
    maxEjectionPercent: int32('How many of the endpoints may be out at once, in per cent.', { default: 10 }),
    minHealthPercent: int32('When fewer endpoints are healthy, in per cent, none is taken out.', { default: 0 }),
    consecutiveErrors: deprecated(
      'use `consecutive5xxErrors` or `consecutiveGatewayErrors`',
      int32('After how many errors in a row an endpoint is taken out.'),
    ),
  },
  { 'x-anchor': 'OutlierDetection' },
);

/** What a port can have of its own. */
const portPolicy: Fields = {
  connectionPool: ref('connectionPool'),
  loadBalancer: ref('loadBalancer'),
  outlierDetection: ref('outlierDetection'),
  tls: ref('clientTls'),
};

const trafficPolicy: Schema = object(
  'How connections to the destination are made.',
  {
    ...portPolicy,
    portLevelSettings: list(
      'Settings of single ports. They replace those of the destination whole: what is left out here has its default.',
      object(
        'The settings of one port.',
        { port: portSelector('The port they are for.'), ...portPolicy },
        { 'x-anchor': 'TrafficPolicy-PortTrafficPolicy' },
      ),
      { maxItems: 4096 },
    ),
    tunnel: object(
      'Sends the traffic through an HTTP proxy, by CONNECT or POST.',
      {
        protocol: text('How the tunnel is made: CONNECT or POST.', { default: 'CONNECT' }),
        targetHost: text('The host at the end of the tunnel.'),
        targetPort: uint32('The port at the end of the tunnel.'),
      },
      { required: ['targetHost', 'targetPort'], 'x-anchor': 'TrafficPolicy-TunnelSettings' },
    ),
    proxyProtocol: object('Starts connections with the PROXY protocol, which hands on the address of the client.', {
      version: word('Its version.', ['V1', 'V2'], { default: 'V1' }),
    }),
    retryBudget: object('Limits retries to a share of the requests under way.', {
      percent: decimal('The share, in per cent.', { minimum: 0, maximum: 100, default: 20 }),
      minRetryConcurrency: uint32('How many retries may be under way in any case.', { default: 3 }),
      budgetInterval: duration('Over which time requests are counted.'),
    }),
  },
  { 'x-anchor': 'TrafficPolicy' },
);

export const destinationRule: KindSchema = {
  kind: 'DestinationRule',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
  description: 'Says how traffic to a host is handled once routing has chosen it: load balancing, limits, TLS, subsets.',
  specRequired: false,
  definitions: {
    ...connectionPoolDefinitions,
    ...clientTlsDefinitions,
    loadBalancer,
    outlierDetection,
    trafficPolicy,
  },
  spec: object(
    'The host and what is done with its traffic.',
    {
      host: text(
        "A Service, or a host of a ServiceEntry; `*.` at its start takes all below. A short name is completed with this rule's namespace.",
      ),
      trafficPolicy: ref('trafficPolicy', 'For all traffic to the host.'),
      subsets: list(
        'Named parts of the host, which routes can send traffic to.',
        object(
          'One part of the host.',
          {
            name: text('The name that routes use.'),
            labels: textMap('Labels that an endpoint must have to be part of it.'),
            trafficPolicy: ref('trafficPolicy', "In place of the host's policy, field by field."),
          },
          { required: ['name'], 'x-anchor': 'Subset' },
        ),
      ),
      exportTo: exportTo('this rule'),
      workloadSelector: selector('The pods whose proxies follow this rule. Unset, all that see it.'),
    },
    { required: ['host'], 'x-anchor': 'DestinationRule' },
  ),
};
