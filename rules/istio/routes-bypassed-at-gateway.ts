import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { subsetRoutesFor } from '../../engine/mesh/istio/mesh-routes';
import { readHost } from '../../engine/mesh/istio/host-name';
import { gatewaysIn } from '../../engine/mesh/istio/gateway-references';
import { destinationsOf } from '../../engine/mesh/istio/route-destinations';
import type { Resource } from '../../engine/resources/resource';

const inMesh =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n            subset: v1\n          weight: 90\n        - destination:\n            host: cart\n            subset: v2\n          weight: 10\n';
const atGateway = (destination: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: public\n  namespace: shop\nspec:\n  hosts: [shop.example.com]\n  gateways: [ingress/public]\n  http:\n    - route:\n        - destination:\n            ${destination}\n`;

export const rule = defineRule({
  id: 'istio/routes-bypassed-at-gateway',
  severity: 'warning',
  summary: 'A gateway sends to a host past the rules that the mesh has for it.',
  why:
    'A request is routed once. What a gateway routes to a host goes to all pods of the host: the rules of another VirtualService that ' +
    'divide it into subsets are for clients in the mesh and are not asked again. A canary that is to get ten percent then gets its share ' +
    'of the pods, and a subset that is to get nothing gets traffic.',
  todo:
    'Say the subsets and weights in the rule for the gateway as well, or bind one VirtualService to both, with `mesh` beside the gateway ' +
    'and both hosts.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0140'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0140/',
  since: '0.1.0',
  noFix: 'whether traffic from outside is to be divided in the same way, only its author knows',
  examples: {
    bad: [
      {
        title: 'A canary that the gateway does not know of',
        files: { 'cart.yaml': inMesh, 'public.yaml': atGateway('host: cart') },
        findings: [
          {
            at: 'public.yaml:12:19',
            text: 'cart',
            message:
              'VirtualService shop/public sends what comes through a gateway to all pods of cart. VirtualService shop/cart divides cart into subsets v1, v2, and that holds for clients in the mesh alone. Name the subsets here as well.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'With the subset',
        files: { 'cart.yaml': inMesh, 'public.yaml': atGateway('host: cart\n            subset: v1') },
      },
      { title: 'No subsets', files: { 'public.yaml': atGateway('host: cart') } },
    ],
  },
  *check(subject, view) {
    if (gatewaysIn(subject.at('spec', 'gateways'), subject).length === 0) return;
    const told = new Set<string>();
    for (const { node, host, subset, use, destination } of destinationsOf(subject)) {
      if (use !== 'http' || subset !== undefined || told.has(host) || hidesSubset(destination)) continue;
      const others = subsetRoutesFor(view, readHost(host, subject.header.namespace)).filter((other) => other.key !== subject.key);
      const [first] = others;
      if (first === undefined) continue;
      told.add(host);
      yield finding(subject, node, host, first);
    }
  },
});

function hidesSubset(destination: Finding['place']['node']): boolean {
  return destination.type === 'map' && (destination.open || destination.get('subset')?.type === 'unknown');
}

function finding(subject: Resource, node: Finding['place']['node'], host: string, other: Resource): Finding {
  const subsets = destinationsOf(other).flatMap((one) => (one.subset === undefined ? [] : [one.subset]));
  const names = [...new Set(subsets.map(({ name }) => name))];
  const divided =
    names.length === 1 ? `sends ${host} to subset ${names[0] ?? ''}` : `divides ${host} into subsets ${names.join(', ')}`;
  return {
    place: { node },
    // One subset for everything may well be all pods that there are.
    ...(names.length === 1 ? { severity: 'info' } : {}),
    message: `${subject.title} sends what comes through a gateway to all pods of ${host}. ${other.title} ${divided}, and that holds for clients in the mesh alone. Name the ${names.length === 1 ? 'subset' : 'subsets'} here as well.`,
    related: subsets.map((subset) => ({ place: { node: subset.node }, message: `${other.title} names subset ${subset.name}.` })),
  };
}
