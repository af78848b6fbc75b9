import { istioKind } from '../../schemas/istio';
import type { KindSchema } from '../../schemas/istio/schema';
import type { Repository } from '../environments/repository';
import { cursorAt, documentAt } from '../explain/cursor';
import { GROUP_ALIASES, kindName } from '../resources/kinds';
import { headerOf } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { fieldText } from './field';
import type { FieldText } from './field';

/** What is known of the field at a position. */
export interface FieldAt {
  /** The key, or the value, at the position. */
  readonly node: YamlNode;
  readonly field: FieldText;
}

/** Kubernetes' own fields, the same for every kind, are not explained here; `kind` tells what the whole resource is for. */
const OWN = new Set(['spec', 'kind']);

/**
 * What the schema of one of Istio's kinds says of the field whose key or value stands at an offset of a file; undefined anywhere else.
 * YAML inside scalars is not looked into.
 */
export function fieldAt(repository: Repository, file: string, offset: number): FieldAt | undefined {
  const root = documentAt(repository, file, offset)?.root;
  if (root?.type !== 'map') return undefined;
  const kind = istioKindOf(headerOf(root));
  const cursor = cursorAt(root, offset);
  if (kind === undefined || cursor === undefined || !OWN.has(cursor.path[0] ?? '')) return undefined;
  const field = cursor.path[0] === 'kind' ? wholeOf(kind) : fieldText(kind, cursor.path);
  return field === undefined || field.description === '' ? undefined : { node: cursor.node, field };
}

/** The schema of what a header names, in whichever of its versions; undefined where it is none of Istio's. */
export function istioKindOf(header: { readonly apiVersion: string; readonly kind: string } | undefined): KindSchema | undefined {
  if (header === undefined) return undefined;
  const slash = header.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : header.apiVersion.slice(0, slash);
  return istioKind(kindName(header.kind, GROUP_ALIASES.get(group) ?? group));
}

function wholeOf({ kind, description, docs }: KindSchema): FieldText {
  return {
    name: kind,
    type: 'kind of Istio',
    values: [],
    description,
    default: undefined,
    isRequired: false,
    instead: undefined,
    docs,
  };
}
