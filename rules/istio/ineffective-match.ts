import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { shadowedRoutes } from '../../engine/mesh/istio/unreached-routes';
import type { ShadowedMatch, ShadowedRoute } from '../../engine/mesh/istio/unreached-routes';
import { placeOf } from '../../engine/mesh/istio/validation/problem';
import type { Resource } from '../../engine/resources/resource';
import { removeItem } from '../../engine/yaml/remove-item';
import { lookup } from '../../engine/yaml/tree';
import { routeTitle } from './route-names';

const routes = (...rules: readonly string[]): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n${rules.map((rule) => `    - match:\n${rule}      route:\n        - destination:\n            host: cart\n`).join('')}`;
const prefix = (path: string): string => `        - uri:\n            prefix: ${path}\n`;

export const rule = defineRule({
  id: 'istio/ineffective-match',
  severity: 'info',
  summary: 'A match of a VirtualService adds nothing to an earlier one.',
  why:
    'Matches of one rule are alternatives, and rules are tried from the top. A match that asks for the same as an earlier one, or for less, ' +
    'is never what decides. Often it was meant to be narrower or to come first, and the requests that it is for go elsewhere.',
  todo: 'Remove the match, or put it where it is tried before the wider one.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0131'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0131/',
  since: '0.1.0',
  tags: ['unnecessary'],
  fix: 'removes the match',
  examples: {
    bad: [
      {
        title: 'A longer prefix behind a shorter one',
        files: { 'cart.yaml': routes(`${prefix('/api')}${prefix('/api/v2')}`) },
        findings: [
          {
            at: 'cart.yaml:12:11',
            text: 'uri',
            message:
              'Match 2 of HTTP rule 1 of VirtualService shop/cart is never used: match 1 of the same rule takes all that it matches. Remove it, or put it first.',
          },
        ],
      },
      {
        title: 'One match of two that an earlier rule has',
        files: { 'cart.yaml': routes(prefix('/api'), `${prefix('/api')}${prefix('/cart')}`) },
        findings: [
          {
            at: 'cart.yaml:16:11',
            text: 'uri',
            message:
              'Match 1 of HTTP rule 2 of VirtualService shop/cart is never used: HTTP rule 1 has the same match. Remove one of them.',
          },
        ],
      },
    ],
    good: [{ title: 'Matches that each add something', files: { 'cart.yaml': routes(prefix('/api'), prefix('/cart')) } }],
  },
  *check(subject) {
    for (const shadowed of shadowedRoutes(subject)) {
      // Of a rule that nothing reaches, istio/unreachable-route tells.
      if (shadowed.isUnreached) continue;
      for (const match of shadowed.matches) yield finding(subject, shadowed, match);
    }
  },
});

function finding(subject: Resource, { route, field, index }: ShadowedRoute, { match, by, how }: ShadowedMatch): Finding {
  const list = lookup(route, 'match');
  const own = list?.type === 'sequence' ? list.items : [];
  const earlier = own.indexOf(by.node);
  const taker = earlier >= 0 ? `match ${earlier + 1} of the same rule` : routeTitle(by.route, field, by.index);
  const why = how === 'same' ? (earlier >= 0 ? 'is the same' : 'has the same match') : 'takes all that it matches';
  return {
    place: placeOf(match),
    message: `Match ${own.indexOf(match) + 1} of ${routeTitle(route, field, index)} of ${subject.title} is never used: ${taker} ${why}. ${how === 'same' ? 'Remove one of them.' : 'Remove it, or put it first.'}`,
    related: [{ place: placeOf(by.node), message: 'This match takes what it is for.' }],
    ...(how === 'wider' ? { equivalents: [] } : {}),
    fixes: removal(route, match, how === 'same' && earlier >= 0),
  };
}

/** Safe for a match that stands twice in one rule: nothing else could have been meant. */
function removal(route: ShadowedRoute['route'], match: ShadowedMatch['match'], safe: boolean): Fix[] {
  const edits = (): ReturnType<Fix['edits']> => {
    const list = lookup(route, 'match');
    const edit = list?.type === 'sequence' ? removeItem(list, match) : undefined;
    return edit === undefined ? undefined : [edit];
  };
  return edits() === undefined ? [] : [{ title: 'Remove the match', safe, edits }];
}
