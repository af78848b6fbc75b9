/**
 * How the schemas of Istio's kinds are written: JSON Schema (draft-07) as plain objects, made by a few functions so that a field is one
 * line. `scripts/generate.mjs` compiles them to validators; hover and completion read their descriptions.
 */

export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** Markdown, in the project's own words. */
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  /** What Istio takes when the field is not set. */
  readonly default?: string | number | boolean;
  readonly deprecated?: true;
  /** With `deprecated`: what to do instead, as a clause. */
  readonly 'x-instead'?: string;
  /** With `deprecated`: where the same value means the same, as fields from the same object on. */
  readonly 'x-moved-to'?: readonly string[];
  /** Words of the `enum` that have another name today. */
  readonly 'x-renamed'?: Readonly<Record<string, string>>;
  /** The heading of Istio's reference page that documents this object. */
  readonly 'x-anchor'?: string;
}

export type Fields = Readonly<Record<string, Schema>>;

type Bounds = Omit<Schema, 'type' | 'description' | 'properties' | 'items'>;

export const text = (description: string, bounds: Bounds = {}): Schema => ({ type: 'string', description, ...bounds });
export const flag = (description: string, bounds: Bounds = {}): Schema => ({ type: 'boolean', description, ...bounds });
export const decimal = (description: string, bounds: Bounds = {}): Schema => ({ type: 'number', description, ...bounds });

/** One of a few words. */
export const word = (description: string, values: readonly string[], bounds: Bounds = {}): Schema => ({
  type: 'string',
  enum: values,
  description,
  ...bounds,
});

/** What does not fit into 32 bits is lost when istiod decodes the resource: it refuses it. */
export const int32 = (description: string, bounds: Bounds = {}): Schema => ({
  type: 'integer',
  minimum: -2147483648,
  maximum: 2147483647,
  description,
  ...bounds,
});
export const uint32 = (description: string, bounds: Bounds = {}): Schema => ({
  type: 'integer',
  minimum: 0,
  maximum: 4294967295,
  description,
  ...bounds,
});
/** Beyond 53 bits JSON has no exact numbers; no field wants one. */
export const uint64 = (description: string, bounds: Bounds = {}): Schema => ({
  type: 'integer',
  minimum: 0,
  description,
  ...bounds,
});

/** A length of time. The format itself is a CEL rule of the CRD for most fields and the webhook's to check for all. */
export const duration = (description: string, bounds: Bounds = {}): Schema =>
  text(`${description} A length of time such as \`1.5s\`, \`250ms\` or \`1h30m\`.`, bounds);

export const list = (description: string, items: Schema, bounds: Bounds = {}): Schema => ({
  type: 'array',
  items,
  description,
  ...bounds,
});
export const texts = (description: string, bounds: Bounds = {}, item: Bounds = {}): Schema =>
  list(description, { type: 'string', ...item }, bounds);

/** A map from keys that the author chooses. */
export const map = (description: string, values: Schema, bounds: Bounds = {}): Schema => ({
  type: 'object',
  additionalProperties: values,
  description,
  ...bounds,
});
export const textMap = (description: string, bounds: Bounds = {}, value: Bounds = {}): Schema =>
  map(description, { type: 'string', ...value }, bounds);

/** An object of known fields; the API server drops or refuses any other. */
export const object = (description: string, properties: Fields, bounds: Bounds = {}): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  description,
  ...bounds,
});

/** An object whose content Istio hands on as it is. */
export const anything = (description: string): Schema => ({ type: 'object', description });

/** A piece that the kind's `definitions` hold; `description` says what it is for here. */
export const ref = (name: string, description?: string): Schema => ({
  $ref: `#/definitions/${name}`,
  ...(description === undefined ? {} : { description }),
});

/** At most one of these fields may be set: a `oneof` of Istio's API. */
export const oneOf = (...names: readonly string[]): Bounds => ({ oneOf: alternatives(names) });

/** Several independent `oneof`s. */
export const oneOfEach = (...groups: readonly (readonly string[])[]): Bounds => ({
  allOf: groups.map((names) => ({ oneOf: alternatives(names) })),
});

function alternatives(names: readonly string[]): readonly Schema[] {
  const each = names.map((name): Schema => ({ required: [name] }));
  return [{ not: { anyOf: each } }, ...each];
}

/** Marks a field that Istio wants nobody to use any more. */
export const deprecated = (instead: string, field: Schema): Schema => ({ ...field, deprecated: true, 'x-instead': instead });

/** The same for one whose value has another place today: `mirrorPercentage.value`. */
export const moved = (to: string, field: Schema): Schema => ({
  ...deprecated(`write \`${to}\``, field),
  'x-moved-to': to.split('.'),
});

/** One kind of Istio's, in all the versions that the API server serves: they share one schema. */
export interface KindSchema {
  readonly kind: string;
  readonly group: string;
  /** The newest first. */
  readonly versions: readonly string[];
  /** The page of Istio's reference that documents it. */
  readonly docs: string;
  readonly description: string;
  readonly spec: Schema;
  readonly specRequired: boolean;
  /** Pieces that `ref` names. */
  readonly definitions: Fields;
}

/** The JSON Schema of a whole document of a kind. */
export function documentSchema({ kind, group, versions, description, spec, specRequired, definitions }: KindSchema): Schema & {
  readonly $schema: string;
  readonly definitions: Fields;
} {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    description,
    additionalProperties: false,
    required: ['apiVersion', 'kind', ...(specRequired ? ['spec'] : [])],
    properties: {
      apiVersion: word(
        'The version of the API that the resource is written for.',
        versions.map((version) => `${group}/${version}`),
      ),
      kind: word('The kind of the resource.', [kind]),
      metadata: METADATA,
      spec,
      status: unchecked('What controllers report of the resource. Not for authors.'),
    },
    definitions,
  };
}

/** Its content is the API server's to check, or to write. */
const unchecked = (description: string): Schema => ({ description });

/** Kubernetes' own, the same for every kind (ObjectMeta of meta/v1). */
const METADATA = object('What identifies the resource, and what is noted on it.', {
  name: text('The name, unique among resources of this kind in the namespace.'),
  generateName: text('A prefix from which the API server makes a unique name.'),
  namespace: text('The namespace that the resource belongs to. Unset, that of whoever applies it.'),
  labels: textMap('Keys and values by which the resource is found and selected.'),
  annotations: textMap('Notes for tools, which nothing selects by.'),
  finalizers: unchecked('What must be done before the resource is really deleted.'),
  ownerReferences: unchecked('The resources with whose deletion this one goes.'),
  managedFields: unchecked('Who set which field by server-side apply. Not for authors.'),
  uid: unchecked('Made by the API server. Not for authors.'),
  resourceVersion: unchecked('Made by the API server. Not for authors.'),
  generation: unchecked('Counted by the API server. Not for authors.'),
  selfLink: unchecked('No longer used by Kubernetes.'),
  creationTimestamp: unchecked('Set by the API server. Not for authors.'),
  deletionTimestamp: unchecked('Set by the API server. Not for authors.'),
  deletionGracePeriodSeconds: unchecked('Set by the API server. Not for authors.'),
});
