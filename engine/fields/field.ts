import type { KindSchema, Schema } from '../../schemas/istio/schema';
import { SchemaTree } from '../mesh/istio/validation/schema-lookup';

/** What a schema says of one field, for a reader. */
export interface FieldText {
  /** `spec.http[].match[].uri`; keys that the author chose stand as they are. */
  readonly name: string;
  /** `list of text`, `one of`, `whole number from 1 to 65535` … */
  readonly type: string;
  /** The words that it may be; none where it may be more than that. */
  readonly values: readonly string[];
  /** Markdown of the project's own; of a field that an object in a list or a map has, what is said of the object. */
  readonly description: string;
  /** What Istio takes when it is not set. */
  readonly default: string | undefined;
  readonly isRequired: boolean;
  /** What to do instead, as a clause, where it is deprecated. */
  readonly instead: string | undefined;
  /** Istio's own page, at the nearest heading. */
  readonly docs: string;
}

/**
 * What a kind's schema says of the field at a path: keys, and items of lists by their number.
 * @returns undefined where the schema knows no such field
 */
export function fieldText(kind: KindSchema, path: readonly string[]): FieldText | undefined {
  const tree = new SchemaTree(kind);
  const schemas = tree.along(path);
  const schema = schemas.at(-1);
  if (schema === undefined || path.length === 0 || schemas.length !== path.length + 1) return undefined;
  // The key is enough to know a field of an object by; what the author named is explained by what stands there.
  return {
    name: nameOf(path, schemas),
    type: typeOf(schema, tree),
    values: schema.enum ?? [],
    description: schema.description ?? '',
    default: schema.default === undefined ? undefined : String(schema.default),
    isRequired: schemas.at(-2)?.required?.includes(path.at(-1) ?? '') === true,
    instead: schema.deprecated === true ? (schema['x-instead'] ?? 'do without it') : undefined,
    docs: docsOf(kind, schemas),
  };
}

/** Istio's page of a kind, at the heading of the innermost of some schemas that has one. */
function docsOf(kind: KindSchema, schemas: readonly Schema[]): string {
  const anchor = schemas.findLast((schema) => schema['x-anchor'] !== undefined)?.['x-anchor'];
  return anchor === undefined ? kind.docs : `${kind.docs}#${anchor}`;
}

function nameOf(path: readonly string[], schemas: readonly Schema[]): string {
  return path.reduce((name, part, i) => {
    if (schemas[i]?.type === 'array') return `${name}[]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}

/** The type of a field in words. @param tree of its kind, to follow what a list or a map holds */
export function typeOf(schema: Schema, tree: SchemaTree): string {
  if (schema.enum !== undefined) return 'one of';
  switch (schema.type) {
    case 'array': {
      const item = tree.item(schema);
      const most = schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`;
      return `list of ${item === undefined ? 'anything' : severalOf(item, tree)}${most}`;
    }
    case 'object': {
      const values = typeof schema.additionalProperties === 'object' ? tree.resolved(schema.additionalProperties) : undefined;
      if (values !== undefined) return `map of ${severalOf(values, tree)} by key`;
      return schema.properties === undefined ? 'any object' : 'object';
    }
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'whole number' : 'number'}${boundsOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    default:
      return 'anything';
  }
}

function severalOf(schema: Schema, tree: SchemaTree): string {
  if (schema.enum !== undefined) return 'words';
  const one = typeOf(schema, tree);
  return SEVERAL.get(one) ?? one;
}

const SEVERAL: ReadonlyMap<string, string> = new Map([
  ['object', 'objects'],
  ['whole number', 'whole numbers'],
  ['number', 'numbers'],
]);

/** What fits into 32 bits says nothing to a reader. */
const WORDLESS: ReadonlySet<number | undefined> = new Set([undefined, -2147483648, 2147483647, 4294967295]);

function boundsOf({ minimum, maximum }: Schema): string {
  if (WORDLESS.has(maximum)) return WORDLESS.has(minimum) ? '' : ` from ${minimum} on`;
  return WORDLESS.has(minimum) ? ` up to ${maximum}` : ` from ${minimum} to ${maximum}`;
}
