import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esModules, toEsModule } from './es-modules.mjs';
import { lazyEngine } from './lazy-engine.mjs';
import { lazyFiles, lazyModules } from './lazy-files.mjs';
import { lazyRules } from './lazy-rules.mjs';
import { lazyValidators } from './lazy-validators.mjs';
import { leftOut, NEVER_RUN_YAML, UNSERVED } from './left-out.mjs';
import { withoutDocumentation } from './without-documentation.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The packages of the language server protocol, as TypeScript has compiled them. */
const PROTOCOL =
  /[\\/]node_modules[\\/]vscode-(?:jsonrpc|languageserver(?:-protocol|-types)?)[\\/]lib[\\/](?:common|node|esm)[\\/].*\.js$/;
// The package's build for Node asks process.env at every token, which costs a tenth of all parsing.
const YAML = 'node_modules/yaml/browser';
const parsingOnly = leftOut(`${YAML}/dist`, NEVER_RUN_YAML);
const servedOnly = leftOut('node_modules/vscode-languageserver/lib/common', UNSERVED, toEsModule);

/** What is built, as options of esbuild that differ from the common ones. */
export const bundles = [
  { entryPoints: ['client/extension.ts'], outfile: 'dist/client.js', external: ['vscode'] },
  // The summary view's page: no Node.js, no editor, nothing but the DOM.
  {
    entryPoints: ['client/webview/summary.ts'],
    outfile: 'dist/summary.js',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  },
  { entryPoints: ['client/webview/summary.css'], outfile: 'dist/summary.css', platform: 'browser', target: 'es2022' },
  {
    entryPoints: ['server/main.ts'],
    outfile: 'dist/server.js',
    plugins: [
      lazyFiles([lazyRules, lazyValidators, lazyEngine]),
      withoutDocumentation,
      parsingOnly,
      servedOnly,
      esModules(PROTOCOL),
    ],
  },
  // With names, and in lines: a stack trace from someone's terminal is all there is to go by.
  {
    entryPoints: ['cli/main.ts'],
    outfile: 'dist/cli.js',
    keepNames: true,
    lineLimit: 160,
    banner: { js: '#!/usr/bin/env node' },
    plugins: [withoutDocumentation, parsingOnly, lazyModules(lazyValidators)],
  },
];

/** All options for one of the bundles. */
export function optionsOf(bundle) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    alias: { yaml: join(root, YAML, 'index.js') },
    define: { __VERSION__: JSON.stringify(version) },
    minify: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...bundle,
  };
}
