import { headerOf, Resource } from '../../resources/resource';
import { lookup } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { isSameDerivation, textOf } from './derive';
import type { Gvk } from './field-spec';
import { Refusal } from './refusal';
import { isCertainlyScopeless } from './scope.data';

/** What an object was called at an earlier step of the build. */
interface FormerId {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
}

/** What kustomize identifies an object by (kyaml v0.21.1 resid/resid.go). The namespace is the effective one. */
export interface ObjectId extends Gvk {
  /** Undefined where a template hides it: then it equals no other. */
  readonly name: string | undefined;
  readonly namespace: string;
}

/** An object of a build, and what kustomize notes of it on the way (v5.8.1 api/resource/resource.go). */
export interface Item {
  readonly resource: Resource;
  /** Oldest first. */
  readonly former: readonly FormerId[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** Whether its name gets a hash in the end: that of a generated object. */
  readonly isHashed: boolean;
  /** The names of the `vars` that read it. */
  readonly variables: readonly string[];
}

/** The namespace of what kustomize holds for cluster-scoped. */
export const NO_NAMESPACE = '_non_namespaceable_';
/** A namespace that a template hides; a name that Kubernetes does not allow, so that no other equals it. */
const HIDDEN_NAMESPACE = '{{ }}';
const DEFAULT_NAMESPACE = 'default';

/** An object as a file holds it. */
export function itemOf(resource: Resource): Item {
  let item = items.get(resource);
  if (item === undefined) {
    item = { resource, former: [], prefixes: [], suffixes: [], isHashed: false, variables: [] };
    items.set(resource, item);
  }
  return item;
}

/** An object comes into each build as the same item. */
const items = new WeakMap<Resource, Item>();

/** Group, version and kind as they are written. */
export function gvkOf({ header: { apiVersion, kind } }: Resource): Gvk {
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

/** Whether kustomize leaves an object without a namespace, whatever it writes. */
export function isCertainlyClusterScoped({ header: { apiVersion, kind } }: Resource): boolean {
  return isCertainlyScopeless(apiVersion, kind);
}

/** An unset namespace is the default one. */
export function effectiveNamespace(written: string | undefined): string {
  return written === undefined || written === '' ? DEFAULT_NAMESPACE : written;
}

/** The namespace that an object writes; undefined where it writes none. */
export function writtenNamespace(resource: Resource): string | undefined {
  // A header leaves out what has no meaning for its kind; kustomize takes it as it is written.
  const { namespace } = resource.header;
  if (namespace.is === 'known') return namespace.value;
  if (namespace.is === 'unknown') return HIDDEN_NAMESPACE;
  return resource.isClusterScoped ? textOf(resource.at('metadata', 'namespace')) : undefined;
}

/** What an object is called now. */
export function currentId(resource: Resource): ObjectId {
  const namespace = isCertainlyClusterScoped(resource) ? NO_NAMESPACE : effectiveNamespace(writtenNamespace(resource));
  const { group, version, kind } = gvkOf(resource);
  return { group, version, kind, name: resource.name, namespace };
}

/** What it is called now and was called before; the API version is that of now. */
export function allIds({ resource, former }: Item): ObjectId[] {
  const now = currentId(resource);
  return [...former.map((id) => idAs(now, id)), now];
}

/** What it was called at first. */
export function originalId({ resource, former: [first] }: Item): ObjectId {
  const now = currentId(resource);
  return first === undefined ? now : idAs(now, first);
}

function idAs({ group, version }: ObjectId, { name, namespace, kind }: FormerId): ObjectId {
  return { group, version, kind, name, namespace };
}

/** Whether two items say the same, of themselves and of where all of it stands. */
export function isSameItem(a: Item, b: Item): boolean {
  const [left, right] = [a.resource.root, b.resource.root];
  return (
    sameTexts(a.prefixes, b.prefixes) &&
    sameTexts(a.suffixes, b.suffixes) &&
    sameTexts(a.variables, b.variables) &&
    a.isHashed === b.isHashed &&
    a.former.length === b.former.length &&
    a.former.every(
      (id, i) => id.name === b.former[i]?.name && id.namespace === b.former[i].namespace && id.kind === b.former[i].kind,
    ) &&
    a.resource.source === b.resource.source &&
    (left === right || (left !== undefined && right !== undefined && isSameDerivation(left, right)))
  );
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** Whether it is or was called so. */
export function isCalled({ resource, former }: Item, name: string): boolean {
  return resource.name === name || former.some((id) => id.name === name);
}

/** Whether two identities are one: what a template hides is no other's. */
export function isSameId(a: ObjectId, b: ObjectId): boolean {
  return (
    a.name !== undefined &&
    a.name === b.name &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.group === b.group &&
    a.version === b.version
  );
}

/** A text that two objects share when kustomize holds them for the same; undefined where a template hides the name. */
export function idKey({ group, version, kind, name, namespace }: ObjectId): string | undefined {
  return name === undefined ? undefined : [group, version, kind, namespace, name].join('\n');
}

/** The same of an object as it is now called; each directory on the way to a root asks for it. */
export function currentKey(resource: Resource): string | undefined {
  let key = currentKeys.get(resource);
  if (key === undefined) {
    key = { text: idKey(currentId(resource)) };
    currentKeys.set(resource, key);
  }
  return key.text;
}

const currentKeys = new WeakMap<Resource, { readonly text: string | undefined }>();

/** The kind that it had at first. */
export function originalKind({ resource, former: [first] }: Item): string {
  return first?.kind ?? resource.header.kind;
}

/** Notes what an object is called now before that changes. */
export function remembering(item: Item): Item {
  const { name = '', namespace, kind } = currentId(item.resource);
  return { ...item, former: [...item.former, { name, namespace, kind }] };
}

/**
 * The item with another tree.
 * @returns a refusal when the change is one, or when it leaves no Kubernetes object
 */
export function changed(item: Item, change: (root: MapNode) => YamlNode | Refusal): Item | Refusal {
  const { resource } = item;
  const { root } = resource;
  if (root === undefined) return item;
  const tree = change(root);
  if (tree instanceof Refusal || tree === root) return tree instanceof Refusal ? tree : item;
  const header = tree.type !== 'map' ? undefined : isNamedAlike(root, tree) ? resource.header : headerOf(tree);
  if (header === undefined || tree.type !== 'map') return new Refusal('what is left is no Kubernetes object');
  return { ...item, resource: new Resource(header, resource.source, tree) };
}

/** Whether what a header is read from is the same in both trees. */
function isNamedAlike(a: MapNode, b: MapNode): boolean {
  return ['apiVersion', 'kind', 'metadata'].every((field) => a.get(field) === b.get(field));
}

/** The text of a label or an annotation; undefined where the object has none, or where a template hides it. */
export function metadataText(resource: Resource, field: 'labels' | 'annotations', key: string): string | undefined {
  return textOf(lookup(resource.at('metadata', field), key));
}
