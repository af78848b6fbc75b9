import { describe, expect, it } from 'vitest';
import { istioKind, istioKinds, ISTIO_KINDS } from './index';
import { documentSchema } from './schema';
import type { Schema } from './schema';
import { validatorOf } from './validators';

/** Every schema below another, with the path that leads there. */
function* below(schema: Schema, path: string): Iterable<readonly [path: string, schema: Schema]> {
  yield [path, schema];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* below(inner, `${path}.${name}`);
  if (typeof schema.additionalProperties === 'object') yield* below(schema.additionalProperties, `${path}{}`);
  if (schema.items !== undefined) yield* below(schema.items, `${path}[]`);
}

describe.each(istioKinds.map((kind) => [kind.kind, kind] as const))('%s', (_, kind) => {
  const document = documentSchema(kind);
  const all = [
    ...below(document, ''),
    ...Object.entries(kind.definitions).flatMap(([name, definition]) => [...below(definition, `#${name}`)]),
  ];

  it('describes every field in a sentence of its own', () => {
    for (const [path, schema] of all) {
      const described =
        schema.description ?? (schema.$ref === undefined ? undefined : kind.definitions[schema.$ref.slice(14)]?.description);
      // Scalars of lists and maps are described by what holds them.
      if (/(?:\[\]|\{\})$/.test(path) && schema.properties === undefined && schema.$ref === undefined) continue;
      expect(described, path).toMatch(/^[A-Z`"].*[.`]$/s);
    }
  });

  it('refers to pieces that exist, and has none that nothing refers to', () => {
    const named = new Set(all.flatMap(([, { $ref }]) => ($ref === undefined ? [] : [$ref.slice('#/definitions/'.length)])));
    expect([...named].sort()).toEqual(Object.keys(kind.definitions).sort());
  });

  it('has defaults that the field takes, and says what to do instead of what is deprecated', () => {
    for (const [path, schema] of all) {
      if (schema.enum !== undefined && schema.default !== undefined) expect(schema.enum, path).toContain(schema.default);
      if (schema.minimum !== undefined && schema.default !== undefined)
        expect(schema.default, path).toBeGreaterThanOrEqual(schema.minimum);
      expect(schema['x-instead'] !== undefined, path).toBe(schema.deprecated === true);
    }
  });

  it('has a validator that takes its empty document, and not another kind', () => {
    const validate = validatorOf(kind.kind);
    const [version] = kind.versions;
    const empty = { apiVersion: `${kind.group}/${version ?? ''}`, kind: kind.kind, metadata: { name: 'a' } };
    expect(validate?.(empty)).toBe(!kind.specRequired);
    expect(validate?.({ ...empty, kind: 'Other' })).toBe(false);
    expect(validate?.({ ...empty, more: {} })).toBe(false);
  });
});

it('finds kinds by name and group', () => {
  expect(ISTIO_KINDS).toHaveLength(15);
  expect(istioKind('Gateway.networking.istio.io')?.kind).toBe('Gateway');
  expect(istioKind('Gateway.gateway.networking.k8s.io')).toBeUndefined();
  expect(validatorOf('Service')).toBeUndefined();
});
