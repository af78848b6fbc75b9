import { KUSTOMIZATION_FILES, kustomizationIn, referencesOf } from '../environments/kustomize/kustomization';
import type { Kustomization } from '../environments/kustomize/kustomization';
import { parsePointer } from '../environments/kustomize/pointer';
import { selects, targetOf } from '../environments/kustomize/target';
import type { PatchTarget } from '../environments/kustomize/target';
import { baseNameOf, directoryOf, resolvePath } from '../environments/paths';
import type { Repository } from '../environments/repository';
import { originOf } from '../mesh/collisions';
import type { MeshView } from '../mesh/view';
import { headerOf } from '../resources/resource';
import type { Resource } from '../resources/resource';
import type { ManifestDocument } from '../yaml/document';
import { EmbeddedDocument, parseEmbedded } from '../yaml/embedded';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { ScalarNode, SequenceNode, Source, YamlNode } from '../yaml/tree';
import { covers, cursorAt } from './cursor';

/** A resource as one environment has it. */
export interface Use {
  readonly resource: Resource;
  readonly view: MeshView;
}

/** A position in the text of resources, or in a patch of them. */
export interface Spot {
  /** Keys below the root of the resources. */
  readonly path: readonly string[];
  /** The key or the value under the position. */
  readonly node: YamlNode;
  /** The value that the text gives to the path; `removed` where it takes the path away, undefined where it copies another. */
  readonly value: YamlNode | 'removed' | undefined;
}

/** A patch as a kustomization lists it. */
interface Entry {
  readonly kustomization: Kustomization;
  /** A path, or the patch itself. */
  readonly content: ScalarNode;
  readonly target: YamlNode | undefined;
}

/** The text of a patch: a document of a file of its own, or one inside a kustomization. */
interface Patch {
  readonly root: YamlNode;
  readonly isIn: (source: Source) => boolean;
}

/**
 * The patch that is written at an offset, of either kind, in a file or inline: what stands there, and the resources that the patch changes
 * in each environment. Undefined where no kustomization has a patch, and between its keys and values.
 */
export function patchAt(
  document: ManifestDocument,
  offset: number,
  views: readonly MeshView[],
  repository: Repository,
): { readonly spot: Spot; readonly uses: readonly Use[] } | undefined {
  const inline = inlineAt(document, offset, repository);
  const patch = inline === undefined ? patchOf(document) : inlinePatchOf(inline.content);
  if (patch === undefined) return undefined;
  const spot = spotIn(patch.root, offset);
  const entries = inline === undefined ? entriesNaming(document.file, repository) : [inline];
  if (spot === undefined || entries.length === 0) return undefined;
  const changes = entries.map((entry) => changesOf(entry, patch, repository));
  const uses = views.flatMap((view) => {
    const changed = new Set(changes.flatMap((changedIn) => changedIn(view)));
    return [...changed].map((resource) => ({ resource, view }));
  });
  return { spot, uses };
}

function patchOf(document: ManifestDocument): Patch | undefined {
  return document.root === undefined ? undefined : { root: document.root, isIn: (source) => source === document };
}

function inlinePatchOf(content: ScalarNode): Patch | undefined {
  const embedded = parseEmbedded(content);
  if (embedded?.root === undefined) return undefined;
  // The places of a folded or escaped text are not known: all of it is at each of them.
  const [start, end] = embedded.locate(0, 0);
  if (start !== end) return undefined;
  return { root: embedded.root, isIn: (source) => source instanceof EmbeddedDocument && source.outer === content };
}

function inlineAt(document: ManifestDocument, offset: number, repository: Repository): Entry | undefined {
  const kustomization = kustomizationIn(repository, directoryOf(document.file));
  if (kustomization?.root.source !== document) return undefined;
  return entriesIn(kustomization).find(({ content }) => covers(content, offset));
}

/** The patches of kustomizations that stand in a file. */
function entriesNaming(file: string, repository: Repository): Entry[] {
  const directories = repository.paths().flatMap((path) => (isKustomization(path) ? [directoryOf(path)] : []));
  return [...new Set(directories)].flatMap((directory) => {
    const kustomization = kustomizationIn(repository, directory);
    const entries = kustomization === undefined ? [] : entriesIn(kustomization);
    return entries.filter(({ content }) => resolvePath(directory, stringOf(content) ?? '') === file);
  });
}

function isKustomization(path: string): boolean {
  return KUSTOMIZATION_FILES.includes(baseNameOf(path));
}

function entriesIn(kustomization: Kustomization): Entry[] {
  const { root } = kustomization;
  const merges = itemsOf(root.get('patchesStrategicMerge')).map((content) => ({ content, target: undefined }));
  const others = ['patches', 'patchesJson6902'].flatMap((field) =>
    itemsOf(root.get(field)).map((item) => ({
      content: lookup(item, 'patch') ?? lookup(item, 'path'),
      target: lookup(item, 'target'),
    })),
  );
  return [...merges, ...others].flatMap(({ content, target }) =>
    content?.type === 'scalar' && typeof content.value === 'string' ? [{ kustomization, content, target }] : [],
  );
}

function spotIn(root: YamlNode, offset: number): Spot | undefined {
  if (root.type === 'sequence') return operationAt(root, offset);
  const cursor = cursorAt(root, offset);
  if (cursor === undefined) return undefined;
  const { value } = cursor;
  return { ...cursor, value: value.type === 'scalar' && value.value === null ? 'removed' : value };
}

