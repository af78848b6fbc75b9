import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { acrossEnvironments, sectionsFrom } from './across';
import type { InEnvironment, Section } from './across';
import { environmentName } from './file';
import { explainResource } from './resource';
import { groupBy } from './statement';

/** A resource as people name it. */
export interface Wanted {
  /** Without its group, in whatever case. */
  readonly kind: string;
  /** Undefined for any. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * What meshes make of the resources of a name, a section each: workloads, Services, Namespaces and PeerAuthentications.
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
    const explanation = explainResource(resource, view, all);
    return explanation === undefined ? [] : [{ environment: environmentName(view), explanation }];
  });
  const among = [...new Set(told.map(({ environment }) => environment))];
  const drafts = [...groupBy(told, ({ explanation }) => explanation.subject).values()].map((same) =>
    acrossEnvironments(same, among),
  );
  return sectionsFrom(drafts);
}

function isWanted({ header, name, namespace, isClusterScoped }: Resource, wanted: Wanted): boolean {
  if (header.kind.toLowerCase() !== wanted.kind.toLowerCase() || name !== wanted.name) return false;
  if (wanted.namespace === undefined || isClusterScoped) return true;
  // One that sets none may be applied to any.
  return (namespace ?? UNSET_NAMESPACE) === wanted.namespace || header.namespace.is !== 'known';
}
