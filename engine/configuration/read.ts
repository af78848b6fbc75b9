import validate from '../../schemas/generated/configuration.js';
import { placeOf } from '../../schemas/validator';
import type { SchemaError } from '../../schemas/validator';
import { nearestName } from './nearest-name';
import { plainValue } from '../yaml/plain';
import { entriesOf } from '../yaml/tree';
import type { MapNode, Place, YamlNode } from '../yaml/tree';
import { NO_CONFIGURATION } from './configuration';
import type { Configuration, ConfiguredEnvironment, IstioFacts, LinkerdFacts, TeamFacts } from './configuration';
import type { ReportedSeverity } from './severity';

/** One key that is wrong; everything else of the file still holds. */
export interface ConfigurationProblem {
  readonly place: Place;
  readonly message: string;
}

/** A round of pruning can uncover errors that ajv had not reached; more rounds than this are never needed by the schema's depth. */
const PRUNING_ROUNDS = 6;

/**
 * Reads a configuration document. Each error becomes a problem on its key and takes only that key away.
 *
 * @param root the document's root; undefined for an empty file, which configures nothing
 * @param knownRules rule ids and families; a key of `rules` that is none of them is a problem
 */
export function readConfiguration(
  root: YamlNode | undefined,
  knownRules: ReadonlySet<string>,
): { configuration: Configuration; problems: readonly ConfigurationProblem[] } {
  if (root === undefined || (root.type === 'scalar' && root.value === null))
    return { configuration: NO_CONFIGURATION, problems: [] };
  const problems: ConfigurationProblem[] = [];
  if (root.type !== 'map') {
    const message = 'The configuration must be a map of settings, such as "rules:" or "environments:"; nothing of it is used.';
    return { configuration: NO_CONFIGURATION, problems: [{ place: { node: root }, message }] };
  }
  const data = plainValue(root) as Data;
  readOffAsWritten(root, data);
  for (let round = 0; round < PRUNING_ROUNDS && !validate(data); round++) {
    for (const error of worthSaying(validate.errors ?? [])) {
      const { path, key } = placeOf(error);
      if (prune(data, path)) problems.push({ place: placeAt(root, path, key), message: explain(error, path) });
    }
  }
  problems.push(...unknownRules(root, data, knownRules));
  return { configuration: toConfiguration(data), problems };
}

type Data = Record<string, unknown>;

/** Unquoted `off` is a boolean to YAML 1.1 and so to our reader; as a severity it is the word. */
function readOffAsWritten(root: MapNode, data: Data): void {
  const rules = data['rules'];
  if (typeof rules !== 'object' || rules === null) return;
  for (const { key, value } of entriesOf(root.get('rules'))) {
    if (value.type === 'scalar' && value.value === false && value.source.slice(value.start, value.end).toLowerCase() === 'off') {
      (rules as Data)[String(key.value)] = 'off';
    }
  }
}

/** ajv reports a wrong key name twice: by its own rule and by `propertyNames`. */
function worthSaying(errors: readonly SchemaError[]): SchemaError[] {
  return errors.filter((error) => error.keyword !== 'propertyNames');
}

function prune(data: unknown, path: readonly string[]): boolean {
  let current = data;
  for (const part of path.slice(0, -1)) {
    if (typeof current !== 'object' || current === null) return false;
    current = (current as Data)[part];
  }
  const last = path.at(-1);
  if (last === undefined || typeof current !== 'object' || current === null || !(last in current)) return false;
  if (Array.isArray(current)) current.splice(Number(last), 1);
  else Reflect.deleteProperty(current, last);
  return true;
}

function placeAt(root: YamlNode, path: readonly string[], key: boolean): Place {
  let node: YamlNode = root;
  for (const part of path) {
    const next: YamlNode | undefined =
      node.type === 'map' ? node.get(part) : node.type === 'sequence' ? node.items[Number(part)] : undefined;
    if (next === undefined) break;
    node = next;
  }
  const atKey = key || (node.type === 'scalar' && node.value === null) || node.type === 'map' || node.type === 'sequence';
  return { node: atKey && node.key !== undefined ? node.key : node };
}

function explain(error: SchemaError, path: readonly string[]): string {
  const name = path.join('.');
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return `"${path.at(-1) ?? ''}" is no setting that exists here, so it is ignored. See the configuration's schema for those that do.`;
    case 'type':
      return `"${name}" must be ${article(String(params['type']))}; it is ignored.`;
    case 'enum':
      return `"${name}" must be one of ${listed(params['allowedValues'])}; it is ignored.`;
    case 'pattern':
      return `"${name}" must be a version such as "1.30.2", in quotes; it is ignored.`;
    case 'uniqueItems':
      return `"${name}" names the same thing twice; the list is ignored.`;
    default:
      return `"${name}" ${error.message ?? 'is not valid'}; it is ignored.`;
  }
}

function article(type: string): string {
  if (type === 'object') return 'a map';
  if (type === 'array') return 'a list';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(', ') : String(values);
}

function unknownRules(root: YamlNode, data: Data, knownRules: ReadonlySet<string>): ConfigurationProblem[] {
  const rules = data['rules'];
  if (typeof rules !== 'object' || rules === null) return [];
  const node = root.type === 'map' ? root.get('rules') : undefined;
  return entriesOf(node).flatMap(({ key }) => {
    const id = String(key.value);
    if (knownRules.has(id) || !(id in rules)) return [];
    Reflect.deleteProperty(rules, id);
    const near = nearestName(id, [...knownRules]);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return [{ place: { node: key }, message: `There is no rule or family "${id}", so this setting does nothing.${hint}` }];
  });
}

function toConfiguration(data: Data): Configuration {
  const section = (name: string): Data => (data[name] ?? {}) as Data;
  const istio = section('istio') as Partial<IstioFacts>;
  const linkerd = section('linkerd') as Partial<LinkerdFacts>;
  const decision = section('decision');
  return {
    environments: Object.entries(section('environments')).map(([name, value]) => toEnvironment(name, value as Data)),
    rules: new Map(Object.entries(section('rules')) as [string, ReportedSeverity | 'off'][]),
    ignore: (data['ignore'] ?? []) as string[],
    istio: { ...NO_CONFIGURATION.istio, ...istio },
    linkerd: { ...NO_CONFIGURATION.linkerd, ...linkerd },
    cilium: { version: section('cilium')['version'] as string | undefined },
    team: { ...(section('team') as TeamFacts) },
    thresholds: { ...((decision['thresholds'] ?? {}) as Record<string, number>) },
  };
}

function toEnvironment(name: string, data: Data): ConfiguredEnvironment {
  return {
    name,
    include: (data['include'] ?? []) as string[],
    exclude: (data['exclude'] ?? []) as string[],
    root: (data['root'] as string | undefined)?.replace(/^\.\//, '').replace(/\/$/, '').replace(/^\.$/, ''),
    complete: data['complete'] === true,
    production: data['production'] as boolean | undefined,
  };
}
