import type { MeshView } from '../mesh/view';
import { Labels } from '../resources/labels';
import type { Answer } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { itemsOf, lookup, numberOf, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';

/** One side of a selection; `maybe` where a template hides a part of the selector or of the labels. */
export interface Selected {
  readonly resource: Resource;
  readonly maybe: boolean;
}

/** The Services of a workload's namespace that select its pods. */
export function servicesOf(workload: Resource, view: MeshView): Selected[] {
  if (workload.namespace === undefined) return [];
  return view.index.inNamespace('Service', workload.namespace).flatMap((service) => {
    const selector = selectorOf(service);
    return selector === undefined ? [] : selection(service, selects(selector, workload));
  });
}

/** The workloads of a Service's namespace whose pods it selects. */
export function workloadsOf(service: Resource, view: MeshView): Selected[] {
  const selector = selectorOf(service);
  if (service.namespace === undefined || selector === undefined) return [];
  return view.index.workloadsIn(service.namespace).flatMap((workload) => selection(workload, selects(selector, workload)));
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

function selection(resource: Resource, answer: Answer): Selected[] {
  return answer === 'no' ? [] : [{ resource, maybe: answer === 'unknown' }];
}

/** A Service without a selector selects nothing; ExternalName ignores its selector. */
function selectorOf(service: Resource): Labels | undefined {
  const selector = new Labels(service.at('spec', 'selector'));
  return selector.isEmpty || stringOf(service.at('spec', 'type')) === 'ExternalName' ? undefined : selector;
}

function selects(selector: Labels, workload: Resource): Answer {
  return podTemplateOf(workload)?.labels.matches(selector) ?? 'no';
}
