import { itemsOf, lookup } from '../../yaml/tree';
import type { MapNode, ScalarNode, UnknownNode, YamlNode } from '../../yaml/tree';
import { derivedSequence, isNullish, madeScalar, textOf, withEntry } from './derive';
import { editField, isSelected } from './field-spec';
import type { Edit, FieldSpec } from './field-spec';
import { changed, currentKey, gvkOf, isCertainlyClusterScoped, remembering } from './item';
import type { Item } from './item';
import { Refusal } from './refusal';
import type { Site } from './site';

/** Which subjects of role bindings get the namespace. */
export type SubjectMode = 'defaultOnly' | 'allServiceAccounts' | 'none';

/** What is set, where, and how much of it. */
interface NamespaceSetting {
  /** A string, or what a variable hides. */
  readonly namespace: ScalarNode | UnknownNode;
  readonly specs: readonly FieldSpec[];
  readonly unsetOnly: boolean;
  readonly subjects: SubjectMode;
}

const METADATA_NAMESPACE: Pick<FieldSpec, 'path' | 'create'> = { path: ['metadata', 'namespace'], create: true };

/**
 * What `namespace:` does (kustomize v5.8.1 api/filters/namespace/namespace.go): every kind that is not certainly cluster-scoped gets it, a
 * core Namespace is renamed to it, and so do the fields of the table.
 */
export function applyNamespace(site: Site, setting: NamespaceSetting): void {
  const { namespace } = setting;
  const variant = VARIANTS[setting.subjects][setting.unsetOnly ? 'unset' : 'all'];
  const change = (item: Item): Item | Refusal =>
    changed(remembering(item), (root) => {
      const gvk = gvkOf(item.resource);
      const edit = settingTo(setting);
      const own = isCertainlyClusterScoped(item.resource) ? root : editField(root, METADATA_NAMESPACE, edit);
      const bound = own instanceof Refusal || !isRoleBinding(gvk.kind) ? own : withSubjects(own, setting, edit);
      return setting.specs.reduce<MapNode | Refusal>((tree, spec) => {
        if (tree instanceof Refusal || !isSelected(gvk, spec) || isLeftToUs(spec, gvk.group, gvk.version, gvk.kind)) return tree;
        return editField(tree, spec, edit);
      }, bound);
    });
  site.items.each({ by: [NAMESPACE, variant, namespace, setting.specs], change, node: namespace });
  refuseConflicts(site, namespace);
}

const NAMESPACE = {};
const VARIANTS: Readonly<Record<SubjectMode, Readonly<Record<'unset' | 'all', object>>>> = {
  defaultOnly: { unset: {}, all: {} },
  allServiceAccounts: { unset: {}, all: {} },
  none: { unset: {}, all: {} },
};

function settingTo({ namespace, unsetOnly }: NamespaceSetting): Edit {
  return {
    by: namespace,
    make: () => madeScalar(null, namespace),
    set: (node) => {
      if (node.type === 'unknown') return node;
      if (node.type !== 'scalar') return new Refusal('a namespace must be a single value');
      if (unsetOnly && !isNullish(node) && textOf(node) !== '') return node;
      return namespace.type === 'unknown' ? namespace : madeScalar(namespace.value, namespace);
    },
  };
}

/** Fields that are written in another way, whatever the table says of them. */
function isLeftToUs({ path }: FieldSpec, group: string, version: string, kind: string): boolean {
  const written = path.join('/');
  if (written === 'metadata/namespace') return true;
  if (written === 'metadata/name') return group !== '' || version !== 'v1';
  return written === 'subjects/namespace' && isRoleBinding(kind);
}

function isRoleBinding(kind: string): boolean {
  return kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
}

function withSubjects(root: MapNode, { subjects }: NamespaceSetting, edit: Edit): MapNode | Refusal {
  const entry = root.entry('subjects');
  if (subjects === 'none' || entry?.value.type !== 'sequence') return root;
  const [key, value] = subjects === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  const items: YamlNode[] = [];
  for (const item of itemsOf(entry.value)) {
    const isMeant = item.type === 'map' && textOf(lookup(item, key)) === value;
    const next = isMeant ? editField(item, { path: ['namespace'], create: true }, edit) : item;
    if (next instanceof Refusal) return next;
    items.push(next);
  }
  if (items.every((item, i) => item === itemsOf(entry.value)[i])) return root;
  return withEntry(root, entry.key, derivedSequence(entry.value, items));
}

/** Two objects that the namespace makes the same: kustomize stops at the first. */
function refuseConflicts(site: Site, node: YamlNode): void {
  const seen = new Set<string>();
  for (const { resource } of site.items.all) {
    const key = currentKey(resource);
    if (key === undefined) continue;
    if (seen.has(key)) {
      site.refuse(
        node,
        `With this namespace ${resource.title} is there twice: kustomize refuses to build it. Rename or drop one.`,
      );
      return;
    }
    seen.add(key);
  }
}
