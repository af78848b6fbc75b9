import { headerOf, Resource } from '../../resources/resource';
import { booleanOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, SequenceNode, YamlNode } from '../../yaml/tree';
import { lacking } from '../lacking';
import { madeMap, madeScalar, withEntry, withoutEntry } from './derive';
import type { Gvk } from './field-spec';
import { allIds, changed, currentId, isSameId, remembering } from './item';
import type { Item, ObjectId } from './item';
import { jsonPatch } from './json-patch';
import type { FailedOperation } from './json-patch';
import { strategicMerge } from './merge';
import { readPatch } from './patch-text';
import { Refusal } from './refusal';
import { unshared } from './shared-values';
import type { Site } from './site';
import { onlyName, readTarget, selectsItem } from './target';
import type { PatchTarget } from './target';

/** A patch as some field asks for it. */
export interface PatchEntry {
  /** A path, or the patch itself. */
  readonly content: YamlNode;
  readonly isInline: boolean;
  readonly target: YamlNode | undefined;
  readonly options?: YamlNode | undefined;
  /** Whether what it changes remembers its name: not under `patchesJson6902`. */
  readonly remembers: boolean;
}

/** An item of `patches`, of `patchesJson6902`, or a plugin that says the same. */
export function applyPatchEntry(site: Site, entry: YamlNode, field: 'patches' | 'patchesJson6902'): void {
  const inline = lookup(entry, field === 'patches' ? 'patch' : 'jsonOp') ?? lookup(entry, 'patch');
  const content = inline ?? lookup(entry, 'path');
  if (content === undefined) {
    const message = 'A patch must be a map with "path" or "patch": kustomize refuses a bare file name here. Write "- path: …".';
    if (entry.type !== 'unknown') site.refuse(entry, message);
    site.leaveOut(lacking('patches that cannot be read', site.file));
    return;
  }
  const [target, options] = [lookup(entry, 'target'), lookup(entry, 'options')];
  applyPatch(site, { content, isInline: inline !== undefined, target, options, remembers: field === 'patches' });
}

/** Applies a patch to all that it is for. */
export function applyPatch(site: Site, entry: PatchEntry): void {
  const { content } = entry;
  const text = readPatch(site, content, entry.isInline);
  if (text === undefined) return;
  const target = entry.target === undefined ? undefined : readTarget(entry.target);
  if (target === 'unsupported') {
    site.leaveOut(lacking('patterns that are not understood', `a patch's target in ${site.file}`));
    return;
  }
  if (target === 'wrong') {
    site.refuse(entry.target ?? content, 'This target holds an expression or a selector that kustomize cannot read. Correct it.');
    return;
  }
  if (text.is === 'operations') applyOperations(site, text.operations, target, entry);
  else if (target === undefined) for (const patch of text.patches) mergeIntoNamed(site, patch, entry);
  else if (text.patches.length > 1)
    site.refuse(
      content,
      'Several patches in one entry cannot share a target: kustomize refuses that. Give each an entry of its own.',
    );
  else for (const patch of text.patches) mergeIntoPicked(site, patch, target, entry);
}

function mergeIntoNamed(site: Site, patch: MapNode, entry: PatchEntry): void {
  const header = headerOf(patch);
  if (header?.name.is !== 'known') return;
  const id = currentId(new Resource(header, patch.source, patch));
  const found = site.items.called(header.name.value).filter(([, item]) => allIds(item).some((other) => isSameId(other, id)));
  const [only] = found;
  const title = `${header.kind} ${header.name.value}`;
  if (only === undefined) {
    const difference = differenceFrom(site, id);
    const whatIs = difference === undefined ? `No resource of this kustomization is ${title}` : `${title} is here ${difference}`;
    site.refuse(entry.content, `${whatIs}, so kustomize fails to apply the patch.`);
  } else if (found.length > 1)
    site.refuse(
      entry.content,
      `Several resources of this kustomization are or were ${title}, so kustomize fails to apply the patch.`,
    );
  else merge(site, only, patch, entry);
}

/** What keeps a resource of the same kind and name from being the one that a patch names; undefined where there is none. */
function differenceFrom(site: Site, id: ObjectId): string | undefined {
  const near = site.items.called(id.name ?? '').find(([, { resource }]) => resource.header.kind === id.kind);
  if (near === undefined) return undefined;
  const { group, version, namespace } = currentId(near[1].resource);
  const versionOf = (one: Gvk): string => (one.group === '' ? one.version : `${one.group}/${one.version}`);
  if (group !== id.group || version !== id.version)
    return `with the API version ${versionOf({ ...id, group, version })} and not ${versionOf(id)}`;
  return namespace === id.namespace ? undefined : `in the namespace ${namespace} and not in ${id.namespace}`;
}

function mergeIntoPicked(site: Site, patch: MapNode, target: PatchTarget, entry: PatchEntry): void {
  for (const place of picked(site, target)) merge(site, place, patch, entry);
}

function picked(site: Site, target: PatchTarget): [number, Item][] {
  const name = onlyName(target);
  const candidates = name === undefined ? site.items.entries() : site.items.called(name);
  return candidates.filter(([, item]) => selectsItem(target, item));
}

