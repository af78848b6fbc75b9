import { baseNameOf, directoryOf, isInside } from '../../environments/paths';
import { fileKindOf, fileSubject } from '../../resources/file-subject';
import type { Resource } from '../../resources/resource';
import type { MeshView } from '../view';

/**
 * The files of Helm and its tools that say which charts an environment installs, as subjects: they are no resources, and so in no
 * environment's list. Those of the chart, the build or the folder. A memoised query.
 */
export function helmFileSubjects(view: MeshView): readonly Resource[] {
  const query = view.extension('helm.fileSubjects', (graph) => {
    const documents = graph.family('helm.fileSubject', (path: string) => subjectsOf(path, view));
    return graph.computed('helm.fileSubjects', () => pathsOf(view).flatMap(documents));
  });
  return query.get();
}

function subjectsOf(path: string, view: MeshView): readonly Resource[] {
  const kind = fileKindOf(baseNameOf(path));
  const documents = view.repository.manifest(path)?.documents ?? [];
  return kind === undefined ? [] : documents.map((document) => fileSubject(kind, document));
}

const CHART_FILES: ReadonlySet<string> = new Set(['file:Chart.yaml', 'file:requirements.yaml']);
const USED: ReadonlySet<string> = new Set([...CHART_FILES, 'file:kustomization.yaml']);

function pathsOf(view: MeshView): readonly string[] {
  const { plan, files } = view.scope();
  const { charts, helmfiles } = helmFilesAmong(view.repository.paths());
  const used = files.filter((path) => USED.has(kindOf(path)));
  const ofChart = plan.kind === 'helm' ? charts.filter((path) => isInside(path, plan.root)) : [];
  const directories = helmfiles.length === 0 ? undefined : new Set([plan.root, ...files.map(directoryOf)]);
  const beside = helmfiles.filter((path) => directories?.has(directoryOf(path)));
  return [...new Set([...used, ...ofChart, ...beside])].sort();
}

/** The ends and beginnings of their names, by which most paths are told to be none: there are many, and every environment goes through its own. */
const ENDS = ['Chart.yaml', 'requirements.yaml', 'kustomization.yaml', 'kustomization.yml', 'Kustomization'];

function kindOf(path: string): string {
  const mayBe = ENDS.some((end) => path.endsWith(end)) || path.includes('helmfile');
  return mayBe ? (fileKindOf(baseNameOf(path)) ?? '') : '';
}

interface HelmFiles {
  readonly charts: readonly string[];
  readonly helmfiles: readonly string[];
}

/** By the list of all paths, which stays the same while none comes or goes: every environment asks. */
const found = new WeakMap<readonly string[], HelmFiles>();

function helmFilesAmong(paths: readonly string[]): HelmFiles {
  const earlier = found.get(paths);
  if (earlier !== undefined) return earlier;
  const charts: string[] = [];
  const helmfiles: string[] = [];
  for (const path of paths) {
    const kind = kindOf(path);
    if (CHART_FILES.has(kind)) charts.push(path);
    else if (kind === 'file:helmfile.yaml') helmfiles.push(path);
  }
  const files = { charts, helmfiles };
  found.set(paths, files);
  return files;
}
