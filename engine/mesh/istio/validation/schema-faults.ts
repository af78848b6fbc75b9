import type { KindSchema, Schema } from '../../../../schemas/istio/schema';
import type { SchemaError, Validate } from '../../../../schemas/validator';
import { placeOf as errorPlaceOf } from '../../../../schemas/validator';
import { nearestName } from '../../../configuration/nearest-name';
import type { YamlNode } from '../../../yaml/tree';
import { placeOf, placeOfKey, replaceable } from './problem';
import type { Problem } from './problem';
import { SchemaTree, fieldNames } from './schema-lookup';

/** What a fault of the API server's is about; each is a rule of its own. */
export type FaultClass = 'unknown-field' | 'missing-field' | 'conflicting-fields' | 'invalid-value';

export interface Fault extends Problem {
  readonly of: FaultClass;
}

/**
 * What a kind's schema has against a document, each on the key or value at fault. Silent on what a template hides or may add.
 *
 * @param value the document as `plainDocument` gives it
 */
export function schemaFaults(kind: KindSchema, validate: Validate, root: YamlNode, value: unknown): Fault[] {
  if (validate(value)) return [];
  // The next call writes its own.
  const errors = validate.errors ?? [];
  const context: Context = { kind, tree: new SchemaTree(kind), root };
  const faults: Fault[] = [];
  const seen = new Set<YamlNode>();
  for (const error of errors) {
    // What the branches of an "at most one of these" say is of no interest.
    if (/\/oneOf\/\d|\/not\/|\/not$/.test(error.schemaPath)) continue;
    // Which versions are served is a rule of its own.
    if (error.instancePath === '/apiVersion') continue;
    const fault = faultOf(error, context);
    if (fault === undefined || (fault.of === 'invalid-value' && seen.has(fault.place.node))) continue;
    if (fault.of === 'invalid-value') seen.add(fault.place.node);
    faults.push(fault);
  }
  return faults;
}

interface Context {
  readonly kind: KindSchema;
  readonly tree: SchemaTree;
  readonly root: YamlNode;
}

function faultOf(error: SchemaError, context: Context): Fault | undefined {
  const { path } = errorPlaceOf({ ...error, params: {} });
  const node = nodeAt(context.root, path);
  if (node === undefined || node.type === 'unknown') return undefined;
  const schemas = context.tree.along(path);
  const schema = schemas.length === path.length + 1 ? schemas.at(-1) : undefined;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(String(error.params['additionalProperty']), node, path, schemas, context);
    case 'required':
      return missingField(String(error.params['missingProperty']), node, path, schema);
    case 'oneOf':
      return conflict(node, path, alternatives(schema));
    default: {
      const said = valueFault(error, node, schema);
      if (said === undefined) return undefined;
      return { of: 'invalid-value', place: placeOf(node), ...said, what: `${pathText(path)} ${said.what}` };
    }
  }
}

function unknownField(
  name: string,
  map: YamlNode,
  path: readonly string[],
  schemas: readonly Schema[],
  { kind, tree }: Context,
): Fault | undefined {
  const entry = map.type === 'map' ? map.entry(name) : undefined;
  if (entry === undefined) return undefined;
  const own = schemas.at(-1);
  const known = fieldNames(own);
  const where = path.length === 0 ? `a ${kind.kind}` : pathText(path);
  const what = `${where} has no field "${name}"`;
  const near = nearestName(name, known);
  const elsewhere = near?.toLowerCase() === name.toLowerCase() ? undefined : homeOf(name, path, schemas, tree);
  if (near === undefined || elsewhere !== undefined) {
    const todo = elsewhere === undefined ? 'remove it' : `it belongs into ${elsewhere}`;
    const list =
      elsewhere === undefined && known.length > 0 && known.length <= LISTED ? `; the fields are ${known.join(', ')}` : '';
    return { of: 'unknown-field', place: { node: entry.key }, what, todo: todo + list };
  }
  const free = map.type === 'map' && map.entry(near) === undefined;
  return {
    of: 'unknown-field',
    place: { node: entry.key },
    what,
    todo: `did you mean "${near}"?`,
    ...(free && replaceable(entry.key) !== undefined ? { instead: near } : {}),
  };
}

/** So many names of fields fit into a message. */
const LISTED = 8;

/** Where a field of that name lives: in an object around this one, or directly inside it. */
function homeOf(name: string, path: readonly string[], schemas: readonly Schema[], tree: SchemaTree): string | undefined {
  for (let i = schemas.length - 2; i > 0; i--) {
    if (fieldNames(schemas[i]).includes(name)) return pathText(path.slice(0, i));
  }
  const own = schemas.at(-1);
  if (own === undefined) return undefined;
  const inside = fieldNames(own).filter((field) => fieldNames(tree.field(own, field)).includes(name));
  return inside.length === 1 ? pathText([...path, ...inside]) : undefined;
}

function missingField(name: string, map: YamlNode, path: readonly string[], schema: Schema | undefined): Fault | undefined {
  if (map.type !== 'map') return undefined;
  const entry = map.entry(name);
  if (entry === undefined ? map.open : entry.value.type === 'unknown') return undefined;
  const about = schema?.properties?.[name]?.description;
  const todo = `set it${about === undefined ? '' : `: ${firstClause(about)}`}`;
  return {
    of: 'missing-field',
    place: placeOfKey(map, name),
    what: entry === undefined ? `${pathText(path)} lacks the field "${name}"` : `${pathText([...path, name])} has no value`,
    todo,
  };
}

