import { infrastructureRole } from '../mesh/infrastructure';
import type { InfrastructureRole } from '../mesh/infrastructure';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { objectsOf, objectsOfKind, query } from './evidence';
import type { Definitions } from './evidence';

/** `stats-filter-1.16`, `tcp-metadata-exchange-1.16`, … */
const GENERATED_FILTER = /^(?:tcp-)?(?:stats|metadata-exchange|stackdriver)(?:-filter)?-\d/;

/** The workloads that are no part of a mesh, an add-on or an operator: the ones that every count is about. */
export function applicationWorkloads(view: MeshView): readonly Definitions[] {
  return query(view, 'workloads', () =>
    // A Rollout that refers to a Deployment has no template: the Deployment is the workload.
    objectsOf(view.index.workloads().filter((resource) => podTemplateOf(resource) !== undefined)).filter(isApplication),
  );
}

/** The workloads that are part of something else, by what that is. */
export function infrastructure(view: MeshView): ReadonlyMap<InfrastructureRole, readonly Resource[]> {
  return query(view, 'infrastructure', () => {
    const byRole = new Map<InfrastructureRole, Resource[]>();
    for (const workload of view.index.workloads()) {
      const role = infrastructureRole(workload);
      if (role !== undefined) byRole.set(role, [...(byRole.get(role) ?? []), workload]);
    }
    return byRole;
  });
}

/** The Services that are no part of a mesh, an add-on or an operator by their own names and labels. */
export function applicationServices(view: MeshView): readonly Definitions[] {
  return query(view, 'applicationServices', () => objectsOfKind(view, 'Service').filter(isApplication));
}

function isApplication(definitions: Definitions): boolean {
  return definitions.every((resource) => infrastructureRole(resource) === undefined);
}

/** Labels of what Linkerd's charts install (linkerd/linkerd2 charts, viz/ and multicluster/ charts, edge-26.8.3). */
const LINKERD_MARKS = ['linkerd.io/extension', 'linkerd.io/control-plane-component', 'linkerd.io/control-plane-ns'];

/**
 * Whether a resource belongs to what a mesh installs for itself, and so says nothing of what the team uses: Linkerd's extensions bring
 * policies and profiles of their own, and Istio's charts up to 1.19 an EnvoyFilter for each kind of telemetry
 * (istio/istio manifests/charts/istio-control/istio-discovery/templates/telemetryv2_*.yaml). A Link is the team's, wherever it stands.
 */
export function isOwnOfMesh(resource: Resource): boolean {
  if (resource.kind === 'EnvoyFilter.networking.istio.io') return GENERATED_FILTER.test(resource.name ?? '');
  if (resource.kind === 'Link.multicluster.linkerd.io') return false;
  // An open map of labels may hold anything; only a key that is written marks.
  return resource.labels.keys().some((key) => LINKERD_MARKS.includes(key)) || isLinkerdNamespace(resource.namespace);
}

/** The objects of a kind that are not the mesh's own. */
export function usedOfKind(view: MeshView, kind: string): readonly Definitions[] {
  return objectsOfKind(view, kind).filter((definitions) => !definitions.every(isOwnOfMesh));
}

/** The namespaces that Linkerd's control plane and extensions are installed to unless told otherwise. */
export function isLinkerdNamespace(namespace: string | undefined): boolean {
  return namespace !== undefined && /^linkerd(?:-(?:viz|multicluster|jaeger|smi|buoyant|cni))?$/.test(namespace);
}
