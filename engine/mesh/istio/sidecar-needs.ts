import type { KindName } from '../../resources/kinds';
import { keyOf } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import { booleanOf, entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { Place, YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';
import { isForGateways, isMeshBound } from './gateway-scope';
import { SIDECAR_FEATURES } from './sidecar-needs.data';
import type { SidecarFeatureId } from './sidecar-needs.data';

/** Something in use that works with sidecars and not in ambient mode. */
export interface SidecarNeed {
  readonly id: SidecarFeatureId;
  /** As prose names it: "ambient mode lacks …". */
  readonly feature: string;
  /** A clause without a full stop. */
  readonly why: string;
  /** At least one place that uses it. */
  readonly evidence: readonly Place[];
}

/**
 * What an environment uses that needs sidecars, in a fixed order; empty when nothing here stands in the way of ambient mode. What only has
 * to move to a waypoint is not among it (`waypointUses`). Only what the text shows counts. A memoised query.
 */
export function sidecarNeeds(view: MeshView): readonly SidecarNeed[] {
  const query = view.extension('istio.sidecarNeeds', (graph) => {
    // One cell each: what concerns one of them does not make the others look again.
    const cells = FINDERS.map(([id, find]) => graph.computed(`istio.sidecarNeed`, () => needOf(id, find(view))));
    return graph.computed('istio.sidecarNeeds', () => cells.flatMap((cell) => cell.get()));
  });
  return query.get();
}

const FINDERS: readonly (readonly [SidecarFeatureId, (view: MeshView) => readonly (YamlNode | undefined)[]])[] = [
  ['envoy-filter', envoyFilters],
  ['spire', spire],
  ['virtual-machines', virtualMachines],
  ['primary-remote', primaryRemote],
  ['mtls-disabled', disabledMtls],
  ['sidecar-resource', sidecarResources],
  ['source-routing', sourceRouting],
  ['client-routing', clientRouting],
  ['headless-routing', headlessRouting],
];

function needOf(id: SidecarFeatureId, nodes: readonly (YamlNode | undefined)[]): readonly SidecarNeed[] {
  const evidence = nodes.flatMap((node) => (node === undefined ? [] : [{ node }]));
  const { feature, why } = SIDECAR_FEATURES[id];
  return evidence.length === 0 ? [] : [{ id, feature, why, evidence }];
}

/** Those that patch more than gateways, which are Envoys in ambient mode as well. */
function envoyFilters(view: MeshView): (YamlNode | undefined)[] {
  return view
    .ofKind('EnvoyFilter.networking.istio.io')
    .filter((filter) => !isForGateways(filter, ['spec', 'workloadSelector', 'labels'], view) && !patchesGatewaysAlone(filter))
    .map((filter) => filter.titlePlace);
}

function patchesGatewaysAlone(filter: Resource): boolean {
  const patches = filter.at('spec', 'configPatches');
  if (patches?.type !== 'sequence' || patches.open || patches.items.length === 0) return false;
  return patches.items.every((patch) => stringOf(lookup(patch, 'match', 'context')) === 'GATEWAY');
}

function spire(view: MeshView): (YamlNode | undefined)[] {
  const registered = view.ofKind('ClusterSPIFFEID.spire.spiffe.io').map((resource) => resource.titlePlace);
  const mounted = view.index.grouped('spire', 'workloads', (workload) => (spireOf(workload) === undefined ? [] : SPIRE));
  return [...registered, ...mounted.get('spire').map(spireOf)];
}

const SPIRE: readonly string[] = ['spire'];

/** The injection template or the CSI volume by which a pod gets SPIRE's socket. */
function spireOf(workload: Resource): YamlNode | undefined {
  const template = podTemplateOf(workload);
  if (template === undefined) return undefined;
  const templates = template.annotations.get('inject.istio.io/templates');
  const named = templates.is === 'known' && templates.value.split(',').some((name) => name.trim() === 'spire');
  if (named) return templates.node;
  const drivers = itemsOf(lookup(template.spec, 'volumes')).map((volume) => lookup(volume, 'csi', 'driver'));
  return drivers.find((driver) => stringOf(driver) === 'csi.spiffe.io');
}

function virtualMachines(view: MeshView): (YamlNode | undefined)[] {
  const kinds = ['WorkloadGroup.networking.istio.io', 'WorkloadEntry.networking.istio.io'];
  return kinds.flatMap((kind) => view.ofKind(kind).map((resource) => resource.titlePlace));
}

/** Either side of it: a cluster that uses another's control plane, and one whose control plane serves others. */
function primaryRemote(view: MeshView): (YamlNode | undefined)[] {
  const annotated = view.ofKind('Namespace').map((namespace) => {
    const annotation = namespace.annotations.get('topology.istio.io/controlPlaneClusters');
    return annotation.is === 'known' ? annotation.node : undefined;
  });
  const operators = view.ofKind('IstioOperator.install.istio.io');
  const profiles = operators.map((operator) => operator.at('spec', 'profile')).filter((node) => stringOf(node) === 'remote');
  const values = [
    ...operators.map((operator) => remoteValue((...path) => lookup(operator.at('spec', 'values'), ...path))),
    ...installedCharts(view).map(([, reference]) => remoteValue((...path) => helmValue(reference, ...path))),
  ];
  return [...annotated, ...profiles, ...values];
}

/** Chart values of istiod (istio/istio manifests/charts/istio-control/istio-discovery/values.yaml, 1.32 development). */
function remoteValue(at: (...path: readonly string[]) => YamlNode | undefined): YamlNode | undefined {
  const address = at('global', 'remotePilotAddress');
  if ((stringOf(address) ?? '') !== '') return address;
  const external = at('global', 'externalIstiod');
  return booleanOf(external) === true ? external : undefined;
}

function disabledMtls(view: MeshView): (YamlNode | undefined)[] {
  const disabling = view.index.grouped('disabled mTLS', ['PeerAuthentication.security.istio.io'], (policy) =>
    disabledModes(policy).length === 0 ? [] : DISABLE,
  );
  return disabling.get('DISABLE').flatMap(disabledModes);
}

const DISABLE: readonly string[] = ['DISABLE'];

function disabledModes(policy: Resource): (YamlNode | undefined)[] {
  const ports = entriesOf(policy.at('spec', 'portLevelMtls')).map(({ value }) => lookup(value, 'mode'));
  return [policy.at('spec', 'mtls', 'mode'), ...ports].filter((mode) => stringOf(mode) === 'DISABLE');
}

function sidecarResources(view: MeshView): (YamlNode | undefined)[] {
  return view.ofKind('Sidecar.networking.istio.io').flatMap((sidecar) => {
    const egressMode = sidecar.at('spec', 'outboundTrafficPolicy', 'mode');
    const blocks = stringOf(egressMode) === 'REGISTRY_ONLY' ? egressMode : undefined;
    const opened = itemsOf(sidecar.at('spec', 'egress')).map((listener) => lookup(listener, 'port') ?? lookup(listener, 'bind'));
    const listeners = [...itemsOf(sidecar.at('spec', 'ingress')), ...opened];
    return [blocks, listeners.find(isSet)];
  });
}

/** Routes are many, and few of them need a sidecar: what tells is kept by what each says of itself. */
const ROUTES: readonly KindName[] = ['VirtualService.networking.istio.io'];

function sourceRouting(view: MeshView): (YamlNode | undefined)[] {
  const routes = view.index.grouped('routes by source', ROUTES, (route) =>
    isMeshBound(route) && sourcesOf(route).length > 0 ? [SOURCE] : [],
  );
  return routes.get(SOURCE).flatMap(sourcesOf);
}

const SOURCE = 'source';

function sourcesOf(route: Resource): YamlNode[] {
  const matches = (protocol: string): readonly YamlNode[] =>
    itemsOf(route.at('spec', protocol)).flatMap((rule) => itemsOf(lookup(rule, 'match')));
  const byLabels = ['http', 'tls', 'tcp'].flatMap((protocol) => matches(protocol).map((match) => lookup(match, 'sourceLabels')));
  const byNamespace = ['tls', 'tcp'].flatMap((protocol) => matches(protocol).map((match) => lookup(match, 'sourceNamespace')));
  return [...byLabels, ...byNamespace].filter((node) => isSet(node)).filter((node) => node.type !== 'unknown');
}

function clientRouting(view: MeshView): (YamlNode | undefined)[] {
  const routes = view.index.grouped('routes of clients', ROUTES, (route) =>
    isMeshBound(route) && hostsElsewhere(route).length > 0 ? [CLIENT] : [],
  );
  return routes.get(CLIENT).flatMap(hostsElsewhere);
}

const CLIENT = 'client';

/** The hosts that a route takes in another namespace than its own. */
function hostsElsewhere(route: Resource): readonly YamlNode[] {
  const own = route.header.namespace;
  if (own.is !== 'known') return [];
  return itemsOf(route.at('spec', 'hosts')).filter((host) => {
    const target = serviceOf(stringOf(host), own.value);
    return target !== undefined && target.namespace !== own.value;
  });
}

function headlessRouting(view: MeshView): (YamlNode | undefined)[] {
  const headless = view.index.grouped('headless', ['Service'], (service) => (isHeadless(service) ? [HEADLESS] : []));
  const routes = view.index.grouped('routes by Service', ROUTES, (route) =>
    isMeshBound(route) ? [...new Set(targetsOf(route).map(({ key }) => key))] : [],
  );
  const byKey = new Map(headless.get(HEADLESS).map((service) => [service.key, service]));
  return [...byKey].flatMap(([key, { namespace, name }]) => {
    if (key === undefined || namespace === undefined || name === undefined) return [];
    if (!view.index.named('Service', namespace, name).every(isHeadless)) return [];
    return routes.get(key).flatMap((route) => targetsOf(route).flatMap((target) => (target.key === key ? target.host : [])));
  });
}

const HEADLESS = 'headless';

function isHeadless(service: Resource): boolean {
  return stringOf(service.at('spec', 'clusterIP')) === 'None';
}

/** The Services that a route's hosts mean, by their keys. */
function targetsOf(route: Resource): { readonly host: YamlNode; readonly key: string }[] {
  const own = route.namespace;
  if (own === undefined) return [];
  return itemsOf(route.at('spec', 'hosts')).flatMap((host) => {
    const target = serviceOf(stringOf(host), own);
    return target === undefined ? [] : [{ host, key: keyOf('Service', target.namespace, target.name) }];
  });
}

/** The Service that a VirtualService's host means: a short name in its own namespace, or a name in full. */
function serviceOf(host: string | undefined, own: string): { readonly namespace: string; readonly name: string } | undefined {
  if (host === undefined) return undefined;
  const [name = '', namespace, svc] = host.split('.');
  if (namespace === undefined) return name === '*' ? undefined : { namespace: own, name };
  return svc === 'svc' && host.endsWith('.svc.cluster.local') ? { namespace, name } : undefined;
}
