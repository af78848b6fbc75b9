import { resolvePath } from '../../environments/paths';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { valuesInText } from '../../environments/helm/embedded';
import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { Resource } from '../../resources/resource';
import type { MeshView } from '../view';

export { valuesInText };

/** A text that a Helm reference is made of, as it is written. */
export interface HelmText {
  /** Empty where a template or a variable decides it. */
  readonly text: string;
  readonly node: YamlNode;
  /** A template or a variable decides it, in part or as a whole. */
  readonly hidden?: true;
  /** It stands in another resource, which is a subject of its own. */
  readonly foreign?: true;
}

/** One value set by its dotted name, as `--set` does: it holds over every values tree. */
export interface HelmParameter {
  /** `proxy.image.version` */
  readonly name: string;
  readonly value: YamlNode;
}

export interface HelmValues {
  /** Values trees, lowest precedence first. Those that could not be read are missing. */
  readonly values: readonly YamlNode[];
  /** Set one by one; the last of one name holds. */
  readonly parameters: readonly HelmParameter[];
}

export const NO_VALUES: HelmValues = { values: [], parameters: [] };

/**
 * The text of a scalar that Helm and its tools take for a string. They convert numbers, so that `version: 30` is the text "30".
 * @returns undefined for what is not set, empty, or no scalar
 */
export function helmText(node: YamlNode | undefined): HelmText | undefined {
  if (!isSet(node)) return undefined;
  if (node.type === 'unknown') return { text: '', node, hidden: true };
  if (node.type !== 'scalar') return undefined;
  const text = String(node.value).trim();
  return text === '' ? undefined : { text, node };
}

/** What a text that may be hidden or missing says. */
export function textState(text: HelmText | undefined): Tristate<string> {
  if (text === undefined) return absent;
  return text.hidden === true ? unknown : known(text.text);
}

/**
 * A value as the release gets it: a parameter, else the tree of highest precedence that sets it.
 * @returns undefined when nothing that could be read sets it, an UnknownNode when a template may
 */
export function helmValue({ values, parameters }: HelmValues, ...path: readonly string[]): YamlNode | undefined {
  const name = path.join('.');
  const parameter = parameters.findLast((candidate) => candidate.name === name);
  if (parameter !== undefined) return parameter.value;
  for (let i = values.length - 1; i >= 0; i--) {
    const found = lookup(values[i], ...path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first tree in a file of this repository; undefined when it is not here, or its text is not read. */
export function treeOfFile(view: MeshView, path: string | undefined): YamlNode | undefined {
  if (path === undefined) return undefined;
  const documents = view.repository.manifest(path)?.documents ?? [];
  return documents.find((document) => document.root !== undefined)?.root;
}

/** The value files that a list, or a single text, names relative to a directory. */
export function valuesInFiles(view: MeshView, directory: string, list: YamlNode | undefined): YamlNode[] {
  return (list?.type === 'scalar' ? [list] : itemsOf(list)).flatMap((item) => {
    const written = stringOf(item);
    const tree = written === undefined ? undefined : treeOfFile(view, resolvePath(directory, written));
    return tree ?? [];
  });
}

/** A list of `{ name, value }`. */
export function namedParameters(list: YamlNode | undefined): HelmParameter[] {
  return itemsOf(list).flatMap((item) => {
    const name = stringOf(lookup(item, 'name'));
    const value = lookup(item, 'value');
    return name === undefined || !isSet(value) ? [] : [{ name, value }];
  });
}

/** A map from dotted names to values. */
export function mappedParameters(map: YamlNode | undefined): HelmParameter[] {
  return entriesOf(map).map(({ key, value }) => ({ name: String(key.value), value }));
}

/**
 * What a HelmRelease's `valuesFrom` takes from ConfigMaps of the environment. Secrets are left alone: what they hold is rarely in a
 * repository, and is not readable there.
 */
export function valuesFromConfigMaps(release: Resource, view: MeshView): HelmValues {
  const values: YamlNode[] = [];
  const parameters: HelmParameter[] = [];
  for (const item of itemsOf(release.at('spec', 'valuesFrom'))) {
    const name = stringOf(lookup(item, 'name'));
    if (stringOf(lookup(item, 'kind')) !== 'ConfigMap' || name === undefined || release.namespace === undefined) continue;
    const data = view.index.named('ConfigMap', release.namespace, name)[0]?.at('data');
    const value = lookup(data, stringOf(lookup(item, 'valuesKey')) ?? 'values.yaml');
    const target = stringOf(lookup(item, 'targetPath'));
    if (value === undefined) continue;
    if (target !== undefined) parameters.push({ name: target, value });
    else values.push(...[valuesInText(value)].filter((tree) => tree !== undefined));
  }
  return { values, parameters };
}
