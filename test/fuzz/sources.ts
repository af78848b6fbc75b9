import { join, posix } from 'node:path';
import { readText, walk } from '../../host';
import type { Random } from './random';

/** Texts by path, relative to a root, with `/`. */
export type Texts = ReadonlyMap<string, string>;

/** One repository to cut workspaces from. */
export interface Original {
  readonly name: string;
  readonly texts: Texts;
}

/** A variant must be cheap: a workspace is cut to this, a single file as well. */
const MOST_FILES = 8;
const MOST_TEXT = 3500;
const LONGEST_FILE = 8000;

/** Reads each folder below the given ones as a repository of its own. Throws when one holds nothing that could be varied. */
export function readOriginals(folders: readonly string[]): Original[] {
  return folders.map((folder) => {
    const texts = new Map<string, string>();
    for (const step of walk(folder)) {
      if (step.kind !== 'file' || !/\.(?:ya?ml|json)$|(?:^|\/)(?:Kustomization|CODEOWNERS)$/.test(step.path)) continue;
      const read = readText(join(folder, step.path));
      if ('text' in read && read.text.length <= LONGEST_FILE) texts.set(step.path, read.text);
    }
    if (texts.size === 0) throw new Error(`${folder} holds no manifest`);
    return { name: folder, texts };
  });
}

/** A small workspace of files that belong together: one, what stands beside it, and what those name. */
export function cutWorkspace({ texts }: Original, random: Random): Map<string, string> {
  const paths = [...texts.keys()];
  const cut = new Map<string, string>();
  let left = MOST_TEXT;
  const wanted = [random.pick(paths)];
  for (let path = wanted.pop(); path !== undefined && cut.size < MOST_FILES && left > 0; path = wanted.pop()) {
    const text = texts.get(path);
    if (text === undefined || cut.has(path)) continue;
    cut.set(path, text);
    left -= text.length;
    const directory = posix.dirname(path);
    // The last is taken first: what a kustomization names comes before what merely stands beside it.
    wanted.unshift(...paths.filter((other) => posix.dirname(other) === directory));
    if (/kustomization/i.test(posix.basename(path))) wanted.push(...namedBy(text, directory, paths));
    if (wanted.length === 0) wanted.push(random.pick(paths));
  }
  return new Map([...cut].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Files that the items of a kustomization's lists lead to, and those in directories that they lead to. */
function namedBy(text: string, directory: string, paths: readonly string[]): string[] {
  return [...text.matchAll(/(?:- |path: )(\S+)$/gm)].flatMap(([, written = '']) => {
    const target = posix.join(directory, written);
    return paths.filter((path) => path === target || posix.dirname(path) === target);
  });
}
