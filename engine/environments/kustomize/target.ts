import type { Resource } from '../../resources/resource';
import { lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { currentId, itemOf, metadataText, originalId } from './item';
import type { Item, ObjectId } from './item';
import { matchesLabels, parseLabelSelector } from './label-selector';
import type { LabelCondition } from './label-selector';
import { Pattern } from './pattern';

/** Which resources a patch changes; absent parts match everything. Each text is a regular expression that all of a value has to match. */
export interface PatchTarget {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: readonly LabelCondition[];
  readonly annotations?: readonly LabelCondition[];
}

const FIELDS = ['group', 'version', 'kind', 'name', 'namespace'] as const;
type Field = (typeof FIELDS)[number];

/**
 * Reads a target as patches, replacements and plugins have it (kustomize v5.8.1 api/types/selector.go).
 * @returns `wrong` where kustomize refuses an expression or a selector; `unsupported` for an expression that is not read here
 */
export function readTarget(node: YamlNode): PatchTarget | 'wrong' | 'unsupported' {
  const target: { -readonly [K in keyof PatchTarget]: PatchTarget[K] } = {};
  for (const field of FIELDS) {
    const value = stringOf(lookup(node, field));
    if (value === undefined || value === '') continue;
    target[field] = value;
    const pattern = Pattern.parse(value);
    if (typeof pattern === 'string') return pattern;
  }
  for (const [field, key] of [
    ['labelSelector', 'labels'],
    ['annotationSelector', 'annotations'],
  ] as const) {
    const value = stringOf(lookup(node, field));
    if (value === undefined || value.trim() === '') continue;
    const conditions = parseLabelSelector(value);
    if (conditions === undefined) return 'wrong';
    target[key] = conditions;
  }
  return target;
}

/** The same for who only asks what is picked: a target that cannot be read picks nothing. */
export function targetOf(node: YamlNode): PatchTarget | 'unsupported' {
  const target = readTarget(node);
  return target === 'wrong' ? 'unsupported' : target;
}

/** Whether a target picks a resource as it is. */
export function selects(target: PatchTarget, resource: Resource): boolean {
  return selectsItem(target, itemOf(resource));
}

/** Whether a target picks an object of a build: its first name and namespace count as well as those of now (resmap/reswrangler.go, Select). */
export function selectsItem(target: PatchTarget, item: Item): boolean {
  const now = currentId(item.resource);
  const first = originalId(item);
  return (
    (matches(target, 'name', first.name) || matches(target, 'name', now.name)) &&
    (matches(target, 'namespace', first.namespace) || matches(target, 'namespace', now.namespace)) &&
    matchesGvk(target, now) &&
    matchesMetadata(target, item.resource)
  );
}

/** Whether group, version and kind of an object are those of a target. */
export function matchesGvk(target: PatchTarget, { group, version, kind }: ObjectId): boolean {
  return matches(target, 'group', group) && matches(target, 'version', version) && matches(target, 'kind', kind);
}

/** Whether the labels and the annotations of an object are as a target wants them. */
export function matchesMetadata({ labels, annotations }: PatchTarget, resource: Resource): boolean {
  return (
    (labels === undefined || matchesLabels(labels, (key) => metadataText(resource, 'labels', key))) &&
    (annotations === undefined || matchesLabels(annotations, (key) => metadataText(resource, 'annotations', key)))
  );
}

/** Whether a text is what a target wants in one of its fields. */
export function matches(target: PatchTarget, field: Field, text: string | undefined): boolean {
  const wanted = target[field];
  if (wanted === undefined) return true;
  if (text === undefined) return false;
  return isLiteral(wanted) ? wanted === text : (patternOf(target, field)?.matches(text) ?? false);
}

/** The name that a target wants, where it can be only one: then not all have to be gone through. */
export function onlyName({ name }: PatchTarget): string | undefined {
  return name !== undefined && isLiteral(name) ? name : undefined;
}

function isLiteral(text: string): boolean {
  return /^[A-Za-z0-9_/-]*$/.test(text);
}

const patterns = new WeakMap<PatchTarget, Map<Field, Pattern | undefined>>();

function patternOf(target: PatchTarget, field: Field): Pattern | undefined {
  const known = patterns.get(target) ?? new Map<Field, Pattern | undefined>();
  patterns.set(target, known);
  if (!known.has(field)) {
    const pattern = Pattern.parse(target[field] ?? '');
    known.set(field, typeof pattern === 'string' ? undefined : pattern);
  }
  return known.get(field);
}
