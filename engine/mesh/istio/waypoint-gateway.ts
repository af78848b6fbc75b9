import type { Answer, Label } from '../../resources/labels';
import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { Tristate } from '../../tristate';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { admitsNamespace } from '../gateway-api/admission';
import type { MeshView } from '../view';

const WAYPOINT_FOR = 'istio.io/waypoint-for';
const BINDING = 'ambient.istio.io/waypoint-inbound-binding';
const GATEWAY_CLASS = 'GatewayClass.gateway.networking.k8s.io';

/** Whether what clients call is a Service's address, or a pod's own. */
export type WaypointTraffic = 'service' | 'workload';

/** What keeps a waypoint that labels name from taking the traffic, or may keep it. */
export interface WaypointObstacle {
  readonly why:
    /** No file here defines the Gateway. */
    | 'not-here'
    /** A template hides the namespace of the Gateway. */
    | 'hidden-namespace'
    /** `istio.io/waypoint-for` is another kind of traffic. */
    | 'traffic'
    /** Its listener does not let the namespace attach. */
    | 'not-admitted'
    /** It is of a class that is none of Istio's for waypoints. */
    | 'class'
    /** Definitions of the Gateway differ in this. */
    | 'alternatives'
    /** A headless Service has no address for which a waypoint could take traffic. */
    | 'headless'
    /** The mesh configuration says which ServiceEntries are for their own namespaces alone, and the waypoint is of another one. */
    | 'visibility';
  /** `no`: the traffic goes past it for sure. */
  readonly serves: 'no' | 'unknown';
  /** Where that stands; undefined where a default says it. */
  readonly place: YamlNode | undefined;
}

/** The classes that istiod makes waypoints of (istio/istio pkg/config/constants, 1.32 development). */
const WAYPOINT_CLASSES: ReadonlySet<string> = new Set(['istio-waypoint', 'istio-agentgateway-waypoint']);

/**
 * What keeps a Gateway from serving as waypoint for what is in a namespace (istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go, 1.32
 * development). Whether it is ready no file shows.
 *
 * @param home the namespace of what it is to serve
 * @returns undefined where it serves
 */
export function obstacleAt(
  gateway: Resource,
  home: Tristate<string>,
  traffic: WaypointTraffic,
  view: MeshView,
): WaypointObstacle | undefined {
  const named = gateway.at('spec', 'gatewayClassName');
  const className = stringOf(named) ?? '';
  // istiod looks at no class here; but what another one makes of the Gateway need not be a waypoint.
  if (!WAYPOINT_CLASSES.has(className)) return { why: 'class', serves: 'unknown', place: named };
  const classes = view.index.named(GATEWAY_CLASS, '', className);
  return trafficObstacle([gateway, ...classes], traffic) ?? admissionObstacle(gateway, classes, home, view);
}

/** `istio.io/waypoint-for` of the Gateway, else of its class; a waypoint is for Services unless one of them says otherwise. */
function trafficObstacle(bearers: readonly Resource[], traffic: WaypointTraffic): WaypointObstacle | undefined {
  const said = firstSet(bearers.map(({ labels }) => labels.get(WAYPOINT_FOR)));
  if (said === undefined) return traffic === 'service' ? undefined : { why: 'traffic', serves: 'no', place: undefined };
  if (said.is === 'unknown') return { why: 'traffic', serves: 'unknown', place: said.node };
  // Any other word is for nothing.
  return said.value === traffic || said.value === 'all' ? undefined : { why: 'traffic', serves: 'no', place: said.node };
}

function firstSet(labels: readonly Label[]): Exclude<Label, { is: 'absent' }> | undefined {
  return labels.find((label) => label.is !== 'absent');
}

function admissionObstacle(
  gateway: Resource,
  classes: readonly Resource[],
  home: Tristate<string>,
  view: MeshView,
): WaypointObstacle | undefined {
  const inbound = firstSet([gateway, ...classes].map(({ annotations }) => annotations.get(BINDING)));
  if (inbound?.is === 'unknown') return { why: 'not-admitted', serves: 'unknown', place: inbound.node };
  const listeners = gateway.at('spec', 'listeners');
  const listener = boundListener(listeners, inbound?.value) ?? tunnelOf(listeners);
  const isHidden =
    listeners?.type === 'unknown' ||
    (listeners?.type === 'sequence' && listeners.open) ||
    itemsOf(listeners).some(isHiddenListener);
  const answer: Answer =
    listener !== undefined
      ? admitsNamespace(listener, gateway, home, view)
      : isHidden
        ? 'unknown'
        : sameNamespaceName(gateway.header.namespace, home);
  if (answer === 'yes') return undefined;
  const allowed = lookup(listener, 'allowedRoutes') ?? (isHidden ? listeners : undefined);
  return { why: 'not-admitted', serves: answer, place: isSet(allowed) ? allowed : undefined };
}

/** Whether a template hides what a listener is found by. */
function isHiddenListener(listener: YamlNode): boolean {
  return lookup(listener, 'protocol')?.type === 'unknown' || lookup(listener, 'port')?.type === 'unknown';
}

/** The listener by which a waypoint of somebody else's is reached: `PROXY`, `PROXY/15088`, `NONE/15088`. */
function boundListener(listeners: YamlNode | undefined, inbound: string | undefined): YamlNode | undefined {
  const [protocol = '', port, ...more] = (inbound ?? '').split('/');
  if ((protocol !== 'PROXY' && protocol !== 'NONE') || more.length > 0) return undefined;
  return itemsOf(listeners).find((listener) =>
    port === undefined
      ? protocol === 'PROXY' && stringOf(lookup(listener, 'protocol')) === 'istio.io/PROXY'
      : numberOf(lookup(listener, 'port')) === Number(port),
  );
}

function tunnelOf(listeners: YamlNode | undefined): YamlNode | undefined {
  return itemsOf(listeners).find(
    (listener) => stringOf(lookup(listener, 'protocol')) === 'HBONE' && numberOf(lookup(listener, 'port')) === 15008,
  );
}
