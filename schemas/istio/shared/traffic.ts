import { duration, flag, int32, object, text, textMap, texts, uint32, word } from '../schema';
import type { Fields, Schema } from '../schema';

/** Pieces that describe traffic: connection pools, destinations, ports, who sees a resource, endpoints. */

export const connectionPoolDefinitions: Fields = {
  connectionPool: object(
    'Limits on connections and requests. Beyond them requests fail at once with 503.',
    {
      tcp: object(
        'Limits for connections of any protocol.',
        {
          maxConnections: int32('How many connections one proxy opens to the destination. Unset, practically without limit.'),
          connectTimeout: duration('How long a connection may take to be made.', { default: '10s' }),
          idleTimeout: duration('How long a TCP connection may be silent before it is closed; `0s` means for ever.', {
            default: '1h',
          }),
          maxConnectionDuration: duration('How long a connection may live. Unset, without limit.'),
          tcpKeepalive: object(
            'Probes of the operating system on silent connections.',
            {
              probes: uint32('How many probes may go unanswered before the connection counts as dead.'),
              time: duration('How long a connection must be silent before the first probe.'),
              interval: duration('How long between probes.'),
            },
            { 'x-anchor': 'ConnectionPoolSettings-TCPSettings-TcpKeepalive' },
          ),
        },
        { 'x-anchor': 'ConnectionPoolSettings-TCPSettings' },
      ),
      http: object(
        'Limits for HTTP.',
        {
          http1MaxPendingRequests: int32('How many requests may wait for a connection. Unset, practically without limit.'),
          http2MaxRequests: int32(
            'How many requests may be under way at once, over HTTP/1 too. Unset, practically without limit.',
          ),
          maxRequestsPerConnection: int32(
            'How many requests a connection serves before it is closed; 1 turns keep-alive off, 0 means no limit.',
            {
              default: 0,
            },
          ),
          maxRetries: int32('How many retries may be under way at once, over all requests. Unset, practically without limit.'),
          idleTimeout: duration('How long a connection without requests is kept.', { default: '1h' }),
          h2UpgradePolicy: word(
            "Whether HTTP/1.1 is upgraded to HTTP/2 towards the destination. DEFAULT is the mesh's setting.",
            ['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE'],
            { default: 'DEFAULT' },
          ),
          useClientProtocol: flag('Talks to the destination in the protocol that the client used.', { default: false }),
          maxConcurrentStreams: int32('How many streams one HTTP/2 connection may carry.'),
          http2KeepAlive: object('Pings on HTTP/2 connections; both fields are needed.', {
            interval: duration('How often to ping.'),
            timeout: duration('How long to wait for the answer before the connection is closed.'),
          }),
        },
        { 'x-anchor': 'ConnectionPoolSettings-HTTPSettings' },
      ),
    },
    { 'x-anchor': 'ConnectionPoolSettings' },
  ),
};

/** A port by number (PortSelector). */
export const portSelector = (description: string): Schema =>
  object(description, { number: uint32('The port number, 1 to 65535.') }, { 'x-anchor': 'PortSelector' });

export const destinationDefinitions: Fields = {
  destination: object(
    'Where traffic goes.',
    {
      host: text(
        "A Service, or a host of a ServiceEntry. A short name is completed with the namespace of this resource, not with the client's.",
      ),
      subset: text('A subset of the host, as a DestinationRule for it defines.'),
      port: portSelector('The port of the host. Needed when it has more than one.'),
    },
    { required: ['host'], 'x-anchor': 'Destination' },
  ),
};

export const exportTo = (what: string): Schema =>
  texts(`The namespaces in which ${what} is visible: names, \`.\` for its own, \`*\` for all. Unset, all.`);

const port = (description: string, required: readonly string[]): Schema =>
  object(
    description,
    {
      number: uint32('The port number, 1 to 65535.'),
      protocol: text('The protocol: HTTP, HTTPS, GRPC, GRPC-WEB, HTTP2, MONGO, MYSQL, REDIS, TCP, TLS, HBONE.'),
      name: text('A name that no other port here has.'),
      targetPort: uint32('Has no effect, and Istio refuses it: the workload decides which port it listens on.'),
    },
    { ...(required.length === 0 ? {} : { required }), 'x-anchor': 'Port' },
  );

/** The port of a Gateway's server. */
export const serverPort = (description: string): Schema => port(description, ['number', 'protocol', 'name']);
/** The port of a listener of a Sidecar. */
export const sidecarPort = (description: string): Schema => port(description, []);

/** What stands for one machine or pod: the fields of a WorkloadEntry. */
export const workloadFields: Fields = {
  address: text(
    'Where the workload is: an IP address, a host name (with resolution DNS), or `unix:///absolute/path` of a socket.',
    { maxLength: 256 },
  ),
  ports: {
    ...{
      type: 'object',
      maxProperties: 128,
      description: "The workload's own port for a port name of the service, where the two differ.",
    },
    additionalProperties: uint32('The port that the workload listens on.'),
  },
  labels: textMap('Labels of the workload: services and policies select it by them.', { maxProperties: 256 }),
  network: text('The network that the workload is in. Workloads of other networks reach it through a gateway.', {
    maxLength: 2048,
  }),
  locality: text('Where the workload runs, as `region/zone/subzone`.', { maxLength: 2048 }),
  weight: uint32('Its share of traffic beside the other endpoints.'),
  serviceAccount: text("The service account that the workload's identity is made of.", { maxLength: 253 }),
};

export const workloadEntryObject = (description: string): Schema =>
  object(description, workloadFields, { 'x-anchor': 'WorkloadEntry' });
