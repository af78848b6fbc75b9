import type { Tristate } from '../../tristate';

/** The labels by which an object, or a Namespace for what is in it, names a waypoint. */
export interface WaypointLabels {
  /** `istio.io/use-waypoint` */
  readonly waypoint: Tristate<string>;
  /** `istio.io/use-waypoint-namespace` */
  readonly namespace: Tristate<string>;
}

export interface WaypointInput {
  /** Those of the Service or the ServiceEntry, or of a workload's pods. */
  readonly own: WaypointLabels;
  /** Those of its Namespace. */
  readonly shared: WaypointLabels;
  /** Where the object is. Absent: its manifest names none. */
  readonly home: Tristate<string>;
}

export type WaypointDecider = 'own-label' | 'namespace-label' | 'no-label' | 'gateway-itself';

/** What labels say of the waypoint of an object, whether or not there is such a waypoint and it takes the traffic. */
export type WaypointChoice =
  | { readonly is: 'none'; readonly decidedBy: WaypointDecider }
  | {
      readonly is: 'named';
      readonly name: string;
      /** Unknown where a template hides it; absent where the object's own manifest names none. */
      readonly namespace: Tristate<string>;
      readonly decidedBy: 'own-label' | 'namespace-label';
    }
  | { readonly is: 'unknown'; readonly decidedBy: 'own-label' | 'namespace-label' };

/**
 * Which waypoint labels choose for an object: its own, else those of its Namespace. `none` ends the search, so that an object opts out of its
 * Namespace's. The waypoint is of the object's own namespace unless `istio.io/use-waypoint-namespace` stands beside the label that names it
 * (istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForTarget and GetUseWaypoint, 1.32 development). An empty value
 * names no Gateway, and ends the search as well.
 *
 * @returns the choice, with the label that made it; never throws
 */
export function chooseWaypoint({ own, shared, home }: WaypointInput): WaypointChoice {
  return choiceOf(own, 'own-label', home) ?? choiceOf(shared, 'namespace-label', home) ?? { is: 'none', decidedBy: 'no-label' };
}

function choiceOf(
  { waypoint, namespace }: WaypointLabels,
  decidedBy: 'own-label' | 'namespace-label',
  home: Tristate<string>,
): WaypointChoice | undefined {
  if (waypoint.is === 'absent') return undefined;
  if (waypoint.is === 'unknown') return { is: 'unknown', decidedBy };
  const namesNothing = waypoint.value === '' || (namespace.is === 'known' && namespace.value === '');
  if (waypoint.value === 'none' || namesNothing) return { is: 'none', decidedBy };
  return { is: 'named', name: waypoint.value, namespace: namespace.is === 'absent' ? home : namespace, decidedBy };
}
