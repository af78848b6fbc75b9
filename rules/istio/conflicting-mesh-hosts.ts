import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { isForMesh, overlapsWith, rivalsFor, routedHosts } from '../../engine/mesh/istio/mesh-routes';
import type { RoutedHost } from '../../engine/mesh/istio/mesh-routes';
import type { Resource } from '../../engine/resources/resource';
import { isSet } from '../../engine/yaml/tree';

const route = (name: string, namespace: string, host: string, more = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  hosts: [${host}]\n${more}  http:\n    - route:\n        - destination:\n            host: ${host}\n`;

export const rule = defineRule({
  id: 'istio/conflicting-mesh-hosts',
  severity: 'error',
  summary: 'Two VirtualServices for the proxies of the mesh have one host.',
  why:
    'Gateways and waypoints merge the rules of VirtualServices for one host. A sidecar does not: it takes those of one VirtualService and ' +
    'drops the others. Which one, no file shows, and it may change when one of them is made anew. Rules that were ' +
    'reviewed and applied are then not in force.',
  todo:
    'Put the rules for a host into one VirtualService, in the order in which they are to be tried. Or keep each to the namespaces of its ' +
    'own clients with `exportTo`, or bind it to the gateway that it is for.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0109', 'KIA1106'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0109/',
  since: '0.1.0',
  noFix: 'the order of the rules in one VirtualService is for their authors to say',
  examples: {
    bad: [
      {
        title: 'A short name and a full one',
        files: { 'a.yaml': route('cart', 'shop', 'cart'), 'b.yaml': route('cart', 'pay', 'cart.shop.svc.cluster.local') },
        findings: [
          {
            at: 'a.yaml:7:11',
            text: 'cart',
            message:
              'VirtualService shop/cart and VirtualService pay/cart are both for host cart.shop.svc.cluster.local in the mesh. A sidecar takes the rules of one of them and drops those of the other. Put the rules into one VirtualService, or keep each to its clients with exportTo.',
          },
          {
            at: 'b.yaml:7:11',
            text: 'cart.shop.svc.cluster.local',
            message:
              'VirtualService pay/cart and VirtualService shop/cart are both for host cart.shop.svc.cluster.local in the mesh. A sidecar takes the rules of one of them and drops those of the other. Put the rules into one VirtualService, or keep each to its clients with exportTo.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Kept to their own clients',
        files: {
          'a.yaml': route('cart', 'shop', 'cart', '  exportTo: ["."]\n'),
          'b.yaml': route('cart', 'pay', 'cart.shop.svc.cluster.local', '  exportTo: ["."]\n'),
        },
      },
      {
        title: 'One for a gateway',
        files: { 'a.yaml': route('cart', 'shop', 'cart'), 'b.yaml': route('public', 'shop', 'cart', '  gateways: [public]\n') },
      },
      {
        title: 'Two versions of one resource',
        files: { 'a.yaml': route('cart', 'shop', 'cart'), 'b.yaml': route('cart', 'shop', 'cart') },
      },
    ],
  },
  *check(subject, view) {
    if (!isForMesh(subject)) return;
    for (const routed of routedHosts(subject)) {
      const rivals = rivalsFor(view, subject, routed.host);
      if (rivals.length > 0) yield finding(subject, routed, rivals);
      const [overlap] = overlapsWith(view, subject, routed.host);
      if (overlap !== undefined) yield overlapping(routed, overlap);
    }
  },
});

function finding(subject: Resource, { node, text, host }: RoutedHost, rivals: readonly Resource[]): Finding {
  const clashing = rivals.filter((rival) => sharesProtocol(subject, rival));
  const [first = subject] = clashing.length > 0 ? clashing : rivals;
  const others = rivals.length > 1 ? ` and ${rivals.length - 1} more` : '';
  const name =
    host.is === 'service' && host.namespace.is === 'known' ? `${host.name}.${host.namespace.value}.svc.cluster.local` : text;
  const both = `${subject.title} and ${first.title}${others} are ${rivals.length > 1 ? 'all' : 'both'} for host ${name} in the mesh.`;
  const related = rivals.slice(0, RELATED_LIMIT).flatMap((rival) => {
    const { titlePlace } = rival;
    return titlePlace === undefined ? [] : [{ place: { node: titlePlace }, message: `${rival.title} is for the same host.` }];
  });
  const place = { node };
  if (clashing.length > 0) {
    const what = `A sidecar takes the rules of one of them and drops those of the other${rivals.length > 1 ? 's' : ''}.`;
    return {
      place,
      related,
      message: `${both} ${what} Put the rules into one VirtualService, or keep each to its clients with exportTo.`,
    };
  }
  // Rules for requests and rules for connections are kept in different places of a proxy.
  const what = 'One has rules for HTTP and the other for connections, so that both hold as long as that stays so.';
  return { place, related, severity: 'info', message: `${both} ${what} Put them into one VirtualService.` };
}

/** No conflict as such: each host has its rules. */
function overlapping({ node, text }: RoutedHost, other: Resource): Finding {
  const { titlePlace, title } = other;
  return {
    place: { node },
    severity: 'info',
    message: `Host ${text} overlaps with a host of ${title} in the mesh. A sidecar takes the rules for the more specific of the two; old releases took those of the VirtualService that was made first. See that this is meant.`,
    related: titlePlace === undefined ? [] : [{ place: { node: titlePlace }, message: `${title} is for hosts that overlap.` }],
  };
}

function sharesProtocol(one: Resource, other: Resource): boolean {
  return [['http'], ['tls', 'tcp']].some((fields) =>
    [one, other].every((resource) => fields.some((field) => isSet(resource.at('spec', field)))),
  );
}
