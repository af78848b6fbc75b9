import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { shadowedRoutes } from '../../engine/mesh/istio/unreached-routes';
import type { ShadowedRoute, Taker } from '../../engine/mesh/istio/unreached-routes';
import { placeOf, placeOfKey } from '../../engine/mesh/istio/validation/problem';
import type { Resource } from '../../engine/resources/resource';
import { removeItem } from '../../engine/yaml/remove-item';
import { itemsOf, lookup } from '../../engine/yaml/tree';
import { routeTitle } from './route-names';

const routes = (...rules: readonly string[]): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n${rules.join('')}`;
const to = (host: string): string => `      route:\n        - destination:\n            host: ${host}\n`;
const prefix = (path: string): string => `    - match:\n        - uri:\n            prefix: ${path}\n`;
const any = (host: string): string => to(host).replace('      route', '    - route');

export const rule = defineRule({
  id: 'istio/unreachable-route',
  severity: 'warning',
  summary: 'Earlier rules of a VirtualService take everything that a later one is for.',
  why:
    'The rules of a VirtualService are tried from the top, and the first that matches is taken. A rule without a match takes every request, ' +
    'and so does one for the path prefix `/`: what comes after it is never tried. Istio even leaves it out of what it tells the proxies.',
  todo: 'Put the narrower rule before the wider one, or remove the rule that is never reached.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0130', 'IST0131'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0130/',
  since: '0.1.0',
  tags: ['unnecessary'],
  fix: 'removes the rule',
  examples: {
    bad: [
      {
        title: 'Behind a rule that takes every request',
        files: { 'cart.yaml': routes(any('cart'), `${prefix('/v2')}${to('cart-v2')}`) },
        findings: [
          {
            at: 'cart.yaml:12:7',
            text: 'match',
            message:
              'HTTP rule 2 of VirtualService shop/cart is never reached: HTTP rule 1 has no match and takes every request. Put it before that, or remove it.',
          },
        ],
      },
      {
        title: 'The same match once more',
        files: { 'cart.yaml': routes(`${prefix('/v2')}${to('cart-v2')}`, `${prefix('/v2')}${to('cart-v3')}`, any('cart')) },
        findings: [
          {
            at: 'cart.yaml:16:11',
            text: 'uri',
            message:
              'HTTP rule 2 of VirtualService shop/cart is never reached: HTTP rule 1 has the same match. Remove one of them.',
          },
        ],
      },
      {
        title: 'The narrower prefix comes last',
        files: { 'cart.yaml': routes(`${prefix('/api')}${to('cart')}`, `${prefix('/api/v2')}${to('cart-v2')}`) },
        findings: [
          {
            at: 'cart.yaml:16:11',
            text: 'uri',
            message:
              'HTTP rule 2 of VirtualService shop/cart is never reached: HTTP rule 1 takes all that it matches. Put it before that, or remove it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'From narrow to wide',
        files: { 'cart.yaml': routes(`${prefix('/api/v2')}${to('cart-v2')}`, `${prefix('/api')}${to('cart')}`, any('cart')) },
      },
    ],
  },
  *check(subject) {
    for (const shadowed of shadowedRoutes(subject)) if (shadowed.isUnreached) yield finding(subject, shadowed);
  },
});

function finding(subject: Resource, shadowed: ShadowedRoute): Finding {
  const { route, field, index, behind, matches, isDelegated } = shadowed;
  const takers = behind === undefined ? matches.map(({ by }) => by) : [behind];
  const delegates = isDelegated ? ', unless the VirtualService that gets them first leaves some' : '';
  return {
    place: placeIn(shadowed),
    message: `${routeTitle(route, field, index)} of ${subject.title} is never reached${delegates}: ${reasonFor(shadowed, takers)}`,
    ...(isDelegated ? { severity: 'info' } : {}),
    related: takers.map(({ node }) => ({ place: placeOf(node), message: 'This takes what it is for.' })),
    equivalents: codesOf(shadowed),
    fixes: removal(subject, shadowed),
  };
}

/** Its match, or the list of them, where it has some. */
function placeIn({ route, behind }: ShadowedRoute): Finding['place'] {
  const [only, ...others] = itemsOf(lookup(route, 'match'));
  if (only === undefined) return placeOf(route);
  return others.length === 0 && behind === undefined ? placeOf(only) : placeOfKey(route, 'match');
}

/** Who takes what it is for, and what to do: what stands behind the colon. */
function reasonFor({ field, behind, matches }: ShadowedRoute, takers: readonly Taker[]): string {
  const titles = [...new Set(takers.map(({ route, index }) => routeTitle(route, field, index)))];
  const who = titles.length > 3 ? `${titles.slice(0, 2).join(', ')} and ${titles.length - 2} more` : titles.join(' and ');
  const isOne = titles.length === 1;
  const traffic = field === 'http' ? 'request' : 'connection';
  if (behind !== undefined) return `${who} ${isRule(behind) ? 'has no match and ' : ''}takes every ${traffic}. ${REORDER}`;
  if (!matches.every(({ how }) => how === 'same')) return `${who} ${isOne ? 'takes' : 'take'} all that it matches. ${REORDER}`;
  const what = matches.length === 1 ? 'match' : 'matches';
  return `${who} ${isOne ? 'has' : 'have'} the same ${what}. Remove ${isOne ? 'one of them' : 'it'}.`;
}

function isRule({ node, route }: Taker): boolean {
  return node === route;
}

const REORDER = 'Put it before that, or remove it.';

/** istioctl knows rules behind one without a match, equal matches, and prefixes of prefixes. */
function codesOf({ behind, matches, route }: ShadowedRoute): readonly string[] {
  const told = matches.filter(({ how }) => how !== 'wider');
  const isRepeated =
    told.length > 0 && told.every(({ how }) => how === 'same') && told.length === itemsOf(lookup(route, 'match')).length;
  return [
    ...((behind !== undefined && isRule(behind)) || isRepeated ? ['IST0130'] : []),
    ...(told.length > 0 ? ['IST0131'] : []),
  ];
}

/** Not safe: its author may have meant to put it elsewhere. */
function removal(subject: Resource, { route, field }: ShadowedRoute): Fix[] {
  const edits = (): ReturnType<Fix['edits']> => {
    const list = subject.at('spec', field);
    const edit = list?.type === 'sequence' ? removeItem(list, route) : undefined;
    return edit === undefined ? undefined : [edit];
  };
  return edits() === undefined ? [] : [{ title: 'Remove the rule', safe: false, edits }];
}
