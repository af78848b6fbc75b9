import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of what the bundles contain, which ask to travel with it. */
export function notices(root, metafile) {
  const packages = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? [];
      if (folder !== undefined) packages.add(folder);
    }
  }
  const texts = new Map();
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    texts.set(`${name} ${version}`, licenceText(join(root, folder)) ?? license);
  }
  return [...texts].map(([title, text]) => `${title}\n${'='.repeat(title.length)}\n\n${text.trim()}\n`).join('\n\n');
}

function licenceText(folder) {
  const name = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e(\.|$|-)/i.test(entry));
  return name ? readFileSync(join(folder, name), 'utf8') : undefined;
}
