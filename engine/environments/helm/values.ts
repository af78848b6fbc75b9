import { entriesOf } from '../../yaml/tree';
import type { ScalarNode, YamlNode } from '../../yaml/tree';

/** What a chart is installed with. */
export interface ChartValues {
  /** Values trees, lowest precedence first; undefined stands for one that is not here, and may set anything. */
  readonly trees: readonly (YamlNode | undefined)[];
  /** Set one by one by their dotted names: they beat every tree, and the last of one name holds. */
  readonly parameters: ReadonlyMap<string, YamlNode>;
  /** The node that says how the release is called, and the one for its namespace; undefined where nothing here does. */
  readonly name: YamlNode | undefined;
  readonly namespace: YamlNode | undefined;
}

/** What stands at a path of the values: a scalar, nothing, or what cannot be told. */
export type FoundValue = ScalarNode | 'absent' | 'unknown';

/**
 * The value that templates see at a path: the tree of highest precedence decides that has it. Maps merge, all else replaces, and null takes
 * a default away (helm 4 pkg/chart/common/util/coalesce.go).
 */
export function valueAt({ trees, parameters }: ChartValues, path: readonly string[]): FoundValue {
  const name = path.join('.');
  const parameter = parameters.get(name);
  if (parameter !== undefined) return parameter.type === 'scalar' && parameter.value !== null ? parameter : 'unknown';
  // A parameter above or below, or one of a list's items, changes what is there.
  for (const other of parameters.keys())
    if (other.startsWith(`${name}.`) || other.startsWith(`${name}[`) || isAbove(other, name)) return 'unknown';
  for (let i = trees.length - 1; i >= 0; i--) {
    const found = inTree(trees[i], path);
    if (found !== undefined) return found;
  }
  return 'absent';
}

function isAbove(other: string, name: string): boolean {
  return name.startsWith(`${other}.`) || name.startsWith(`${other}[`);
}

/** Undefined where the tree leaves the path to those below it. */
function inTree(tree: YamlNode | undefined, path: readonly string[]): FoundValue | undefined {
  if (tree === undefined) return 'unknown';
  let at: YamlNode = tree;
  for (const [i, key] of path.entries()) {
    if (at.type !== 'map') return 'unknown';
    const next: YamlNode | undefined = at.get(key);
    if (next === undefined) return at.open ? 'unknown' : undefined;
    if (next.type === 'scalar' && next.value === null) return 'absent';
    // A scalar where the path goes on: templates that take it fail.
    if (next.type === 'unknown' || (next.type === 'scalar' && i < path.length - 1)) return 'unknown';
    at = next;
  }
  return at.type === 'scalar' ? at : 'unknown';
}

/** `{ name, value }` items as parameters; names with escapes are left to whoever sees that they are there. */
export function parametersOf(items: readonly YamlNode[]): ReadonlyMap<string, YamlNode> {
  const parameters = new Map<string, YamlNode>();
  for (const item of items) {
    const fields = new Map(entriesOf(item).map(({ key, value }) => [String(key.value), value]));
    const name = fields.get('name');
    const value = fields.get('value');
    if (name?.type === 'scalar' && value !== undefined) parameters.set(String(name.value), value);
  }
  return parameters;
}
