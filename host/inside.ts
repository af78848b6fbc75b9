import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { reasonOf } from './reason';

/** Folders that hold no manifests of the repository, whichever way leads there. */
export const NEVER_ENTERED: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Where something really is, links followed, or why nobody can tell. */
export type Real = { readonly path: string } | { readonly problem: string };

/** Follows the links of an absolute path. One that is broken, or that no one may follow, is a problem. */
export function realPath(path: string): Real {
  try {
    return { path: realpathSync.native(path) };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

/** The same for a path below a folder. What is really outside it, or in a folder that is never entered, is a problem. */
export function realPathInside(folder: string, path: string): Real {
  const [root, real] = [realPath(folder), realPath(join(folder, path))];
  if ('problem' in root) return root;
  if ('problem' in real) return real;
  if (!isInside(root.path, real.path)) return { problem: 'leads out of the folder' };
  const entered = relative(root.path, real.path).split(sep);
  return entered.some((segment) => NEVER_ENTERED.has(segment)) ? { problem: 'leads into a folder that is not read' } : real;
}

/** Whether a path below a folder is a regular file there, as a walk would list it. */
export function isFileInside(folder: string, path: string): boolean {
  const real = realPathInside(folder, path);
  if ('problem' in real) return false;
  // It may be gone since, or out of reach.
  try {
    return statSync(real.path).isFile();
  } catch {
    return false;
  }
}

/** Whether an absolute path is another or lies below it. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
