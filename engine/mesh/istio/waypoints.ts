import type { Label, Labels } from '../../resources/labels';
import { sameNamespaceName, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { isWorkload, podTemplateOf } from '../../resources/workload';
import type { Tristate } from '../../tristate';
import { isSet, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { tristateOf, UNKNOWN_VALUE } from '../namespaces';
import type { SharedValue } from '../namespaces';
import type { MeshView } from '../view';
import { meshConfigNodes } from './mesh-config';
import { canaryOf } from './waypoint-canary';
import type { WaypointCanary } from './waypoint-canary';
import { chooseWaypoint } from './waypoint-choice';
import type { WaypointChoice, WaypointLabels } from './waypoint-choice';
import { obstacleAt } from './waypoint-gateway';
import type { WaypointObstacle, WaypointTraffic } from './waypoint-gateway';

const USE_WAYPOINT = 'istio.io/use-waypoint';
const USE_NAMESPACE = 'istio.io/use-waypoint-namespace';
const MANAGED = 'gateway.istio.io/managed';
const GATEWAY = 'Gateway.gateway.networking.k8s.io';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** The waypoint of a Service, a ServiceEntry or a workload's pods. */
export interface Waypoint {
  readonly choice: WaypointChoice;
  /** The labels that decide, or the definitions of the Namespace that has none. */
  readonly evidence: readonly YamlNode[];
  /** The Gateway of that name; of several definitions the first. */
  readonly gateway: Resource | undefined;
  /** Undefined where nothing stands in the way of a named waypoint, and where none is named. */
  readonly obstacle: WaypointObstacle | undefined;
  /** A second waypoint that nothing is known to keep from its share. */
  readonly canary: WaypointCanary | undefined;
}

/**
 * Which waypoint takes the traffic to a Service, a ServiceEntry or the pods of a workload from clients in ambient mode, with what decides it.
 * It says nothing of whether anything is in ambient mode. A waypoint that is named and cannot serve is passed by: there is no falling back to
 * the Namespace's (istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go and status.go, 1.32 development). A memoised query.
 *
 * @returns undefined for a resource of another kind, or a workload without a pod template
 */
export function waypointOf(of: Resource, view: MeshView): Waypoint | undefined {
  const query = view.extension('istio.waypoint', (graph) =>
    graph.family('istio.waypoint', (resource: Resource) => find(resource, view)),
  );
  return query(of);
}

/** The waypoint that a Namespace names for the Services in it that name none themselves. */
export function waypointOfNamespace(namespace: Resource, view: MeshView): Waypoint {
  const home = namespace.header.name;
  const labels = { waypoint: namespace.labels.get(USE_WAYPOINT), namespace: namespace.labels.get(USE_NAMESPACE) };
  const choice = chooseWaypoint({ own: stateOf(labels), shared: NO_LABELS, home });
  return { choice, evidence: nodesOf(labels), ...reach(choice, home, 'service', view), canary: undefined };
}

function find(resource: Resource, view: MeshView): Waypoint | undefined {
  const hasPods = isWorkload(resource);
  const bearer = hasPods ? podTemplateOf(resource) : isNamed(resource) ? resource : undefined;
  if (bearer === undefined) return undefined;
  const mark = gatewayMark(bearer.labels, hasPods);
  if (mark !== undefined) return { choice: { is: 'none', decidedBy: 'gateway-itself' }, evidence: [mark], ...NOTHING };
  const home = resource.header.namespace;
  const own = { waypoint: bearer.labels.get(USE_WAYPOINT), namespace: bearer.labels.get(USE_NAMESPACE) };
  const shared = { waypoint: ofNamespace(resource, USE_WAYPOINT, view), namespace: ofNamespace(resource, USE_NAMESPACE, view) };
  const choice = chooseWaypoint({
    own: stateOf(own),
    shared: { waypoint: shared.waypoint.value, namespace: shared.namespace.value },
    home,
  });
  const places = resource.namespace === undefined ? [] : view.namespacePlaces(resource.namespace);
  const evidence = {
    'own-label': () => nodesOf(own),
    'namespace-label': () => [...shared.waypoint.evidence, ...shared.namespace.evidence],
    'no-label': () => places,
    'gateway-itself': () => [],
  }[choice.decidedBy]();
  const reached = reach(choice, home, hasPods ? 'workload' : 'service', view);
  const obstacle = ownObstacle(resource, choice, view) ?? reached.obstacle;
  const canary = hasPods || obstacle?.serves === 'no' ? undefined : servingCanary(resource, choice, view);
  return { choice, evidence, ...reached, obstacle, canary };
}

function isNamed({ kind }: Resource): boolean {
  return kind === 'Service' || kind === 'ServiceEntry.networking.istio.io';
}

/**
 * The label by which istiod knows what serves a Gateway, and gives no waypoint to: pods of a Gateway of their namespace, and the Services of
 * waypoints and east-west gateways (istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go, 1.32 development).
 */
function gatewayMark(labels: Labels, ofPods: boolean): YamlNode | undefined {
  const mark = labels.get(ofPods ? GATEWAY_NAME : MANAGED);
  return mark.is === 'known' && (ofPods ? mark.value !== '' : UNSERVED.has(mark.value)) ? mark.node : undefined;
}

const UNSERVED: ReadonlySet<string> = new Set(['istio.io-mesh-controller', 'istio.io-eastwest-controller']);

const NOTHING = { gateway: undefined, obstacle: undefined, canary: undefined };

interface LabelPair {
  readonly waypoint: Label;
  readonly namespace: Label;
}

const NO_LABELS: WaypointLabels = { waypoint: { is: 'absent' }, namespace: { is: 'absent' } };

function stateOf({ waypoint, namespace }: LabelPair): WaypointLabels {
  return { waypoint: tristateOf(waypoint), namespace: tristateOf(namespace) };
}

function nodesOf({ waypoint, namespace }: LabelPair): readonly YamlNode[] {
  return [waypoint, namespace].flatMap((label) => (label.is === 'absent' ? [] : [label.node]));
}

function ofNamespace(resource: Resource, key: string, view: MeshView): SharedValue {
  if (resource.header.namespace.is === 'unknown') return UNKNOWN_VALUE;
  return view.namespaceLabel(resource.namespace ?? UNSET_NAMESPACE, key);
}

/**
 * What of the object itself keeps a waypoint from serving it: a headless Service has no address that clients could call (istio.io, "Use
 * waypoint proxies"), and the mesh configuration may keep ServiceEntries to their namespaces.
 */
function ownObstacle(resource: Resource, choice: WaypointChoice, view: MeshView): WaypointObstacle | undefined {
  if (choice.is !== 'named') return undefined;
  if (resource.kind === 'Service') {
    const address = resource.at('spec', 'clusterIP');
    return stringOf(address) === 'None' ? { why: 'headless', serves: 'no', place: address } : undefined;
  }
  if (isWorkload(resource) || sameNamespaceName(choice.namespace, resource.header.namespace) === 'yes') return undefined;
  const [visibility] = meshConfigNodes(view, 'serviceEntryVisibility').filter(isSet);
  return visibility && { why: 'visibility', serves: 'unknown', place: visibility };
}

function servingCanary(resource: Resource, choice: WaypointChoice, view: MeshView): WaypointCanary | undefined {
  const definitions = resource.namespace === undefined ? [] : view.index.named('Namespace', '', resource.namespace);
  const canary = canaryOf(resource, definitions.length === 1 ? definitions[0] : undefined, choice);
  if (canary === undefined) return undefined;
  const { name, namespace } = canary;
  const { obstacle } = reach(
    { is: 'named', name, namespace, decidedBy: 'own-label' },
    resource.header.namespace,
    'service',
    view,
  );
  return obstacle === undefined || obstacle.why === 'not-here' ? canary : undefined;
}

/** The Gateway that a choice names, and what keeps it from taking traffic to what is in a namespace. */
function reach(
  choice: WaypointChoice,
  home: Tristate<string>,
  traffic: WaypointTraffic,
  view: MeshView,
): Pick<Waypoint, 'gateway' | 'obstacle'> {
  if (choice.is !== 'named') return { gateway: undefined, obstacle: undefined };
  if (choice.namespace.is === 'unknown')
    return { gateway: undefined, obstacle: { why: 'hidden-namespace', serves: 'unknown', place: undefined } };
  const namespace = choice.namespace.is === 'known' ? choice.namespace.value : UNSET_NAMESPACE;
  const gateways = view.index.named(GATEWAY, namespace, choice.name);
  const [gateway] = gateways;
  if (gateway === undefined) {
    const { plan, partial } = view.scope();
    const isMissing = plan.complete && partial.length === 0 && choice.namespace.is === 'known';
    const serves = isMissing ? 'no' : 'unknown';
    return { gateway, obstacle: { why: 'not-here', serves, place: undefined } };
  }
  const obstacles = gateways.map((one) => obstacleAt(one, home, traffic, view));
  const [obstacle] = obstacles;
  const areAlike = obstacles.every((other) => other?.serves === obstacle?.serves);
  return { gateway, obstacle: areAlike ? obstacle : { why: 'alternatives', serves: 'unknown', place: undefined } };
}
