import { lookup } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { derivedSequence, isNullish, madeScalar, textOf, withEntry } from './derive';
import { editField, isSelected } from './field-spec';
import type { FieldSpec, GvkSelector } from './field-spec';
import { changed, currentId, gvkOf, NO_NAMESPACE, originalId, originalKind, writtenNamespace } from './item';
import type { Item } from './item';
import type { NameReference } from './name-references.data';
import { Refusal } from './refusal';
import type { Site } from './site';

/**
 * Lets references follow the objects that were renamed: once, when all is built (kustomize v5.8.1
 * api/internal/accumulator/namereferencetransformer.go and api/filters/nameref/nameref.go). What is meant is told by a name that the object
 * once had, by its kind, by its namespace, and where several are left by the prefixes and suffixes that it shares with who refers to it.
 */
export function followNames(site: Site, references: readonly NameReference[], told: YamlNode): void {
  const renamed = new Renamed(site.items.all);
  if (renamed.isEmpty) return;
  const byKind = referrersByKind(references);
  for (const [index, item] of site.items.entries()) {
    const fields = byKind.get(originalKind(item));
    if (fields === undefined) continue;
    const meant = fields.filter(({ spec, target }) => isSelected(originalId(item), spec) && renamed.has(target));
    if (meant.length === 0) continue;
    const follower = new Follower(item, renamed);
    const root = item.resource.root;
    if (root === undefined) continue;
    const tree = meant.reduce<MapNode | Refusal>(
      (now, field) => (now instanceof Refusal ? now : follower.follow(now, field.spec, field.target)),
      root,
    );
    if (tree instanceof Refusal) {
      site.refuse(told, `A reference in ${item.resource.title} cannot follow: ${tree.message}. kustomize fails the build.`);
      continue;
    }
    if (tree === root) continue;
    const next = site.cache.decided(item, NAMES, follower.decided, () => changed(item, () => tree));
    if (!(next instanceof Refusal)) site.items.replace(index, next);
  }
}

const NAMES = {};

interface ReferringField {
  readonly spec: FieldSpec;
  readonly target: GvkSelector;
}

const tablesByKind = new WeakMap<readonly NameReference[], ReadonlyMap<string, readonly ReferringField[]>>();

/** Entries without a kind are not among them: kustomize's table has none, and a configuration's would be for everything. */
function referrersByKind(references: readonly NameReference[]): ReadonlyMap<string, readonly ReferringField[]> {
  const known = tablesByKind.get(references);
  if (known !== undefined) return known;
  const byKind = new Map<string, ReferringField[]>();
  for (const { target, referrers } of references) {
    for (const spec of referrers) {
      const kind = spec.kind ?? '';
      byKind.set(kind, [...(byKind.get(kind) ?? []), { spec, target }]);
    }
  }
  tablesByKind.set(references, byKind);
  return byKind;
}

/** The objects that were called otherwise, by the names that they had. */
class Renamed {
  private readonly items: readonly Item[];
  private readonly byName = new Map<string, Item[]>();
  private byFirstNamespace: Map<string, Item[]> | undefined;
  private readonly kinds = new Set<string>();

  constructor(items: readonly Item[]) {
    this.items = items;
    for (const item of items) {
      if (item.former.length === 0) continue;
      for (const name of new Set(item.former.map((id) => id.name))) enter(this.byName, name, item);
      for (const { kind } of item.former) this.kinds.add(kind);
    }
  }

  /** What stood in a namespace at first, renamed or not. */
  firstIn(namespace: string): readonly Item[] {
    if (this.byFirstNamespace === undefined) {
      this.byFirstNamespace = new Map();
      for (const item of this.items) enter(this.byFirstNamespace, originalId(item).namespace, item);
    }
    return this.byFirstNamespace.get(namespace) ?? [];
  }

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  has({ kind }: GvkSelector): boolean {
    return kind === undefined || this.kinds.has(kind);
  }

  called(name: string, target: GvkSelector): Item[] {
    return (this.byName.get(name) ?? []).filter((item) => wasSelected(item, target));
  }
}

function enter(items: Map<string, Item[]>, key: string, item: Item): void {
  const same = items.get(key);
  if (same === undefined) items.set(key, [item]);
  else same.push(item);
}

function wasSelected({ resource, former }: Item, target: GvkSelector): boolean {
  const now = gvkOf(resource);
  return former.some(({ kind }) => isSelected({ ...now, kind }, target));
}

/** Who refers, and what its references turn out to mean. */
class Follower {
  /** In the order of the fields: what was found there, and the name that it got. */
  readonly decided: object[] = [];
  private readonly item: Item;
  private readonly renamed: Renamed;
  private readonly namespace: string;
  private boundNamespaces: ReadonlySet<string> | undefined;

  constructor(item: Item, renamed: Renamed) {
    this.item = item;
    this.renamed = renamed;
    this.namespace = currentId(item.resource).namespace;
  }

  follow(root: MapNode, spec: FieldSpec, target: GvkSelector): MapNode | Refusal {
    const isRoleName = spec.path.slice(-2).join('/') === 'roleRef/name';
    const wanted = isRoleName ? [target, roleOf(root)] : [target];
    const by = this.item.resource.titlePlace ?? root;
    return editField(root, { path: spec.path, create: false }, { by, set: (node) => this.set(node, wanted, spec) });
  }

