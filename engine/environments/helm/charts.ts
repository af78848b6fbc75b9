import type { YamlNode } from '../../yaml/tree';
import type { Delivery } from '../gitops/delivery';
import { UNRENDERED } from '../environment';
import { isInside } from '../paths';
import type { Repository } from '../repository';

/** The files of a chart in this repository that become objects: its templates and its CRDs, subcharts' too. */
export function chartContent(repository: Repository, directory: string): Pick<Delivery, 'files' | 'partial'> {
  const files = repository
    .paths()
    .filter((path) => isInside(path, directory) && /\/(?:templates|crds)\//.test(`/${path.slice(directory.length)}`))
    .filter((path) => repository.hasResources(path));
  return { files, partial: [UNRENDERED] };
}

/** The tree of a values file; undefined when its text is not here. A file that holds nothing sets nothing, and is an empty tree. */
export function valuesTree(repository: Repository, path: string | undefined): YamlNode | undefined {
  const manifest = path === undefined ? undefined : repository.manifest(path);
  return manifest?.documents.find((document) => document.root !== undefined)?.root;
}

/** Whether templates of a file see the chart's values as its own: those of a subchart see a part of them. */
export function isOwnTemplate(file: string, directory: string): boolean {
  const below = directory === '' ? file : file.slice(directory.length + 1);
  return below.startsWith('templates/');
}

/** The files that say what a chart is and consists of. */
export function chartFiles(repository: Repository, directory: string): readonly string[] {
  return ['Chart.yaml', 'requirements.yaml'].map((name) => valuesFile(directory, name)).filter((path) => repository.exists(path));
}

export function valuesFile(directory: string, name = 'values.yaml'): string {
  return directory === '' ? name : `${directory}/${name}`;
}
