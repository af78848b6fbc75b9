import { createRequire } from 'node:module';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generate } from './generate.mjs';

/** @typedef {{ resources: number, others: boolean } | { folder: string }} Source what is measured: generated, or somebody's own */

/**
 * @param {Source} source
 * @param {string} engine the engine's bundle
 * @returns {import('./generate.mjs').Repository} with its largest file where it has none of 1 MB; a folder has no toggles
 */
export function repositoryOf(source, engine) {
  if (source.folder === undefined) {
    const repository = generate(source);
    return { ...repository, large: repository.large ?? largestOf(repository.files) };
  }
  const files = new Map();
  const { load } = createRequire(import.meta.url)(engine);
  load(source.folder, {
    wants: (path) => (/\.ya?ml$/.test(path) ? 'text' : 'nothing'),
    accepts: () => true,
    set: (path, text) => files.set(path, text),
    name: () => {},
    tooLarge: () => {},
  });
  if (files.size === 0) throw new Error(`${source.folder} holds no YAML that can be read`);
  return { files, resources: undefined, large: largestOf(files), toggles: [] };
}

function largestOf(files) {
  return [...files].reduce((largest, file) => (file[1].length > largest[1].length ? file : largest))[0];
}

export function bytesOf({ files }) {
  let bytes = 0;
  for (const text of files.values()) bytes += Buffer.byteLength(text);
  return bytes;
}

/** Writes a generated repository into a folder. */
export async function writeRepository({ files }, folder) {
  const made = new Set();
  for (const [path, text] of files) {
    const place = join(folder, path);
    const parent = dirname(place);
    if (!made.has(parent)) {
      await mkdir(parent, { recursive: true });
      made.add(parent);
    }
    await writeFile(place, text);
  }
}

export function nameOf(source) {
  if (source.folder !== undefined) return 'the folder given';
  return `${source.resources.toLocaleString('en')} resources${source.others ? '' : ', each of them relevant'}`;
}
