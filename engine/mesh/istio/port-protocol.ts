import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/**
 * What Istio takes a port of a Service to carry. Absent: nothing says so, and the proxy looks at the first bytes of each connection to tell
 * HTTP from everything else.
 */
export type PortProtocol = Tristate<string>;

/** Names of protocols as they begin a port's name, to what they stand for (pkg/config/protocol/instance.go). */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['grpc', 'gRPC'],
  ['grpc-web', 'gRPC-Web'],
  ['http', 'HTTP'],
  ['http_proxy', 'HTTP_PROXY'],
  ['http2', 'HTTP/2'],
  ['https', 'HTTPS'],
  ['tls', 'TLS'],
  ['mongo', 'Mongo'],
  ['redis', 'Redis'],
  ['mysql', 'MySQL'],
]);

const HTTP: readonly string[] = ['HTTP', 'HTTP/2', 'HTTP_PROXY', 'gRPC', 'gRPC-Web'];

/** Whether a proxy reads a protocol as HTTP; all others it hands on as they come, as far as requests go. */
export function isHttp(protocol: string): boolean {
  return HTTP.includes(protocol);
}

/** Kubernetes' own names for `appProtocol` that Istio knows. */
const KUBERNETES_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/h2c', 'HTTP/2'],
  ['kubernetes.io/ws', 'HTTP'],
  ['kubernetes.io/wss', 'HTTPS'],
]);

/** Where the server speaks first: SMTP, DNS, MySQL, MongoDB. Nobody would see the first bytes, so that Istio takes them for TCP. */
const TCP_PORTS: readonly number[] = [25, 53, 3306, 27017];

const GRPC_WEB = 'grpc-web';

/**
 * How Istio reads the protocol of a Service's port: `appProtocol`, else the name up to its first hyphen
 * (istio/istio pkg/config/kube/conversion.go ConvertProtocol, 1.32 development).
 *
 * @param port an item of `spec.ports`
 * @returns unknown where a template hides what decides
 */
export function portProtocol(port: YamlNode): PortProtocol {
  const transport = lookup(port, 'protocol');
  if (stringOf(transport)?.toUpperCase() === 'UDP') return known('UDP');
  if (transport?.type === 'unknown') return unknown;
  const appProtocol = lookup(port, 'appProtocol');
  const said = isSet(appProtocol) ? appProtocol : lookup(port, 'name');
  const number = lookup(port, 'port');
  if (isSet(said)) {
    const text = stringOf(said);
    if (text === undefined) return unknown;
    const protocol = protocolNamed(text, said === appProtocol);
    if (protocol !== undefined) return known(protocol);
  }
  if (number?.type === 'unknown') return unknown;
  return TCP_PORTS.includes(numberOf(number) ?? 0) ? known('TCP') : absent;
}

function protocolNamed(text: string, isAppProtocol: boolean): string | undefined {
  const kubernetes = isAppProtocol ? KUBERNETES_PROTOCOLS.get(text) : undefined;
  if (kubernetes !== undefined) return kubernetes;
  const lower = text.toLowerCase();
  const [first = ''] = lower.startsWith(GRPC_WEB) ? [GRPC_WEB] : lower.split('-', 1);
  return PROTOCOLS.get(first);
}

/** One port of a Service. */
export interface ServicePort {
  readonly service: Resource;
  /** The item of `spec.ports`. */
  readonly node: YamlNode;
  /** The port that clients call; undefined where a template hides it. */
  readonly port: number | undefined;
  readonly name: string | undefined;
  readonly appProtocol: string | undefined;
  /** The port of the pods: a number, or a name that a container gives to one. Undefined where a template hides it. */
  readonly target: string | undefined;
  /** Transport: `TCP`, `UDP`, `SCTP`; undefined where a template hides it. */
  readonly transport: string | undefined;
  readonly protocol: PortProtocol;
}

/** The ports of a Service that its text shows, in order. */
export function servicePorts(service: Resource): readonly ServicePort[] {
  return itemsOf(service.at('spec', 'ports')).flatMap((node) => (node.type === 'map' ? [portOf(service, node)] : []));
}

function portOf(service: Resource, node: YamlNode): ServicePort {
  const port = lookup(node, 'port');
  const target = lookup(node, 'targetPort');
  const transport = lookup(node, 'protocol');
  // 0 and "" are as good as nothing: the port's own number.
  const isUnset = !isSet(target) || (target.type === 'scalar' && (target.value === 0 || target.value === ''));
  const number = numberOf(port);
  return {
    service,
    node,
    port: number,
    name: stringOf(lookup(node, 'name')),
    appProtocol: stringOf(lookup(node, 'appProtocol')),
    target: isUnset
      ? number === undefined
        ? undefined
        : String(number)
      : target.type === 'scalar'
        ? String(target.value)
        : undefined,
    transport: isSet(transport) ? stringOf(transport) : 'TCP',
    protocol: portProtocol(node),
  };
}
