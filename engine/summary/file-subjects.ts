import { baseNameOf, directoryOf, isInside } from '../environments/paths';
import type { MeshView } from '../mesh/view';
import { fileKindOf, fileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';

/**
 * The files that go with an environment without being resources of it: charts, their values and helmfiles beside its manifests or below
 * the folder that it is named after. Of an environment that is the repository itself, only those beside its manifests.
 */
export function fileSubjectsOf(view: MeshView): readonly Resource[] {
  const { plan, files } = view.environment();
  const directories = new Set([plan.root, ...files.map(directoryOf)]);
  return view.repository.paths().flatMap((path) => {
    const kind = fileKindOf(baseNameOf(path));
    const belongs = directories.has(directoryOf(path)) || (plan.root !== '' && isInside(path, plan.root));
    if (kind === undefined || kind === 'file:.mesh-lint.yaml' || !belongs) return [];
    return (view.repository.manifest(path)?.documents ?? []).map((document) => fileSubject(kind, document));
  });
}
