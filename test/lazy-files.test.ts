import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Metafile, Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface OnCall {
  readonly filter: RegExp;
  readonly file: (path: string) => string | undefined;
  readonly standIn: (load: string) => string;
}
interface Script {
  readonly lazyFiles: (onCall?: readonly OnCall[]) => Plugin;
  readonly lazyModules: (onCall: OnCall) => Plugin;
}
const { lazyFiles, lazyModules } = (await import(new URL('../scripts/lazy-files.mjs', import.meta.url).href)) as Script;

/** A program that counts in one place, and reads and writes when it is told to. */
const SOURCES: Readonly<Record<string, string>> = {
  'main.ts': `
    import { count } from './count';
    import { check } from './check';
    const main = async () => {
      count('main');
      if (process.argv.includes('read')) await Promise.all([import('./read'), import('./read')]).then(([{ read }]) => read());
      if (process.argv.includes('write')) await import('./write').then(({ write }) => write());
      if (process.argv.includes('check')) console.log(check(3), check(4));
      console.log(count('end'));
    };
    void main();`,
  'check.ts': "import { count } from './count'; count('check is loaded'); export const check = (value: number) => value > 3;",
  'count.ts': 'const all: string[] = []; export const count = (what: string) => { all.push(what); return all.join(); };',
  'read.ts':
    "import { count } from './count'; import { both } from './both'; count('read is loaded'); export const read = () => count(both('read'));",
  'write.ts':
    "import { count } from './count'; import { both } from './both'; import { join } from 'node:path'; export const write = () => count(both(join('write')));",
  'both.ts':
    "import { count } from './count'; count('both is loaded'); export const both = (what: string) => what.toUpperCase();",
};

const standIn = (load: string): string => `let check_; export const check = (value) => (check_ ??= ${load}.check)(value);`;

describe('a program whose dynamic imports are files of their own', () => {
  let folder: string;
  let metafile: Metafile;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mesh-lint-lazy-files-'));
    for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(folder, name), text);
    const check = { filter: /[\\/]check\.ts$/, file: () => 'on-call/check', standIn };
    ({ metafile } = await made('made/main.js', lazyFiles([check])));
    await made('one.js', lazyModules(check));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const made = async (outfile: string, plugin: Plugin): Promise<{ metafile: Metafile }> =>
    build({
      absWorkingDir: folder,
      entryPoints: ['main.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.19',
      minify: true,
      metafile: true,
      plugins: [plugin],
    });
  const runIn = (program: string, ...args: string[]): string =>
    execFileSync(process.execPath, [join(folder, program), ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const run = (...args: string[]): string => runIn('made/main.js', ...args);

  it('is made of these, one for what two of them share', () => {
    expect(readdirSync(join(folder, 'made')).sort()).toEqual(['main', 'main.js']);
    expect(readdirSync(join(folder, 'made/main')).sort()).toEqual(['on-call', 'read.js', 'shared.js', 'write.js']);
  });

  it('does what it would do in one piece, and loads each once', () => {
    expect(run()).toBe('main,end');
    expect(run('read')).toBe('main,both is loaded,read is loaded,READ,end');
    expect(run('write')).toBe('main,both is loaded,WRITE,end');
    expect(run('check')).toBe('false true\nmain,check is loaded,end');
    expect(run('read', 'write')).toBe('main,both is loaded,read is loaded,READ,WRITE,end');
  });

  it('may stay one file, in which a module runs when it is first called', () => {
    expect(runIn('one.js')).toBe('main,end');
    expect(runIn('one.js', 'check')).toBe('false true\nmain,check is loaded,end');
  });

  it('is accounted for: bytes as on disk, and every module in one file', () => {
    const outputs = Object.entries(metafile.outputs);
    expect(Object.fromEntries(outputs.map(([path, { inputs }]) => [path, Object.keys(inputs).sort()]))).toEqual({
      'made/main.js': ['check.ts', 'count.ts', 'main.ts'],
      'made/main/on-call/check.js': ['check.ts?on-call'],
      'made/main/read.js': ['read.ts'],
      'made/main/shared.js': ['both.ts'],
      'made/main/write.js': ['write.ts'],
    });
    for (const [path, { bytes }] of outputs) expect(bytes).toBe(statSync(join(folder, path)).size);
  });

  it('runs without what is not asked for, and says what is missing', () => {
    rmSync(join(folder, 'made/main/write.js'));
    expect(run('read')).toContain('READ');
    expect(() => run('write')).toThrow("Cannot find module './main/write.js'");
    rmSync(join(folder, 'made/main'), { recursive: true });
    expect(run()).toBe('main,end');
  });
});
