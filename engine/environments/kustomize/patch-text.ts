import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, ScalarNode, SequenceNode, YamlNode } from '../../yaml/tree';
import { lacking } from '../lacking';
import { isNullish, textOf } from './derive';
import { resolveReference } from './kustomization';
import type { Site } from './site';

/** What a patch's text turns out to be. */
type PatchText =
  | { readonly is: 'merge'; readonly patches: readonly MapNode[] }
  | { readonly is: 'operations'; readonly operations: SequenceNode }
  | undefined;

/**
 * Reads a patch, whose text alone tells which sort it is (kustomize v5.8.1 api/internal/builtins/PatchTransformer.go). What keeps it from
 * being read is told to the site.
 * @param content a path, or the patch itself
 * @returns undefined for a patch that cannot be read, and for one that says nothing
 */
export function readPatch(site: Site, content: YamlNode, isInline: boolean): PatchText {
  if (content.type !== 'scalar' || typeof content.value !== 'string') return undefined;
  const roots = isInline ? inlineRoots(site, content) : fileRoots(site, content, content.value);
  if (roots === undefined) return undefined;
  const [first] = roots;
  // Of several lists of operations only the first is applied.
  if (first?.type === 'sequence') return { is: 'operations', operations: first };
  const patches = roots.flatMap(flattened);
  const nameless = patches.find((patch) => patch.type !== 'unknown' && !isObject(patch));
  if (nameless === undefined) return { is: 'merge', patches: patches.filter((patch): patch is MapNode => patch.type === 'map') };
  const message =
    'This patch is neither a list of JSON patch operations nor an object with "kind" and "metadata.name": kustomize cannot tell what it is.';
  site.refuse(content, message);
  site.leaveOut(lacking('patches that cannot be read', site.file));
  return undefined;
}

function inlineRoots(site: Site, content: ScalarNode): YamlNode[] | undefined {
  const documents = site.embedded(content);
  if (documents === undefined) {
    site.leaveOut(lacking('patches that cannot be read', site.file));
    return undefined;
  }
  for (const { problem } of documents) {
    if (problem === undefined) continue;
    site.refuse(content, `This inline patch is no readable YAML: ${problem.message}.`);
    return undefined;
  }
  return documents.flatMap(({ root }) => (root === undefined || isNullish(root) ? [] : [root]));
}

function fileRoots(site: Site, content: ScalarNode, path: string): YamlNode[] | undefined {
  const { repository } = site;
  const reference = resolveReference(repository, site.directory, path, content, 'patches');
  if (reference.to === 'nothing') site.refuse(content, reference.problem.message);
  if (reference.to !== 'file') {
    site.leaveOut(lacking('patches that are not here', site.file));
    return undefined;
  }
  site.uses(reference.path);
  const manifest = repository.manifest(reference.path);
  if (manifest === undefined) site.leaveOut(lacking('patches that are not read', site.file));
  return manifest?.documents.flatMap(({ root }) => (root === undefined || isNullish(root) ? [] : [root]));
}

/** A list of objects stands for its items. */
function flattened(root: YamlNode): YamlNode[] {
  if (root.type !== 'map' || stringOf(root.get('kind'))?.endsWith('List') !== true) return [root];
  const items = root.get('items');
  return items === undefined ? [root] : [...itemsOf(items)];
}

function isObject(patch: YamlNode): boolean {
  if (patch.type !== 'map' || textOf(patch.get('kind')) === undefined) return false;
  const name = lookup(patch, 'metadata', 'name');
  return name?.type === 'unknown' || textOf(name) !== undefined;
}