  private set(node: YamlNode, wanted: readonly GvkSelector[], spec: FieldSpec): YamlNode | Refusal {
    if (isNullish(node)) return node;
    if (node.type === 'scalar') return this.setName(node, wanted, spec);
    if (node.type === 'map') return this.setNameAndNamespace(node, wanted, spec);
    if (node.type !== 'sequence') return node;
    const items: YamlNode[] = [];
    for (const item of node.items) {
      const next = item.type === 'sequence' ? item : this.set(item, wanted, spec);
      if (next instanceof Refusal) return next;
      items.push(next);
    }
    return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
  }

  private setName(node: YamlNode, wanted: readonly GvkSelector[], spec: FieldSpec): YamlNode | Refusal {
    const found = this.find(textOf(node) ?? '', wanted, undefined);
    if (found === undefined || found instanceof Refusal) return found ?? node;
    const name = nameNodeOf(found);
    if (name === undefined || textOf(name) === textOf(node)) return node;
    this.decided.push(spec, node, name);
    return madeScalar(textOf(name) ?? '', name);
  }

  private setNameAndNamespace(map: MapNode, wanted: readonly GvkSelector[], spec: FieldSpec): YamlNode | Refusal {
    const node = map.get('name');
    const written = textOf(node);
    if (node === undefined || written === undefined) return map;
    const found = this.find(written, wanted, map);
    if (found === undefined || found instanceof Refusal) return found ?? map;
    const name = nameNodeOf(found);
    const namespace = lookup(found.resource.root, 'metadata', 'namespace');
    const hasNamespace = namespace !== undefined && textOf(namespace) !== undefined && textOf(namespace) !== '';
    if (name === undefined || (textOf(name) === written && !hasNamespace)) return map;
    this.decided.push(spec, map, name);
    const named = withEntry(
      map,
      madeScalar('name', name),
      textOf(name) === written ? node : madeScalar(textOf(name) ?? '', name),
    );
    if (!hasNamespace) return named;
    this.decided.push(namespace);
    const same = textOf(map.get('namespace')) === textOf(namespace);
    return same ? named : withEntry(named, madeScalar('namespace', namespace), madeScalar(textOf(namespace) ?? '', namespace));
  }

  /** @param pair the map in which the name stands beside a namespace */
  private find(name: string, wanted: readonly GvkSelector[], pair: MapNode | undefined): Item | Refusal | undefined {
    const [target = {}, ...others] = wanted;
    let left = this.renamed
      .called(name, target)
      .filter((item) => others.every((other) => wasSelected(item, other)) && this.mayReferTo(item));
    const namespace = pair?.get('namespace');
    if (namespace?.type === 'unknown') return undefined;
    if (namespace !== undefined) left = this.inNamespace(left, textOf(namespace) ?? '');
    if (left.length === 1) return left[0];
    left = left.filter((item) => sharesAffixes(item, this.item, true));
    if (left.length > 1) left = left.filter((item) => sharesAffixes(item, this.item, false));
    const [first] = left;
    const isOne = left.every((item) => textOf(nameNodeOf(item)) === textOf(first && nameNodeOf(first)));
    const isInOne =
      pair === undefined || left.every((item) => writtenNamespace(item.resource) === (first && writtenNamespace(first.resource)));
    return first === undefined || (isOne && isInOne) ? first : new Refusal(`several objects were called "${name}"`);
  }

  private mayReferTo(item: Item): boolean {
    return this.isInReach(item) && (this.isBeside(item) || item.resource.header.kind === 'ServiceAccount');
  }

  private isBeside(item: Item): boolean {
    const { namespace } = currentId(item.resource);
    return this.namespace === NO_NAMESPACE || namespace === NO_NAMESPACE || namespace === this.namespace;
  }

  private isInReach(item: Item): boolean {
    return this.isBeside(item) || this.bound().has(writtenNamespace(item.resource) ?? '');
  }

  /** Those that were in a namespace at first; those that are in it now only where nothing was. */
  private inNamespace(items: readonly Item[], namespace: string): Item[] {
    const hasFirst = this.renamed.firstIn(namespace).some((item) => this.isInReach(item));
    return items.filter((item) => (hasFirst ? originalId(item) : currentId(item.resource)).namespace === namespace);
  }

  /** A role binding may name accounts of other namespaces. */
  private bound(): ReadonlySet<string> {
    if (this.boundNamespaces === undefined) {
      const { resource } = this.item;
      const subjects = resource.header.kind === 'RoleBinding' ? resource.at('subjects') : undefined;
      const accounts = (subjects?.type === 'sequence' ? subjects.items : []).filter(
        (subject) => textOf(lookup(subject, 'kind')) === 'ServiceAccount',
      );
      this.boundNamespaces = new Set(accounts.flatMap((subject) => textOf(lookup(subject, 'namespace')) ?? []));
    }
    return this.boundNamespaces;
  }
}

function nameNodeOf({ resource }: Item): YamlNode | undefined {
  return resource.at('metadata', 'name');
}

function roleOf(root: MapNode): GvkSelector {
  const [group, kind] = [textOf(lookup(root, 'roleRef', 'apiGroup')), textOf(lookup(root, 'roleRef', 'kind'))];
  return group === undefined || kind === undefined ? {} : { ...(group === '' ? {} : { group }), kind };
}

function sharesAffixes(a: Item, b: Item, allowsNone: boolean): boolean {
  return (['prefixes', 'suffixes'] as const).every(
    (side) => (allowsNone && (a[side].length === 0 || b[side].length === 0)) || endAlike(a[side], b[side]),
  );
}

function endAlike(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length > b.length ? [b, a] : [a, b];
  if (short.length === 0) return long.length === 0;
  return short.every((text, i) => text === long[i + long.length - short.length]);
}
