import { booleanOf, entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode, MapNode } from '../../yaml/tree';
import { selectorIn, splitPath } from './field-spec';
import type { FieldSpec } from './field-spec';
import type { FieldTables } from './field-specs.data';
import type { TransformMemo } from './memo';
import type { NameReference } from './name-references.data';
import { Refusal } from './refusal';

const LISTS = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'images',
  'replicas',
  'varReference',
] as const;

type Additions = Partial<FieldTables>;

/**
 * The tables with what a file of `configurations` adds; it takes nothing away (kustomize v5.8.1
 * api/internal/plugins/builtinconfig/transformerconfig.go).
 * @returns a refusal when an entry is at odds with one that is there: one makes what is missing, the other does not
 */
export function withConfiguration(memo: TransformMemo, tables: FieldTables, root: MapNode): FieldTables | Refusal {
  return memo.once(tables, [root], () => withAdditions(tables, additionsIn(root)));
}

/** The same for a file of `crds`: OpenAPI definitions of kinds, with what kustomize is to do to their fields. */
export function withDefinitions(memo: TransformMemo, tables: FieldTables, root: MapNode): FieldTables | Refusal {
  return memo.once(tables, [root], () =>
    definedKinds(root).reduce<FieldTables | Refusal>(
      (all, kind) => (all instanceof Refusal ? all : withAdditions(all, additionsOfDefinition(root, kind))),
      tables,
    ),
  );
}

/** Both tables' entries, those that stand for the same once. */
export function mergeTables(memo: TransformMemo, a: FieldTables, b: FieldTables): FieldTables | Refusal {
  return a === b ? a : memo.once(a, [b], () => withAdditions(a, b));
}

function withAdditions(tables: FieldTables, additions: Additions): FieldTables | Refusal {
  const result: { -readonly [K in keyof FieldTables]: FieldTables[K] } = { ...tables };
  for (const list of LISTS) {
    const merged = mergeSpecs(tables[list], additions[list] ?? []);
    if (merged instanceof Refusal) return merged;
    result[list] = merged;
  }
  for (const addition of additions.nameReference ?? []) {
    const merged = withReference(result.nameReference, addition);
    if (merged instanceof Refusal) return merged;
    result.nameReference = merged;
  }
  const keys = Object.keys(result) as (keyof FieldTables)[];
  return keys.every((key) => result[key] === tables[key]) ? tables : result;
}

/** The fields of both (kustomize v5.8.1 api/types/fieldspec.go, MergeAll). */
export function mergeSpecs(specs: readonly FieldSpec[], additions: readonly FieldSpec[]): readonly FieldSpec[] | Refusal {
  const result = [...specs];
  for (const addition of additions) {
    const same = result.find((spec) => covers(addition, spec));
    if (same === undefined) result.push(addition);
    else if (same.create !== addition.create)
      return new Refusal(`two entries for "${addition.path.join('/')}" differ in whether it is created`);
  }
  return result.length === specs.length ? specs : result;
}

/** Whether one is for the same path, and for kinds among which are those of the other. */
function covers(wide: FieldSpec, narrow: FieldSpec): boolean {
  return (
    (['group', 'version', 'kind'] as const).every((part) => wide[part] === undefined || wide[part] === narrow[part]) &&
    wide.path.join('\n') === narrow.path.join('\n')
  );
}

function withReference(references: readonly NameReference[], addition: NameReference): readonly NameReference[] | Refusal {
  const { group, version, kind } = addition.target;
  const at = references.findIndex(({ target }) => target.group === group && target.version === version && target.kind === kind);
  const same = references[at];
  if (same === undefined) return [...references, addition];
  const referrers = mergeSpecs(same.referrers, addition.referrers);
  if (referrers instanceof Refusal) return referrers;
  if (referrers === same.referrers) return references;
  return references.map((reference, i) => (i === at ? { target: same.target, referrers } : reference));
}

function additionsIn(root: MapNode): Additions {
  const additions: { -readonly [K in keyof Additions]: Additions[K] } = {};
  for (const list of LISTS) additions[list] = fieldSpecsIn(root.get(list));
  additions.nameReference = itemsOf(root.get('nameReference')).map((item) => ({
    target: selectorIn(item),
    referrers: fieldSpecsIn(lookup(item, 'fieldSpecs')),
  }));
  return additions;
}

/** The field specs of a list, as configurations, plugins and entries of `labels` have them. */
export function fieldSpecsIn(list: YamlNode | undefined): FieldSpec[] {
  return itemsOf(list).flatMap((item) => {
    const path = stringOf(lookup(item, 'path'));
    if (path === undefined || path === '') return [];
    return [{ ...selectorIn(item), path: splitPath(path), create: booleanOf(lookup(item, 'create')) === true }];
  });
}

/** Definitions of whole objects (kustomize v5.8.1 api/internal/accumulator/loadconfigfromcrds.go). */
function definedKinds(root: MapNode): string[] {
  return entriesOf(root).flatMap(({ key, value }) => {
    const properties = propertiesOf(value);
    const isObject = ['apiVersion', 'kind', 'metadata'].every((field) => properties?.entry(field) !== undefined);
    return isObject ? [String(key.value)] : [];
  });
}

function propertiesOf(definition: YamlNode | undefined): MapNode | undefined {
  const properties = lookup(definition, 'Schema', 'properties') ?? lookup(definition, 'schema', 'properties');
  return properties?.type === 'map' ? properties : undefined;
}

const DEEPEST_DEFINITION = 30;
/** Definitions that refer to each other many times would multiply with each level. */
const MOST_FIELDS = 5000;

function additionsOfDefinition(root: MapNode, type: string): Additions {
  const kind = type.slice(type.lastIndexOf('.') + 1);
  const found = { commonAnnotations: [] as FieldSpec[], commonLabels: [] as FieldSpec[], namePrefix: [] as FieldSpec[] };
  const nameReference: NameReference[] = [];
  const specOf = (path: readonly string[]): FieldSpec => ({ kind, path, create: false });
  let fields = 0;
  const walk = (definition: string, path: readonly string[]): void => {
    if (path.length > DEEPEST_DEFINITION) return;
    for (const { key, value } of entriesOf(propertiesOf(root.get(definition)))) {
      if (++fields > MOST_FIELDS) return;
      const below = [...path, String(key.value)];
      const extension = (name: string): string | undefined => stringOf(lookup(value, `x-kubernetes-${name}`));
      if (extension('annotation') !== undefined) found.commonAnnotations.push(specOf(below));
      if (extension('label-selector') !== undefined) found.commonLabels.push(specOf(below));
      if (extension('identity') !== undefined) found.namePrefix.push(specOf(below));
      const [version, referred] = [extension('object-ref-api-version'), extension('object-ref-kind')];
      if (version !== undefined && referred !== undefined) {
        const name = extension('object-ref-name-key') ?? 'name';
        nameReference.push({ target: { version, kind: referred }, referrers: [specOf([...below, name])] });
      }
      const reference = stringOf(lookup(value, '$ref'));
      if (reference !== undefined) walk(reference, below);
    }
  };
  walk(type, []);
  return { ...found, nameReference };
}
