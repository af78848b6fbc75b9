import { groupByFolder } from '../folders';
import { directoryOf } from '../paths';

/** Where objects that deploy stand: one file, or one build. */
export interface Container {
  /** The file, or the kustomization of the build. */
  readonly path: string;
}

/** The objects that one controller reads: those that are applied to one cluster. */
export interface Home<C extends Container> {
  readonly root: string;
  /** Whether the directory stands for a cluster, so that all of it lands there. */
  readonly isClusterDirectory: boolean;
  /** Whether there are others beside it, so that its directory tells it apart. */
  readonly isOneOfSeveral: boolean;
  readonly containers: readonly C[];
}

/** `clusters/<name>` is what `flux bootstrap` and most repositories call a cluster's directory (fluxcd.io repository-structure, 2.9). */
const CLUSTER_DIRECTORY = /^(?:.*?\/)?clusters?\/[^/]+(?=\/)/;

/**
 * Parts objects that deploy by the cluster that they are applied to, which nothing in them says. A cluster's directory is one. Of the
 * others, folders side by side that say the same thing are different ones, as with manifests: one controller cannot have both.
 *
 * @param keysOf what a container defines or brings, each thing under a name of its own
 */
export function homesOf<C extends Container>(containers: readonly C[], keysOf: (container: C) => readonly string[]): Home<C>[] {
  const byDirectory = new Map<string, C[]>();
  const others: C[] = [];
  for (const container of containers) {
    const directory = CLUSTER_DIRECTORY.exec(container.path)?.[0];
    if (directory === undefined) others.push(container);
    else byDirectory.set(directory, [...(byDirectory.get(directory) ?? []), container]);
  }
  const byPath = new Map(others.map((container) => [container.path, container]));
  const groups = groupByFolder(others.map((container) => ({ path: container.path, keys: keysOf(container), isKeyed: true })));
  const isOneOfSeveral = byDirectory.size + groups.length > 1;
  return [
    ...[...byDirectory].map(([root, held]) => ({ root, isClusterDirectory: true, isOneOfSeveral, containers: held })),
    ...groups.map(({ root, files }) => ({
      root: root === '' ? commonDirectory(files.map(directoryOf)) : root,
      isClusterDirectory: false,
      isOneOfSeveral,
      containers: files.flatMap((path) => byPath.get(path) ?? []),
    })),
  ];
}

/** The deepest directory that all lie in. */
export function commonDirectory(directories: readonly string[]): string {
  const [first = [], ...others] = directories.map((directory) => (directory === '' ? [] : directory.split('/')));
  const parts = [...first];
  for (const other of others) {
    const differs = parts.findIndex((part, i) => other[i] !== part);
    if (differs >= 0) parts.length = differs;
  }
  return parts.join('/');
}
