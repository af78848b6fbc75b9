/** Paths relative to the repository root, with `/`; the root itself is the empty string. */

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function baseNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Resolves a path as written in a file of `directory`.
 * @returns undefined when it is absolute or leads out of the repository
 */
export function resolvePath(directory: string, written: string): string | undefined {
  const path = written.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return undefined;
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

/** Whether a path lies in a directory (or is it); everything lies in the root. */
export function isInside(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}

/** Those of sorted paths that lie in a directory; the others are not looked at. */
export function pathsInside(sorted: readonly string[], directory: string): readonly string[] {
  if (directory === '') return sorted;
  // A slash comes before all that may follow it in the range of the names below.
  return sorted.slice(firstFrom(sorted, `${directory}/`), firstFrom(sorted, `${directory}0`));
}

/** Where the first path stands that is not before a text. */
function firstFrom(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The directory and its parents, nearest first, the root last. */
export function ancestorsOf(directory: string): string[] {
  const ancestors: string[] = [];
  for (let at = directory; at !== ''; at = directoryOf(at)) ancestors.push(at);
  ancestors.push('');
  return ancestors;
}

/** The shortest suffix of each path that no other of them ends with, by whole segments; the root is `.`. */
export function shortestUniqueNames(paths: readonly string[]): Map<string, string> {
  const uses = new Map<string, number>();
  const suffixesOf = (path: string): string[] => {
    const parts = path.split('/');
    return parts.map((_, i) => parts.slice(parts.length - 1 - i).join('/'));
  };
  for (const path of paths) for (const suffix of suffixesOf(path)) uses.set(suffix, (uses.get(suffix) ?? 0) + 1);
  return new Map(
    paths.map((path) => [path, path === '' ? '.' : (suffixesOf(path).find((suffix) => uses.get(suffix) === 1) ?? path)]),
  );
}
