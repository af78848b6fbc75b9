import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as plain from '../engine/yaml/ast';

type Modules = Readonly<Record<string, Readonly<Record<string, 'absent' | 'passing'>>>>;
interface Script {
  readonly leftOut: (folder: string, modules: Modules, toEsModule?: (text: string) => string) => Plugin;
  readonly NEVER_RUN_YAML: Modules;
}
const { leftOut, NEVER_RUN_YAML } = (await import(new URL('../scripts/left-out.mjs', import.meta.url).href)) as Script;

const root = join(import.meta.dirname, '..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-lint-left-out-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('what is left out of a bundle', () => {
  /** Bundles a program that can write and read, without one of the two. */
  async function bundled(modules: Modules): Promise<{ say: (what: 'write' | 'mode' | 'read') => unknown }> {
    const at = join(folder, 'package');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'write.js'), "const write = () => 'written'; const MODE = { a: 1 }; export { write, MODE };");
    writeFileSync(join(at, 'read.js'), "export const read = () => 'read';");
    writeFileSync(
      join(at, 'index.js'),
      "import { write, MODE } from './write.js'; import { read } from './read.js';\n" +
        "const modes = [MODE]; export const say = (what) => (what === 'write' ? write('given') : what === 'mode' ? modes[0].a : read());",
    );
    const outfile = join(folder, 'program.cjs');
    await build({
      entryPoints: [join(at, 'index.js')],
      outfile,
      bundle: true,
      format: 'cjs',
      logLevel: 'silent',
      plugins: [leftOut('package', modules)],
    });
    const require = createRequire(import.meta.url);
    Reflect.deleteProperty(require.cache, outfile);
    return require(outfile) as Awaited<ReturnType<typeof bundled>>;
  }

  it('is told to whoever comes to use it, and nobody else', async () => {
    const { say } = await bundled({ 'write.js': { write: 'absent', MODE: 'absent' } });
    expect(say('read')).toBe('read');
    expect(() => say('write')).toThrow('left out of the bundle');
    expect(() => say('mode')).toThrow('left out of the bundle');
  });

  it('may hand on what it is given instead', async () => {
    const { say } = await bundled({ 'write.js': { write: 'passing', MODE: 'absent' } });
    expect(say('write')).toBe('given');
    expect(() => say('mode')).toThrow('left out of the bundle');
  });

  it.each<[string, Modules, string]>([
    ['is not there', { 'gone.js': { gone: 'absent' } }, 'package/gone.js is to be left out, and nothing asks for it'],
    ['exports more', { 'write.js': { write: 'absent' } }, 'exports MODE, write, and is left out as a module of write'],
    ['exports less', { 'write.js': { write: 'absent', MODE: 'absent', stamp: 'absent' } }, 'exports MODE, write, and'],
    ['exports in a way that is not known', { 'read.js': { read: 'absent' } }, 'an export without a list'],
  ])('must be what the list says: a module that %s', async (_, modules, message) => {
    await expect(bundled(modules)).rejects.toThrow(message);
  });
});

/** The examples, and what in YAML leads a parser into its corners. */
const TEXTS = [
  ...readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:ya?ml|tpl)$/.test(path))
    .map((path) => readFileSync(join(root, 'examples', path), 'utf8')),
  '%YAML 1.1\n---\na: yes\nb: 012\nc: 1:30\nd: 2001-12-14\n',
  '%YAML 1.3\n%TAG ! tag:example.org,2000:\n---\n!a b\n',
  'a: !!binary aGk=\nb: !!set {x, y}\nc: !!omap [a: 1]\nd: !!pairs [a: 1]\ne: !!timestamp 2001-12-14\nf: !!merge <<\n',
  'a: !!str 1\nb: !!int "2"\nc: !!float 3\nd: !!null ""\ne: !!bool "true"\nf: !!seq [1]\ng: !!map {a: 1}\nh: ! x\ni: !own x\n',
  'a: [0x1F, 0o17, -1.5e3, .inf, -.INF, .nan, ~, null, True, FALSE, "", \'\', 1_000]\n',
  'base: &b {x: 1}\nmore: &c\n  y: 2\nuse:\n  <<: [*b, *c]\n  z: *b\nagain: *none\n&d *e : f\n',
  '? [a, b]\n: c\n? {d: e}\n: - f\n? |\n  g\n: h\n',
  'a: |2-\n   b\n  c\n\nd: >+\n  e\n  f\n\n\ng: "h\\\n  i \\u263A \\x" \nj: \'k\n\n  l\'\n',
  '# before\n\na: # at a\n  - b # at b\n\n  # in between\n  - c\n# after\n...\n# the end\n',
  'a: 1\na: 2\n? a\n',
  '\tb: 1\na:\n\t- c\n',
  'a: {b: [c, d: e, {f}, g\n',
  'a: "b\nc: \'d\n',
  '- a\nb: c\n - d\n',
  '--- a\n--- b\n...\nc',
  '@a: `b\n%c\n',
  `${'k'.repeat(1100)}: v\n`,
  '['.repeat(450),
  '\uFEFFa: b\r\nc: d\r\n\r\n',
  '',
];

describe('the parser as it is bundled', async () => {
  const at = mkdtempSync(join(tmpdir(), 'mesh-lint-parser-'));
  const outfile = join(at, 'ast.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['engine/yaml/ast.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    logLevel: 'silent',
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    plugins: [leftOut('node_modules/yaml/browser/dist', NEVER_RUN_YAML)],
  });
  const bundle = createRequire(import.meta.url)(outfile) as typeof plain;
  rmSync(at, { recursive: true });

  it.each(TEXTS.map((text) => [JSON.stringify(text.slice(0, 60)), text] as const))('reads as the package does: %s', (_, text) => {
    expect(bundle.parseAst(text)).toEqual(plain.parseAst(text));
  });

  it('reads any text as the package does', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...'\n \t-:?[]{}&*!|>\'"%@`#,'.split(''),
        '\n  ',
        '\n- ',
        ': ',
        '<<: ',
        '---\n',
        '...\n',
        '!!set ',
        '&a ',
        '*a',
        '1e3',
        '0x1',
        '~',
      ),
      fc.string({ maxLength: 4 }),
      fc.constantFrom(...TEXTS).chain((text) => fc.nat(text.length).map((start) => text.slice(start, start + 40))),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        expect(bundle.parseAst(text)).toEqual(plain.parseAst(text));
      }),
      { numRuns: 500 },
    );
  });
});
