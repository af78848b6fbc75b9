/**
 * Builds dist/: the bundles, the published JSON Schema, what the bundles are made of (meta.json) and the licences of what they contain.
 *
 *   node esbuild.mjs [--quiet] [--sourcemap] [--watch]
 *
 * `--watch` rebuilds bundles; a changed schema needs a new start.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { generate } from './scripts/generate.mjs';
import { notices } from './scripts/notices.mjs';
import { withoutExamples } from './scripts/without-examples.mjs';
import { publishSchema } from './scripts/publish-schema.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const flags = new Set(argv.slice(2));
const unknown = [...flags].filter((flag) => !['--quiet', '--sourcemap', '--watch'].includes(flag));
if (unknown.length > 0) fail(`unknown option ${unknown.join(' ')}`);

const { version } = JSON.parse(await readFile(at('package.json'), 'utf8'));

const bundles = [
  { entry: 'client/extension.ts', outfile: 'dist/client.js', external: ['vscode'], minify: true },
  // The summary view's page: no Node.js, no editor, nothing but the DOM.
  {
    entry: 'client/webview/summary.ts',
    outfile: 'dist/summary.js',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
  },
  { entry: 'client/webview/summary.css', outfile: 'dist/summary.css', platform: 'browser', target: 'es2022', minify: true },
  { entry: 'server/main.ts', outfile: 'dist/server.js', minify: true },
  // Not minified: a stack trace from someone's terminal is all there is to go by.
  { entry: 'cli/main.ts', outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
];

await generate();
await mkdir(at('dist'), { recursive: true });

const ready = bundles.filter(({ entry }) => existsSync(at(entry)));
if (flags.has('--watch')) {
  for (const bundle of ready) await (await context(options(bundle))).watch();
} else {
  for (const { outfile } of bundles) {
    await rm(at(outfile), { force: true });
    await rm(at(`${outfile}.map`), { force: true });
  }
  const results = await Promise.all(ready.map((bundle) => build(options(bundle)))).catch(() => fail());
  const metafile = {
    inputs: Object.assign({}, ...results.map((result) => result.metafile.inputs)),
    outputs: Object.assign({}, ...results.map((result) => result.metafile.outputs)),
  };
  await writeFile(at('dist/meta.json'), JSON.stringify(metafile));
  await writeFile(at('dist/third-party-notices.txt'), notices(root, metafile));
  if (!flags.has('--quiet')) {
    for (const { outfile } of ready) stdout.write(`${outfile}  ${Math.round(metafile.outputs[outfile].bytes / 1000)} kB\n`);
  }
}

const needed = [...bundles.map(({ entry }) => entry), 'rules/index.ts'];
const missing = needed.filter((entry) => !existsSync(at(entry)));
if (missing.length > 0) fail(missing.map((entry) => `${entry} is missing`).join('\n'));
await publishSchema(at('dist/mesh-lint.schema.json'));

function options({ entry, ...rest }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    plugins: [withoutExamples],
    // The package's build for Node asks process.env at every token, which costs a tenth of all parsing.
    alias: { yaml: at('node_modules/yaml/browser/index.js') },
    define: { __VERSION__: JSON.stringify(version) },
    metafile: true,
    sourcemap: flags.has('--sourcemap') ? 'external' : false,
    legalComments: 'none',
    logLevel: flags.has('--watch') && !flags.has('--quiet') ? 'info' : 'warning',
    ...rest,
  };
}

/** Without a message: esbuild has told already. */
function fail(message) {
  if (message) stderr.write(`${message}\n`);
  process.exit(1);
}
