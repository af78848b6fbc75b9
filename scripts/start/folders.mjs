import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The folders that an editor is to show for paths as they were given: a folder itself, and for a file the folder that the command takes
 * for its context (host/roots.ts).
 * @param {readonly string[]} paths relative to `from`, or absolute; those that do not exist are left out, the command has said so
 * @param {string} from
 * @returns {string[]} absolute, each once
 */
export function foldersOf(paths, from) {
  const found = paths.flatMap((path) => {
    const absolute = resolve(from, path);
    const stat = statSync(absolute, { throwIfNoEntry: false });
    if (stat === undefined) return [];
    if (stat.isDirectory()) return [absolute];
    const parent = dirname(absolute);
    return [nearest(parent, '.mesh-lint.yaml') ?? nearest(parent, '.git') ?? parent];
  });
  return [...new Set(found)];
}

function nearest(folder, name) {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at;
    if (dirname(at) === at) return undefined;
  }
}
