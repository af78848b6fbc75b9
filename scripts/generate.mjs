/**
 * Compiles JSON Schemas to validators in schemas/generated/: one module a schema, so that a bundle can load each on demand, and no code
 * made from text at run time. Takes schemas/configuration.ts, the kinds of schemas/istio/ (`VirtualService` becomes
 * `schemas/generated/istio/virtual-service.js`) and every schemas/**\/*.json (`schemas/foo/bar.json` becomes
 * `schemas/generated/foo/bar.js`). Lint, build and tests need the result; files that would not change are not written.
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { importTypeScript } from './typescript.mjs';

const schemas = fileURLToPath(new URL('../schemas', import.meta.url));
const generated = join(schemas, 'generated');
const header = '// Made by scripts/generate.mjs. Edits are lost.\n';

const slashed = (path) => path.split(sep).join('/');

export async function generate() {
  /** @type {Map<string, string>} */
  const files = new Map();
  const helpers = new Set();
  for (const [name, schema, options] of await sources()) {
    files.set(`${name}.js`, header + compile(name, schema, options, helpers));
    const up = '../'.repeat(name.split('/').length);
    files.set(
      `${name}.d.ts`,
      `${header}import type { Validate } from '${up}validator';\n\ndeclare const validate: Validate;\nexport default validate;\n`,
    );
  }
  for (const helper of helpers) files.set(`runtime/${helper}.js`, header + (await bundleHelper(helper)));
  await writeChanged(files);
}

const SOURCES = `
export { configurationSchema } from './schemas/configuration';
export { istioKinds } from './schemas/istio';
export { documentSchema } from './schemas/istio/schema';
`;

/**
 * What the kinds' validators do without: messages, since rules find better ones; and shared pieces are functions instead of copies. Together
 * a quarter of their size. A `oneof` names fields that stand one level up, which strict mode takes for a slip.
 */
const lean = { messages: false, inlineRefs: false, strictRequired: false };

/** @returns {Promise<[name: string, schema: object, options: object][]>} */
async function sources() {
  const { configurationSchema, documentSchema, istioKinds } = await importTypeScript(SOURCES);
  const found = [['configuration', configurationSchema(), {}]];
  for (const kind of istioKinds) found.push([`istio/${kebabCase(kind.kind)}`, documentSchema(kind), lean]);
  const entries = await readdir(schemas, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith('.json') || path.startsWith(generated + sep)) continue;
    const name = slashed(relative(schemas, path)).slice(0, -'.json'.length);
    found.push([name, JSON.parse(await readFile(path, 'utf8')), {}]);
  }
  return found;
}

/** `VirtualService` → `virtual-service` */
const kebabCase = (kind) => kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

function compile(name, schema, options, helpers) {
  const ajv = new Ajv({ code: { source: true, esm: true }, messages: true, allErrors: true, strict: true, ...options });
  let code;
  try {
    code = standaloneCode(ajv, ajv.compile(withoutProse(schema)));
  } catch (error) {
    throw new Error(`schemas/${name}: ${error.message}`, { cause: error });
  }
  // Asked for ES modules, ajv still writes its helpers as CommonJS.
  const up = '../'.repeat(name.split('/').length - 1) || './';
  const imports = [];
  code = code
    .replace(/^"use strict";/, '')
    .replace(/const (\w+) = require\("ajv\/dist\/runtime\/(\w+)"\)\.default;/g, (_, variable, helper) => {
      helpers.add(helper);
      imports.push(`import ${variable} from '${up}runtime/${helper}.js';`);
      return '';
    });
  if (code.includes('require(')) throw new Error(`schemas/${name}: ajv wrote an import that generate.mjs does not know`);
  return `${imports.join('\n')}\n${code}\n`;
}

async function bundleHelper(helper) {
  const path = createRequire(import.meta.url).resolve(`ajv/dist/runtime/${helper}`);
  const contents = `import helper from ${JSON.stringify(path)};\nexport default helper.default;\n`;
  const result = await build({
    absWorkingDir: dirname(schemas),
    // As Node reads it: the default import of a CommonJS module is its whole `module.exports`.
    stdin: { contents, resolveDir: dirname(path), sourcefile: 'helper.mjs' },
    bundle: true,
    write: false,
    platform: 'neutral',
    format: 'esm',
    mainFields: ['main'],
    logLevel: 'error',
  });
  return result.outputFiles[0].text;
}

const prose = new Set([
  '$comment',
  'default',
  'deprecated',
  'description',
  'examples',
  'title',
  'x-anchor',
  'x-instead',
  'x-moved-to',
  'x-renamed',
]);
const namedSchemas = new Set(['definitions', 'patternProperties', 'properties']);
const values = new Set(['const', 'enum', 'required']);

/** What validates nothing stays out of the bundles: validators carry a copy of their schema. */
function withoutProse(schema) {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (prose.has(keyword)) continue;
    if (values.has(keyword)) kept[keyword] = value;
    else if (!namedSchemas.has(keyword)) kept[keyword] = withoutProse(value);
    else kept[keyword] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutProse(inner)]));
  }
  return kept;
}

async function writeChanged(files) {
  await mkdir(generated, { recursive: true });
  const entries = await readdir(generated, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !files.has(slashed(relative(generated, path)))) await rm(path, { force: true });
  }
  for (const [name, text] of files) {
    const path = join(generated, name);
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await generate();
