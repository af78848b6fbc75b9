import type { Label } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import type { YamlNode } from '../yaml/tree';

/** A label or annotation as the whole environment shows it, with the nodes that say so. */
export interface SharedValue {
  readonly value: Tristate<string>;
  readonly evidence: readonly YamlNode[];
}

export const UNKNOWN_VALUE: SharedValue = { value: unknown, evidence: [] };
const ABSENT_VALUE: SharedValue = { value: absent, evidence: [] };

/**
 * What several definitions of one Namespace say together: alternatives that disagree leave the value unknown.
 *
 * @param definitions every Namespace of that name in the environment
 * @param complete whether the environment shows everything the cluster holds: then a Namespace that no file defines has no labels; else
 *   its labels are unknown, since somebody else makes it
 */
export function sharedLabel(
  definitions: readonly Resource[],
  field: 'labels' | 'annotations',
  key: string,
  complete: boolean,
): SharedValue {
  if (definitions.length === 0) return complete ? ABSENT_VALUE : UNKNOWN_VALUE;
  const values = definitions.map((definition) => definition[field].get(key));
  const first = values[0];
  if (first === undefined || values.some((value) => !sameLabel(value, first)))
    return { value: unknown, evidence: values.flatMap(nodesOf) };
  return { value: tristateOf(first), evidence: values.flatMap(nodesOf) };
}

/** A label as a tri-state value. */
export function tristateOf(label: Label): Tristate<string> {
  if (label.is === 'known') return known(label.value);
  return label.is === 'absent' ? absent : unknown;
}

function sameLabel(a: Label, b: Label): boolean {
  return a.is === b.is && (a.is !== 'known' || (b.is === 'known' && a.value === b.value));
}

function nodesOf(label: Label): YamlNode[] {
  return label.is === 'absent' ? [] : [label.node];
}
