import { PEER_AUTHENTICATION } from '../mesh/mtls';
import type { MeshView } from '../mesh/view';
import type { KindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import { isWorkload, isWorkloadKind } from '../resources/workload';
import { explainNamespace } from './namespace';
import { explainPeerAuthentication } from './peer-authentication';
import { explainService } from './service';
import type { Explanation } from './statement';
import { explainWorkload } from './workload';

/** What a resource does, by its kind; undefined for kinds about which there is nothing to say. */
export function explainResource(resource: Resource, view: MeshView, views: readonly MeshView[]): Explanation | undefined {
  if (isWorkload(resource)) return explainWorkload(resource, view, views);
  switch (resource.kind) {
    case 'Service':
      return explainService(resource, view, views);
    case 'Namespace':
      return explainNamespace(resource, view, views);
    case PEER_AUTHENTICATION:
      return explainPeerAuthentication(resource, view);
    default:
      return undefined;
  }
}

/** Whether `explainResource` has something to say of a resource. */
export function isExplained(resource: Resource): boolean {
  return isExplainedKind(resource.kind) || isWorkload(resource);
}

/** Whether `explainResource` has something to say of every resource of a kind. */
export function isExplainedKind(kind: KindName): boolean {
  return isWorkloadKind(kind) || kind === 'Service' || kind === 'Namespace' || kind === PEER_AUTHENTICATION;
}
