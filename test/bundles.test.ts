import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { codeFromText } from './walls';

/** The build's account of its bundles (esbuild's metafile), as far as it is read here. */
interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const dist = join(import.meta.dirname, '..', 'dist');
const bundles = ['client.js', 'server.js', 'cli.js'];

/**
 * Bytes, in kB of 1000: what an editor loads at start. Schemas are not counted, they grow with the meshes. The server was meant to have 450:
 * its libraries take 306, the engine and the rules 335. A smaller engine, or rules that load when first needed, would bring it down.
 */
const budgets: Readonly<Record<string, number>> = { 'client.js': 460_000, 'server.js': 650_000 };

/** The package of an input, or the room of the house; undefined for schemas. */
function partOf(input: string): string | undefined {
  const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
  if (name !== undefined) return name;
  const folders = input.split('/').slice(0, -1);
  return folders[0] === 'schemas' ? undefined : folders.slice(0, 2).join('/');
}

/** Bytes in a bundle by part, largest first. */
function breakdown(metafile: Metafile, bundle: string): [part: string, bytes: number][] {
  const parts = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(metafile.outputs[`dist/${bundle}`]?.inputs ?? {})) {
    const part = partOf(input);
    if (part !== undefined) parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  return [...parts].sort(([, a], [, b]) => b - a);
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function overBudget(metafile: Metafile, bundle: string, budget: number): string | undefined {
  const parts = breakdown(metafile, bundle);
  const total = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total <= budget) return undefined;
  const rows = parts.map(([part, bytes]) => `  ${kilobytes(bytes).padStart(9)}  ${part}`);
  return [`${bundle} has ${kilobytes(total)}, its budget is ${kilobytes(budget)}:`, ...rows].join('\n');
}

describe('the bundles', () => {
  let metafile: Metafile;

  beforeAll(() => {
    const absent = [...bundles, 'meta.json', 'mesh-lint.schema.json'].filter((name) => !existsSync(join(dist, name)));
    if (absent.length > 0) throw new Error(`dist/ lacks ${absent.join(', ')}: run "npm run build" first`);
    metafile = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8')) as Metafile;
  });

  it.each(bundles)('%s makes no code from text', (bundle) => {
    const source = ts.createSourceFile(bundle, readFileSync(join(dist, bundle), 'utf8'), ts.ScriptTarget.Latest);
    const uses = codeFromText(source, false).map(({ offset, what }) => `${what}: ${source.text.slice(offset, offset + 80)}`);
    expect(uses).toEqual([]);
  });

  it.each(Object.entries(budgets))('%s keeps to its budget', (bundle, budget) => {
    const report = overBudget(metafile, bundle, budget);
    if (report !== undefined) expect.fail(report);
  });
});

describe('the account of a bundle', () => {
  const metafile: Metafile = {
    outputs: {
      'dist/server.js': {
        bytes: 470_000,
        inputs: {
          'node_modules/yaml/dist/a.js': { bytesInOutput: 100_000 },
          'node_modules/a/node_modules/@b/c/d.js': { bytesInOutput: 50_000 },
          'node_modules/yaml/dist/b.js': { bytesInOutput: 20_000 },
          'engine/mesh/linkerd/a.ts': { bytesInOutput: 30_000 },
          'server/main.ts': { bytesInOutput: 10_000 },
          'schemas/generated/istio/a.js': { bytesInOutput: 260_000 },
        },
      },
    },
  };

  it('adds up packages and rooms, without schemas', () => {
    expect(overBudget(metafile, 'server.js', 210_000)).toBeUndefined();
    expect(overBudget(metafile, 'server.js', 209_999)).toBe(
      [
        'server.js has 210.0 kB, its budget is 210.0 kB:',
        '   120.0 kB  yaml',
        '    50.0 kB  @b/c',
        '    30.0 kB  engine/mesh',
        '    10.0 kB  server',
      ].join('\n'),
    );
  });
});
