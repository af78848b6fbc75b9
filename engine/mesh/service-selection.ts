import { Labels } from '../resources/labels';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import type { PodTemplate } from '../resources/workload';
import { locate } from '../yaml/tree';
import type { MeshView } from './view';

/** The Services of a workload's namespace that select its pods for sure. Keyed, as `serviceCandidates`. */
export function selectingServices(workload: Resource, template: PodTemplate, view: MeshView): readonly Resource[] {
  const { namespace } = workload;
  if (namespace === undefined) return [];
  return knownPairs(template.labels)
    .flatMap((pair) => servicesBySelector(view).get(keyOf(namespace, pair)))
    .filter((service) => template.labels.matches(selectorOf(service)) === 'yes');
}

/**
 * The Services that may select a workload's pods: all that do, and not many others. Keyed by one pair of their selectors, so that it costs as
 * much as there are Services for pods that have a label in common with these.
 *
 * @returns in the order of the files
 */
export function serviceCandidates(workload: Resource, view: MeshView): readonly Resource[] {
  const labels = podTemplateOf(workload)?.labels;
  const { namespace } = workload.header;
  if (labels === undefined) return [];
  const places = namespace.is === 'known' ? [...new Set([namespace.value, UNSET_NAMESPACE, HIDDEN])] : undefined;
  const pairs = knownPairs(labels);
  if (pairs.length < labels.keys().length || labels.get(UNLIKELY).is === 'unknown')
    return places === undefined ? view.ofKind('Service') : places.flatMap((place) => view.index.inNamespace('Service', place));
  const groups = (places ?? [undefined]).flatMap((place) => [...pairs, HIDDEN].map((pair) => keyOf(place, pair)));
  const found = groups.flatMap((key) => servicesBySelector(view).get(key));
  return found.length < 2 ? found : [...new Set(found)].sort(byPlace);
}

/** Services by the first pair of their selectors that is known, with and without their namespace: pods that one selects have all of them. */
function servicesBySelector(view: MeshView): { get(key: string): readonly Resource[] } {
  return view.index.grouped('services by selector', ['Service'], (service) => {
    const selector = selectorOf(service);
    if (selector.isEmpty) return [];
    const pair = knownPairs(selector)[0] ?? HIDDEN;
    return [keyOf(service.namespace ?? HIDDEN, pair), keyOf(undefined, pair)];
  });
}

/** Where Services stand whose namespace, or whose whole selector, a template hides. No namespace and no pair has this name. */
const HIDDEN = '';

/** A label that nobody sets: unknown where a template may add any. */
const UNLIKELY = 'mesh-lint.invalid/none';

function selectorOf(service: Resource): Labels {
  return new Labels(service.at('spec', 'selector'));
}

function knownPairs(labels: Labels): readonly string[] {
  return [...labels.keys()].sort().flatMap((key) => {
    const label = labels.get(key);
    return label.is === 'known' ? [`${key}\0${label.value}`] : [];
  });
}

/** @param namespace undefined for all of them */
function keyOf(namespace: string | undefined, pair: string): string {
  return namespace === undefined ? pair : `${namespace}\0\0${pair}`;
}

function byPlace(one: Resource, other: Resource): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return startOf(one) - startOf(other);
}

function startOf({ titlePlace }: Resource): number {
  return titlePlace === undefined ? 0 : locate({ node: titlePlace }).start;
}
