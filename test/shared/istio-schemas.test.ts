import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CEL_RULES, LIST_KEYS } from '../../engine/mesh/istio/validation/cel/table';
import { SchemaTree } from '../../engine/mesh/istio/validation/schema-lookup';
import { istioKinds } from '../../schemas/istio';
import type { KindSchema, Schema } from '../../schemas/istio/schema';

/** The fields of Istio's CRDs as the shared facts have them (crd-all.gen.yaml of istio/istio at 86c9f01fd735), without descriptions. */
interface Fact {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Fact>>;
  readonly additionalProperties?: Fact;
  readonly items?: Fact;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly cel?: readonly string[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly [keyword: string]: unknown;
}

interface VersionFact {
  readonly served: boolean;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Fact>> | { readonly sameAs: string };
}

interface CelFact {
  readonly kind: string;
  readonly path: string;
  readonly rule: string;
}

const facts = join(import.meta.dirname, '../../../shared/facts');
const read = (name: string): unknown => JSON.parse(readFileSync(join(facts, name), 'utf8'));
const fields = read('fields/istio.json') as Readonly<
  Record<string, { readonly versions: Readonly<Record<string, VersionFact>> }>
>;
const celFacts = read('istio-cel-rules.json') as readonly CelFact[];

/** Keywords that must be the same; those of a 32-bit integer are what its format means. */
const SAME = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'pattern',
  'oneOf',
  'allOf',
] as const;
const INT32 = { minimum: -2147483648, maximum: 2147483647 };

/** Every difference between a fact and our schema, a line each. */
function differences(fact: Fact, ours: Schema | undefined, tree: SchemaTree, path: string): string[] {
  if (ours === undefined) return [`${path} is missing`];
  const found: string[] = [];
  const compare = (what: string, theirs: unknown, own: unknown): void => {
    if (JSON.stringify(theirs) !== JSON.stringify(own))
      found.push(`${path}: ${what} is ${JSON.stringify(own)}, not ${JSON.stringify(theirs)}`);
  };
  const sorted = (list: readonly string[] | undefined): string[] => [...(list ?? [])].sort();
  compare('type', fact.type, ours.type);
  compare('enum', sorted(fact.enum), sorted(ours.enum));
  compare('required', sorted(fact.required), sorted(ours.required));
  for (const keyword of SAME) compare(keyword, fact[keyword], ours[keyword]);
  const implied: { minimum?: number; maximum?: number } = fact.format === 'int32' ? INT32 : {};
  for (const keyword of ['minimum', 'maximum'] as const) compare(keyword, fact[keyword] ?? implied[keyword], ours[keyword]);
  const names = Object.keys(fact.properties ?? {});
  compare('fields', names.sort(), Object.keys(ours.properties ?? {}).sort());
  for (const name of names)
    found.push(...differences(fact.properties?.[name] ?? {}, tree.field(ours, name), tree, `${path}.${name}`));
  if (fact.items !== undefined) found.push(...differences(fact.items, tree.item(ours), tree, `${path}[]`));
  else compare('items', undefined, ours.items);
  if (fact.additionalProperties !== undefined)
    found.push(...differences(fact.additionalProperties, tree.field(ours, '\0'), tree, `${path}{}`));
  else if (fact.type === 'object') {
    compare(
      'whether others are allowed',
      fact['x-kubernetes-preserve-unknown-fields'] === true,
      ours.additionalProperties !== false,
    );
  }
  return found;
}

/** The storage version's `spec`: the others are the same. */
function specFact(kind: KindSchema): Fact {
  for (const { properties } of Object.values(fields[`${kind.group}/${kind.kind}`]?.versions ?? {})) {
    if (!('sameAs' in properties)) return properties['spec'] ?? {};
  }
  throw new Error(`the facts have no ${kind.kind}`);
}

it('there is a schema for every kind, and for no other', () => {
  expect(istioKinds.map(({ group, kind }) => `${group}/${kind}`).sort()).toEqual(Object.keys(fields).sort());
});

describe.each(istioKinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  const fact = fields[`${kind.group}/${kind.kind}`];

  it('has the versions that are served', () => {
    const served = Object.entries(fact?.versions ?? {}).flatMap(([version, { served }]) => (served ? [version] : []));
    expect([...kind.versions].sort()).toEqual(served.sort());
    for (const version of Object.values(fact?.versions ?? {})) {
      expect(Object.keys(version.properties).filter((name) => name !== 'spec' && name !== 'sameAs')).toEqual([]);
      expect(version.required.includes('spec')).toBe(kind.specRequired);
    }
  });

  it('has the fields, types, words and bounds of the CRD', () => {
    const tree = new SchemaTree(kind);
    expect(differences(specFact(kind), tree.field(tree.root, 'spec'), tree, 'spec')).toEqual([]);
  });

  it('has the CEL rules of the CRD, at their places', () => {
    const theirs = celFacts.filter((rule) => rule.kind === kind.kind).map(({ path }) => path);
    expect((CEL_RULES[kind.kind] ?? []).map(([path]) => path).sort()).toEqual(theirs.sort());
  });

  it('knows the lists whose items must differ', () => {
    const keyed: string[] = [];
    const walk = (node: Fact, path: string): void => {
      if (node['x-kubernetes-list-map-keys'] !== undefined) keyed.push(path);
      for (const [name, inner] of Object.entries(node.properties ?? {})) walk(inner, `${path}.${name}`);
      if (node.items !== undefined) walk(node.items, `${path}[]`);
      if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${path}{}`);
    };
    walk(specFact(kind), '.spec');
    expect((LIST_KEYS[kind.kind] ?? []).map(([path]) => path).sort()).toEqual(keyed.sort());
  });
});

it('there are 159 CEL rules', () => {
  expect(Object.values(CEL_RULES).flat()).toHaveLength(celFacts.length);
  expect(celFacts).toHaveLength(159);
});