function merge(site: Site, [index, item]: [number, Item], patch: MapNode, { content, options, target }: PatchEntry): void {
  const renames = booleanOf(lookup(options, 'allowNameChange')) === true;
  const changesKind = booleanOf(lookup(options, 'allowKindChange')) === true;
  const variant = MERGES[`${String(renames)} ${String(changesKind)} ${String(target !== undefined)}`] ?? MERGES;
  const next = site.cache.once(item, [variant, patch], (): Item | Refusal | undefined => {
    const { root } = item.resource;
    if (root === undefined) return item;
    const tree = strategicMerge(root, target === undefined ? patch : withGvkOf(root, patch));
    if (tree === undefined || tree instanceof Refusal) return tree;
    const noted = renames || changesKind ? remembering(item) : item;
    return changed(noted, () => (tree.type === 'map' ? withIdentity(tree, root, { renames, changesKind }) : tree));
  });
  if (next instanceof Refusal)
    site.refuse(content, `This patch cannot be applied to ${item.resource.title}: ${next.message}. kustomize fails the build.`);
  else site.items.replace(index, next);
}

const MERGES: Readonly<Record<string, object>> = Object.fromEntries(
  [true, false].flatMap((a) => [true, false].flatMap((b) => [true, false].map((c) => [`${a} ${b} ${c}`, {}]))),
);

/** With a target, the patch is taken for one of the version that it meets. */
function withGvkOf(root: MapNode, patch: MapNode): MapNode {
  const [theirs, own] = [root.entry('apiVersion'), patch.entry('apiVersion')];
  if (theirs === undefined || stringOf(theirs.value) === stringOf(own?.value)) return patch;
  return withEntry(patch, theirs.key, theirs.value);
}

/** Name, namespace and kind stay, unless the options let them change (kustomize v5.8.1 api/resource/resource.go, ApplySmPatch). */
function withIdentity(
  tree: MapNode,
  root: MapNode,
  { renames, changesKind }: { renames: boolean; changesKind: boolean },
): MapNode {
  const kept = changesKind ? tree : withSame(tree, root, 'kind');
  const metadata = kept.entry('metadata');
  const before = root.get('metadata');
  if (metadata?.value.type !== 'map' || before?.type !== 'map') return kept;
  const named = renames ? metadata.value : withSame(metadata.value, before, 'name');
  const placed = withSame(named, before, 'namespace');
  return placed === metadata.value ? kept : withEntry(kept, metadata.key, placed);
}

function withSame(map: MapNode, before: MapNode, name: string): MapNode {
  const entry = before.entry(name);
  if (entry?.value === map.get(name)) return map;
  return entry === undefined ? withoutEntry(map, name) : withEntry(map, entry.key, entry.value);
}

function applyOperations(site: Site, operations: SequenceNode, target: PatchTarget | undefined, entry: PatchEntry): void {
  const { content } = entry;
  if (target === undefined) {
    site.refuse(content, 'A JSON patch needs a target, else kustomize does not know what it changes. Add one.');
    return;
  }
  if (operations.items.length > MOST_OPERATIONS) {
    site.leaveOut(lacking(`patches of more than ${MOST_OPERATIONS} operations`, site.file));
    return;
  }
  for (const [index, item] of picked(site, target)) {
    const next = site.cache.once(item, [entry.remembers ? NOTED : FRESH, operations], () =>
      patched(item, operations, entry.remembers),
    );
    if ('failed' in next) {
      const node = next.operation.source.file === site.file ? next.operation : content;
      site.refuse(node, `This patch cannot be applied to ${item.resource.title}: ${next.failed}. kustomize fails the build.`);
    } else if (next instanceof Refusal)
      site.refuse(content, `This patch cannot be applied to ${item.resource.title}: ${next.message}. kustomize fails the build.`);
    else site.items.replace(index, next);
  }
}

/** Each makes what it changes anew. */
const MOST_OPERATIONS = 2000;

function patched(item: Item, operations: SequenceNode, remembers: boolean): Item | Refusal | FailedOperation {
  const noted = remembers ? remembering(item) : item;
  // kustomize's own notes are annotations, so that there are some to add to.
  const isNoted = noted.former.length > 0 || noted.isHashed;
  const failures: FailedOperation[] = [];
  const next = changed(noted, (root) => {
    const own = unshared(root);
    const result = jsonPatch(isNoted && own.type === 'map' ? withAnnotations(own) : own, operations.items);
    if (!('failed' in result)) return withoutEmptied(result.tree, root);
    failures.push(result);
    return root;
  });
  return failures.at(0) ?? next;
}

const NOTED = {};
const FRESH = {};

function withAnnotations(root: MapNode): MapNode {
  const metadata = root.entry('metadata');
  if (metadata?.value.type !== 'map' || metadata.value.entry('annotations') !== undefined) return root;
  const annotations = madeMap([], metadata.value);
  return withEntry(root, metadata.key, withEntry(metadata.value, madeScalar('annotations', metadata.value), annotations));
}

/** Takes out the annotations that were put in for the patch, when it wrote none. */
function withoutEmptied(tree: YamlNode, root: MapNode): YamlNode {
  const annotations = lookup(tree, 'metadata', 'annotations');
  if (tree.type !== 'map' || annotations?.type !== 'map' || annotations.entries.length > 0) return tree;
  if (lookup(root, 'metadata', 'annotations') !== undefined) return tree;
  const metadata = tree.entry('metadata');
  return metadata?.value.type === 'map' ? withEntry(tree, metadata.key, withoutEntry(metadata.value, 'annotations')) : tree;
}
