import { baseNameOf } from '../environments/paths';
import type { MeshView } from '../mesh/view';
import { fileKindOf, fileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';

/**
 * The files about charts that are no resources, and so in no environment: those of the whole repository, as their findings are told for
 * every environment. Kustomizations are told apart: an environment is built from its own.
 */
export function fileSubjectsOf(view: MeshView): readonly Resource[] {
  const used = new Set(view.environment().files);
  return view.repository.paths().flatMap((path) => {
    const kind = fileKindOf(baseNameOf(path));
    const belongs = kind !== 'file:.mesh-lint.yaml' && (kind !== 'file:kustomization.yaml' || used.has(path));
    if (kind === undefined || !belongs) return [];
    return (view.repository.manifest(path)?.documents ?? []).map((document) => fileSubject(kind, document));
  });
}
