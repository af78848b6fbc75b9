import type { Resource } from '../../../../resources/resource';
import { placeOf } from '../problem';
import { at, entries, items, missing, text } from '../read';
import type { Value } from '../read';
import { celFault } from '../values/cel-syntax';
import { checkAnnotations, checkPolicyTargets, shown } from './common';
import type { Problems } from './common';

/** What istiod's webhook says of a Telemetry; tags of metrics and names are the API server's to check. */
export function* checkTelemetry(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  yield* checkPolicyTargets(spec);
  yield* checkTracing(items(at(spec, 'tracing')));
  for (const logging of items(at(spec, 'accessLogging'))) {
    const filter = at(logging, 'filter', 'expression');
    const expression = text(filter);
    const fault = expression === undefined ? undefined : celFault(expression);
    if (filter !== undefined && expression !== undefined && fault !== undefined) {
      yield {
        place: placeOf(filter),
        what: `the filter ${shown(expression)} ${fault}`,
        todo: 'write an expression in CEL, such as `response.code >= 400`',
      };
    }
  }
}

function* checkTracing(tracing: readonly NonNullable<Value>[]): Problems {
  const [, second] = tracing;
  if (second !== undefined) {
    yield {
      place: placeOf(second),
      what: 'there are several entries for tracing',
      effect: 'Istio reads one of them',
      todo: 'make one entry of them',
    };
  }
  for (const entry of tracing) {
    const [, other] = items(at(entry, 'providers'));
    if (other !== undefined) {
      yield {
        place: placeOf(other),
        what: 'there are several providers of tracing',
        effect: 'Istio uses one of them',
        todo: 'keep one',
      };
    }
    for (const tag of entries(at(entry, 'customTags'))) {
      if (tag.value.type !== 'map' || tag.value.open) continue;
      if (!['literal', 'environment', 'header', 'formatter'].every((source) => missing(at(tag.value, source)))) continue;
      yield {
        place: { node: tag.key },
        what: `the tag ${shown(String(tag.key.value))} has no source of its value`,
        todo: 'set literal, environment, header or formatter',
      };
    }
  }
}
