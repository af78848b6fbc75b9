import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DocumentedRule, Rule } from '../engine/findings/rule';
import { rules } from '../rules';
import { codeFromText } from './walls';

/** The build's account of its bundles (esbuild's metafile), as far as it is read here. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const dist = join(import.meta.dirname, '..', 'dist');
const programs = ['client.js', 'server.js', 'cli.js'];

/**
 * Bytes, in kB of 1000. Schemas are not counted, they grow with the meshes; all else in a file is. `server.js` is what the server loads in
 * any repository until the first diagnostics are shown; besides it loads `rules/…` where there is a resource of that mesh's own kinds or
 * with its words, `kustomize.js` for the first kustomization, `deliveries.js` for the first object of Argo CD or Flux or the first chart,
 * `cilium.js` for the first that says how Cilium is set, or asks for its ztunnel, and `yaml.js` for the first document that is more than
 * plain blocks. The others are loaded when somebody first asks for something
 * (test/protocol/lazy-files.test.ts). `server` is all of them together, so that nothing grows by being moved.
 */
const budgets: Readonly<Record<string, number>> = {
  'client.js': 460_000,
  'server.js': 450_000,
  'server/actions.js': 10_000,
  'server/cilium.js': 10_000,
  'server/deliveries.js': 48_000,
  'server/explanations.js': 68_000,
  'server/fields.js': 12_000,
  'server/folder-summary.js': 125_000,
  'server/kustomize.js': 75_000,
  'server/rules/istio.js': 270_000,
  'server/rules/linkerd.js': 10_000,
  'server/shared.js': 54_000,
  'server/yaml.js': 76_000,
  server: 1_150_000,
};

/** The files of a budget: one, or all of a program. */
const filesOf = (metafile: Metafile, budget: string): string[] =>
  budget.endsWith('.js')
    ? [`dist/${budget}`]
    : Object.keys(metafile.outputs).filter((path) => path === `dist/${budget}.js` || path.startsWith(`dist/${budget}/`));

/** The package of an input, or the room of the house; undefined for schemas. */
function partOf(input: string): string | undefined {
  const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
  if (name !== undefined) return name;
  const folders = input.split('/').slice(0, -1);
  return folders[0] === 'schemas' ? undefined : folders.slice(0, 2).join('/');
}

/** Bytes of files by part, largest first; what the build itself puts around the parts is one too. */
function breakdown(metafile: Metafile, files: readonly string[]): [part: string, bytes: number][] {
  const parts = new Map<string, number>();
  const add = (part: string, bytes: number): unknown => parts.set(part, (parts.get(part) ?? 0) + bytes);
  for (const file of files) {
    const { bytes, inputs } = metafile.outputs[file] ?? { bytes: 0, inputs: {} };
    let around = bytes;
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(input);
      around -= bytesInOutput;
      if (part !== undefined) add(part, bytesInOutput);
    }
    add('around the parts', around);
  }
  return [...parts].sort(([, a], [, b]) => b - a);
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function overBudget(metafile: Metafile, name: string, budget: number): string | undefined {
  const parts = breakdown(metafile, filesOf(metafile, name));
  const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total <= budget) return undefined;
  const rows = parts.map(([part, bytes]) => `  ${kilobytes(bytes).padStart(9)}  ${part}`);
  return [`${name} has ${kilobytes(total)}, its budget is ${kilobytes(budget)}:`, ...rows].join('\n');
}

