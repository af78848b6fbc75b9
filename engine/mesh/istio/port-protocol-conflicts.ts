import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { PodTemplate } from '../../resources/workload';
import { itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import { selectingServices } from '../service-selection';
import type { MeshView } from '../view';
import { isHttp, servicePorts } from './port-protocol';
import type { ServicePort } from './port-protocol';

/** Two ports of Services that lead to one port of a workload's pods, and do not go together. */
export interface PortConflict {
  /** The port of the pods: a number, or the name of one that no container gives a number. */
  readonly target: string;
  readonly one: ServicePort;
  readonly other: ServicePort;
  /** Whether one is HTTP and the other is not. */
  readonly differInProtocol: boolean;
}

/**
 * The conflicts at the ports of a workload's pods, by which a sidecar makes its listeners: at most one for each port of the pods and each
 * of the two sorts, those that differ in protocol first. Services are those of the namespace that select the pods for sure; UDP and SCTP
 * are none of the sidecar's business. Alternatives that define one Service are not compared.
 */
export function portConflicts(workload: Resource, view: MeshView): readonly PortConflict[] {
  const template = podTemplateOf(workload);
  if (template === undefined) return [];
  const numbers = containerPorts(template);
  const byTarget = new Map<string, ServicePort[]>();
  for (const service of selectingServices(workload, template, view)) {
    for (const port of servicePorts(service)) {
      if (port.target === undefined || port.transport === undefined || /^(?:UDP|SCTP)$/i.test(port.transport)) continue;
      const target = numbers.get(port.target) ?? port.target;
      byTarget.set(target, [...(byTarget.get(target) ?? []), port]);
    }
  }
  return [...byTarget].flatMap(([target, ports]) => conflictsAt(target, ports));
}

function conflictsAt(target: string, ports: readonly ServicePort[]): PortConflict[] {
  const pairs = pairsOf(ports).map(([one, other]): PortConflict => ({
    target,
    one,
    other,
    differInProtocol: differ(one, other),
  }));
  const atOnePort = pairs.find(({ one, other, differInProtocol }) => differInProtocol && one.port === other.port);
  const atTwoPorts = pairs
    .filter(({ one, other, differInProtocol }) => one.port !== other.port && (differInProtocol || one.service !== other.service))
    .sort((a, b) => Number(b.differInProtocol) - Number(a.differInProtocol))[0];
  return [atOnePort, atTwoPorts].filter((conflict) => conflict !== undefined);
}

/** More ports than anybody has on purpose: the first ones tell. */
const MOST_PORTS = 50;

function pairsOf(ports: readonly ServicePort[]): [ServicePort, ServicePort][] {
  const some = ports.slice(0, MOST_PORTS);
  return some.flatMap((one, i) =>
    some.slice(i + 1).flatMap((other): [ServicePort, ServicePort][] => {
      const areAlternatives = one.service !== other.service && one.service.key === other.service.key;
      return areAlternatives || one.port === undefined || other.port === undefined ? [] : [[one, other]];
    }),
  );
}

/** A protocol that nothing names is found out on each connection, and goes with any. */
function differ({ protocol: one }: ServicePort, { protocol: other }: ServicePort): boolean {
  return one.is === 'known' && other.is === 'known' && isHttp(one.value) !== isHttp(other.value);
}

/** Numbers of the ports that containers name. */
export function containerPorts(template: PodTemplate): ReadonlyMap<string, string> {
  const numbers = new Map<string, string>();
  for (const container of template.containers) {
    for (const port of itemsOf(lookup(container.node, 'ports'))) {
      const name = stringOf(lookup(port, 'name'));
      const number = numberOf(lookup(port, 'containerPort'));
      if (name !== undefined && number !== undefined) numbers.set(name, String(number));
    }
  }
  return numbers;
}
