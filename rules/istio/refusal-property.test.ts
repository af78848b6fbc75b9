import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SchemaTree } from '../../engine/mesh/istio/validation/schema-lookup';
import { istioKinds } from '../../schemas/istio';
import type { KindSchema, Schema } from '../../schemas/istio/schema';
import { workspaceOf } from '../../test/support/lint';
import { rules } from '../index';

const ABOUT = /^istio\/(?:invalid-|unknown-field|missing-field|conflicting-fields|deprecated-|unserved-)/;
const checked = rules.filter(({ id }) => ABOUT.test(id));

/** What no field expects. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    0,
    -1,
    1.5,
    65536,
    1e300,
    '*',
    '~',
    '/',
    '{{ .x }}',
    '${X}',
    '%',
    '(',
    '__proto__',
    'unix://',
    'ü',
  ),
  fc.string({ maxLength: 8 }),
  fc.constantFrom([], {}, [null], { '': null }, [[]], { constructor: 1 }),
);

/** Values that a schema describes, now and then odd ones. */
function valueOf(tree: SchemaTree, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: plain(tree, schema, depth) }, { weight: 1, arbitrary: odd });
}

function plain(tree: SchemaTree, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': {
      if (depth <= 0) return fc.constant({});
      if (schema.properties === undefined)
        return fc.dictionary(
          fc.constantFrom('a', '8080', 'x-b', '*', ''),
          valueOf(tree, tree.field(schema, 'a') ?? {}, depth - 1),
          { maxKeys: 2 },
        );
      const fields = Object.keys(schema.properties).map(
        (name) => [name, valueOf(tree, tree.field(schema, name) ?? {}, depth - 1)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array':
      return fc.array(valueOf(tree, tree.item(schema) ?? {}, depth - 1), { maxLength: 3 });
    case 'integer':
      return fc.integer({ min: -1, max: 70_000 });
    case 'number':
      return fc.double({ min: -1, max: 101, noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom(
        'a',
        'a.b',
        'ns/a',
        '*.b.com',
        '10.0.0.1',
        '1s',
        'mesh',
        'TCP',
        'HTTPS',
        '^a(b',
        'https://a.com',
        ':authority',
      );
  }
}

function documentOf(kind: KindSchema): fc.Arbitrary<string> {
  const tree = new SchemaTree(kind);
  const spec = tree.field(tree.root, 'spec') ?? {};
  return valueOf(tree, spec, 7).map((value) =>
    JSON.stringify({
      apiVersion: `${kind.group}/${kind.versions[0] ?? ''}`,
      kind: kind.kind,
      metadata: { name: 'a' },
      spec: value,
    }),
  );
}

it.each(istioKinds.map((kind) => [kind.kind, kind] as const))(
  '%s: nothing that a document says makes a rule throw, and each finding says something',
  (_, kind) => {
    fc.assert(
      fc.property(documentOf(kind), (text) => {
        const workspace = workspaceOf({ 'a.yaml': text }, checked);
        for (const { reported, start, end } of workspace.findings()) {
          expect(end).toBeGreaterThan(start);
          expect(reported.message).toMatch(/^(?:spec|metadata|[^a-z]).*[.?]$/s);
          expect(reported.message).not.toMatch(/undefined|\[object/);
        }
        expect(workspace.faults()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  },
);
