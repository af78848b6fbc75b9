import type { MapEntry, MapNode, YamlNode } from '../../../yaml/tree';

/** Payloads at paths of a document, as a tree along the paths, so that a document is walked once. */
export interface PathTree<T> {
  readonly here: T[];
  readonly fields: Map<string, PathTree<T>>;
  items: PathTree<T> | undefined;
  values: PathTree<T> | undefined;
}

/** @param rows paths with what stands there; `[]` is each item of a list, `{}` each value of a map: `.spec.ports{}` */
export function pathTree<T>(rows: Iterable<readonly [path: string, payload: T]>): PathTree<T> {
  const root = emptyTree<T>();
  for (const [path, payload] of rows) {
    let step = root;
    for (const [part] of path.matchAll(/\[\]|\{\}|[^.[{]+/g)) {
      if (part === '[]') step = step.items ??= emptyTree();
      else if (part === '{}') step = step.values ??= emptyTree();
      else step = fieldOf(step, part);
    }
    step.here.push(payload);
  }
  return root;
}

function emptyTree<T>(): PathTree<T> {
  return { here: [], fields: new Map(), items: undefined, values: undefined };
}

function fieldOf<T>(step: PathTree<T>, name: string): PathTree<T> {
  let field = step.fields.get(name);
  if (field === undefined) step.fields.set(name, (field = emptyTree()));
  return field;
}

/** Where a value stands in its map; undefined for items of lists and the root. */
export interface Standing {
  readonly map: MapNode;
  readonly entry: MapEntry;
}

/** Calls `visit` for every value of a document that stands at a path of the tree. A null counts as not set. */
export function walkPaths<T>(
  node: YamlNode,
  step: PathTree<T>,
  visit: (payload: T, node: YamlNode, standing: Standing | undefined) => void,
  standing?: Standing,
): void {
  for (const payload of step.here) visit(payload, node, standing);
  if (node.type === 'sequence') {
    if (step.items !== undefined) for (const item of node.items) walkPaths(item, step.items, visit);
    return;
  }
  if (node.type !== 'map') return;
  for (const entry of node.entries) {
    const { key, value } = entry;
    const next = step.fields.get(String(key.value)) ?? step.values;
    if (next === undefined || (value.type === 'scalar' && value.value === null)) continue;
    walkPaths(value, next, visit, { map: node, entry });
  }
}
