import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @type {import('./context.mjs').Measurement} */
export const sizes = {
  name: 'sizes',
  title: 'What is shipped',
  method:
    'The bundles as the build leaves them, files that are read only when they are needed counted by folder, and the packed extension. `test/bundles.test.ts` holds the budgets.',
  async measure(context) {
    const rows = [];
    for (const [name, files] of await bundles()) {
      const bytes = await Promise.all(files.map((file) => readFile(join(ROOT, file))));
      const sum = (sizeOf) => bytes.reduce((total, text) => total + sizeOf(text), 0) / 1000;
      const several = name.endsWith('/') ? `${files.length} files; ` : '';
      const note = `${several}${sum((text) => gzipSync(text).length).toFixed(0)} kB compressed`;
      rows.push({ about: `\`${name}\``, value: sum((text) => text.length), unit: 'kB', note });
    }
    const packagePath = join(context.temporary, 'mesh-lint.vsix');
    const packer = join(ROOT, 'node_modules/@vscode/vsce/vsce');
    await promisify(execFile)(execPath, [packer, 'package', '--no-dependencies', '--out', packagePath], { cwd: ROOT });
    rows.push({ about: 'the extension, packed', value: (await stat(packagePath)).size / 1000, unit: 'kB' });
    return rows;
  },
};

/** What the build says that it made, files by bundle or by folder beside the bundles. */
async function bundles() {
  const { outputs } = JSON.parse(await readFile(join(ROOT, 'dist/meta.json'), 'utf8'));
  const made = new Map();
  for (const path of Object.keys(outputs).filter((output) => output.endsWith('.js'))) {
    const [folder, first, ...rest] = path.split('/');
    const name = `${folder}/${first}${rest.length > 0 ? '/' : ''}`;
    made.set(name, [...(made.get(name) ?? []), path]);
  }
  return made;
}
