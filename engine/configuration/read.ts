import validate from '../../schemas/generated/configuration.js';
import { MEANINGS } from '../../schemas/configuration-patterns';
import { placeOf } from '../../schemas/validator';
import type { SchemaError } from '../../schemas/validator';
import { nearestName } from './nearest-name';
import type { Place, YamlNode } from '../yaml/tree';
import { NO_CONFIGURATION } from './configuration';
import type { Configuration, ConfiguredEnvironment, IstioFacts, LinkerdFacts, TeamFacts } from './configuration';
import { Draft } from './draft';
import type { Path } from './draft';
import type { ReportedSeverity } from './severity';

/** One key that is wrong; everything else of the file still holds. */
export interface ConfigurationProblem {
  readonly place: Place;
  readonly message: string;
}

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
  if (root.type !== 'map') {
    const message = 'The configuration must be a map of settings, such as "rules:" or "environments:"; nothing of it is used.';
    return { configuration: NO_CONFIGURATION, problems: [{ place: { node: root }, message }] };
  }
  const draft = new Draft(root);
  readOffAsWritten(draft);
  const problems: ConfigurationProblem[] = [];
  // What is taken away may have kept others from being looked at.
  while (!validate(draft.data)) {
    const found = takeWrong(draft, validate.errors ?? []);
    if (found.length === 0) return { configuration: NO_CONFIGURATION, problems };
    problems.push(...found);
  }
  problems.push(...takeUnknownRules(draft, knownRules));
  // What is hidden below a part that is taken away matters to nobody.
  const hidden = draft.hidden.filter(({ path }) => draft.at(path.slice(0, -1)) !== undefined);
  problems.push(...hidden.map(({ path, place }) => ({ place, message: explainHidden(path) })));
  const data = draft.data as Data;
  return { configuration: toConfiguration(data), problems: problems.sort((a, b) => a.place.node.start - b.place.node.start) };
}

type Data = Record<string, unknown>;

/** Unquoted `off` is a boolean to YAML 1.1 and so to our reader; as a severity it is the word. */
function readOffAsWritten(draft: Draft): void {
  for (const id of Object.keys(asRecord(draft.at(['rules'])))) {
    const { node } = draft.placeOf(['rules', id]);
    if (draft.at(['rules', id]) === false && node.source.slice(node.start, node.end).toLowerCase() === 'off')
      draft.replace(['rules', id], 'off');
  }
}

/** Takes away what the errors are about, the last of a list first, so that the others are still found. Each part is told once. */
function takeWrong(draft: Draft, errors: readonly SchemaError[]): ConfigurationProblem[] {
  const wrong = new Map<string, { readonly path: Path; readonly problem: ConfigurationProblem }>();
  for (const error of errors) {
    // ajv reports a wrong key name twice: by its own rule and by `propertyNames`.
    if (error.keyword === 'propertyNames') continue;
    const { path, key } = placeOf(error);
    const all = error.keyword === 'uniqueItems' ? repeated(draft.at(path)).map((index) => [...path, index]) : [path];
    for (const at of all) {
      const id = JSON.stringify(at);
      if (!wrong.has(id)) wrong.set(id, { path: at, problem: { place: draft.placeOf(at, key), message: explain(error, at) } });
    }
  }
  const lastFirst = [...wrong.values()].sort((a, b) => comparePaths(b.path, a.path));
  return lastFirst.flatMap(({ path, problem }) => (draft.take(path) ? [problem] : []));
}

/** Indices by their number; a part comes before what stands below it. */
function comparePaths(a: Path, b: Path): number {
  const at = a.findIndex((step, i) => step !== b[i]);
  const [left, right] = [a[at], b[at]];
  if (left === undefined || right === undefined) return a.length - b.length;
  return Number(left) - Number(right) || (left < right ? -1 : 1);
}

/** The indices of items that stand in a list before. */
function repeated(list: unknown): string[] {
  const seen = new Set<unknown>();
  const found: string[] = [];
  for (const [i, item] of (Array.isArray(list) ? list : []).entries()) {
    if (seen.has(item)) found.push(String(i));
    seen.add(item);
  }
  return found;
}

function explain(error: SchemaError, path: Path): string {
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
      return `"${name}" must be ${MEANINGS.get(String(params['pattern'])) ?? 'of another form'}; it is ignored.`;
    case 'uniqueItems':
      return `"${name}" stands in the list before; it is ignored.`;
    default:
      return `"${name}" ${error.message ?? 'is not valid'}; it is ignored.`;
  }
}

function explainHidden(path: Path): string {
  return `"${path.join('.')}" is hidden by a template, or cannot be read; it is ignored.`;
}

function article(type: string): string {
  if (type === 'object') return 'a map';
  if (type === 'array') return 'a list';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.map(String).join(', ') : String(values);
}

function takeUnknownRules(draft: Draft, knownRules: ReadonlySet<string>): ConfigurationProblem[] {
  const unknown = Object.keys(asRecord(draft.at(['rules']))).filter((id) => !knownRules.has(id));
  return unknown.map((id) => {
    const place = draft.placeOf(['rules', id], true);
    draft.take(['rules', id]);
    const near = nearestName(id, [...knownRules]);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return { place, message: `There is no rule or family "${id}", so this setting does nothing.${hint}` };
  });
}

function asRecord(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
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
