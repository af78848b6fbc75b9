import type { EmbeddedDocument } from '../../yaml/embedded';
import type { ScalarNode, YamlNode } from '../../yaml/tree';
import type { Repository } from '../repository';
import { editField, isSelected } from './field-spec';
import type { Edit, FieldSpec } from './field-spec';
import { changed, gvkOf } from './item';
import type { Item } from './item';
import type { ItemList } from './item-list';
import type { TransformMemo } from './memo';
import { Refusal } from './refusal';

/** What a transformer works on, and where it says what is wrong. */
export interface Site {
  /** That of the kustomization which asks for it. */
  readonly directory: string;
  /** Its file. */
  readonly file: string;
  readonly repository: Repository;
  readonly memo: TransformMemo;
  readonly items: ItemList;
  /** kustomize stops here, and says why: a finding. */
  readonly refuse: (node: YamlNode, message: string) => void;
  /** Something is not built here: the environment is partial. */
  readonly leaveOut: (what: string) => void;
  /** A file takes part in the build. */
  readonly uses: (path: string) => void;
  /** The documents of YAML inside a value, parsed once for each text; undefined where they are too many. */
  readonly embedded: (node: ScalarNode) => readonly EmbeddedDocument[] | undefined;
}

/**
 * Edits some fields of an object.
 * @param by what decides the edit besides the object: the same ones must stand for the same edit
 */
export function editItem(
  memo: TransformMemo,
  item: Item,
  specs: readonly FieldSpec[],
  by: readonly object[],
  edit: Edit,
): Item | Refusal {
  const gvk = gvkOf(item.resource);
  return specs.reduce<Item | Refusal>((now, spec) => {
    if (now instanceof Refusal || !isSelected(gvk, spec)) return now;
    return changed(memo, now, [...by, spec], (root) => editField(root, spec, edit));
  }, item);
}

/** Changes each object; what is refused is told at a node, and stays as it was. */
export function changeEach(site: Site, node: YamlNode, change: (item: Item) => Item | Refusal): void {
  site.items.map((item) => {
    const next = change(item);
    if (!(next instanceof Refusal)) return next;
    site.refuse(node, `kustomize cannot apply this to ${item.resource.title}: ${next.message}.`);
    return item;
  });
}
