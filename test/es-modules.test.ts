import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BuildResult, Plugin } from 'esbuild';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Script {
  readonly esModules: (filter: RegExp) => Plugin;
  readonly toEsModule: (text: string) => string;
}
const script = async (): Promise<Script> => (await import(new URL('../scripts/es-modules.mjs', import.meta.url).href)) as Script;

const root = join(import.meta.dirname, '..');
const { esModules, toEsModule } = await script();
let folder: string;
let made = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-lint-es-modules-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const compiled = (text: string): string =>
  ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText;

/** What a CommonJS module exports, sorted; functions by name alone, and of objects what JSON shows. */
function exportsOf(path: string): Record<string, unknown> {
  const loaded = createRequire(import.meta.url)(path) as object;
  return Object.fromEntries(
    Object.entries(loaded)
      .map(
        ([name, value]: [string, unknown]) => [name, typeof value === 'function' ? 'function' : JSON.stringify(value)] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Compiles modules to CommonJS, and returns what `index` exports: by itself, and bundled from the ES modules that are made of them again. */
async function bothWays(
  sources: Readonly<Record<string, string>>,
): Promise<readonly [before: unknown, after: unknown, bundle: string]> {
  const at = (name: string): string => join(folder, `${made}-${name}`);
  made++;
  for (const [name, text] of Object.entries(sources)) {
    writeFileSync(at(`${name}.cjs`), compiled(text).replace(/require\("\.\/(\w+)"\)/g, `require("./${made}-$1.cjs")`));
  }
  const { outputFiles } = await build({
    entryPoints: [at('index.cjs')],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
    logLevel: 'silent',
    plugins: [esModules(/\.cjs$/)],
  });
  const bundle = outputFiles[0]?.text ?? '';
  writeFileSync(at('bundle.cjs'), bundle);
  return [exportsOf(at('index.cjs')), exportsOf(at('bundle.cjs')), bundle];
}

const MESSAGES = `
export class RequestType { constructor(readonly method: string) {} }
export namespace Hover { export const method = 'hover'; export const type = new RequestType(method); export function is(a: unknown) { return a === type; } }
export namespace Rename { export const method = 'rename'; export const type = new RequestType(method); }
export enum Kind { A = 1, B = 2 }
`;

describe('a module of TypeScript, compiled and read as an ES module again', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    [
      'declarations',
      {
        index:
          'export const a = 1; export let b = a + 1; export function f() { return b; } export class C {} export const v = f();',
      },
    ],
    [
      'a default',
      {
        index: "import one from './one'; export const two = one + 1; export default two;",
        one: 'const one = 1; export default one;',
      },
    ],
    [
      'what another module exports',
      {
        index: "export { a as b } from './one'; import { c } from './one'; export { c };",
        one: 'export const a = 1; export const c = 2;',
      },
    ],
    [
      'all that others export',
      {
        index: "export * from './one'; export * from './two'; export const a = 'own';",
        one: 'export const a = 1; export const b = 2;',
        two: 'export const c = 3;',
      },
    ],
    ['namespaces and enums', { index: MESSAGES }],
    [
      'a namespace that joins a class or another namespace',
      {
        index:
          'export class A {} export namespace A { export const b = 1; } export namespace N { export const x = 1; } export namespace N { export const y = 2; } export const n = Object.keys(N).join(); export const a = A.b;',
      },
    ],
    [
      'a namespace whose making does something',
      { index: 'let count = 0; export namespace N { export const at = ++count; } export const seen = count;' },
    ],
    [
      'modules of Node',
      {
        index:
          "import * as path from 'node:path'; import { basename } from 'node:path'; export const a = path.posix.join('a', 'b'); export const b = basename('a/b');",
      },
    ],
    [
      'values used before and after',
      {
        index: 'export let n = 1; export function next() { return ++n; } export const first = next(); export { first as again };',
      },
    ],
  ])('does what it did: %s', async (_, sources) => {
    const [before, after] = await bothWays(sources);
    expect(Object.keys(before as object)).not.toEqual([]);
    expect(after).toEqual(before);
  });

  it('is bundled without what nobody imports', async () => {
    const [before, after, bundle] = await bothWays({
      index: "import { Hover } from './messages'; export const is = Hover.is(1);",
      messages: MESSAGES,
    });
    expect(after).toEqual(before);
    expect(bundle).toContain('"hover"');
    expect(bundle).not.toContain('"rename"');
  });

  it.each([
    ['module.exports = () => 1;', 'module'],
    ['exports[name] = 1;', 'exports'],
    ['if (late) exports.a = 1;', 'exports.a is used before it is made'],
    ['const other = require(name);', 'require'],
    ['function f() { return require("./late"); }', 'require'],
    ['Object.defineProperty(exports, "a", { enumerable: true, get: function () { return compute(); } });', "no other module's"],
    ['exports.a = exports.b = 1;', 'two exports of one value'],
  ])('is refused when TypeScript has not written it: %s', (text, message) => {
    expect(() => toEsModule(`"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${text}\n`)).toThrow(
      message,
    );
  });
});

it('the packages of the protocol export the same as ES modules', async () => {
  const outfile = join(folder, 'protocol.cjs');
  const bundled = (contents: string): Promise<BuildResult> =>
    build({
      absWorkingDir: root,
      stdin: { contents, resolveDir: root },
      outfile,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      plugins: [
        esModules(/[\\/]vscode-(?:jsonrpc|languageserver(?:-protocol|-types)?)[\\/]lib[\\/](?:common|node|esm)[\\/].*\.js$/),
      ],
    });
  expect((await bundled("export * from 'vscode-languageserver/node';")).warnings).toEqual([]);
  const before = exportsOf(createRequire(import.meta.url).resolve('vscode-languageserver/node'));
  const after = exportsOf(outfile);
  // Of what two of its modules export a CommonJS package gives the first. Between ES modules it is nobody's: an import of it is refused.
  for (const name of ['createMessageConnection', 'createProtocolConnection']) {
    expect(after).not.toHaveProperty(name);
    Reflect.deleteProperty(before, name);
    await expect(bundled(`export { ${name} } from 'vscode-languageserver/node';`)).rejects.toThrow('Ambiguous import');
  }
  expect(after).toEqual(before);
});
