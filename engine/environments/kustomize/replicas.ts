import { lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { madeScalar } from './derive';
import { isSelected } from './field-spec';
import type { FieldSpec } from './field-spec';
import { allIds } from './item';
import { Refusal } from './refusal';
import { editItem } from './site';
import type { Site } from './site';

/**
 * What an entry of `replicas` does: the count of every object that is or was called so, of the kinds of the table (kustomize v5.8.1
 * api/internal/builtins/ReplicaCountTransformer.go). That there is none is an error.
 */
export function applyReplicas(site: Site, entry: YamlNode, specs: readonly FieldSpec[]): void {
  const name = stringOf(lookup(entry, 'name'));
  const count = lookup(entry, 'count');
  const isCount = count?.type === 'scalar' && typeof count.value === 'number';
  if (name === undefined || (count?.type !== 'unknown' && !isCount)) return;
  const meant = site.items
    .called(name)
    .filter(([, item]) => allIds(item).some((id) => id.name === name && specs.some((spec) => isSelected(id, spec))));
  for (const [index, item] of meant) {
    const next = site.cache.once(item, [REPLICAS, count, specs], () =>
      editItem(item, specs, {
        by: count,
        make: () => madeScalar(null, count),
        set: (node) => (node.type !== 'scalar' ? node : count.type === 'unknown' ? count : madeScalar(count.value, count)),
      }),
    );
    if (next instanceof Refusal) site.refuse(entry, `kustomize cannot scale ${item.resource.title}: ${next.message}.`);
    else site.items.replace(index, next);
  }
  if (meant.length === 0) {
    const kinds = [...new Set(specs.flatMap(({ kind }) => kind ?? []))].join(', ');
    site.refuse(
      lookup(entry, 'name') ?? entry,
      `Nothing called "${name}" is a ${kinds.replace(/, ([^,]*)$/, ' or $1')}, so kustomize fails. Correct the name or remove the entry.`,
    );
  }
}

const REPLICAS = {};
