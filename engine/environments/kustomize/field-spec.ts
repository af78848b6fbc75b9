import { lookup, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { derivedSequence, isNullish, madeMap, madeScalar, withEntry } from './derive';
import { Refusal } from './refusal';

/** Group, version and kind as an object writes them. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What kinds a rule of kustomize is for; what is absent matches all. */
export type GvkSelector = Partial<Gvk>;

/** A field of some kinds (kustomize v5.8.1 api/types/fieldspec.go). */
export interface FieldSpec extends GvkSelector {
  /** Keys; lists on the way are gone through without a step of their own, and a key that ends in `[]` is never made. */
  readonly path: readonly string[];
  /** Whether what is missing of the path is made. */
  readonly create: boolean;
}

/** Whether a kind is one of those that are meant (kyaml v0.21.1 resid/gvk.go, IsSelected). */
export function isSelected(gvk: Gvk, by: GvkSelector): boolean {
  return (
    (by.group === undefined || by.group === gvk.group) &&
    (by.version === undefined || by.version === gvk.version) &&
    (by.kind === undefined || by.kind === gvk.kind)
  );
}

/** The selector that a map with `group`, `version` and `kind` writes. */
export function selectorIn(node: YamlNode | undefined): GvkSelector {
  const selector: { -readonly [K in keyof GvkSelector]: GvkSelector[K] } = {};
  for (const field of ['group', 'version', 'kind'] as const) {
    const text = stringOf(lookup(node, field));
    if (text !== undefined && text !== '') selector[field] = text;
  }
  return selector;
}

/** The keys of a path; a separator after a backslash belongs to its key (kyaml v0.21.1 utils/pathsplitter.go). */
export function splitPath(path: string, separator = '/'): string[] {
  const parts = path.split(separator);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const keys: string[] = [];
  for (const part of parts) {
    const last = keys.at(-1);
    if (last?.endsWith('\\') === true) keys[keys.length - 1] = `${last.slice(0, -1)}${separator}${part}`;
    else keys.push(part);
  }
  return keys;
}

/** What is done at the end of a path. */
export interface Edit {
  /** Gives the node that is to stand there, the same for no change. */
  readonly set: (node: YamlNode) => YamlNode | Refusal;
  /** Gives what `set` gets where nothing stands; without it nothing is ever made. */
  readonly make?: () => YamlNode;
  /** What made the keys that are missing. */
  readonly by: YamlNode;
}

/**
 * Edits a field wherever the path leads (kustomize v5.8.1 api/filters/fieldspec/fieldspec.go).
 * @returns the same tree when nothing changes; a refusal when the path leads through a single value
 */
export function editField(root: MapNode, spec: Pick<FieldSpec, 'path' | 'create'>, edit: Edit): MapNode | Refusal {
  const result = step(root, spec.path, spec.create, edit);
  return result instanceof Refusal || result.type === 'map' ? result : root;
}

function step(node: YamlNode, path: readonly string[], create: boolean, edit: Edit): YamlNode | Refusal {
  const [head, ...rest] = path;
  if (head === undefined) return edit.set(node);
  if (isNullish(node)) return node;
  if (node.type === 'map') return stepIntoMap(node, head, rest, create, edit);
  if (node.type === 'scalar') return new Refusal(`there is a single value where "${head}" would have to stand`);
  if (node.type !== 'sequence') return node;
  const items: YamlNode[] = [];
  for (const item of node.items) {
    const result = step(item, path, create, edit);
    if (result instanceof Refusal) return result;
    items.push(result);
  }
  return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
}

function stepIntoMap(map: MapNode, head: string, rest: readonly string[], create: boolean, edit: Edit): YamlNode | Refusal {
  const isList = head.endsWith('[]');
  const name = isList ? head.slice(0, -2) : head;
  const before = map.get(name);
  const make = create && !isList ? edit.make : undefined;
  if (before === undefined && make === undefined) return map;
  const made = (): YamlNode => (rest.length === 0 && make !== undefined ? make() : madeMap([], edit.by));
  const value = before === undefined || (make !== undefined && isNullish(before)) ? made() : before;
  const result = step(value, rest, create, edit);
  if (result instanceof Refusal) return result;
  return result === before ? map : withEntry(map, map.entry(name)?.key ?? madeScalar(name, edit.by), result);
}
