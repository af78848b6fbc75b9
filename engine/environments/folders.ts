import { directoryOf } from './paths';

/** A manifest that no kustomization, chart or configuration claims. */
export interface LooseFile {
  readonly path: string;
  /** The identities of what it defines, as far as other files define them too. */
  readonly keys: readonly string[];
  /** Whether it defines something whose identity is known. */
  readonly isKeyed: boolean;
}

/** Files that share a cluster: a folder's own tree, with the files of the folders above it. */
export interface FolderGroup {
  readonly root: string;
  readonly files: readonly string[];
}

interface Folder {
  readonly path: string;
  readonly files: LooseFile[];
  readonly children: Map<string, Folder>;
}

/**
 * Parts loose files into environments. Sibling folders whose trees define the same resource are different environments; each also has the
 * files that stand directly in the folders above it. Siblings that share no resource stay together, as one environment of their parent.
 */
export function groupByFolder(files: readonly LooseFile[]): FolderGroup[] {
  const root: Folder = { path: '', files: [], children: new Map() };
  for (const file of files) folderFor(root, directoryOf(file.path)).files.push(file);
  const groups: FolderGroup[] = [];
  part(root, [], groups);
  return groups.filter((group) => group.files.length > 0);
}

function folderFor(root: Folder, directory: string): Folder {
  let folder = root;
  if (directory === '') return folder;
  for (const name of directory.split('/')) {
    let child = folder.children.get(name);
    if (child === undefined) {
      child = { path: folder.path === '' ? name : `${folder.path}/${name}`, files: [], children: new Map() };
      folder.children.set(name, child);
    }
    folder = child;
  }
  return folder;
}

/** Adds the environments of a folder; `inherited` are the files of the folders above. */
function part(folder: Folder, inherited: readonly string[], groups: FolderGroup[]): void {
  const own = [...inherited, ...folder.files.map((file) => file.path)];
  const splits = new Set<Folder>();
  const together: string[] = [];
  collect(folder, splits, together);
  const hasOwnResources = folder.files.some((file) => file.isKeyed);
  if (splits.size === 0 || together.length > 0 || hasOwnResources)
    groups.push({ root: folder.path, files: [...own, ...together] });
  for (const child of splits) part(child, own, groups);
}

/**
 * Finds, below a folder, the folders that conflict with a sibling (`splits`), and the files of all others (`together`).
 * A folder that does not conflict itself is looked into: its own children may conflict with each other.
 */
function collect(folder: Folder, splits: Set<Folder>, together: string[]): void {
  const conflicting = conflictsAmong([...folder.children.values()]);
  for (const child of folder.children.values()) {
    if (conflicting.has(child)) splits.add(child);
    else {
      together.push(...child.files.map((file) => file.path));
      collect(child, splits, together);
    }
  }
}

function conflictsAmong(siblings: readonly Folder[]): Set<Folder> {
  const owners = new Map<string, Folder>();
  const conflicting = new Set<Folder>();
  for (const sibling of siblings) {
    for (const key of keysBelow(sibling)) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, sibling);
      else if (owner !== sibling) {
        conflicting.add(owner);
        conflicting.add(sibling);
      }
    }
  }
  return conflicting;
}

function* keysBelow(folder: Folder): Iterable<string> {
  for (const file of folder.files) yield* file.keys;
  for (const child of folder.children.values()) yield* keysBelow(child);
}
