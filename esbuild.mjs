/**
 * Builds dist/: the bundles, the published JSON Schema, what the bundles are made of (meta.json) and the licences of what they contain.
 *
 *   node esbuild.mjs [--quiet] [--sourcemap] [--watch]
 *
 * `--watch` rebuilds bundles; a changed schema needs a new start.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, context, formatMessages } from 'esbuild';
import { bundles, optionsOf } from './scripts/bundles.mjs';
import { generate } from './scripts/generate.mjs';
import { notices } from './scripts/notices.mjs';
import { publishSchema } from './scripts/publish-schema.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const flags = new Set(argv.slice(2));
const unknown = [...flags].filter((flag) => !['--quiet', '--sourcemap', '--watch'].includes(flag));
if (unknown.length > 0) fail(`unknown option ${unknown.join(' ')}`);

await generate();
await mkdir(at('dist'), { recursive: true });

const all = bundles.map((bundle) => ({ ...optionsOf(bundle), sourcemap: flags.has('--sourcemap') ? 'external' : false }));
if (flags.has('--watch')) {
  const logLevel = flags.has('--quiet') ? 'warning' : 'info';
  for (const options of all) await (await context({ ...options, logLevel })).watch();
} else {
  for (const { outfile } of bundles) {
    await rm(at(outfile), { force: true });
    await rm(at(`${outfile}.map`), { force: true });
  }
  const results = await Promise.all(all.map((options) => build({ ...options, logLevel: 'silent' }))).catch(failBuild);
  // Among them what would be undefined at run time: a property that is not there, a name that two modules export.
  const warnings = results.flatMap((result) => result.warnings);
  if (warnings.length > 0) await failBuild({ errors: warnings });
  const metafile = {
    inputs: Object.assign({}, ...results.map((result) => result.metafile.inputs)),
    outputs: Object.assign({}, ...results.map((result) => result.metafile.outputs)),
  };
  await writeFile(at('dist/meta.json'), JSON.stringify(metafile));
  await writeFile(at('dist/third-party-notices.txt'), notices(root, metafile));
  if (!flags.has('--quiet')) {
    for (const [path, { bytes }] of Object.entries(metafile.outputs)) stdout.write(`${path}  ${Math.round(bytes / 1000)} kB\n`);
  }
}
await publishSchema(at('dist/mesh-lint.schema.json'));

async function failBuild(failure) {
  if (failure.errors === undefined) throw failure;
  fail((await formatMessages(failure.errors, { kind: 'error', color: stderr.isTTY })).join(''));
}

function fail(message) {
  stderr.write(`${message}\n`);
  process.exit(1);
}
