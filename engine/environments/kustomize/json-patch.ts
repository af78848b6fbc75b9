import { ScalarNode, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode, SequenceNode } from '../../yaml/tree';
import { derivedMap, derivedSequence, isNullish, withEntry } from './derive';
import { parsePointer } from './pointer';
import { sameValue } from './same-value';

/** What keeps a patch from being applied, and the operation that it comes from. */
export interface FailedOperation {
  readonly failed: string;
  readonly operation: YamlNode;
}

/**
 * Applies JSON Patch operations (RFC 6902) to a tree, nodes keeping their origins.
 * @returns the new tree, or a message saying which operation cannot apply; kustomize fails the build then
 */
export function jsonPatch(tree: YamlNode, operations: readonly YamlNode[]): { tree: YamlNode } | FailedOperation {
  let current = tree;
  for (const operation of operations) {
    if (operation.type !== 'map') return { failed: 'an operation of a JSON patch must be a map with "op" and "path"', operation };
    const result = applyOperation(current, operation);
    if (typeof result === 'string') return { failed: result, operation };
    current = result;
  }
  return { tree: current };
}

function applyOperation(tree: YamlNode, operation: MapNode): YamlNode | string {
  const op = stringOf(operation.get('op'));
  const pointer = stringOf(operation.get('path'));
  if (op === undefined || pointer === undefined) return 'an operation of a JSON patch needs "op" and "path"';
  const path = parsePointer(pointer);
  if (path === undefined) return `"${pointer}" is no JSON pointer: it must be empty or start with "/"`;
  switch (op) {
    case 'add':
    case 'replace': {
      const value = operation.get('value');
      return value === undefined ? `"${op}" needs a value` : change(tree, path, { op, value });
    }
    case 'remove':
      return change(tree, path, { op });
    case 'test':
      return testAt(tree, path, pointer, operation.get('value'));
    case 'move':
    case 'copy': {
      const from = parsePointer(stringOf(operation.get('from')) ?? '');
      const value = from && read(tree, from);
      if (from === undefined || value === undefined) return `"${op}" names a "from" that does not exist`;
      const without = op === 'move' ? change(tree, from, { op: 'remove' }) : tree;
      return typeof without === 'string' ? without : change(without, path, { op: 'add', value });
    }
    default:
      return `"${op}" is no operation of JSON patch`;
  }
}

function testAt(tree: YamlNode, path: readonly string[], pointer: string, wanted: YamlNode | undefined): YamlNode | string {
  const found = read(tree, path);
  if (found?.type === 'unknown' || sameValue(found, wanted) || (isNullish(found) && isNullish(wanted))) return tree;
  return `its test fails: "${pointer}" has another value`;
}

type Change = { readonly op: 'add' | 'replace'; readonly value: YamlNode } | { readonly op: 'remove' };

function read(node: YamlNode, path: readonly string[]): YamlNode | undefined {
  let current: YamlNode | undefined = node;
  for (const part of path) {
    if (current?.type === 'map') current = current.get(part);
    else if (current?.type === 'sequence') current = current.items[indexIn(current, part)];
    else return undefined;
  }
  return current;
}

function change(node: YamlNode, path: readonly string[], what: Change): YamlNode | string {
  const [head, ...rest] = path;
  if (head === undefined) return what.op === 'remove' ? 'the whole object cannot be removed' : what.value;
  if (node.type === 'unknown') return node;
  if (node.type === 'map') return changeMap(node, head, rest, what);
  if (node.type === 'sequence') return changeSequence(node, head, rest, what);
  return `there is nothing at "${head}": its parent is a single value`;
}

function changeMap(map: MapNode, head: string, rest: readonly string[], what: Change): YamlNode | string {
  const entry = map.entry(head);
  // What is replaced in a map need not be there (evanphx/json-patch v4.13.0 patch.go).
  if (entry === undefined && (rest.length > 0 || what.op === 'remove')) {
    return map.open ? map : `there is no "${head}" to ${what.op === 'add' ? 'add to' : what.op}`;
  }
  if (rest.length === 0) {
    if (what.op === 'remove') {
      return derivedMap(
        map,
        map.entries.filter((other) => other !== entry),
      );
    }
    return withEntry(map, keyFor(head, what.value), what.value);
  }
  if (entry === undefined) return map;
  const value = change(entry.value, rest, what);
  return typeof value === 'string' ? value : withEntry(map, entry.key, value);
}

/** The key that an added value answers to: findings about it stand at the value in the patch. */
function keyFor(name: string, value: YamlNode): ScalarNode {
  const key = new ScalarNode(value.source, value.start, value.end, name, 'plain');
  key.madeBy = value;
  return key;
}

/** The place that a part of a pointer means; a negative one counts from the end, which RFC 6901 does not know and kustomize does. */
function indexIn(list: SequenceNode, part: string, inserts = false): number {
  if (/^(?:0|[1-9][0-9]{0,5})$/.test(part)) return Number(part);
  if (!/^-[1-9][0-9]{0,5}$/.test(part)) return NaN;
  const index = list.items.length + Number(part) + (inserts ? 1 : 0);
  return index < 0 ? NaN : index;
}

function changeSequence(list: SequenceNode, head: string, rest: readonly string[], what: Change): YamlNode | string {
  const appends = head === '-' && rest.length === 0 && what.op === 'add';
  const index = appends ? list.items.length : indexIn(list, head, rest.length === 0 && what.op === 'add');
  const inserts = what.op === 'add' && rest.length === 0;
  if (Number.isNaN(index) || index > list.items.length || (index === list.items.length && !inserts))
    return `the list has no item "${head}"`;
  const items = [...list.items];
  if (rest.length === 0) {
    if (what.op === 'remove') items.splice(index, 1);
    else items.splice(index, what.op === 'add' ? 0 : 1, what.value);
    return derivedSequence(list, items);
  }
  const item = items[index];
  const value = item === undefined ? `the list has no item "${head}"` : change(item, rest, what);
  if (typeof value === 'string') return value;
  items[index] = value;
  return derivedSequence(list, items);
}
