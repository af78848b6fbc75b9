import type { Resource } from '../../resources/resource';
import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { Accumulated } from './accumulation';
import type { Build, KustomizeBuilder } from './build';
import type { BuildCache } from './cache';
import { hiddenBy, isNullish, madeMap, madeScalar, textOf, withEntry, withoutEntry } from './derive';
import { OWN_LABELS } from './field-specs.data';
import type { FieldSpec } from './field-spec';
import { changed, currentKey, remembering } from './item';
import type { Item } from './item';
import { ItemList } from './item-list';
import type { Kustomization, KustomizeProblem } from './kustomization';
import { followNames } from './name-references';
import { applyPairs } from './pairs';
import { Refusal } from './refusal';
import type { Site } from './site';
import { resolveVariables } from './variables';

const LOCAL = 'config.kubernetes.io/local-config';

/**
 * What is done once, where a build ends (kustomize v5.8.1 api/internal/target/kusttarget.go, makeCustomizedResMap, and
 * api/krusty/kustomizer.go): references follow names, variables get their values, local objects are left out.
 */
export function finished(builder: KustomizeBuilder, kustomization: Kustomization, accumulated: Accumulated): Build {
  const problems: KustomizeProblem[] = [...accumulated.problems];
  const partial = new Set(accumulated.partial);
  const cache = builder.cacheOf(kustomization, 'end');
  cache.turn();
  const refuse = (node: YamlNode, message: string): void => {
    problems.push({ place: { node }, message });
  };
  // A generated name gets its hash here, which changes what refers to it; ours stays, and is noted all the same.
  const noted = accumulated.items.map((item) => (item.isHashed ? cache.once(item, [HASHED], () => remembering(item)) : item));
  const items = new ItemList(noted, cache, refuse);
  const site: Site = {
    directory: kustomization.directory,
    file: kustomization.file,
    repository: builder.repository,
    memo: builder.memo,
    cache,
    items,
    refuse,
    leaveOut: (what) => partial.add(what),
    uses: () => undefined,
    embedded: (node) => builder.embedded(node),
  };
  const { root } = kustomization;
  const told = root.entry('resources')?.key ?? root.entries[0]?.key ?? root;
  followNames(site, accumulated.tables.nameReference, told);
  resolveVariables(site, accumulated.variables, accumulated.tables.varReference);
  const bare = items.all.flatMap((item) => applied(cache, item));
  const kept = new ItemList(bare, cache, refuse);
  const twice = problems.length === 0 ? duplicateAmong(kept.all) : undefined;
  if (twice !== undefined)
    site.refuse(told, `${twice.resource.title} comes out twice: kustomize refuses to build that. Rename or drop one.`);
  for (const option of itemsOf(kustomization.root.get('buildMetadata'))) note({ ...site, items: kept }, option);
  return { resources: kept.all.map(({ resource }) => resource), problems, partial: [...partial], files: accumulated.files };
}

/** The first object that has the identity of another; what is renamed may come to be one. */
function duplicateAmong(items: readonly Item[]): Item | undefined {
  const seen = new Set<string>();
  return items.find(({ resource }) => {
    const key = currentKey(resource);
    if (key === undefined || !seen.has(key)) {
      if (key !== undefined) seen.add(key);
      return false;
    }
    return true;
  });
}

/** What is not parsed yet stays so where it says nothing of annotations: nobody may ever read it. */
function mayHaveAnnotations({ isSkimmed, source }: Resource): boolean {
  return !isSkimmed || source.text.includes('annotations');
}

/** kustomize leaves local objects out, takes its own notes out of the annotations, and with them annotations that hold nothing. */
function applied(cache: BuildCache, item: Item): Item | [] {
  const annotations = mayHaveAnnotations(item.resource) ? item.resource.at('metadata', 'annotations') : undefined;
  if (annotations === undefined) return item;
  const local = textOf(lookup(annotations, LOCAL));
  if (local !== undefined && local !== 'false') return [];
  const isBare = annotations.type === 'map' ? annotations.entries.length === 0 && !annotations.open : isNullish(annotations);
  return isBare ? withoutAnnotations(cache, item) : item;
}

function withoutAnnotations(cache: BuildCache, item: Item): Item {
  const next = cache.once(item, [BARE], () =>
    changed(item, (root) => {
      const metadata = root.entry('metadata');
      return metadata?.value.type === 'map' ? withEntry(root, metadata.key, withoutEntry(metadata.value, 'annotations')) : root;
    }),
  );
  return next instanceof Refusal ? item : next;
}

const HASHED = {};
const BARE = {};

const OWN_ANNOTATIONS: FieldSpec = { path: ['metadata', 'annotations'], create: true };

/** What `buildMetadata` writes: where objects come from, and by which version of kustomize they were made. What it says is not known here. */
const METADATA: ReadonlyMap<string, readonly [key: string, specs: readonly FieldSpec[]]> = new Map([
  ['managedByLabel', ['app.kubernetes.io/managed-by', [OWN_LABELS]]],
  ['originAnnotations', ['config.kubernetes.io/origin', [OWN_ANNOTATIONS]]],
  ['transformerAnnotations', ['alpha.config.kubernetes.io/transformations', [OWN_ANNOTATIONS]]],
]);

function note(site: Site, option: YamlNode): void {
  const metadata = METADATA.get(stringOf(option) ?? '');
  if (metadata === undefined) {
    site.refuse(option, 'This is none of originAnnotations, transformerAnnotations and managedByLabel: kustomize refuses it.');
    return;
  }
  const [key, specs] = metadata;
  const pairs = site.memo.once(option, [METADATA], () => {
    return madeMap([{ key: madeScalar(key, option), value: hiddenBy(option) }], option);
  });
  applyPairs(site, pairs, specs);
}
