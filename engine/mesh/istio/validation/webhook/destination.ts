import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, given, isWhole, items, missing, number, text } from '../read';
import type { Value } from '../read';
import { portProblem } from '../cel/predicates';
import { checkDnsLabel, checkNotNegative, checkPort, checkWildcardHost } from './common';
import type { Problems } from './common';

/** A destination of a route, a mirror or an egress proxy. */
export function* checkDestination(destination: Value): Problems {
  if (!given(destination)) return;
  const host = at(destination, 'host');
  if (text(host) === '*' && host !== undefined) {
    yield { place: placeOf(host), what: 'traffic cannot go to the host "*"', todo: 'name the service that it goes to' };
  } else yield* checkWildcardHost(host);
  const subset = at(destination, 'subset');
  if (text(subset) !== '') yield* checkDnsLabel(subset, 'the subset');
  yield* checkPortSelector(at(destination, 'port'));
}

/** `port: { number }`: set, it must say which. */
export function* checkPortSelector(port: Value): Problems {
  if (port?.type !== 'map') return;
  const selected = at(port, 'number');
  yield* checkPort(selected);
  if (missing(selected)) yield { ...portProblem(port, 0), place: placeOf(port), what: 'the port has no number' };
}

/** The destinations of a route and how they share its traffic. */
export function* checkShares(route: YamlNode): Problems {
  const list = at(route, 'route');
  const destinations = items(list);
  yield* checkNotNegative(...destinations.map((one) => at(one, 'weight')));
  if (destinations.length < 2 || !isWhole(list)) return;
  const weights = destinations.map((one) => at(one, 'weight'));
  const isZero = (weight: Value): boolean => missing(weight) || number(weight) === 0;
  if (!weights.every(isZero)) return;
  yield {
    place: placeOfKey(route, 'route'),
    what: `the weights of ${destinations.length} destinations add up to 0`,
    todo: 'give each destination its weight',
  };
}
