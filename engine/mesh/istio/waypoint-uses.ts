import type { Resource } from '../../resources/resource';
import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { isForGateways, isMeshBound } from './gateway-scope';

/** Resources of one kind that a sidecar heeds and ambient mode only with a waypoint. */
export interface WaypointUse {
  /** The kind, without its group. */
  readonly kind: string;
  readonly resources: readonly Resource[];
}

/** Whether a resource of a kind asks a sidecar for something that ztunnel, which knows no HTTP, does not do. */
type Asks = (resource: Resource, view: MeshView) => boolean;

const SELECTOR = ['spec', 'selector', 'matchLabels'];
const selectsWorkloads: Asks = (resource, view) => !isForGateways(resource, SELECTOR, view);
const routesForService: Asks = (route) =>
  itemsOf(route.at('spec', 'parentRefs')).some((parent) => stringOf(lookup(parent, 'kind')) === 'Service');

/** istio/istio architecture/ambient/ztunnel.md and pilot/pkg/serviceregistry/ambient/authorization.go, 1.32 development. */
const KINDS: ReadonlyMap<string, Asks> = new Map<string, Asks>([
  ['VirtualService.networking.istio.io', isMeshBound],
  ['DestinationRule.networking.istio.io', () => true],
  ['AuthorizationPolicy.security.istio.io', (policy, view) => selectsWorkloads(policy, view) && isBeyondZtunnel(policy)],
  ['RequestAuthentication.security.istio.io', selectsWorkloads],
  ['Telemetry.telemetry.istio.io', selectsWorkloads],
  ['WasmPlugin.extensions.istio.io', selectsWorkloads],
  ['TrafficExtension.extensions.istio.io', selectsWorkloads],
  ['HTTPRoute.gateway.networking.k8s.io', routesForService],
  ['GRPCRoute.gateway.networking.k8s.io', routesForService],
]);

/** What of a namespace would need a waypoint in ambient mode, by kind, in a fixed order. A memoised query. */
export function waypointUses(view: MeshView, namespace: string): readonly WaypointUse[] {
  const query = view.extension('istio.waypointUses', (graph) =>
    graph.family('istio.waypointUses', (name: string) => findUses(view, name)),
  );
  return query(namespace);
}

function findUses(view: MeshView, namespace: string): WaypointUse[] {
  return [...KINDS].flatMap(([kind, asks]) => {
    const resources = view.index.inNamespace(kind, namespace).filter((resource) => asks(resource, view));
    return resources.length === 0 ? [] : [{ kind: kind.slice(0, kind.indexOf('.')), resources }];
  });
}

const L7_OPERATION = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths'];
const L7_SOURCE = ['remoteIpBlocks', 'notRemoteIpBlocks', 'requestPrincipals', 'notRequestPrincipals'];
const L4_CONDITIONS = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port'];

/** Whether an AuthorizationPolicy asks for what only an HTTP proxy can tell, or for an action that ztunnel does not have. */
function isBeyondZtunnel(policy: Resource): boolean {
  const action = stringOf(policy.at('spec', 'action'));
  if (action === 'CUSTOM' || action === 'AUDIT') return true;
  return itemsOf(policy.at('spec', 'rules')).some((rule) => {
    const asked = (list: string, part: string, fields: readonly string[]): boolean =>
      itemsOf(lookup(rule, list)).some((item) => hasAny(lookup(item, part), fields));
    if (asked('to', 'operation', L7_OPERATION) || asked('from', 'source', L7_SOURCE)) return true;
    const keys = itemsOf(lookup(rule, 'when')).flatMap((condition) => stringOf(lookup(condition, 'key')) ?? []);
    return keys.some((key) => !L4_CONDITIONS.includes(key));
  });
}

function hasAny(node: YamlNode | undefined, fields: readonly string[]): boolean {
  return entriesOf(node).some(({ key, value }) => fields.includes(String(key.value)) && isSet(value));
}
