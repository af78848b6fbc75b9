import { workloadCandidates } from '../mesh/istio/workload-selection';
import { serviceCandidates } from '../mesh/service-selection';
import type { MeshView } from '../mesh/view';
import { Labels } from '../resources/labels';
import type { Answer } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { itemsOf, lookup, numberOf, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { isSpelledAlike, shareChart, shareNamespace } from './same-namespace';

/** One side of a selection; `maybe` where a template hides the namespace, a part of the selector or of the labels. */
export interface Selected {
  readonly resource: Resource;
  readonly maybe: boolean;
}

/** The Services that select a workload's pods, in the order of the files. */
export function servicesOf(workload: Resource, view: MeshView): Selected[] {
  return selection(
    serviceCandidates(workload, view).filter((service) => selectorOf(service) !== undefined),
    (service) => shareNamespace(service, workload, view),
    (service) => selects(service, workload, view),
  );
}

/** The workloads whose pods a Service selects, in the order of the files; those that a template leaves open behind the others. */
export function workloadsOf(service: Resource, view: MeshView): Selected[] {
  const selector = selectorOf(service);
  if (selector === undefined) return [];
  return selection(
    workloadCandidates(service, selector, 'namespace', view),
    (workload) => shareNamespace(service, workload, view),
    (workload) => selects(service, workload, view),
  );
}

/** Whether something is selected for certain. */
export function isSure(selected: readonly Selected[]): boolean {
  return selected.some(({ maybe }) => !maybe);
}

/** The pod ports of a workload that a Service leads to; a name that no container gives a port leads nowhere that is known. */
export function targetPorts(service: Resource, workload: Resource): readonly number[] {
  const named = new Map<string, number>();
  for (const container of podTemplateOf(workload)?.containers ?? []) {
    for (const port of itemsOf(lookup(container.node, 'ports'))) {
      const [name, number] = [stringOf(lookup(port, 'name')), numberOf(lookup(port, 'containerPort'))];
      if (name !== undefined && number !== undefined) named.set(name, number);
    }
  }
  const numbers = itemsOf(service.at('spec', 'ports')).flatMap((port) => {
    const target: YamlNode | undefined = lookup(port, 'targetPort') ?? lookup(port, 'port');
    return numberOf(target) ?? named.get(stringOf(target) ?? '') ?? [];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Those that match; where some do in the namespace itself, what another namespace may hold is left out. */
function selection(
  candidates: readonly Resource[],
  inNamespace: (candidate: Resource) => Answer,
  byLabels: (candidate: Resource) => Answer,
): Selected[] {
  const found = candidates.flatMap((resource) => {
    const namespace = inNamespace(resource);
    const labels = namespace === 'no' ? 'no' : byLabels(resource);
    return labels === 'no' ? [] : [{ resource, namespace, maybe: namespace !== 'yes' || labels !== 'yes' }];
  });
  const near = found.filter(({ namespace }) => namespace === 'yes');
  return (near.length > 0 ? near : found).map(({ resource, maybe }) => ({ resource, maybe }));
}

/** A Service without a selector selects nothing; ExternalName ignores its selector. */
function selectorOf(service: Resource): Labels | undefined {
  const selector = new Labels(service.at('spec', 'selector'));
  return selector.isEmpty || stringOf(service.at('spec', 'type')) === 'ExternalName' ? undefined : selector;
}

function selects(service: Resource, workload: Resource, view: MeshView): Answer {
  const labels = podTemplateOf(workload)?.labels;
  const selector = service.at('spec', 'selector');
  const answer = labels?.matches(new Labels(selector)) ?? 'no';
  if (answer !== 'unknown' || selector?.type !== 'map' || selector.open || !shareChart(service, workload, view)) return answer;
  // What a template hides is the same where it is spelled the same.
  const isSame = selector.entries.every(({ key, value }) => {
    const label = labels?.get(String(key.value));
    if (label === undefined || label.is === 'absent') return false;
    return label.is === 'known' ? label.value === stringOf(value) : isSpelledAlike(value, label.node);
  });
  return isSame ? 'yes' : 'unknown';
}
