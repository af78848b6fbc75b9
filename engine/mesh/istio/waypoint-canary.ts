import type { Label } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { known } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { YamlNode } from '../../yaml/tree';
import type { WaypointChoice } from './waypoint-choice';

const CANARY = 'istio.io/use-waypoint-canary';
const CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace';
const WEIGHT = 'istio.io/use-waypoint-canary-weight';

/** A second waypoint, which takes a share of the traffic. */
export interface WaypointCanary {
  readonly name: string;
  readonly namespace: Tristate<string>;
  /** In percent, from 1 to 100. */
  readonly weight: number;
  readonly evidence: readonly YamlNode[];
}

/**
 * The canary that a Service or a ServiceEntry names beside its waypoint; where that is its Namespace's, the Namespace may name the canary and
 * its weight as well. One without a valid weight takes nothing, and neither does one that is the waypoint itself (istio/istio
 * pilot/pkg/serviceregistry/ambient/waypoints.go buildWeightedWaypoints, 1.32 development; since 1.31).
 *
 * @param namespace the definition of its Namespace; undefined where no file has it, or several do
 * @returns undefined where none takes a share for sure
 */
export function canaryOf(of: Resource, namespace: Resource | undefined, choice: WaypointChoice): WaypointCanary | undefined {
  if (choice.is !== 'named') return undefined;
  const levels = choice.decidedBy === 'namespace-label' && namespace !== undefined ? [of, namespace] : [of];
  const bearer = levels.find(({ labels }) => labels.get(CANARY).is !== 'absent');
  if (bearer === undefined) return undefined;
  const name = bearer.labels.get(CANARY);
  const elsewhere = bearer.labels.get(CANARY_NAMESPACE);
  const said = levels.map(({ annotations }) => annotations.get(WEIGHT)).find(({ is }) => is !== 'absent');
  if (name.is !== 'known' || name.value === '' || name.value === 'none' || said?.is !== 'known') return undefined;
  const weight = /^\+?\d{1,4}$/.test(said.value) ? Number(said.value) : 0;
  if (weight < 1 || weight > 100 || elsewhere.is === 'unknown') return undefined;
  const where = elsewhere.is === 'known' ? known(elsewhere.value) : of.header.namespace;
  if (name.value === choice.name && isSame(where, choice.namespace)) return undefined;
  return { name: name.value, namespace: where, weight, evidence: [name, elsewhere, said].flatMap(nodesOf) };
}

function isSame(one: Tristate<string>, other: Tristate<string>): boolean {
  return one.is === other.is && (one.is !== 'known' || (other.is === 'known' && one.value === other.value));
}

function nodesOf(label: Label): readonly YamlNode[] {
  return label.is === 'absent' ? [] : [label.node];
}