describe('the bundles', () => {
  let metafile: Metafile;

  beforeAll(() => {
    const absent = [...programs, 'meta.json', 'mesh-lint.schema.json'].filter((name) => !existsSync(join(dist, name)));
    if (absent.length > 0) throw new Error(`dist/ lacks ${absent.join(', ')}: run "npm run build" first`);
    metafile = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8')) as Metafile;
  });

  it.each(programs)('%s and what it loads later make no code from text', (program) => {
    for (const path of filesOf(metafile, program.replace('.js', ''))) {
      const text = readFileSync(join(dist, '..', path), 'utf8');
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
      const uses = codeFromText(source, false).map(({ offset, what }) => `${what}: ${source.text.slice(offset, offset + 80)}`);
      expect(uses).toEqual([]);
    }
  });

  it.each(Object.entries(budgets))('%s keeps to its budget', (name, budget) => {
    const report = overBudget(metafile, name, budget);
    if (report !== undefined) expect.fail(report);
  });

  it('have a budget for each file of the server that is not a schema', () => {
    const files = filesOf(metafile, 'server').filter((path) => !path.startsWith('dist/server/validators/'));
    expect(files.map((path) => path.slice('dist/'.length)).sort()).toEqual(
      Object.keys(budgets).filter((name) => name.startsWith('server') && name.endsWith('.js')),
    );
    const validators = filesOf(metafile, 'server/validators').flatMap((path) =>
      Object.keys(metafile.outputs[path]?.inputs ?? {}),
    );
    expect(validators.filter((input) => partOf(input) !== undefined)).toEqual([]);
  });

  it('are what the account says', () => {
    const server = readdirSync(join(dist, 'server'), { recursive: true, encoding: 'utf8' }).map((path) =>
      path.replaceAll(sep, '/'),
    );
    const files = server.filter((path) => path.endsWith('.js')).map((path) => `dist/server/${path}`);
    expect(['dist/server.js', ...files].sort()).toEqual(filesOf(metafile, 'server').sort());
    for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
      if (!path.endsWith('.map')) expect([path, bytes]).toEqual([path, statSync(join(dist, '..', path)).size]);
    }
  });
});

describe('the documentation of rules', async () => {
  type Keys<T> = T extends unknown ? keyof T : never;
  /** What the type of a rule that runs does not have. */
  const documentation: Record<Exclude<Keys<DocumentedRule>, keyof Rule>, true> = {
    examples: true,
    fix: true,
    noFix: true,
    since: true,
    summary: true,
    todo: true,
    why: true,
  };
  const { strip, DOCUMENTATION } = (await import(new URL('../scripts/without-documentation.mjs', import.meta.url).href)) as {
    readonly strip: (text: string) => string;
    readonly DOCUMENTATION: readonly string[];
  };

  it('is what the bundles leave out', () => {
    expect([...DOCUMENTATION].sort()).toEqual(Object.keys(documentation));
  });

  it.each(rules.map(({ id }) => id))('%s has none where it runs', (id) => {
    const path = join(dist, '..', 'rules', `${id}.ts`);
    const module = ts.createSourceFile(path, strip(readFileSync(path, 'utf8')), ts.ScriptTarget.Latest, true);
    const names: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'defineRule') {
        const [literal] = node.arguments;
        if (literal !== undefined && ts.isObjectLiteralExpression(literal))
          names.push(...literal.properties.map(({ name }) => name?.getText() ?? '…'));
      }
      ts.forEachChild(node, visit);
    };
    visit(module);
    expect(names).toContain('check');
    expect(names.filter((name) => name === '…' || DOCUMENTATION.includes(name))).toEqual([]);
  });
});

describe('the account of a bundle', () => {
  const metafile: Metafile = {
    outputs: {
      'dist/server.js': {
        bytes: 471_000,
        inputs: {
          'node_modules/yaml/dist/a.js': { bytesInOutput: 100_000 },
          'node_modules/a/node_modules/@b/c/d.js': { bytesInOutput: 50_000 },
          'node_modules/yaml/dist/b.js': { bytesInOutput: 20_000 },
          'engine/mesh/linkerd/a.ts': { bytesInOutput: 30_000 },
          'server/main.ts': { bytesInOutput: 10_000 },
          'schemas/generated/istio/a.js': { bytesInOutput: 260_000 },
        },
      },
      'dist/server/later.js': { bytes: 5_500, inputs: { 'engine/explain/a.ts': { bytesInOutput: 5_000 } } },
      'dist/server.js.map': { bytes: 900_000, inputs: {} },
    },
  };

  it('adds up packages, rooms and what is around them, without schemas', () => {
    expect(overBudget(metafile, 'server.js', 211_000)).toBeUndefined();
    expect(overBudget(metafile, 'server.js', 210_999)).toBe(
      [
        'server.js has 211.0 kB, its budget is 211.0 kB:',
        '   120.0 kB  yaml',
        '    50.0 kB  @b/c',
        '    30.0 kB  engine/mesh',
        '    10.0 kB  server',
        '     1.0 kB  around the parts',
      ].join('\n'),
    );
  });

  it('adds up the files of a program', () => {
    expect(overBudget(metafile, 'server', 216_500)).toBeUndefined();
    expect(overBudget(metafile, 'server', 216_499)).toContain('     5.0 kB  engine/explain\n     1.5 kB  around the parts');
  });
});