/** What an operation of a JSON patch (RFC 6902) is about: on its path, on its value, or inside that. */
function operationAt(operations: SequenceNode, offset: number): Spot | undefined {
  const cursor = cursorAt(operations, offset);
  const [index, field, ...rest] = cursor?.path ?? [];
  const operation = operations.items[Number(index)];
  const path = parsePointer(stringOf(lookup(operation, 'path')) ?? '') ?? [];
  if (cursor === undefined || path.length === 0) return undefined;
  const value = lookup(operation, 'value');
  switch (stringOf(lookup(operation, 'op'))) {
    case 'add':
    case 'replace':
      if (field === 'value') return { path: [...path, ...rest], node: cursor.node, value: cursor.value };
      return field === 'path' ? { path, node: cursor.node, value } : undefined;
    case 'remove':
      return field === 'path' ? { path, node: cursor.node, value: 'removed' } : undefined;
    case 'move':
    case 'copy':
      return field === 'path' ? { path, node: cursor.node, value: undefined } : undefined;
    default:
      return undefined;
  }
}

/**
 * The resources of an environment that a patch changes: those that its target picks among what its kustomization builds, by the names that
 * they have in the files or in the end, and those in which something of it is left, whatever they were called when it was applied.
 */
function changesOf({ kustomization, target }: Entry, patch: Patch, repository: Repository): (view: MeshView) => Resource[] {
  const wanted = target === undefined ? identityOf(patch.root) : targetOf(target);
  if (wanted === undefined || wanted === 'unsupported') return () => [];
  const rootsByFile = new Map<string, ReadonlySet<YamlNode>>();
  const rootsIn = (file: string): ReadonlySet<YamlNode> => {
    const known = rootsByFile.get(file) ?? rootsPicked(wanted, file, repository);
    rootsByFile.set(file, known);
    return known;
  };
  return (view) => {
    const { files, resources } = view.environment();
    if (!files.includes(kustomization.file)) return [];
    const built = filesOf(kustomization, files, repository);
    return resources.filter((resource) => {
      const { file, root } = resource;
      if (!built.has(file)) return false;
      if (selects(wanted, resource)) return true;
      return root !== undefined && (rootsIn(file).has(originOf(root)) || holds(root, patch));
    });
  };
}

/** The trees of the resources in a file that a target picks as they are written. */
function rootsPicked(target: PatchTarget, file: string, repository: Repository): ReadonlySet<YamlNode> {
  const picked = repository.resources(file).filter((resource) => selects(target, resource));
  return new Set(picked.flatMap(({ root }) => root ?? []));
}

/** A merge patch without a target is for the resource that it names itself. */
function identityOf(patch: YamlNode): PatchTarget | undefined {
  const header = patch.type === 'map' ? headerOf(patch) : undefined;
  if (header?.name.is !== 'known') return undefined;
  const { apiVersion, kind, name, namespace } = header;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return { group, kind, name: name.value, ...(namespace.is === 'known' ? { namespace: namespace.value } : {}) };
}

/** Whether something of a patch is left in a tree. What no transformation has made is all of one text. */
function holds(node: YamlNode, patch: Patch): boolean {
  if (patch.isIn(node.source)) return true;
  if (node.madeBy === undefined) return false;
  if (node.type === 'map') return entriesOf(node).some(({ key, value }) => patch.isIn(key.source) || holds(value, patch));
  return itemsOf(node).some((item) => holds(item, patch));
}

/**
 * The files of what a kustomization builds. A component changes what those who list it have, so for one it is theirs.
 * @param files those of the environment
 */
function filesOf(kustomization: Kustomization, files: readonly string[], repository: Repository): ReadonlySet<string> {
  const built = new Set<string>();
  for (const directory of reachable(kustomization.directory, (at) => usersOf(at, files, repository))) {
    if (kustomizationIn(repository, directory)?.isComponent === true) continue;
    for (const below of reachable(directory, (at) => directoriesOf(at, repository))) {
      const used = kustomizationIn(repository, below);
      if (used === undefined) continue;
      built.add(used.file);
      for (const reference of referencesOf(repository, used)) if (reference.to === 'file') built.add(reference.path);
    }
  }
  return built;
}

/** A directory, and all to which steps lead from it. */
function reachable(directory: string, next: (directory: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([directory]);
  for (const at of seen) for (const one of next(at)) seen.add(one);
  return seen;
}

function directoriesOf(directory: string, repository: Repository): string[] {
  const kustomization = kustomizationIn(repository, directory);
  const references = kustomization === undefined ? [] : referencesOf(repository, kustomization);
  return references.flatMap((reference) => (reference.to === 'directory' ? [reference.path] : []));
}

/** The directories that list one as a component; none for what is no component. */
function usersOf(directory: string, files: readonly string[], repository: Repository): string[] {
  if (kustomizationIn(repository, directory)?.isComponent !== true) return [];
  return files.filter(isKustomization).flatMap((file) => {
    const user = kustomizationIn(repository, directoryOf(file));
    const references = user === undefined ? [] : referencesOf(repository, user);
    const lists = references.some(({ field, ...to }) => field === 'components' && to.to === 'directory' && to.path === directory);
    return lists && user !== undefined ? [user.directory] : [];
  });
}
