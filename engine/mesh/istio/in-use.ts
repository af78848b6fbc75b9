import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { Place } from '../../yaml/tree';
import type { MeshView } from '../view';
import { controlPlaneParts } from './control-plane';

/** That an environment's cluster has Istio, and what shows it. */
export interface IstioUse {
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
  readonly place: Place;
  /** The Namespace label by which workloads here join the mesh; undefined where no Namespace has one. */
  readonly joinedBy: NamespaceLabel | undefined;
}

export interface NamespaceLabel {
  readonly key: string;
  readonly value: string;
}

/** The kinds that only Istio reads (istio/istio pkg/config/schema/metadata.yaml, 1.32 development). */
export const ISTIO_KINDS: readonly string[] = [
  'VirtualService.networking.istio.io',
  'DestinationRule.networking.istio.io',
  'Gateway.networking.istio.io',
  'ServiceEntry.networking.istio.io',
  'Sidecar.networking.istio.io',
  'EnvoyFilter.networking.istio.io',
  'WorkloadEntry.networking.istio.io',
  'WorkloadGroup.networking.istio.io',
  'ProxyConfig.networking.istio.io',
  'PeerAuthentication.security.istio.io',
  'AuthorizationPolicy.security.istio.io',
  'RequestAuthentication.security.istio.io',
  'Telemetry.telemetry.istio.io',
  'WasmPlugin.extensions.istio.io',
  'TrafficExtension.extensions.istio.io',
];

/**
 * Whether an environment shows that Istio is in use: a Namespace or a workload joins it, its control plane is installed, or resources of
 * its kinds are there. A memoised query.
 *
 * @returns the first sign, in this order; undefined when there is none
 */
export function istioUse(view: MeshView): IstioUse | undefined {
  return view.extension('istio.use', (graph) => graph.computed('istio.use', () => findUse(view))).get();
}

/** The label by which a Namespace brings its pods into Istio; undefined when none does, or a template hides it. */
export function joiningLabel(namespace: Resource): (NamespaceLabel & { readonly place: Place }) | undefined {
  const { labels } = namespace;
  const injection = labels.get('istio-injection');
  const revision = labels.get('istio.io/rev');
  const mode = labels.get('istio.io/dataplane-mode');
  if (injection.is === 'known' && injection.value === 'enabled') {
    return { key: 'istio-injection', value: injection.value, place: { node: injection.node } };
  }
  if (injection.is === 'absent' && revision.is === 'known' && revision.value !== '') {
    return { key: 'istio.io/rev', value: revision.value, place: { node: revision.node } };
  }
  if (mode.is !== 'known' || mode.value !== 'ambient') return undefined;
  return { key: 'istio.io/dataplane-mode', value: mode.value, place: { node: mode.node } };
}

function findUse(view: MeshView): IstioUse | undefined {
  return joinedNamespace(view) ?? controlPlane(view) ?? joinedWorkload(view) ?? istioResource(view);
}

function joinedNamespace(view: MeshView): IstioUse | undefined {
  for (const namespace of view.ofKind('Namespace')) {
    const label = joiningLabel(namespace);
    if (label === undefined) continue;
    const { key, value, place } = label;
    return { reason: `${namespace.title} has ${key}=${value}`, place, joinedBy: { key, value } };
  }
  return undefined;
}

function controlPlane(view: MeshView): IstioUse | undefined {
  const [part] = controlPlaneParts(view);
  if (part === undefined) return undefined;
  return { reason: `${part.resource.title} installs it`, place: { node: part.node }, joinedBy: undefined };
}

function joinedWorkload(view: MeshView): IstioUse | undefined {
  for (const workload of view.index.workloads()) {
    const membership = view.membership(workload);
    const node = workload.titlePlace;
    if (membership === undefined || node === undefined) continue;
    const joins = membership.sidecar.joins === 'yes' || membership.ambient.joins === 'yes';
    if (!joins && !asks(workload)) continue;
    return { reason: `${workload.title} ${joins ? 'joins' : 'asks for'} it`, place: { node }, joinedBy: undefined };
  }
  return undefined;
}

/** Whether pods ask to join, even where a Namespace that no file shows may keep them out. */
function asks(workload: Resource): boolean {
  const labels = podTemplateOf(workload)?.labels;
  const inject = labels?.get('sidecar.istio.io/inject');
  const mode = labels?.get('istio.io/dataplane-mode');
  return (inject?.is === 'known' && inject.value === 'true') || (mode?.is === 'known' && mode.value === 'ambient');
}

function istioResource(view: MeshView): IstioUse | undefined {
  for (const kind of ISTIO_KINDS) {
    for (const resource of view.ofKind(kind)) {
      const node = resource.titlePlace;
      if (node !== undefined) return { reason: `${resource.title} configures it`, place: { node }, joinedBy: undefined };
    }
  }
  return undefined;
}
