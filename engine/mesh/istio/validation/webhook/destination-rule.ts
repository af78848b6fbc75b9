import type { Resource } from '../../../../resources/resource';
import { placeOf } from '../problem';
import { at, given, items, text } from '../read';
import {
  checkAnnotations,
  checkDistinct,
  checkDnsLabel,
  checkExportTo,
  checkLabels,
  checkSelector,
  checkWildcardHost,
  ownNamespace,
  shown,
} from './common';
import type { Problems } from './common';
import { checkTrafficPolicy } from './traffic-policy';

/** What istiod's webhook says of a DestinationRule. */
export function* checkDestinationRule(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  yield* checkWildcardHost(at(spec, 'host'));
  const namespace = ownNamespace(resource);
  yield* checkTrafficPolicy(at(spec, 'trafficPolicy'), namespace);
  const subsets = items(at(spec, 'subsets'));
  for (const subset of subsets) {
    const name = at(subset, 'name');
    if (name !== undefined && text(name) === '')
      yield { place: placeOf(name), what: 'the subset has an empty name', todo: 'name it' };
    else yield* checkDnsLabel(name, 'the subset');
    yield* checkLabels(at(subset, 'labels'));
    yield* checkTrafficPolicy(at(subset, 'trafficPolicy'), namespace);
  }
  yield* checkDistinct(
    subsets,
    (subset) => at(subset, 'name'),
    (value) => ({ what: `there are two subsets ${shown(value)}`, todo: 'give each a name of its own' }),
  );
  const selector = at(spec, 'workloadSelector');
  yield* checkSelector(selector, 'matchLabels');
  yield* checkExportTo(at(spec, 'exportTo'), resource, { onlyOwn: given(selector) });
}
