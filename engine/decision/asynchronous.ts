import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationWorkloads } from './applications';
import { brokerNamedBy } from './broker-names';
import { BROKER_TRIGGERS } from './brokers';
import { groupedKind, selection } from './count-services';
import { placesOf, query } from './evidence';
import type { Observed } from './facts';

/**
 * Whether over half of the application workloads have no Service and name a broker: in a variable, an argument, a ConfigMap that they take
 * variables from or mount (its name, its keys and what they hold), the name of a Secret, or a KEDA trigger that scales them.
 */
export function isAsynchronous(view: MeshView): Observed<Place> {
  return query(view, 'asynchronous', () => {
    const workloads = applicationWorkloads(view);
    const { served } = selection(view);
    const triggers = brokerTriggers(view);
    const found = workloads.flatMap((definitions) => {
      const [first] = definitions;
      if (served.has(first)) return [];
      const node = brokerNamedBy(first, view) ?? triggers.get(triggerKey(first, first.kind, first.name ?? ''));
      return node ?? [];
    });
    return { holds: found.length * 2 > workloads.length, evidence: placesOf(found) };
  });
}

function brokerTriggers(view: MeshView): ReadonlyMap<string, YamlNode> {
  const found = new Map<string, YamlNode>();
  for (const scaled of view.ofKind('ScaledObject.keda.sh')) {
    const target = scaled.at('spec', 'scaleTargetRef');
    const name = stringOf(lookup(target, 'name'));
    const trigger = itemsOf(scaled.at('spec', 'triggers'))
      .map((item) => lookup(item, 'type'))
      .find((type) => BROKER_TRIGGERS.has(stringOf(type) ?? ''));
    if (name === undefined || trigger === undefined) continue;
    const kind = groupedKind(lookup(target, 'apiVersion'), stringOf(lookup(target, 'kind')) ?? 'Deployment');
    found.set(triggerKey(scaled, kind, name), trigger);
  }
  return found;
}

function triggerKey({ namespace }: Resource, kind: string, name: string): string {
  return `${namespace ?? ''} ${kind} ${name}`;
}
