import type { Resource } from '../../resources/resource';
import { booleanOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/** One entry of a git generator's `directories` or `files`. */
export interface GitPath {
  readonly path: string;
  readonly excludes: boolean;
}

/** Generators stand in each other one level deep; text that goes on is not followed for ever. */
export const MOST_NESTED = 4;

/** The `git` blocks among an ApplicationSet's generators, those in a matrix or a merge too. */
export function gitGenerators(set: Resource): readonly YamlNode[] {
  const found: YamlNode[] = [];
  const visit = (generator: YamlNode, depth: number): void => {
    const git = lookup(generator, 'git');
    if (isSet(git)) found.push(git);
    for (const nest of depth < MOST_NESTED ? ['matrix', 'merge'] : [])
      for (const inner of itemsOf(lookup(generator, nest, 'generators'))) visit(inner, depth + 1);
  };
  for (const generator of itemsOf(set.at('spec', 'generators'))) visit(generator, 0);
  return found;
}

/** What a list of `{ path, exclude }` says, from the repository's root. Entries whose path is hidden or missing are left out. */
export function pathsIn(list: YamlNode | undefined): readonly GitPath[] {
  return itemsOf(list).flatMap((item) => {
    const path = stringOf(lookup(item, 'path'))?.replace(/^\.?\//, '');
    return path === undefined ? [] : { path, excludes: booleanOf(lookup(item, 'exclude')) === true };
  });
}
