import { booleanOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { applyAffix } from './affix';
import { fieldSpecsIn } from './configurations';
import { derivedMap, textOf } from './derive';
import type { FieldSpec } from './field-spec';
import { applyGenerator } from './generators';
import { applyImage } from './images';
import { applyNamespace } from './namespace';
import type { SubjectMode } from './namespace';
import { applyPairs } from './pairs';
import { applyPatch, applyPatchEntry } from './patches';
import { applyReplacements } from './replacements';
import { applyReplicas } from './replicas';
import type { Site } from './site';

/**
 * Applies an object that `transformers:` lists. Those of `apiVersion: builtin` are kustomize's own (v5.8.1
 * api/internal/plugins/builtinhelpers/builtins.go); any other would run a program or a container.
 * @returns false for what is not built here
 */
export function applyTransformer(site: Site, plugin: MapNode): boolean {
  if (stringOf(plugin.get('apiVersion')) !== 'builtin') return false;
  const specs = site.memo.once(plugin, [SPECS], () => fieldSpecsIn(plugin.get('fieldSpecs')));
  const apply = TRANSFORMERS.get(stringOf(plugin.get('kind')) ?? '');
  apply?.(site, plugin, specs);
  return apply !== undefined;
}

/** The same for `generators:`. */
export function applyPluginGenerator(site: Site, plugin: MapNode): boolean {
  const kind = stringOf(plugin.get('kind'));
  if (stringOf(plugin.get('apiVersion')) !== 'builtin') return false;
  if (kind !== 'ConfigMapGenerator' && kind !== 'SecretGenerator') return false;
  const entry = site.memo.once(plugin, [ENTRY], () => entryOf(plugin));
  applyGenerator(site, entry, kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap', undefined);
  return true;
}

const SPECS = {};
const ENTRY = {};

/** A generator's object has its name and namespace in its metadata; an entry has them beside the rest. */
function entryOf(plugin: MapNode): YamlNode {
  const metadata = plugin.get('metadata');
  const own =
    metadata?.type === 'map' ? metadata.entries.filter(({ key }) => key.value === 'name' || key.value === 'namespace') : [];
  const entries = plugin.entries.filter(
    ({ key }) => key.value !== 'metadata' && key.value !== 'kind' && key.value !== 'apiVersion',
  );
  return derivedMap(plugin, [...own, ...entries]);
}

type Apply = (site: Site, plugin: MapNode, specs: readonly FieldSpec[]) => void;

const affix =
  (field: 'prefix' | 'suffix'): Apply =>
  (site, plugin, specs) => {
    const node = plugin.get(field);
    if (node?.type === 'scalar') applyAffix(site, field === 'prefix' ? 'prefixes' : 'suffixes', node, specs);
  };

const TRANSFORMERS: ReadonlyMap<string, Apply> = new Map<string, Apply>(
  Object.entries({
    AnnotationsTransformer: (site, plugin, specs) => {
      applyPairs(site, plugin.get('annotations'), specs);
    },
    // Names get no hash here.
    HashTransformer: () => undefined,
    ImageTagTransformer: (site, plugin, specs) => {
      const image = plugin.get('imageTag');
      if (image !== undefined) applyImage(site, image, specs);
    },
    LabelTransformer: (site, plugin, specs) => {
      applyPairs(site, plugin.get('labels'), specs);
    },
    NamespaceTransformer: (site, plugin, specs) => {
      const namespace = lookup(plugin, 'metadata', 'namespace');
      if (namespace?.type !== 'scalar' || (textOf(namespace) ?? '') === '') return;
      const mode = stringOf(plugin.get('setRoleBindingSubjects')) ?? 'defaultOnly';
      const unsetOnly = booleanOf(plugin.get('unsetOnly')) === true;
      if (isMode(mode)) applyNamespace(site, { namespace, specs, unsetOnly, subjects: mode });
      else
        site.refuse(plugin, `"${mode}" is none of defaultOnly, allServiceAccounts and none: kustomize refuses this transformer.`);
    },
    PatchJson6902Transformer: (site, plugin) => {
      applyPatchEntry(site, plugin, 'patchesJson6902');
    },
    PatchStrategicMergeTransformer: (site, plugin) => {
      for (const path of itemsOf(plugin.get('paths'))) applyPatch(site, mergePatch(path, isInlineMerge(path)));
      const text = plugin.get('patches');
      if (text !== undefined) applyPatch(site, mergePatch(text, true));
    },
    PatchTransformer: (site, plugin) => {
      applyPatchEntry(site, plugin, 'patches');
    },
    PrefixTransformer: affix('prefix'),
    PrefixSuffixTransformer: (site, plugin, specs) => {
      affix('prefix')(site, plugin, specs);
      affix('suffix')(site, plugin, specs);
    },
    ReplacementTransformer: (site, plugin) => {
      applyReplacements(site, plugin.get('replacements'));
    },
    ReplicaCountTransformer: (site, plugin, specs) => {
      const replica = plugin.get('replica');
      if (replica !== undefined) applyReplicas(site, replica, specs);
    },
    SuffixTransformer: affix('suffix'),
  } satisfies Record<string, Apply>),
);

function isMode(text: string): text is SubjectMode {
  return text === 'defaultOnly' || text === 'allServiceAccounts' || text === 'none';
}

/** A merge patch without a target, as `patchesStrategicMerge` lists it. */
export function mergePatch(content: YamlNode, isInline: boolean): Parameters<typeof applyPatch>[1] {
  return { content, isInline, target: undefined, remembers: false };
}

/** Whether an entry of `patchesStrategicMerge` is the patch itself: where it can be no path. */
export function isInlineMerge(content: YamlNode): boolean {
  const text = stringOf(content) ?? '';
  return text.includes('\n') || text.trimStart().startsWith('{');
}
