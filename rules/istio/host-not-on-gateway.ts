import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { gatewaysIn, gatewaysNamed, isInternal, servedHosts, serves } from '../../engine/mesh/istio/gateway-references';
import type { GatewayReference } from '../../engine/mesh/istio/gateway-references';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { itemsOf, stringOf } from '../../engine/yaml/tree';

const gateway = (host: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: ingress\nspec:\n  servers:\n    - hosts: ["${host}"]\n      port: { number: 80, name: http, protocol: HTTP }\n`;
const route = (host: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [${host}]\n  gateways: [ingress/public]\n  http:\n    - route:\n        - destination:\n            host: cart\n`;

export const rule = defineRule({
  id: 'istio/host-not-on-gateway',
  severity: 'warning',
  summary: 'A gateway serves none of the hosts of a VirtualService that names it.',
  why:
    'A gateway takes requests for the hosts of its servers, and of a VirtualService the hosts that are among them. With none in common, the ' +
    'VirtualService does nothing there: requests for its hosts are answered with 404. A host of a server may also be for VirtualServices ' +
    'of one namespace alone (`shop/cart.example.com`, or `./…` for that of the Gateway).',
  todo: 'Add the host to a server of the Gateway, or correct it in the VirtualService. `*.example.com` does not cover `example.com`.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0132'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0132/',
  since: '0.1.0',
  noFix: 'whether the Gateway lacks a host or the VirtualService has a wrong one, only their authors know',
  examples: {
    bad: [
      {
        title: 'Another host',
        files: { 'gateway.yaml': gateway('shop.example.com'), 'cart.yaml': route('cart.example.com') },
        findings: [
          {
            at: 'cart.yaml:8:14',
            text: 'ingress/public',
            message:
              'Gateway ingress/public serves shop.example.com, and VirtualService shop/cart is for cart.example.com: its rules are never used there, and requests for its hosts get 404. Make them agree.',
          },
        ],
      },
      {
        title: 'For VirtualServices of another namespace',
        files: { 'gateway.yaml': gateway('./cart.example.com'), 'cart.yaml': route('cart.example.com') },
        findings: [
          {
            at: 'cart.yaml:8:14',
            text: 'ingress/public',
            message:
              'Gateway ingress/public serves ./cart.example.com, and VirtualService shop/cart is for cart.example.com of namespace shop: its rules are never used there, and requests for its hosts get 404. Make them agree.',
          },
        ],
      },
      {
        title: 'One host of two',
        files: { 'gateway.yaml': gateway('shop.example.com'), 'cart.yaml': route('shop.example.com, www.shop.example.com') },
        findings: [
          {
            at: 'cart.yaml:7:29',
            text: 'www.shop.example.com',
            message:
              'Gateway ingress/public serves other hosts of VirtualService shop/cart, and not www.shop.example.com: requests for it get 404. Add it to a server of the Gateway, or remove it here.',
          },
        ],
      },
    ],
    good: [
      { title: 'The same host', files: { 'gateway.yaml': gateway('cart.example.com'), 'cart.yaml': route('cart.example.com') } },
      { title: 'A wildcard', files: { 'gateway.yaml': gateway('*.example.com'), 'cart.yaml': route('cart.example.com') } },
      { title: 'A Gateway that no file shows', files: { 'cart.yaml': route('cart.example.com') } },
    ],
  },
  *check(subject, view) {
    const list = subject.at('spec', 'hosts');
    const hosts = itemsOf(list).flatMap((host) => stringOf(host) ?? []);
    // A template may add hosts; without any, others delegate to it.
    const isWhole = list?.type === 'sequence' && !list.open && hosts.length === list.items.length;
    if (!isWhole || hosts.length === 0) return;
    const references = gatewaysIn(subject.at('spec', 'gateways'), subject);
    let isOnEach = references.length > 0;
    for (const reference of references) {
      const finding = isInternal(reference) ? undefined : mismatch(subject, view, reference, hosts);
      if (finding === undefined) continue;
      isOnEach = false;
      yield finding;
    }
    if (isOnEach) yield* homelessHosts(subject, view, references);
  },
});

/** Hosts that none of the gateways serves, of a VirtualService with others that one does: it is for these gateways and nothing else. */
function* homelessHosts(subject: Resource, view: MeshView, references: readonly GatewayReference[]): Iterable<Finding> {
  // `mesh`, and what a template hides, are no references.
  if (references.length < itemsOf(subject.at('spec', 'gateways')).length) return;
  const found = references.map((reference) => gatewaysNamed(view, reference));
  if (found.some(({ gateways, open }) => open || gateways.length === 0 || gateways.some(({ is }) => is !== 'yes'))) return;
  const gateways = found.flatMap((one) => one.gateways.map(({ resource }) => resource));
  const { namespace } = subject.header;
  for (const node of itemsOf(subject.at('spec', 'hosts'))) {
    const host = stringOf(node);
    if (host === undefined || gateways.some((gateway) => serves(gateway, host, namespace) !== 'no')) continue;
    yield {
      place: { node },
      severity: 'info',
      message: `${listed(gateways.map(({ title }) => title))} ${gateways.length === 1 ? 'serves' : 'serve'} other hosts of ${subject.title}, and not ${host}: requests for it get 404. Add it to a server of the Gateway, or remove it here.`,
      // istioctl is content with one host that is served.
      equivalents: [],
    };
  }
}

function mismatch(subject: Resource, view: MeshView, reference: GatewayReference, hosts: readonly string[]): Finding | undefined {
  const { gateways, open } = gatewaysNamed(view, reference);
  const { namespace } = subject.header;
  const isServed = gateways.some(
    ({ resource, is }) => is !== 'yes' || hosts.some((host) => serves(resource, host, namespace) !== 'no'),
  );
  const [first] = gateways;
  if (isServed || open || first === undefined) return undefined;
  const served = servedHosts(first.resource).hosts;
  const isScoped = served.some(({ text }) => text.includes('/') && !text.startsWith('*/'));
  const scope = isScoped && namespace.is === 'known' ? ` of namespace ${namespace.value}` : '';
  return {
    place: { node: reference.node },
    message: `${first.resource.title} serves ${listed(served.map(({ text }) => text))}, and ${subject.title} is for ${listed(hosts)}${scope}: its rules are never used there, and requests for its hosts get 404. Make them agree.`,
    related: served.map(({ node }) => ({ place: { node }, message: `${first.resource.title} serves this host.` })),
  };
}

function listed(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'no host';
  const shown = hosts.slice(0, 3).join(', ');
  return hosts.length > 3 ? `${shown} and ${hosts.length - 3} more` : shown;
}
