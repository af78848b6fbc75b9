import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isWorkloadKind } from '../resources/workload';
import { acrossEnvironments, sectionsFrom } from './across';
import type { InEnvironment, Section } from './across';
import { environmentName } from './file';
import { policyStatements } from './policies';
import { explainResource, isExplained } from './resource';
import { groupBy } from './statement';
import type { Explanation } from './statement';

/** A resource as people name it. */
export interface Wanted {
  /** Without its group, in whatever case. */
  readonly kind: string;
  /** Undefined for any. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * What meshes make of the resources of a name, a section each: workloads, Services, Namespaces and PeerAuthentications. Of workloads Istio's
 * policies for their pods are told as well.
 * @param views the environments to look in
 * @param all those of the repository
 * @returns undefined when there is no such resource; no sections when there is one about which there is nothing to say
 */
export function explainNamed(wanted: Wanted, views: readonly MeshView[], all: readonly MeshView[]): Section[] | undefined {
  const found = views.flatMap((view) =>
    view.environment().resources.flatMap((resource) => (isWanted(resource, wanted) ? [{ resource, view }] : [])),
  );
  if (found.length === 0) return undefined;
  const told = found.flatMap(({ resource, view }): InEnvironment[] => {
    const explanation = isExplained(resource.kind) ? explained(resource, view, all) : undefined;
    return explanation === undefined ? [] : [{ environment: environmentName(view), explanation }];
  });
  const among = [...new Set(told.map(({ environment }) => environment))];
  const drafts = [...groupBy(told, ({ explanation }) => explanation.subject).values()].map((same) =>
    acrossEnvironments(same, among),
  );
  return sectionsFrom(drafts);
}

function explained(resource: Resource, view: MeshView, all: readonly MeshView[]): Explanation | undefined {
  const explanation = explainResource(resource, view, all);
  if (explanation === undefined || !isWorkloadKind(resource.kind)) return explanation;
  return { ...explanation, statements: [...explanation.statements, ...policyStatements(resource, view)] };
}

function isWanted({ header, name, namespace, isClusterScoped }: Resource, wanted: Wanted): boolean {
  if (header.kind.toLowerCase() !== wanted.kind.toLowerCase() || name !== wanted.name) return false;
  if (wanted.namespace === undefined || isClusterScoped) return true;
  // One that sets none may be applied to any.
  return (namespace ?? UNSET_NAMESPACE) === wanted.namespace || header.namespace.is !== 'known';
}
