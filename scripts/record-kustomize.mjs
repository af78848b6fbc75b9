/**
 * Records what the real kustomize makes of the roots that the tests compare with: `node scripts/record-kustomize.mjs KUSTOMIZE`, with the
 * path of the tool. Version 5.8.1 is `go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1`.
 *
 * - `test/kustomize/recorded/<root>.yaml`: the output for each folder of `test/kustomize/roots`;
 * - `test/kustomize/recorded/refused.json`: what it says of those in `test/kustomize/refused`;
 * - `test/shared/golden/kustomize.json`: for every kustomization of `../shared/corpus`, where that is there, its resources with a hash of
 *   what they say, and none of their text.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const [tool] = process.argv.slice(2);
if (tool === undefined) throw new Error('the path of kustomize is missing');
const version = execFileSync(tool, ['version'], { encoding: 'utf8' }).trim();

/** The directory of a root that is built: itself, or the overlay in it. */
function builtIn(folder) {
  return existsSync(join(folder, 'overlay')) && !existsSync(join(folder, 'kustomization.yaml'))
    ? join(folder, 'overlay')
    : folder;
}

/** The output, or the first line of what is wrong without the paths of this machine. */
function build(directory, cut) {
  try {
    return { output: execFileSync(tool, ['build', directory], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) };
  } catch (error) {
    const lines = String(error.stderr).split('\n');
    const [first = ''] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    // Neither where this runs nor where Go keeps things in memory.
    const told = [cut, join(root, '..')].reduce((text, path) => text.replaceAll(`${path}/`, '').replaceAll(path, '.'), first);
    return { error: told.replaceAll(/0x[0-9a-f]+/g, '0x0').slice(0, 200) };
  }
}

const home = join(root, 'test/kustomize');
mkdirSync(join(home, 'recorded'), { recursive: true });
for (const name of readdirSync(join(home, 'roots'))) {
  const { output, error } = build(builtIn(join(home, 'roots', name)), join(home, 'roots', name));
  if (output === undefined) throw new Error(`${name} is refused: ${error}`);
  writeFileSync(join(home, 'recorded', `${name}.yaml`), `# kustomize ${version}\n${output}`);
}

const refused = {};
for (const name of readdirSync(join(home, 'refused'))) {
  const { output, error } = build(builtIn(join(home, 'refused', name)), join(home, 'refused', name));
  if (output !== undefined) throw new Error(`${name} is built`);
  refused[name] = error;
}
writeFileSync(join(home, 'recorded/refused.json'), `${JSON.stringify({ version, refused }, null, 2)}\n`);

/** JSON with sorted keys. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const corpus = join(root, '../shared/corpus');
if (existsSync(corpus)) {
  const roots = {};
  const files = readdirSync(corpus, { recursive: true }).map(String);
  for (const file of files.filter((path) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(basename(path))).sort()) {
    const directory = dirname(file);
    const { output, error } = build(join(corpus, directory), corpus);
    const documents = output === undefined ? [] : parseAllDocuments(output, { version: '1.1' });
    roots[directory.split(sep).join('/')] =
      output === undefined
        ? { refused: error }
        : documents.map((document) => {
            const object = document.toJS();
            const hash = createHash('sha256').update(canonical(object)).digest('hex').slice(0, 16);
            return `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name} ${hash}`;
          });
  }
  writeFileSync(join(root, 'test/shared/golden/kustomize.json'), `${JSON.stringify({ version, roots }, null, 2)}\n`);
}
