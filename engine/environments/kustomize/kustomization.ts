import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, Place, YamlNode } from '../../yaml/tree';
import { baseNameOf, resolvePath } from '../paths';
import type { Repository } from '../repository';

/** Names that kustomize accepts, exactly one a directory (kustomize v5 api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Something that keeps a kustomization from being built as written; the finding stands at `place`. */
export interface KustomizeProblem {
  readonly place: Place;
  readonly message: string;
}

/** A kustomization's file, read. */
export interface Kustomization {
  readonly directory: string;
  readonly file: string;
  readonly root: MapNode;
  /** A `kind: Component` is applied to the kustomizations that list it and is never built alone. */
  readonly isComponent: boolean;
  /** What was written into it (edited.ts); undefined for one that is as its file says. */
  readonly edits?: MapNode;
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

/** What an entry names, and where the entry stands. */
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

/** The files and directories that `generators` and `transformers` list; entries that are the object itself are not among them. */
export function pluginReferencesOf(repository: Repository, kustomization: Kustomization): Reference[] {
  return ['generators', 'transformers'].flatMap((field) =>
    itemsOf(kustomization.root.get(field)).flatMap((node) => {
      const written = stringOf(node);
      if (written === undefined || written.includes('\n') || written.trimStart().startsWith('{')) return [];
      return [resolveReference(repository, kustomization.directory, written, node, field)];
    }),
  );
}

/** Fields that are not built: their kustomization is partial, and nothing is concluded from what it lacks. */
export function notBuilt({ root }: Kustomization): string[] {
  const charts = ['helmCharts', 'helmChartInflationGenerator'].filter((field) => root.entry(field) !== undefined);
  // Another schema merges lists by other keys.
  return lookup(root, 'openapi', 'path') === undefined ? charts : [...charts, 'openapi'];
}

/** Every field of a kustomization (kustomize v5.8.1 api/types/kustomization.go), as they are compared: without regard to case. */
const FIELDS: ReadonlySet<string> = new Set(
  (
    'apiVersion kind metadata openapi namePrefix nameSuffix namespace commonLabels labels commonAnnotations patchesStrategicMerge ' +
    'patchesJson6902 patches images imageTags replacements replicas vars sortOptions resources components crds bases ' +
    'configMapGenerator secretGenerator helmGlobals helmCharts helmChartInflationGenerator generatorOptions configurations generators ' +
    'transformers validators buildMetadata'
  )
    .toLowerCase()
    .split(' '),
);

const VERSIONS = { Kustomization: 'kustomize.config.k8s.io/v1beta1', Component: 'kustomize.config.k8s.io/v1alpha1' } as const;

/** What is wrong with the file itself, before anything is built. */
export function faultsOf(repository: Repository, { directory, file, root }: Kustomization): KustomizeProblem[] {
  const problems: KustomizeProblem[] = [];
  // What something else makes is no file of that name.
  if (!KUSTOMIZATION_FILES.includes(baseNameOf(file))) return problems;
  const refuse = (node: YamlNode, message: string): unknown => problems.push({ place: { node }, message });
  for (const { key } of root.ownEntries) {
    if (FIELDS.has(String(key.value).toLowerCase())) continue;
    refuse(key, `A kustomization has no field "${key.value}", so kustomize refuses to read the file. Correct or remove it.`);
  }
  const kind = root.get('kind');
  const name = stringOf(kind) ?? 'Kustomization';
  if (kind !== undefined && name !== 'Kustomization' && name !== 'Component')
    refuse(kind, `The kind of a kustomization is Kustomization or Component: kustomize refuses "${name}".`);
  const apiVersion = root.get('apiVersion');
  const wanted = VERSIONS[name === 'Component' ? 'Component' : 'Kustomization'];
  const version = stringOf(apiVersion);
  if (apiVersion !== undefined && version !== undefined && version !== '' && version !== wanted)
    refuse(apiVersion, `The API version of a ${name} is ${wanted}: kustomize refuses "${version}".`);
  if (!root.open && root.entries.every(({ key }) => key.value === 'apiVersion' || key.value === 'kind'))
    refuse(
      kind ?? apiVersion ?? root,
      'This kustomization is empty: kustomize refuses to build it. List resources, or remove the file.',
    );
  const others = KUSTOMIZATION_FILES.map((other) => (directory === '' ? other : `${directory}/${other}`));
  const second = others.find((other) => other !== file && repository.exists(other));
  if (second !== undefined)
    refuse(
      root.entries[0]?.key ?? root,
      `The directory holds ${second} as well: kustomize refuses more than one kustomization. Remove one.`,
    );
  return problems;
}
