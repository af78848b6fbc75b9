import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { GITIGNORE, type IgnoreRules, inheritedRules, withFile } from './ignores';
import { isInside, NEVER_ENTERED, realPath, realPathInside } from './inside';
import { reasonOf } from './reason';

/** One step of a walk: a file, or a folder that could not be listed. Paths are relative to the root, with `/`; the root itself is ''. */
export type WalkStep =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'problem'; readonly path: string; readonly reason: string };

// A folder that holds links to its neighbours can be reached by exponentially many paths, and nested folders make ignore rules slow.
const MOST_LINKED_ENTRIES = 20_000;
const DEEPEST = 100;

interface Folder {
  /** Relative to the root: '' or ending with `/`. */
  readonly path: string;
  /** Where it really is: a path without links on the way, which are slow to follow again and again. */
  readonly real: string;
  /** The real paths of the folders whose links led here. */
  readonly cameFrom: readonly string[];
  readonly depth: number;
  readonly rules: IgnoreRules;
}

interface Entry {
  readonly name: string;
  readonly file: boolean;
  /** Where a symbolic link leads; undefined for anything else. */
  readonly target: string | undefined;
}

/**
 * Lists every regular file of a folder that git would not ignore, sorted by path, folder by folder: whoever asks for the next step decides
 * how much is done at once.
 *
 * Symbolic links count as what they lead to, under the link's own path, but only inside the root; one that leads outside, or to a folder
 * that it stands in, is left out. So are `.git`, `node_modules`, and whatever is neither file nor folder. A folder that cannot be listed
 * is a problem and the rest goes on; a root that is not there is one problem with path ''.
 */
export function* walk(root: string): Generator<WalkStep, void, undefined> {
  const absolute = resolve(root);
  const { rules: inherited, base } = inheritedRules(absolute);
  const links = new Links(absolute);
  const rootFolder: Folder = { path: '', real: links.root, cameFrom: [], depth: 0, rules: inherited };

  const pending: (Folder | WalkStep)[] = [rootFolder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('kind' in next) {
      yield next;
      continue;
    }
    const folder = next;
    if (links.spent && folder.cameFrom.length > 0) continue;
    let listed: Dirent[];
    try {
      listed = readdirSync(folder.real, { withFileTypes: true });
    } catch (error) {
      yield { kind: 'problem', path: folder.path.slice(0, -1), reason: reasonOf(error) };
      continue;
    }
    const rules = listed.some((entry) => entry.name === GITIGNORE)
      ? withFile(folder.rules, base + folder.path, join(folder.real, GITIGNORE))
      : folder.rules;
    const entries = sorted(listed.map((entry) => links.resolve(folder, entry)));
    // The stack gives the last first.
    for (const entry of entries.reverse()) {
      const path = folder.path + entry.name;
      if (rules.ignores(base + path, !entry.file)) continue;
      if (entry.file) pending.push({ kind: 'file', path });
      else if (folder.depth >= DEEPEST)
        pending.push({ kind: 'problem', path, reason: `nested more than ${DEEPEST} folders deep` });
      else pending.push(below(folder, entry, rules));
    }
    if (folder.cameFrom.length > 0 && links.spend(entries.length)) {
      yield { kind: 'problem', path: folder.path.slice(0, -1), reason: 'too much is reached through symbolic links' };
    }
  }
}

function below(folder: Folder, entry: Entry, rules: IgnoreRules): Folder {
  return {
    path: `${folder.path}${entry.name}/`,
    real: entry.target ?? join(folder.real, entry.name),
    cameFrom: entry.target === undefined ? folder.cameFrom : [...folder.cameFrom, folder.real],
    depth: folder.depth + 1,
    rules,
  };
}

/** In the order of the whole paths that they lead to: a folder sorts by its name with the `/` that follows. */
function sorted(entries: readonly (Entry | undefined)[]): Entry[] {
  const key = (entry: Entry): string => (entry.file ? entry.name : `${entry.name}/`);
  return entries.filter((entry) => entry !== undefined).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Decides which entries a walk takes, and bounds what it takes through links. */
class Links {
  readonly root: string;
  private left = MOST_LINKED_ENTRIES;

  constructor(root: string) {
    const real = realPath(root);
    this.root = 'path' in real ? real.path : root;
  }

  /** An entry as file or folder; undefined when the walk passes it by. */
  resolve(folder: Folder, entry: Dirent): Entry | undefined {
    const { name } = entry;
    if (NEVER_ENTERED.has(name)) return undefined;
    if (entry.isFile()) return { name, file: true, target: undefined };
    if (entry.isDirectory()) return { name, file: false, target: undefined };
    return entry.isSymbolicLink() ? this.follow(folder, name) : undefined;
  }

  /** Nothing more is taken through a link to a folder. */
  get spent(): boolean {
    return this.left <= 0;
  }

  /** Counts what was found behind a link; true when that was the last. */
  spend(entries: number): boolean {
    this.left -= entries;
    return this.spent;
  }

  private follow(folder: Folder, name: string): Entry | undefined {
    const real = realPathInside(this.root, relative(this.root, join(folder.real, name)));
    if ('problem' in real) return undefined;
    const target = real.path;
    const stat = statOf(target);
    if (stat?.isFile() === true) return { name, file: true, target };
    if (stat?.isDirectory() !== true || this.spent) return undefined;
    if ([folder.real, ...folder.cameFrom].some((passed) => isInside(target, passed))) return undefined;
    return { name, file: false, target };
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
