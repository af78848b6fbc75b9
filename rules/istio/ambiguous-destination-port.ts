import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { gatewaysIn, gatewaysNamed } from '../../engine/mesh/istio/gateway-references';
import { resolveHost } from '../../engine/mesh/istio/host-resolution';
import { portsOf } from '../../engine/mesh/istio/hosts';
import type { HostPort } from '../../engine/mesh/istio/hosts';
import { destinationsOf } from '../../engine/mesh/istio/route-destinations';
import type { RouteDestination } from '../../engine/mesh/istio/route-destinations';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { lookup, numberOf } from '../../engine/yaml/tree';

const service = (ports: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  ports:\n    - name: http\n      port: 80\n${ports}`;
const metrics = '    - name: http-metrics\n      port: 9090\n';
const route = (port: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n${port}`;

export const rule = defineRule({
  id: 'istio/ambiguous-destination-port',
  severity: 'warning',
  summary: 'A VirtualService names no port of a host that has several.',
  why:
    'Of a host with one port, that one is meant. Of a host with several, Istio takes the port that the client called, or that the gateway ' +
    'listens on: for a gateway on port 443 that is port 443 of the Service, whether it has one or not. Where it has none, requests fail, and ' +
    'another port than before may be meant as soon as the Service gets one.',
  todo: 'Say which port is meant: `port: { number: … }`, beside `host`.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0112'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0112/',
  since: '0.1.0',
  noFix: 'which of the ports is meant, only its author knows',
  examples: {
    bad: [
      {
        title: 'Two ports',
        files: { 'service.yaml': service(metrics), 'cart.yaml': route('') },
        findings: [
          {
            at: 'cart.yaml:11:19',
            text: 'cart',
            message:
              'VirtualService shop/cart names no port of cart, and Service shop/cart has ports 80 (http), 9090 (http-metrics). Proxies take the port that the client called or the gateway listens on, and requests fail where the Service has no such port. Name the port.',
          },
        ],
      },
      {
        title: 'A gateway on a port that the Service does not have',
        files: {
          'service.yaml': service(metrics),
          'gateway.yaml':
            'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: shop\nspec:\n  servers:\n    - hosts: ["*"]\n      port: { number: 443, name: https, protocol: HTTPS }\n',
          'cart.yaml': route('').replace('hosts: [cart]', 'hosts: [cart]\n  gateways: [public]'),
        },
        findings: [
          {
            at: 'cart.yaml:12:19',
            text: 'cart',
            message:
              'VirtualService shop/cart names no port of cart, and Service shop/cart has ports 80 (http), 9090 (http-metrics). Its gateways listen on 443, which is then the port that they call, and requests fail: the Service has no such port. Name the port.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A port that is named',
        files: { 'service.yaml': service(metrics), 'cart.yaml': route('            port:\n              number: 80\n') },
      },
      { title: 'One port', files: { 'service.yaml': service(''), 'cart.yaml': route('') } },
    ],
  },
  *check(subject, view) {
    for (const destination of destinationsOf(subject)) {
      const finding = destination.port.is === 'absent' ? ambiguity(subject, view, destination) : undefined;
      if (finding !== undefined) yield finding;
    }
  },
});

function ambiguity(subject: Resource, view: MeshView, { host, node }: RouteDestination): Finding | undefined {
  const resolution = resolveHost(view, subject, host);
  if (resolution.is !== 'found') return undefined;
  const all = resolution.definitions.map(portsOf);
  const [first] = resolution.definitions;
  const [ports] = all;
  if (first === undefined || ports === undefined) return undefined;
  // Of alternatives, one that has a single port will do.
  if (all.some((one) => one.ports.length < 2) || resolution.definitions.some(({ is }) => is !== 'yes')) return undefined;
  const has = `${first.resource.title} has ports ${listed(ports.ports)}`;
  const listened = listenedPorts(subject, view);
  const isMissed = listened !== undefined && !all.some((one) => one.ports.some(({ number }) => listened.includes(number)));
  const effect = isMissed
    ? `Its gateways listen on ${listened.join(', ')}, which is then the port that they call, and requests fail: the Service has no such port.`
    : 'Proxies take the port that the client called or the gateway listens on, and requests fail where the Service has no such port.';
  return {
    place: { node },
    ...(isMissed && view.scope().partial.length === 0 ? { severity: 'error' } : {}),
    message: `${subject.title} names no port of ${host}, and ${has}. ${effect} Name the port.`,
    related: ports.ports.map((port) => ({ place: { node: port.node }, message: `Port ${port.number} is here.` })),
  };
}

/**
 * The ports of the gateways that a VirtualService is for; undefined where it is for the mesh as well, where there are none, and where files
 * do not show all of them. Without a port, that of the listener is called (istio/istio pilot/pkg/networking/core/route GetDestinationCluster,
 * 1.32 development).
 */
function listenedPorts(subject: Resource, view: MeshView): readonly number[] | undefined {
  const list = subject.at('spec', 'gateways');
  const references = gatewaysIn(list, subject);
  if (references.length === 0 || list?.type !== 'sequence' || list.open || references.length < list.items.length)
    return undefined;
  const ports: number[] = [];
  for (const reference of references) {
    const [named, ...others] = gatewaysNamed(view, reference).gateways;
    const servers = named?.resource.at('spec', 'servers');
    if (named?.is !== 'yes' || others.length > 0 || servers?.type !== 'sequence' || servers.open) return undefined;
    for (const server of servers.items) {
      const number = numberOf(lookup(server, 'port', 'number'));
      if (number === undefined) return undefined;
      ports.push(number);
    }
  }
  return ports.length === 0 ? undefined : [...new Set(ports)];
}

function listed(ports: readonly HostPort[]): string {
  const shown = ports.slice(0, 5).map(({ number, name }) => (name === undefined ? String(number) : `${number} (${name})`));
  return ports.length > shown.length ? `${shown.join(', ')} and ${ports.length - shown.length} more` : shown.join(', ');
}
