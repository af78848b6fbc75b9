import type { YamlNode } from '../../../../yaml/tree';
import { pathTree, walkPaths } from '../paths';
import type { PathTree } from '../paths';
import type { Fault } from '../schema-faults';
import type { Predicate } from './predicates';
import { CEL_RULES, LIST_KEYS } from './table';

const trees = new Map<string, PathTree<Predicate>>();

/**
 * What the CEL rules and list keys of a kind have against a document. Silent on what a template hides, and on values of a wrong type.
 */
export function celFaults(kind: string, root: YamlNode): Fault[] {
  const found: Fault[] = [];
  walkPaths(root, treeOf(kind), (predicate, node) => {
    const problem = predicate.check(node);
    if (problem !== undefined) found.push({ of: predicate.of, ...problem });
  });
  return found;
}

function treeOf(kind: string): PathTree<Predicate> {
  let tree = trees.get(kind);
  if (tree === undefined) trees.set(kind, (tree = pathTree([...(CEL_RULES[kind] ?? []), ...(LIST_KEYS[kind] ?? [])])));
  return tree;
}
