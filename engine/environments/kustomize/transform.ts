import { isClusterScoped, kindName, POD_TEMPLATE_PATHS } from '../../resources/kinds';
import { headerOf, Resource } from '../../resources/resource';
import { entriesOf, itemsOf, lookup, MapNode, ScalarNode, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { derivedSequence, withEntry } from './merge';

/** Results by what they were made of, so that an unchanged resource stays the same object when its environment is built again. */
export class TransformMemo {
  private readonly trees = new WeakMap<object, WeakMap<object, unknown>>();
  private readonly resources = new WeakMap<Resource, WeakMap<object, Resource>>();

  /** The result of `make` for this pair of objects. */
  tree<T>(base: object, by: object, make: () => T): T {
    return remember(this.trees, base, by, make) as T;
  }

  /** The resource with another tree; undefined when the tree is no Kubernetes object any more. */
  resource(base: Resource, root: MapNode): Resource | undefined {
    if (base.root === root) return base;
    const header = headerOf(root);
    if (header === undefined) return undefined;
    return remember(this.resources, base, root, () => new Resource(header, base.source, () => root));
  }
}

function remember<T>(memo: WeakMap<object, WeakMap<object, T>>, a: object, b: object, make: () => T): T {
  let inner = memo.get(a);
  if (inner === undefined) {
    inner = new WeakMap();
    memo.set(a, inner);
  }
  let value = inner.get(b);
  if (value === undefined) {
    value = make();
    inner.set(b, value);
  }
  return value;
}

/**
 * What `namespace:` does to one object (kustomize v5 api/filters/namespace): every kind that is not certainly cluster-scoped gets it,
 * a core Namespace is renamed to it.
 */
export function withNamespace(root: MapNode, namespace: ScalarNode): MapNode {
  const header = headerOf(root);
  const kind =
    header &&
    kindName(header.kind, header.apiVersion.includes('/') ? header.apiVersion.slice(0, header.apiVersion.indexOf('/')) : '');
  if (kind === undefined || (isClusterScoped(kind) && kind !== 'Namespace')) return root;
  return setText(root, ['metadata', kind === 'Namespace' ? 'name' : 'namespace'], namespace);
}

/**
 * What `labels`, `commonLabels` and `commonAnnotations` do to metadata and pod templates. Selectors are left as they are: the labels they
 * name stay, so what they select stays.
 */
export function withPairs(root: MapNode, field: 'labels' | 'annotations', pairs: MapNode, inTemplates: boolean): MapNode {
  const header = headerOf(root);
  let result = setPairs(root, ['metadata', field], pairs);
  const group = header?.apiVersion.includes('/') === true ? header.apiVersion.slice(0, header.apiVersion.indexOf('/')) : '';
  const path = header && POD_TEMPLATE_PATHS.get(kindName(header.kind, group));
  if (inTemplates && path !== undefined && path.length > 0 && lookup(root, ...path)?.type === 'map') {
    result = setPairs(result, [...path, 'metadata', field], pairs);
  }
  return result;
}

function setPairs(root: MapNode, path: readonly string[], pairs: MapNode): MapNode {
  return entriesOf(pairs).reduce((tree, { key, value }) => {
    const text = stringOf(value);
    return text === undefined || value.type !== 'scalar' ? tree : setText(tree, [...path, String(key.value)], value);
  }, root);
}

/** What one entry of `replicas` does: the count of the workload of that name (kustomize v5 api/filters/replicacount). */
export function withReplicas(root: MapNode, name: string, count: ScalarNode): MapNode {
  const header = headerOf(root);
  const scaled = ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'];
  if (header === undefined || !scaled.includes(header.kind) || header.name.is !== 'known' || header.name.value !== name)
    return root;
  return setText(root, ['spec', 'replicas'], count);
}

/** An entry of `images`: containers whose image has the name get another name, tag or digest. */
export interface ImageChange {
  readonly name: string;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
  /** Where the finding about a changed image stands. */
  readonly node: YamlNode;
}

/** What `images` does to a pod template (kustomize v5 api/filters/imagetag): tag or digest of the text are replaced, not kept. */
export function withImage(root: MapNode, change: ImageChange): MapNode {
  const header = headerOf(root);
  const group = header?.apiVersion.includes('/') === true ? header.apiVersion.slice(0, header.apiVersion.indexOf('/')) : '';
  const path = header && POD_TEMPLATE_PATHS.get(kindName(header.kind, group));
  if (path === undefined) return root;
  return ['containers', 'initContainers'].reduce((tree, field) => changeAt(tree, [...path, 'spec', field], change), root);
}

function changeAt(node: MapNode, path: readonly string[], change: ImageChange): MapNode {
  const [head = '', ...rest] = path;
  const entry = node.entry(head);
  if (entry === undefined) return node;
  if (rest.length > 0) {
    if (entry.value.type !== 'map') return node;
    const inner = changeAt(entry.value, rest, change);
    return inner === entry.value ? node : withEntry(node, entry.key, inner);
  }
  if (entry.value.type !== 'sequence') return node;
  const items = entry.value.items.map((item) => (item.type === 'map' ? changeContainer(item, change) : item));
  return items.every((item, i) => item === itemsOf(entry.value)[i])
    ? node
    : withEntry(node, entry.key, derivedSequence(entry.value, items));
}

function changeContainer(container: MapNode, change: ImageChange): MapNode {
  const entry = container.entry('image');
  const image = stringOf(entry?.value);
  if (entry === undefined || image === undefined) return container;
  const { name, tag, digest } = parseImage(image);
  if (name !== change.name) return container;
  const renamed = change.newName ?? name;
  const suffix =
    change.digest !== undefined
      ? `@${change.digest}`
      : change.newTag !== undefined
        ? `:${change.newTag}`
        : `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  const text = new ScalarNode(change.node.source, change.node.start, change.node.end, `${renamed}${suffix}`, 'plain');
  return withEntry(container, entry.key, made(text, change.node));
}

function parseImage(image: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.lastIndexOf(':');
  // A colon before the last slash belongs to the registry's port.
  return colon > rest.lastIndexOf('/')
    ? { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
    : { name: rest, tag: undefined, digest };
}

/** Sets a path to the value of a scalar that stands elsewhere; findings about it stand there. */
function setText(root: MapNode, path: readonly string[], from: ScalarNode): MapNode {
  const [head = '', ...rest] = path;
  const key = made(new ScalarNode(from.source, from.start, from.end, head, 'plain'), from);
  if (rest.length === 0)
    return withEntry(root, key, made(new ScalarNode(from.source, from.start, from.end, from.value, from.style), from));
  const child = root.get(head);
  if (child?.type === 'unknown') return root;
  const inner = child?.type === 'map' ? child : made(new MapNode(from.source, from.start, from.end, [], false, false), from);
  return withEntry(root, key, setText(inner, rest, from));
}

function made<N extends YamlNode>(node: N, from: YamlNode): N {
  node.madeBy = from;
  return node;
}
