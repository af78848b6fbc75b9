import { entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, Place, YamlNode } from '../../yaml/tree';
import { resolvePath } from '../paths';
import type { Repository } from '../repository';

/** Names that kustomize accepts, exactly one a directory (kustomize v5 api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Something that keeps a kustomization from being built as written; the finding stands at `place`. */
export interface KustomizeProblem {
  readonly place: Place;
  readonly message: string;
}

export interface Kustomization {
  readonly directory: string;
  readonly file: string;
  readonly root: MapNode;
  /** A `kind: Component` is applied to the kustomizations that list it and is never built alone. */
  readonly isComponent: boolean;
}

/**
 * The kustomization of a directory. Undefined when there is none, when its text cannot be read as a map, and for a Flux Kustomization,
 * which shares the file name and the kind but not the API group.
 */
export function kustomizationIn(repository: Repository, directory: string): Kustomization | undefined {
  for (const name of KUSTOMIZATION_FILES) {
    const file = directory === '' ? name : `${directory}/${name}`;
    if (!repository.exists(file)) continue;
    const root = repository.manifest(file)?.documents.find((document) => document.root !== undefined)?.root;
    if (root?.type !== 'map') continue;
    const apiVersion = stringOf(root.get('apiVersion'));
    if (apiVersion !== undefined && !apiVersion.startsWith('kustomize.config.k8s.io/')) continue;
    return { directory, file, root, isComponent: stringOf(root.get('kind')) === 'Component' };
  }
  return undefined;
}

export type Reference =
  | { readonly to: 'directory' | 'file'; readonly path: string; readonly node: YamlNode; readonly field: string }
  | { readonly to: 'remote'; readonly path: string; readonly node: YamlNode; readonly field: string }
  | { readonly to: 'nothing'; readonly problem: KustomizeProblem; readonly field: string };

/** What `resources`, `bases` and `components` name, in the order in which kustomize reads them. */
export function referencesOf(repository: Repository, kustomization: Kustomization): Reference[] {
  return ['resources', 'bases', 'components'].flatMap((field) =>
    itemsOf(kustomization.root.get(field)).flatMap((node) => {
      const written = stringOf(node);
      return written === undefined ? [] : [resolveReference(repository, kustomization.directory, written, node, field)];
    }),
  );
}

/** Resolves one path that a kustomization names. */
export function resolveReference(
  repository: Repository,
  directory: string,
  written: string,
  node: YamlNode,
  field: string,
): Reference {
  if (isRemote(written)) return { to: 'remote', path: written, node, field };
  const path = resolvePath(directory, written);
  if (path === undefined)
    return nothing(field, node, `"${written}" leads out of the repository, so it is not read; what it holds is missing here.`);
  if (repository.exists(path)) return { to: 'file', path, node, field };
  if (!repository.isDirectory(path)) {
    return nothing(
      field,
      node,
      `"${written}" does not exist, so kustomize cannot build this directory. Correct the path or remove the entry.`,
    );
  }
  if (kustomizationIn(repository, path) === undefined) {
    const message = `The directory "${written}" holds no kustomization.yaml, so kustomize cannot build it. Add one, or list the files instead.`;
    return nothing(field, node, message);
  }
  return { to: 'directory', path, node, field };
}

function nothing(field: string, node: YamlNode, message: string): Reference {
  return { to: 'nothing', field, problem: { place: { node }, message } };
}

/** Git URLs, `github.com/…` shorthands and http(s) files (kustomize api/internal/git/repospec.go). */
function isRemote(written: string): boolean {
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|git::|github\.com[/:]|gitlab\.com\/|bitbucket\.org\/)/i.test(written) ||
    written.includes('?ref=')
  );
}

/** Files that patches name, for telling which files a kustomization uses. */
export function patchFilesOf(kustomization: Kustomization): string[] {
  const files: string[] = [];
  const add = (node: YamlNode | undefined): void => {
    const written = stringOf(node);
    const path = written === undefined || written.includes('\n') ? undefined : resolvePath(kustomization.directory, written);
    if (path !== undefined) files.push(path);
  };
  for (const field of ['patches', 'patchesJson6902', 'replacements']) {
    for (const item of itemsOf(kustomization.root.get(field))) add(lookup(item, 'path') ?? item);
  }
  for (const field of ['patchesStrategicMerge', 'configurations', 'crds', 'transformers', 'generators', 'validators']) {
    itemsOf(kustomization.root.get(field)).forEach(add);
  }
  for (const field of ['configMapGenerator', 'secretGenerator']) {
    for (const item of itemsOf(kustomization.root.get(field))) {
      for (const list of ['files', 'envs']) {
        for (const file of itemsOf(lookup(item, list))) {
          const written = stringOf(file);
          const path =
            written === undefined ? undefined : resolvePath(kustomization.directory, written.slice(written.indexOf('=') + 1));
          if (path !== undefined) files.push(path);
        }
      }
    }
  }
  return files;
}

/** Fields whose effect is not built yet: their kustomization is partial, and nothing is concluded from what it lacks. */
const NOT_BUILT: readonly string[] = [
  'namePrefix',
  'nameSuffix',
  'replacements',
  'vars',
  'transformers',
  'generators',
  'configurations',
  'helmCharts',
  'helmChartInflationGenerator',
];

export function notBuilt(kustomization: Kustomization): string[] {
  return entriesOf(kustomization.root)
    .map((entry) => String(entry.key.value))
    .filter((field) => NOT_BUILT.includes(field));
}
