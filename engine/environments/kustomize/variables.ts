import { lookup, stringOf } from '../../yaml/tree';
import type { MapEntry, ScalarNode, ScalarValue, YamlNode } from '../../yaml/tree';
import { derivedMap, derivedSequence, isNullish, madeScalar } from './derive';
import { isSelected } from './field-spec';
import type { FieldSpec } from './field-spec';
import { editField } from './field-spec';
import { readPath } from './field-path';
import { allIds, changed, effectiveNamespace, gvkOf } from './item';
import type { Item, ObjectId } from './item';
import { Refusal } from './refusal';
import type { Site } from './site';

/** An entry of `vars`; `node` is where it stands. */
export interface Variable {
  readonly name: string;
  readonly fieldPath: string;
  readonly node: YamlNode;
}

/**
 * Takes an entry of `vars`: the object that it reads is noted by the name that it has now or had (kustomize v5.8.1
 * api/internal/accumulator/resaccumulator.go, MergeVars). Values are read in the end.
 */
export function takeVariable(site: Site, entry: YamlNode): Variable | undefined {
  const name = stringOf(lookup(entry, 'name'));
  if (name === undefined) return undefined;
  const reference = lookup(entry, 'objref');
  const found = site.items.entries().filter(([, item]) => allIds(item).some((id) => isMeant(id, reference)));
  const [only] = found;
  if (found.length > 1)
    site.refuse(reference ?? entry, `Several resources are what the variable "${name}" names: kustomize cannot tell them apart.`);
  else if (only !== undefined) {
    const [index, item] = only;
    site.items.replace(
      index,
      site.cache.once(item, [VARIABLES, entry], () => ({ ...item, variables: [...item.variables, name] })),
    );
  }
  return { name, fieldPath: stringOf(lookup(entry, 'fieldref', 'fieldPath')) ?? 'metadata.name', node: entry };
}

function isMeant(id: ObjectId, reference: YamlNode | undefined): boolean {
  const text = (field: string): string => stringOf(lookup(reference, field)) ?? '';
  const [first = '', second] = text('apiVersion').split('/');
  const [group, version] = second === undefined ? [text('group'), first === '' ? text('version') : first] : [first, second];
  const namespace = text('namespace');
  return (
    id.name === text('name') &&
    id.kind === text('kind') &&
    id.group === group &&
    id.version === version &&
    (namespace === '' || id.namespace === effectiveNamespace(namespace))
  );
}

/** Puts values in the place of `$(NAME)`, in the fields of the table (api/filters/refvar). */
export function resolveVariables(site: Site, variables: readonly Variable[], specs: readonly FieldSpec[]): void {
  if (variables.length === 0) return;
  const values = new Map<string, YamlNode>();
  for (const variable of variables) {
    const value = valueOf(site, variable);
    if (value !== undefined) values.set(variable.name, value);
  }
  for (const [index, item] of site.items.entries()) {
    const next = expanded(site, item, values, specs);
    if (next instanceof Refusal) {
      const { node } = variables[0] ?? {};
      if (node !== undefined) site.refuse(node, `kustomize cannot put variables into ${item.resource.title}: ${next.message}.`);
    } else if (next !== item) site.items.replace(index, next);
  }
}

function valueOf(site: Site, { name, fieldPath, node }: Variable): YamlNode | undefined {
  const item = site.items.all.find(({ variables }) => variables.includes(name));
  const root = item?.resource.root;
  const path = fieldPath.split('.').flatMap((part) => {
    const indexed = /^(.*)\[([0-9]{1,9})\]$/.exec(part);
    return indexed === null ? [part] : [indexed[1] ?? '', indexed[2] ?? ''];
  });
  const value = root === undefined ? undefined : readPath(root, path);
  if (value !== undefined && !(value instanceof Refusal) && !isNullish(value)) return value;
  const message =
    item === undefined
      ? `No resource is what the variable "${name}" names, so kustomize cannot give it a value.`
      : `${item.resource.title} has no field "${fieldPath}", so kustomize cannot give the variable "${name}" a value.`;
  site.refuse(node, message);
  return undefined;
}

function expanded(site: Site, item: Item, values: ReadonlyMap<string, YamlNode>, specs: readonly FieldSpec[]): Item | Refusal {
  const { root } = item.resource;
  if (root === undefined) return item;
  const gvk = gvkOf(item.resource);
  const decided: object[] = [];
  let tree = root;
  for (const spec of specs) {
    if (!isSelected(gvk, spec)) continue;
    const next = editField(
      tree,
      { path: spec.path, create: false },
      { by: root, set: (node) => expandAt(node, values, decided) },
    );
    if (next instanceof Refusal) return next;
    tree = next;
  }
  return tree === root ? item : site.cache.decided(item, VARIABLES, decided, () => changed(item, () => tree));
}

const VARIABLES = {};

function expandAt(node: YamlNode, values: ReadonlyMap<string, YamlNode>, decided: object[]): YamlNode {
  if (node.type === 'scalar') return expandText(node, values, decided);
  if (node.type === 'sequence') {
    const items = node.items.map((item) => (item.type === 'scalar' ? expandText(item, values, decided) : item));
    return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
  }
  if (node.type !== 'map') return node;
  const entries = node.entries.map(({ key, value }): MapEntry => {
    return { key, value: value.type === 'scalar' ? expandText(value, values, decided) : value };
  });
  return entries.every(({ value }, i) => value === node.entries[i]?.value) ? node : derivedMap(node, entries);
}

/** Text that is all one variable takes over its type; what is no variable of kustomize stays, for Kubernetes to expand. */
function expandText(node: ScalarNode, values: ReadonlyMap<string, YamlNode>, decided: object[]): YamlNode {
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  const whole = /^\$\(([^)]*)\)$/.exec(node.value);
  const only = whole === null ? undefined : values.get(whole[1] ?? '');
  if (only !== undefined) {
    if (only.type !== 'scalar') return node;
    decided.push(node, only);
    return madeScalar(only.value, only);
  }
  const used: YamlNode[] = [];
  const text = expansionOf(node.value, (name) => {
    const value = values.get(name);
    if (value?.type !== 'scalar') return undefined;
    used.push(value);
    return value.value;
  });
  const [first] = used;
  if (text === node.value) return node;
  decided.push(node, ...used);
  return madeScalar(text, first ?? node);
}

/** `$$` stands for `$`, as in Kubernetes' own syntax. */
function expansionOf(text: string, valueOf: (name: string) => ScalarValue | undefined): string {
  let result = '';
  const lastClose = text.lastIndexOf(')');
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character !== '$' || at + 1 >= text.length) {
      result += character;
      continue;
    }
    const close = text[at + 1] === '(' && at + 1 < lastClose ? text.indexOf(')', at + 2) : -1;
    if (text[at + 1] === '$') at++;
    if (close < 0) {
      result += character;
      continue;
    }
    const value = valueOf(text.slice(at + 2, close));
    result += value === undefined ? text.slice(at, close + 1) : String(value);
    at = close;
  }
  return result;
}
