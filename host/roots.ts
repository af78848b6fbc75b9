import { existsSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { reasonOf } from './reason';

export const CONFIGURATION_FILE = '.mesh-lint.yaml';

/** What an argument asks for: a folder that is linted on its own, or one file of it with the rest as context. */
export interface Root {
  /** Absolute, as the platform writes it. */
  readonly folder: string;
  /** The one file to report, relative to the folder with `/`; undefined to report everything. */
  readonly only: string | undefined;
  /** The nearest configuration at or above the argument (absolute); undefined when there is none. */
  readonly configuration: string | undefined;
}

/**
 * Finds the root of an argument, a path that may be relative to `from`. A folder is its own root; a file belongs to the nearest folder
 * above it that holds a configuration, else a `.git`, else to its own folder. An argument that is missing, unreadable, or neither file
 * nor folder gives a problem.
 */
export function rootOf(argument: string, from: string): Root | { readonly problem: string } {
  const path = resolve(from, argument);
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch (error) {
    return { problem: reasonOf(error) };
  }
  if (stat.isDirectory()) {
    return { folder: path, only: undefined, configuration: configurationAbove(path) };
  }
  if (!stat.isFile()) return { problem: 'is neither a file nor a folder' };
  const configuration = configurationAbove(dirname(path));
  const folder =
    configuration === undefined ? (nearest(dirname(path), '.git', existsSync) ?? dirname(path)) : dirname(configuration);
  return { folder, only: pathBelow(folder, path), configuration };
}

/** The way from one absolute folder to another path, with `/`; on Windows a path on another drive stays absolute. */
export function pathBelow(folder: string, path: string): string {
  const way = relative(folder, path);
  // A backslash is an ordinary character in a name elsewhere.
  return sep === '/' ? way : way.split(sep).join('/');
}

function configurationAbove(folder: string): string | undefined {
  const holder = nearest(folder, CONFIGURATION_FILE, isFile);
  return holder === undefined ? undefined : join(holder, CONFIGURATION_FILE);
}

/** The nearest folder, from the one given upward, in which the name exists as asked. */
function nearest(folder: string, name: string, exists: (path: string) => boolean): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (exists(join(at, name))) return at;
    if (dirname(at) === at) return undefined;
  }
}

function isFile(path: string): boolean {
  // A folder on the way that may not be searched makes this throw.
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