/** The first sentence of a field's description, to follow a colon. */
function firstClause(description: string): string {
  const sentence = /^[^.]*(?:\.\S[^.]*)*/.exec(description)?.[0] ?? description;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** The groups of fields of which at most one may be set. */
function alternatives(schema: Schema | undefined): readonly (readonly string[])[] {
  const groups = [schema?.oneOf, ...(schema?.allOf ?? []).map(({ oneOf }) => oneOf)];
  return groups.flatMap((group) => (group === undefined ? [] : [group.flatMap(({ required }) => required ?? [])]));
}

function conflict(map: YamlNode, path: readonly string[], groups: readonly (readonly string[])[]): Fault | undefined {
  if (map.type !== 'map') return undefined;
  for (const group of groups) {
    const set = map.entries.filter(({ key, value }) => {
      if (value.type === 'unknown' || (value.type === 'scalar' && value.value === null)) return false;
      return group.includes(String(key.value));
    });
    const last = set.at(-1);
    if (set.length < 2 || last === undefined) continue;
    const names = set.map(({ key }) => `"${String(key.value)}"`);
    return {
      of: 'conflicting-fields',
      place: { node: last.key },
      what: `${pathText(path)} sets ${joined(names)}, of which only one may be set`,
      todo: 'keep the one that is meant',
      related: set.slice(0, -1).map(({ key }) => ({ place: { node: key }, message: `"${String(key.value)}" is set here` })),
    };
  }
  return undefined;
}

type Said = Pick<Problem, 'what' | 'todo' | 'instead'>;

function valueFault({ keyword, params }: SchemaError, node: YamlNode, schema: Schema | undefined): Said | undefined {
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'type':
      return typeFault(node, String(params['type']));
    case 'enum':
      return enumFault(node, schema?.enum ?? []);
    case 'minimum':
    case 'maximum':
      return { what: `is ${written(node)}, out of bounds`, todo: `write ${boundsText(schema, keyword, limit)}` };
    case 'minLength':
      return {
        what: limit === 1 ? 'is empty' : `is shorter than ${limit} characters`,
        todo: 'write a value, or leave the field out',
      };
    case 'maxLength':
      return { what: `is longer than ${limit} characters`, todo: 'shorten it' };
    case 'minItems':
    case 'minProperties':
      if ((node.type === 'sequence' || node.type === 'map') && node.open) return undefined;
      return { what: 'is empty', todo: 'give it an entry, or leave the field out' };
    case 'maxItems':
    case 'maxProperties':
      return { what: `has more than ${limit} entries`, todo: 'spread them over several resources' };
    case 'pattern':
      return {
        what: `is ${written(node)}, which has not the form that it must have`,
        todo: `write what fits ${String(params['pattern'])}`,
      };
    default:
      return undefined;
  }
}

function typeFault(node: YamlNode, type: string): Said {
  const wanted = TYPES.get(type) ?? type;
  if (node.type !== 'scalar')
    return { what: `is ${node.type === 'map' ? 'a map' : 'a list'}, not ${wanted}`, todo: `write ${wanted}` };
  if (node.value === null) return { what: `is empty, not ${wanted}`, todo: `write ${wanted}, or remove the item` };
  if (type === 'string') {
    const raw = node.source.slice(node.start, node.end);
    return { what: `is the ${kindOf(node.value)} ${raw}, not a string`, todo: 'put it in quotes', instead: raw };
  }
  if (typeof node.value === 'number') return { what: `is the number ${written(node)}, not ${wanted}`, todo: `write ${wanted}` };
  if (typeof node.value === 'boolean') return { what: `is the boolean ${written(node)}, not ${wanted}`, todo: `write ${wanted}` };
  const quoted = node.style === 'single' || node.style === 'double';
  const fits = type === 'boolean' ? /^(?:true|false)$/.test(node.value) : /^-?\d{1,15}$/.test(node.value);
  return {
    what: `is the string ${quoted ? written(node) : `"${node.value.slice(0, SHOWN)}"`}, not ${wanted}`,
    todo: quoted && fits ? 'take the quotes away' : `write ${wanted}`,
  };
}

const TYPES = new Map([
  ['object', 'a map'],
  ['array', 'a list'],
  ['string', 'a string'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
]);

function kindOf(value: number | boolean | string): string {
  return typeof value;
}

function enumFault(node: YamlNode, allowed: readonly string[]): Said | undefined {
  if (node.type !== 'scalar' || typeof node.value !== 'string') return undefined;
  const near = nearestName(node.value, allowed);
  return {
    what: `is ${written(node)}, which is none of its values`,
    todo:
      near === undefined ? `write one of ${allowed.join(', ')}` : `did you mean "${near}"? The values are ${allowed.join(', ')}`,
    ...(near !== undefined && replaceable(node) !== undefined ? { instead: near } : {}),
  };
}

function boundsText(schema: Schema | undefined, keyword: string, limit: number): string {
  const { minimum, maximum } = schema ?? {};
  if (minimum !== undefined && maximum !== undefined) return `a value from ${minimum} to ${maximum}`;
  return keyword === 'minimum' ? `${limit} or more` : `${limit} or less`;
}

/** As much of a value as a message shows. */
const SHOWN = 60;

function written(node: YamlNode): string {
  const raw = node.source.slice(node.start, node.end).replace(/\s+/g, ' ').trim();
  return raw.length > SHOWN ? `${raw.slice(0, SHOWN)}…` : raw;
}

export function joined(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** `spec.http[0].route`, for messages. */
function pathText(path: readonly string[]): string {
  return path.reduce((text, part) => {
    if (/^\d+$/.test(part) && text !== '') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** The node that a path of keys and indices leads to. */
function nodeAt(root: YamlNode, path: readonly string[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const part of path) {
    if (node?.type === 'map') node = node.get(part);
    else if (node?.type === 'sequence') node = node.items[Number(part)];
    else return node;
  }
  return node;
}
