import type { Resource } from '../../resources/resource';
import { removeEntry, setString } from '../../yaml/edit';
import type { TextEdit } from '../../yaml/edit';
import { lookup } from '../../yaml/tree';
import type { MapNode, ScalarNode, YamlNode } from '../../yaml/tree';

/** The annotation that asks for a proxy, or refuses one. */
export const INJECT = 'linkerd.io/inject';

export type InjectValue = 'enabled' | 'ingress' | 'disabled';

/** What people write when they mean one of the values: other spellings, and the words of other tools' switches. */
const MEANT: ReadonlyMap<string, InjectValue> = new Map<string, InjectValue>([
  ...['enabled', 'enable', 'true', 'yes', 'on', '1', 'inject'].map((word) => [word, 'enabled'] as const),
  ...['disabled', 'disable', 'false', 'no', 'off', '0', 'skip'].map((word) => [word, 'disabled'] as const),
  ['ingress', 'ingress'],
]);

/** The annotation, or a label of that name, as it stands somewhere, whether or not Linkerd reads it there. */
export interface InjectSetting {
  readonly value: ScalarNode;
  /** Keys below the resource's root that lead to the map it stands in. */
  readonly path: readonly string[];
  /** Undefined when the value means neither. */
  readonly meant: InjectValue | undefined;
}

/**
 * Reads `linkerd.io/inject` from a map of a resource.
 * @returns undefined when it is not set, an empty value included, which Linkerd takes for none; `unknown` when a template may set it
 */
export function injectSetting(subject: Resource, path: readonly string[]): InjectSetting | 'unknown' | undefined {
  const value = subject.at(...path, INJECT);
  if (value?.type === 'unknown') return 'unknown';
  if (value?.type !== 'scalar' || value.value === null || value.value === '') return undefined;
  return { value, path, meant: MEANT.get(String(value.value).trim().toLowerCase()) };
}

/** The key, which is what stands in the wrong place; of one that a transformation made, what leads to its origin. */
export function keyOf({ value }: InjectSetting): YamlNode {
  return value.madeBy === undefined ? (value.key ?? value) : value;
}

/**
 * Sets what a setting means where it counts, and takes it from where it does not. Edits the resource's own document alone: what an
 * overlay's patch brings in cannot be moved into the base for all.
 *
 * @param target keys that lead to the annotations in which Linkerd reads it
 */
export function moveSetting(subject: Resource, setting: InjectSetting, target: readonly string[]): TextEdit[] | undefined {
  const { root } = subject;
  const { value, path, meant } = setting;
  if (root === undefined || meant === undefined || value.madeBy !== undefined || value.source !== subject.source)
    return undefined;
  const set = setString(root, [...target, INJECT], meant);
  if (set === undefined) return undefined;
  const removed = isSelected(subject, path) ? undefined : removal(root, path, target);
  return removed === undefined ? [set] : [set, removed];
}

/** A label of the pod template that the workload's own selector names has to stay. */
function isSelected(subject: Resource, path: readonly string[]): boolean {
  return path.at(-1) === 'labels' && subject.at('spec', 'selector', 'matchLabels', INJECT) !== undefined;
}

/** Removes the entry, with the maps that it would leave empty; not those that lead to what is set. */
function removal(root: MapNode, path: readonly string[], target: readonly string[]): TextEdit | undefined {
  let map = asMap(lookup(root, ...path));
  let key = INJECT;
  for (let depth = path.length; depth > 0 && map?.entries.length === 1; depth--) {
    if (path.slice(0, depth).every((step, i) => step === target[i])) break;
    map = asMap(lookup(root, ...path.slice(0, depth - 1)));
    key = path[depth - 1] ?? '';
  }
  const entry = map?.entry(key);
  return map === undefined || entry === undefined ? undefined : removeEntry(map, entry);
}

function asMap(node: YamlNode | undefined): MapNode | undefined {
  return node?.type === 'map' ? node : undefined;
}
