import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { resolveHost } from '../../engine/mesh/istio/host-resolution';
import type { HostResolution } from '../../engine/mesh/istio/host-resolution';
import { portsOf } from '../../engine/mesh/istio/hosts';
import type { HostDefinition, HostPort } from '../../engine/mesh/istio/hosts';
import { destinationsOf } from '../../engine/mesh/istio/route-destinations';
import type { RouteDestination } from '../../engine/mesh/istio/route-destinations';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { locate, stringOf } from '../../engine/yaml/tree';
import { missingHost } from './missing-host';

const service = (name: string, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  ports:\n    - name: http\n      port: 80\n`;
const route = (destination: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            ${destination}\n`;

export const rule = defineRule({
  id: 'istio/unknown-destination',
  severity: 'error',
  summary: 'A VirtualService sends traffic to a host or a port that is not there.',
  why:
    'A destination is looked up among the Services and ServiceEntries that the proxy knows. For one that is not among them, the proxy has no ' +
    'endpoints: requests that the rule matches are answered with an error, connections are closed, copies for a mirror are lost. Nothing ' +
    'falls back to where the client meant to go.',
  todo:
    'Name a host that is there: a Service of the same namespace by its name, of another one by its full name ' +
    '(`cart.shop.svc.cluster.local`; Istio does not expand `cart.shop`), anything outside of the cluster as a ServiceEntry has it. Name ' +
    'a port of the Service, not one of its pods.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0101', 'KIA1101'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the full name, a host or a port that comes near',
  examples: {
    bad: [
      {
        title: 'No such Service',
        files: { 'services.yaml': service('cart'), 'cart.yaml': route('host: carts') },
        findings: [
          {
            at: 'cart.yaml:11:19',
            text: 'carts',
            message:
              'VirtualService shop/cart sends requests to carts, which leads nowhere: they fail. There is no Service carts in namespace shop, and no ServiceEntry has that host. Did you mean cart?',
          },
        ],
      },
      {
        title: 'A name that Istio does not expand',
        files: { 'services.yaml': service('pay', 'bank'), 'cart.yaml': route('host: pay.bank') },
        findings: [
          {
            at: 'cart.yaml:11:19',
            text: 'pay.bank',
            message:
              'VirtualService shop/cart sends requests to pay.bank, which leads nowhere: they fail. Istio takes a name with a dot for a full one, so pay.bank is not Service bank/pay. Write pay.bank.svc.cluster.local.',
          },
        ],
      },
      {
        title: 'The port of the pods',
        files: {
          'services.yaml': service('cart'),
          'cart.yaml': route('host: cart\n            port:\n              number: 8080'),
        },
        findings: [
          {
            at: 'cart.yaml:13:23',
            text: '8080',
            message:
              'VirtualService shop/cart sends requests to port 8080 of cart, which is not there: they fail. Service shop/cart has port 80 (http).',
          },
        ],
      },
      {
        title: 'A namespace of which no file shows a Service',
        files: { 'services.yaml': service('cart'), 'cart.yaml': route('host: pay.bank.svc.cluster.local') },
        findings: [
          {
            at: 'cart.yaml:11:19',
            text: 'pay.bank.svc.cluster.local',
            message:
              'VirtualService shop/cart sends requests to pay.bank.svc.cluster.local. No file here shows Service pay of namespace bank. See that the cluster has it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Hosts that are there',
        files: {
          'services.yaml': `${service('cart')}---\n${service('pay', 'bank')}`,
          'cart.yaml': `${route('host: cart\n            port:\n              number: 80')}---\n${route('host: pay.bank.svc.cluster.local').replace('name: cart', 'name: pay')}`,
        },
      },
      { title: 'No Services in sight at all', files: { 'cart.yaml': route('host: cart') } },
    ],
  },
  *check(subject, view) {
    const unseen = new Set<string>();
    for (const destination of destinationsOf(subject)) {
      const resolution = resolveHost(view, subject, destination.host);
      if (resolution.is === 'found') {
        const finding = missingPort(subject, view, destination, resolution.definitions);
        if (finding !== undefined) yield finding;
        continue;
      }
      const { node, host, use } = destination;
      const missing = missingHost(view, subject, node, resolution);
      if (missing === undefined || (missing.isUnseen && unseen.has(host))) continue;
      const { why, todo, isUnseen, related, fixes } = missing;
      if (isUnseen) unseen.add(host);
      yield {
        place: { node },
        message: `${subject.title} sends ${TRAFFIC[use]} to ${host}${isUnseen ? '' : `, which leads nowhere: ${RESULT[use]}`}. ${why} ${todo}`,
        related,
        fixes,
        // Of what no file shows istioctl knows no more than this.
        ...(isUnseen ? { severity: 'info', equivalents: [] } : severityOf(destination, isElsewhere(view, resolution))),
      };
    }
  },
});

const TRAFFIC: Readonly<Record<RouteDestination['use'], string>> = {
  http: 'requests',
  mirror: 'copies of requests',
  tls: 'connections',
  tcp: 'connections',
};
const RESULT: Readonly<Record<RouteDestination['use'], string>> = {
  http: 'they fail',
  mirror: 'they are lost',
  tls: 'they are closed',
  tcp: 'they are closed',
};

/** What is lost of a mirror's copies, no client notices. */
function severityOf({ use }: RouteDestination, mayBeElsewhere = false): Pick<Finding, 'severity'> {
  return use === 'mirror' || mayBeElsewhere ? { severity: 'warning' } : {};
}

/** A ServiceEntry may stand in any namespace, so that those of one show less than its Services do. */
function isElsewhere(view: MeshView, resolution: HostResolution): boolean {
  return resolution.is === 'missing' && resolution.host.is === 'other' && !view.scope().plan.complete;
}

/** What is wrong with the port of a host that is there; undefined where one of its definitions has it, or may have it. */
function missingPort(
  subject: Resource,
  view: MeshView,
  destination: RouteDestination,
  definitions: readonly HostDefinition[],
): Finding | undefined {
  const { port, host, use } = destination;
  if (port.is !== 'known') return undefined;
  const all = definitions.map(portsOf);
  if (all.some(({ ports, open }) => open || ports.some(({ number }) => number === port.number))) return undefined;
  const [first] = definitions;
  if (first === undefined || definitions.some(({ is }) => is !== 'yes')) return undefined;
  const ports = all.flatMap((one) => one.ports);
  return {
    place: { node: port.node },
    message: `${subject.title} sends ${TRAFFIC[use]} to port ${port.number} of ${host}, which is not there: ${RESULT[use]}. ${first.resource.title} has ${listed(ports)}.`,
    related: ports.map(({ node, number }) => ({ place: { node }, message: `Port ${number} is here.` })),
    fixes: portFixes(port.node, ports),
    // An alias may have the ports of the Service that it stands for.
    ...(view.scope().partial.length > 0 || isAlias(first) ? { severity: 'info' } : severityOf(destination)),
  };
}

function isAlias({ resource }: HostDefinition): boolean {
  return resource.kind === 'Service' && stringOf(resource.at('spec', 'type')) === 'ExternalName';
}

function listed(ports: readonly HostPort[]): string {
  if (ports.length === 0) return 'no ports';
  const shown = ports.slice(0, 5).map(({ number, name }) => (name === undefined ? String(number) : `${number} (${name})`));
  const more = ports.length > shown.length ? ` and ${ports.length - shown.length} more` : '';
  return `${ports.length === 1 ? 'port' : 'ports'} ${shown.join(', ')}${more}`;
}

function portFixes(node: RouteDestination['node'], ports: readonly HostPort[]): Fix[] {
  const scalar = replaceable(node);
  if (scalar === undefined) return [];
  return ports.slice(0, 3).map(({ number }) => ({
    title: `Send to port ${number}`,
    safe: false,
    preferred: ports.length === 1,
    edits: () => {
      const { file, start, end } = locate({ node: scalar });
      return [{ file, start, end, newText: String(number) }];
    },
  }));
}
