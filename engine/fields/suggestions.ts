import type { KindSchema, Schema } from '../../schemas/istio/schema';
import type { Repository } from '../environments/repository';
import { documentAt } from '../explain/cursor';
import { fieldNames, SchemaTree } from '../mesh/istio/validation/schema-lookup';
import { istioKindOf } from './at';
import { fieldText } from './field';
import type { FieldText } from './field';
import { spotAt } from './spot';
import type { Spot } from './spot';

/** A field or a word that may be written at a position. */
export interface Suggestion {
  readonly is: 'field' | 'word';
  readonly label: string;
  /** What to write in place of the word at the position. */
  readonly insert: string;
  readonly field: FieldText | undefined;
  readonly isDeprecated: boolean;
  readonly isDefault: boolean;
}

export interface Suggestions {
  /** How much of the line, before and behind the position, a suggestion takes the place of. */
  readonly before: number;
  readonly behind: number;
  /** The ones to use first. */
  readonly items: readonly Suggestion[];
}

/** What only the API server and controllers write, and what Kubernetes no longer uses. */
const NOT_FOR_AUTHORS: ReadonlySet<string> = new Set(['status']);
const METADATA: ReadonlySet<string> = new Set(['name', 'namespace', 'labels', 'annotations']);

/**
 * The fields, or the words of a field, that the schema of one of Istio's kinds allows at an offset of a file and that are not there yet;
 * undefined in other documents and where the schema names none.
 */
export function suggestionsAt(repository: Repository, file: string, offset: number): Suggestions | undefined {
  const document = documentAt(repository, file, offset);
  const kind = document && istioKindOf(headerIn(document.text));
  const spot = document && kind && spotAt(document.text, offset - document.start);
  if (kind === undefined || spot === undefined) return undefined;
  const tree = new SchemaTree(kind);
  // Any number stands for an item.
  const path = spot.path.map((part) => (part === '[]' ? '0' : part));
  const schemas = tree.along(path);
  const schema = schemas.at(-1);
  if (schema === undefined || schemas.length !== path.length + 1) return undefined;
  const items = spot.key === undefined ? inPlace(spot, schema, path, kind, tree) : words(valueOf(schema, spot.key, tree));
  return items.length === 0 ? undefined : { before: spot.typed.length, behind: spot.rest.length, items };
}

/** A header that a half-written document shows: its first lines of that name. */
function headerIn(text: string): { readonly apiVersion: string; readonly kind: string } | undefined {
  const apiVersion = /^apiVersion:[ ]+["']?([^\s"'#]+)/m.exec(text)?.[1];
  const kind = /^kind:[ ]+["']?([^\s"'#]+)/m.exec(text)?.[1];
  return apiVersion === undefined || kind === undefined ? undefined : { apiVersion, kind };
}

function valueOf(schema: Schema, key: string, tree: SchemaTree): Schema | undefined {
  return schema.type === 'array' ? undefined : tree.field(schema, key);
}

/** Where no key stands on the line yet: a key, or an item of a list that is a word. */
function inPlace(spot: Spot, schema: Schema, path: readonly string[], kind: KindSchema, tree: SchemaTree): readonly Suggestion[] {
  return schema.properties === undefined ? (spot.startsItem ? words(schema) : []) : fields(spot, schema, path, kind, tree);
}

function fields(spot: Spot, schema: Schema, path: readonly string[], kind: KindSchema, tree: SchemaTree): readonly Suggestion[] {
  const present = new Set(spot.siblings);
  const excluded = excludedBy(schema, present);
  const allowed = fieldNames(schema).filter((name) => {
    if (present.has(name) || excluded.has(name)) return false;
    if (path.length === 0) return !NOT_FOR_AUTHORS.has(name);
    return path.length > 1 || path[0] !== 'metadata' || METADATA.has(name);
  });
  const made = allowed.map((name): Suggestion => {
    const value = tree.field(schema, name);
    const isScalar = value?.type !== 'object' && value?.type !== 'array';
    const insert = spot.hasColon ? name : `${name}:${isScalar ? ' ' : ''}`;
    const field = fieldText(kind, [...path, name]);
    return { is: 'field', label: name, insert, field, isDeprecated: value?.deprecated === true, isDefault: false };
  });
  // The order is the schema's own: what matters most comes first.
  return [...made.filter(({ isDeprecated }) => !isDeprecated), ...made.filter(({ isDeprecated }) => isDeprecated)];
}

/** The fields that may not stand beside one that is there, since the API has room for one of them. */
function excludedBy(schema: Schema, present: ReadonlySet<string>): ReadonlySet<string> {
  const groups = [schema.oneOf, ...(schema.allOf ?? []).map((part) => part.oneOf)].map((branches) =>
    (branches ?? []).flatMap((branch) => branch.required ?? []),
  );
  return new Set(groups.flatMap((names) => (names.some((name) => present.has(name)) ? names : [])));
}

function words(schema: Schema | undefined): readonly Suggestion[] {
  if (schema === undefined) return [];
  const all = schema.type === 'boolean' ? ['true', 'false'] : (schema.enum ?? []);
  const renamed = schema['x-renamed'] ?? {};
  return all
    .filter((word) => !Object.hasOwn(renamed, word))
    .map((word) => ({
      is: 'word',
      label: word,
      insert: word,
      field: undefined,
      isDeprecated: false,
      isDefault: schema.default !== undefined && String(schema.default) === word,
    }));
}
