import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { infrastructureRole } from '../../engine/mesh/infrastructure';
import { istioUse } from '../../engine/mesh/istio/in-use';
import { servicePorts } from '../../engine/mesh/istio/port-protocol';
import type { ServicePort } from '../../engine/mesh/istio/port-protocol';
import type { Resource } from '../../engine/resources/resource';
import { setString } from '../../engine/yaml/edit';
import type { TextEdit } from '../../engine/yaml/edit';
import { lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';
const service = (ports: string, more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\n${more}spec:\n  selector:\n    app: cart\n  ports:\n${ports}`;

export const rule = defineRule({
  id: 'istio/port-without-protocol',
  severity: 'info',
  summary: 'A port of a Service does not say which protocol it carries.',
  why:
    'Istio reads the protocol of a port from `appProtocol`, else from what its name begins with: `http`, `http2`, `https`, `grpc`, ' +
    '`grpc-web`, `tcp`, `tls`, `udp`, `mongo`, `mysql`, `redis`. Where neither says it, the proxies look at the first bytes of each ' +
    'connection. That tells HTTP from other protocols, and no more: gRPC gets no gRPC metrics, and protocols in which the server speaks ' +
    'first do not work.',
  todo: 'Begin the name with the protocol and a hyphen (`http-web`), or set `appProtocol`, which leaves the name to those who refer to it.',
  kinds: ['Service'],
  equivalents: ['IST0118'],
  docs: 'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
  since: '0.1.0',
  fix: 'names unnamed ports after a protocol, and sets `appProtocol` on the others',
  examples: {
    bad: [
      {
        title: 'A name without a protocol',
        files: { 'shop.yaml': shop, 'cart.yaml': service('    - name: web\n      port: 80\n    - name: grpc\n      port: 81\n') },
        findings: [
          {
            at: 'cart.yaml:10:13',
            text: 'web',
            message:
              'Port web (80) of Service shop/cart does not say which protocol it carries: its name begins with none that Istio knows, and appProtocol is not set. The proxies guess it from the first bytes of each connection, which tells HTTP from the rest and fails where the server speaks first. Set appProtocol, or begin the name with the protocol, as in http-web.',
          },
        ],
      },
      {
        title: 'No name at all',
        files: { 'shop.yaml': shop, 'cart.yaml': service('    - port: 8080\n') },
        findings: [
          {
            at: 'cart.yaml:10:13',
            text: '8080',
            message:
              'Port 8080 of Service shop/cart does not say which protocol it carries: it has no name, and appProtocol is not set. The proxies guess it from the first bytes of each connection, which tells HTTP from the rest and fails where the server speaks first. Name it after its protocol, as in http or tcp.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Protocols by name and by appProtocol',
        files: {
          'shop.yaml': shop,
          'cart.yaml': service(
            '    - name: http-web\n      port: 80\n    - name: metrics\n      port: 9090\n      appProtocol: http\n    - name: dns\n      port: 53\n      protocol: UDP\n    - name: db\n      port: 3306\n',
          ),
        },
      },
      { title: 'No Istio here', files: { 'cart.yaml': service('    - port: 8080\n') } },
    ],
  },
  *check(subject, view) {
    if (stringOf(subject.at('spec', 'type')) === 'ExternalName' || isOfMesh(subject)) return;
    const [first, ...others] = servicePorts(subject).filter(saysNothing);
    if (first !== undefined && istioUse(view) !== undefined) yield finding(subject, first, others);
  },
});

/** SCTP is none of Istio's business. */
function saysNothing({ protocol, transport, port }: ServicePort): boolean {
  return protocol.is === 'absent' && transport === 'TCP' && port !== undefined;
}

/**
 * Whether a Service is one of Istio's own, of Kubernetes' or of an add-on: whoever installs them does not choose the names. Labels as
 * istioctl reads them (istio/istio pkg/config/analysis/analyzers/util/config.go IsIstioControlPlane, 1.32 development).
 */
function isOfMesh(service: Resource): boolean {
  const release = service.labels.get('release');
  if (service.labels.get('istio').is !== 'absent' || (release.is === 'known' && release.value === 'istio')) return true;
  return service.labels.get('gateway.istio.io/managed').is !== 'absent' || infrastructureRole(service) !== undefined;
}

function finding(subject: Resource, first: ServicePort, others: readonly ServicePort[]): Finding {
  const ports = [first, ...others];
  const isOne = others.length === 0;
  const advice = isUnnamed(first)
    ? `Name ${isOne ? 'it after its protocol, as in http or tcp' : 'them after their protocols, as in http-8080 or tcp-8081'}.`
    : `Set appProtocol, or begin the name with the protocol, as in http-${first.name ?? ''}.`;
  return {
    place: { node: placeOf(first) },
    message: [
      `${titleOf(ports)} of ${subject.title} ${isOne ? 'does' : 'do'} not say which protocol ${isOne ? 'it carries' : 'they carry'}:`,
      `${reasonFor(ports)}. The proxies guess it from the first bytes of each connection, which tells HTTP from the rest`,
      `and fails where the server speaks first. ${advice}`,
    ].join(' '),
    related: others.map((port) => ({ place: { node: placeOf(port) }, message: `${titleOf([port])} does not either.` })),
    fixes: PROTOCOLS.map((protocol) => saying(subject, ports, protocol)),
  };
}

function reasonFor(ports: readonly ServicePort[]): string {
  const [{ appProtocol } = {}] = ports;
  const isOne = ports.length === 1;
  if (isOne && appProtocol !== undefined) return `Istio does not know appProtocol ${JSON.stringify(appProtocol)}`;
  if (ports.every(isUnnamed)) return `${isOne ? 'it has no name' : 'they have no names'}, and appProtocol is not set`;
  return `${isOne ? 'its name begins' : 'their names begin'} with none that Istio knows, and appProtocol is not set`;
}

function isUnnamed({ name }: ServicePort): boolean {
  return (name ?? '') === '';
}

function placeOf({ node }: ServicePort): YamlNode {
  const name = lookup(node, 'name');
  return stringOf(name) ? (name ?? node) : (lookup(node, 'port') ?? node);
}

/** `Port web (80)`, `Ports 8080 and 8081` */
function titleOf(ports: readonly ServicePort[]): string {
  const titles = ports.map((port) => (isUnnamed(port) ? String(port.port) : `${port.name ?? ''} (${String(port.port)})`));
  if (titles.length === 1) return `Port ${titles.join('')}`;
  return `Ports ${titles.slice(0, -1).join(', ')} and ${titles.at(-1) ?? ''}`;
}

const PROTOCOLS = ['http', 'grpc', 'tcp'] as const;

/** A name that others refer to stays: they are told by `appProtocol`. Not safe: the proxies treat the port as what it says from then on. */
function saying(subject: Resource, ports: readonly ServicePort[], protocol: (typeof PROTOCOLS)[number]): Fix {
  const isOnly = servicePorts(subject).length === 1;
  const what = ports.length === 1 ? 'the port carries' : 'these ports carry';
  return {
    title: `Say that ${what} ${protocol === 'grpc' ? 'gRPC' : protocol.toUpperCase()}`,
    safe: false,
    ...(protocol === 'http' ? { preferred: true } : {}),
    edits: () => {
      const edits = ports.map((port): TextEdit | undefined => {
        if (port.node.type !== 'map') return undefined;
        if (!isUnnamed(port) || port.appProtocol !== undefined) return setString(port.node, ['appProtocol'], protocol);
        return setString(port.node, ['name'], isOnly ? protocol : `${protocol}-${String(port.port)}`);
      });
      return edits.every((edit) => edit !== undefined) ? edits : undefined;
    },
  };
}
