import type { ScalarNode } from '../../yaml/tree';
import { madeScalar, textOf } from './derive';
import { isSelected } from './field-spec';
import type { FieldSpec, GvkSelector } from './field-spec';
import { originalId, remembering } from './item';
import type { Item } from './item';
import { Refusal } from './refusal';
import { editItem } from './site';
import type { Site } from './site';

/** Kinds whose names mean something elsewhere (kustomize v5.8.1 api/internal/builtins/PrefixTransformer.go). */
const KEPT: readonly GvkSelector[] = [
  { kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  { kind: 'Namespace' },
];

/** What `namePrefix` and `nameSuffix` do. What an object was called is noted, so that references to it follow. */
export function applyAffix(site: Site, side: 'prefixes' | 'suffixes', affix: ScalarNode, specs: readonly FieldSpec[]): void {
  const text = textOf(affix) ?? '';
  if (text === '') return;
  const change = (item: Item): Item | Refusal => {
    const first = originalId(item);
    if (KEPT.some((kind) => isSelected(first, kind))) return item;
    return specs
      .filter((spec) => isSelected(first, spec))
      .reduce<Item | Refusal>((now, spec) => {
        if (now instanceof Refusal) return now;
        const noted = isName(spec) ? { ...remembering(now), [side]: [...now[side], text] } : now;
        return editItem(noted, [spec], {
          by: affix,
          make: () => madeScalar('', affix),
          set: (node) => {
            if (node.type === 'unknown') return node;
            if (node.type !== 'scalar') return new Refusal(`"${spec.path.join('/')}" is no single value`);
            const before = textOf(node) ?? '';
            return madeScalar(side === 'prefixes' ? `${text}${before}` : `${before}${text}`, affix);
          },
        });
      }, item);
  };
  site.items.each({ by: [SIDES[side], affix, specs], change, node: affix });
}

const SIDES = { prefixes: {}, suffixes: {} };

function isName({ path }: FieldSpec): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'name';
}
