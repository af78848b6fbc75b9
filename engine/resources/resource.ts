import { lookup, stringOf } from '../yaml/tree';
import type { MapNode, Source, YamlNode } from '../yaml/tree';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import { isClusterScoped, kindName, kindOf } from './kinds';
import type { KindName } from './kinds';
import { Labels } from './labels';
import type { Answer } from './labels';

/** What identifies a resource, as read from its header. */
export interface ResourceHeader {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: Tristate<string>;
  /** As written; absent for cluster-scoped kinds, whatever the text says. */
  readonly namespace: Tristate<string>;
}

/** The namespace of a resource that sets none: where it lands is decided when it is applied. */
export const UNSET_NAMESPACE = 'default';

/**
 * One Kubernetes object as an environment has it. Immutable: an edit that changes what it says makes another Resource, an edit that only
 * moves its text keeps it.
 */
export class Resource {
  readonly header: ResourceHeader;
  readonly group: string;
  readonly version: string;
  readonly kind: KindName;
  /** The manifest it is written in, even where an overlay uses it. */
  readonly file: string;
  readonly source: Source;
  /** Whether only the header was read of it, since its text says nothing that is looked for in every resource of its kind. */
  readonly isSkimmed: boolean;
  private readonly tree: MapNode | (() => MapNode | undefined);
  private madeKey: string | undefined;
  private readLabels: Labels | undefined;
  private readAnnotations: Labels | undefined;

  /**
   * @param header the identity
   * @param source the document that holds it
   * @param tree the tree, or what gives it: called only when something inside is asked for
   */
  constructor(header: ResourceHeader, source: Source, tree: MapNode | (() => MapNode | undefined), isSkimmed = false) {
    this.header = header;
    this.source = source;
    this.file = source.file;
    this.tree = tree;
    this.isSkimmed = isSkimmed;
    const { group, version, kind } = kindOf(header.apiVersion, header.kind);
    this.group = group;
    this.version = version;
    this.kind = kind;
  }

  /** The tree; undefined only when the document can no longer be read as a map. */
  get root(): MapNode | undefined {
    return typeof this.tree === 'function' ? this.tree() : this.tree;
  }

  get name(): string | undefined {
    return this.header.name.is === 'known' ? this.header.name.value : undefined;
  }

  get isClusterScoped(): boolean {
    return isClusterScoped(this.kind);
  }

  /** The namespace to look in: the written one, `default` where none is written, undefined where it is unknown or has no meaning. */
  get namespace(): string | undefined {
    if (this.isClusterScoped || this.header.namespace.is === 'unknown') return undefined;
    return this.header.namespace.is === 'known' ? this.header.namespace.value : UNSET_NAMESPACE;
  }

  /** Identity within one cluster: group, kind, namespace and name. Undefined when a part is unknown. */
  get key(): string | undefined {
    if (this.name === undefined || (this.namespace === undefined && !this.isClusterScoped)) return undefined;
    return (this.madeKey ??= keyOf(this.kind, this.namespace ?? '', this.name));
  }

  /** `Deployment shop/cart`, for messages. */
  get title(): string {
    const name = this.name ?? '(templated name)';
    return this.isClusterScoped || this.header.namespace.is !== 'known'
      ? `${this.header.kind} ${name}`
      : `${this.header.kind} ${this.header.namespace.value}/${name}`;
  }

  get labels(): Labels {
    return (this.readLabels ??= new Labels(this.at('metadata', 'labels')));
  }

  get annotations(): Labels {
    return (this.readAnnotations ??= new Labels(this.at('metadata', 'annotations')));
  }

  /** `lookup` from the root. */
  at(...path: readonly string[]): YamlNode | undefined {
    return lookup(this.root, ...path);
  }

  /** Where a finding about the whole resource stands: its name, else its kind, else its first line. */
  get titlePlace(): YamlNode | undefined {
    const root = this.root;
    if (root === undefined) return undefined;
    for (const node of [lookup(root, 'metadata', 'name'), root.get('kind'), root.get('apiVersion')]) {
      if (node?.type === 'scalar' && node.madeBy === undefined) return node;
    }
    return root;
  }
}

/** The key of a resource by its parts; the namespace of cluster-scoped kinds is ''. In one piece, which a string put together by `+` is not. */
export function keyOf(kind: KindName, namespace: string, name: string): string {
  return [kind, ' ', namespace, '/', name].join('');
}

/**
 * Whether two resources share a namespace. One that sets none equals another that sets none, and `default`; against any other name it is
 * unknown, since whoever applies it chooses.
 */
export function sameNamespace(a: Resource, b: Resource): Answer {
  return sameNamespaceName(a.header.namespace, b.header.namespace);
}

export function sameNamespaceName(a: Tristate<string>, b: Tristate<string>): Answer {
  if (a.is === 'unknown' || b.is === 'unknown') return 'unknown';
  const left = a.is === 'known' ? a.value : UNSET_NAMESPACE;
  const right = b.is === 'known' ? b.value : UNSET_NAMESPACE;
  if (left === right) return 'yes';
  return a.is === 'absent' || b.is === 'absent' ? 'unknown' : 'no';
}

/** Reads the identity of a tree; undefined when it is no Kubernetes object (no string `apiVersion` and `kind`). */
export function headerOf(root: MapNode): ResourceHeader | undefined {
  const apiVersion = stringOf(root.get('apiVersion'));
  const kind = stringOf(root.get('kind'));
  if (apiVersion === undefined || kind === undefined) return undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const scoped = !isClusterScoped(kindName(kind, group));
  return {
    apiVersion,
    kind,
    name: textAt(lookup(root, 'metadata', 'name')),
    namespace: scoped ? textAt(lookup(root, 'metadata', 'namespace')) : absent,
  };
}

function textAt(node: YamlNode | undefined): Tristate<string> {
  if (node === undefined || (node.type === 'scalar' && (node.value === null || node.value === ''))) return absent;
  const text = stringOf(node);
  return text === undefined ? unknown : known(text);
}
