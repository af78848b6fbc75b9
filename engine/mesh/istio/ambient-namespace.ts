import type { Answer } from '../../resources/labels';
import { UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { MeshView } from '../view';

/**
 * Whether the namespace of a resource is in ambient mode as a whole: labelled `istio.io/dataplane-mode: ambient`, and with no label that
 * injects sidecars (istio/istio pkg/config/analysis/analyzers/util/in_mesh.go, 1.32 development). Unknown where no file defines the
 * Namespace.
 */
export function ambientNamespace(resource: Resource, view: MeshView): Answer {
  if (resource.header.namespace.is === 'unknown') return 'unknown';
  const label = (key: string) => view.namespaceLabel(resource.namespace ?? UNSET_NAMESPACE, key).value;
  const mode = label('istio.io/dataplane-mode');
  if (mode.is !== 'known') return mode.is === 'unknown' ? 'unknown' : 'no';
  if (mode.value !== 'ambient') return 'no';
  const injection = label('istio-injection');
  const revision = label('istio.io/rev');
  if (injection.is === 'known' && injection.value === 'enabled') return 'no';
  if (revision.is === 'known' && revision.value !== '') return 'no';
  return injection.is === 'unknown' || revision.is === 'unknown' ? 'unknown' : 'yes';
}
