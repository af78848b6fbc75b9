import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../engine/resources/resource';
import { builderOver, jsonOf } from '../kustomize/compare';
import type { Json } from '../kustomize/compare';

const corpus = join(import.meta.dirname, '../../../shared/corpus');

/** What scripts/record-kustomize.mjs keeps of the real tool's output: kind, namespace, name and a hash of what the resource says. */
interface Golden {
  readonly version: string;
  readonly roots: Readonly<Record<string, readonly string[] | { readonly refused: string }>>;
}

const { roots } = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/kustomize.json'), 'utf8')) as Golden;
const { builder } = builderOver(corpus);

/** JSON with sorted keys. */
function canonical(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(canonical).join(',')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const entries = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
}

function lineOf(resource: Resource): string {
  const json = jsonOf(resource.root) as unknown as { kind: string; metadata: { name: string; namespace?: string } };
  const hash = createHash('sha256').update(canonical(json)).digest('hex').slice(0, 16);
  return `${json.kind} ${json.metadata.namespace ?? ''}/${json.metadata.name} ${hash}`;
}

describe('real kustomizations build to what kustomize makes of them', () => {
  it('of which there are some', () => {
    expect(Object.keys(roots).length).toBeGreaterThan(25);
  });

  it.each(Object.entries(roots))('%s', (directory, golden) => {
    const { resources, problems, partial } = builder.build(directory);
    if ('refused' in golden) expect(problems).not.toEqual([]);
    else {
      expect(problems.map(({ message }) => message)).toEqual([]);
      expect(partial).toEqual([]);
      expect(resources.map(lineOf).sort()).toEqual([...golden].sort());
    }
  });
});
