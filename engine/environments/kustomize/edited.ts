import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { resolvePath } from '../paths';
import type { Repository } from '../repository';
import { madeMap, madeScalar, madeSequence, textOf, withEntry } from './derive';
import type { Kustomization } from './kustomization';
import type { TransformMemo } from './memo';

/** A kustomization that no file holds: what an Application or a Kustomization of Flux wants of the one in a directory. */
export interface Overrides extends Kustomization {
  /** What becomes of an entry of `images` where the file has one of that name: it gives way, or keeps what is not said anew. */
  readonly images: 'replace' | 'merge';
  /** Whether components that are not here are passed by (`ignoreMissingComponents`). */
  readonly skipsMissing: boolean;
}

type Edit = (own: YamlNode | undefined, wanted: YamlNode, overrides: Overrides) => YamlNode;

const set: Edit = (_, wanted) => wanted;
const append: Edit = (own, wanted) => madeSequence(wanted, [...itemsOf(own), ...itemsOf(wanted)]);
const addPairs: Edit = (own, wanted) =>
  own?.type !== 'map' || wanted.type !== 'map'
    ? wanted
    : wanted.entries.reduce((all, { key, value }) => withEntry(all, key, value), own);
const byName =
  (merged: (own: MapNode, wanted: MapNode, overrides: Overrides) => MapNode): Edit =>
  (own, wanted, overrides) => {
    const named = new Map(itemsOf(own).map((item, i) => [stringOf(lookup(item, 'name')) ?? i, item]));
    for (const item of itemsOf(wanted)) {
      const name = stringOf(lookup(item, 'name'));
      if (name === undefined) continue;
      const before = named.get(name);
      named.set(name, before?.type === 'map' && item.type === 'map' ? merged(before, item, overrides) : item);
    }
    return madeSequence(wanted, [...named.values()]);
  };

/**
 * What the tools do to each field (argo-cd v3.5.1 util/kustomize/kustomize.go with kustomize v5.8.1 commands/edit; fluxcd/pkg kustomize
 * v1.44.0 kustomize_generator.go).
 */
const EDITS: Readonly<Record<string, Edit>> = {
  namespace: set,
  namePrefix: set,
  nameSuffix: set,
  patches: append,
  components: append,
  labels: append,
  commonLabels: addPairs,
  commonAnnotations: addPairs,
  replicas: byName((_, wanted) => wanted),
  images: byName((own, wanted, { images }) => (images === 'merge' ? mergedImage(own, wanted) : replacedImage(own, wanted))),
};

/** The overrides without the components that they pass by: the same ones where there is none. */
export function withoutMissing(overrides: Overrides, repository: Repository, memo: TransformMemo): Overrides {
  const { root, directory, skipsMissing } = overrides;
  const components = root.entry('components');
  const all = itemsOf(components?.value);
  const here = all.filter((node) => isHere(stringOf(node), directory, repository));
  if (!skipsMissing || components === undefined || here.length === all.length) return overrides;
  const list = (): MapNode => withEntry(root, components.key, madeSequence(components.value, here));
  return { ...overrides, root: memo.once(root, here, list) };
}

function isHere(written: string | undefined, directory: string, repository: Repository): boolean {
  const path = written === undefined ? undefined : resolvePath(directory, written);
  return path === undefined || repository.isDirectory(path) || repository.exists(path);
}

/** A kustomization's root with overrides written into it, as if its file said so. Findings about them stand where they are written. */
export function editedRoot({ root }: Kustomization, overrides: Overrides): MapNode {
  return overrides.root.entries.reduce((edited, { key, value }) => {
    const edit = EDITS[String(key.value)];
    // An empty text is none.
    if (edit === undefined || !isSet(value) || textOf(value) === '') return edited;
    return withEntry(edited, key, edit(edited.get(String(key.value)), value, overrides));
  }, root);
}

/** A tag and a digest choose a version together: what says one of them says nothing of the other any more. */
const VERSION: readonly string[] = ['newTag', 'digest'];

function mergedImage(own: MapNode, wanted: MapNode): MapNode {
  const saysVersion = VERSION.some((field) => isSet(wanted.get(field)));
  const kept = own.entries.filter(({ key }) => !saysVersion || !VERSION.includes(String(key.value)));
  return wanted.entries.reduce((all, { key, value }) => withEntry(all, key, value), madeMap(kept, wanted));
}

/** `*` stands for what the file says. */
function replacedImage(own: MapNode, wanted: MapNode): MapNode {
  const entries = entriesOf(wanted).flatMap((entry) => {
    if (textOf(entry.value) !== '*') return [entry];
    const value = own.get(String(entry.key.value));
    return value === undefined ? [] : [{ key: entry.key, value: madeScalar(textOf(value) ?? null, value) }];
  });
  return madeMap(entries, wanted);
}
