import { documentSchema } from '../../../../schemas/istio/schema';
import type { Fields, KindSchema, Schema } from '../../../../schemas/istio/schema';

/** The schema of a kind with its references followed: what a path, or a node of a document, is described by. */
export class SchemaTree {
  readonly root: Schema;
  private readonly definitions: Fields;

  constructor(kind: KindSchema) {
    this.root = documentSchema(kind);
    this.definitions = kind.definitions;
  }

  /** Follows references. What stands beside a reference, such as a description of its own, wins over what it names. */
  resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const { $ref, ...own } = schema;
    return { ...this.resolved(this.definitions[$ref.slice('#/definitions/'.length)] ?? {}), ...own };
  }

  /** The schema of a field, or of what stands at a key that the author chose; undefined when there is no such field. */
  field(schema: Schema, key: string): Schema | undefined {
    const own = schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    const child = own ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    return child === undefined ? undefined : this.resolved(child);
  }

  item(schema: Schema): Schema | undefined {
    return schema.items === undefined ? undefined : this.resolved(schema.items);
  }

  /** The schemas on the way along keys and indices, from the root's; shorter than the path where a field is unknown. */
  along(path: readonly string[]): readonly Schema[] {
    const found: Schema[] = [this.root];
    for (const part of path) {
      const schema = found.at(-1);
      const next = schema && (schema.type === 'array' ? this.item(schema) : this.field(schema, part));
      if (next === undefined) break;
      found.push(next);
    }
    return found;
  }
}

/** The names of the fields that an object may have; none where the author chooses them. */
export function fieldNames(schema: Schema | undefined): readonly string[] {
  return Object.keys(schema?.properties ?? {});
}

/** Every field that the schema describes, with its path from the root: `.spec.http[].match`. */
export function* describedFields(tree: SchemaTree): Iterable<readonly [path: string, field: Schema]> {
  function* below(schema: Schema, path: string): Iterable<readonly [path: string, field: Schema]> {
    for (const name of fieldNames(schema)) {
      const field = tree.field(schema, name);
      if (field === undefined) continue;
      yield [`${path}.${name}`, field];
      yield* below(field, `${path}.${name}`);
    }
    const item = tree.item(schema);
    if (item !== undefined) yield* below(item, `${path}[]`);
    if (typeof schema.additionalProperties === 'object') yield* below(tree.resolved(schema.additionalProperties), `${path}{}`);
  }
  yield* below(tree.root, '');
}
