import type { EmbeddedDocument } from '../../yaml/embedded';
import type { MapNode, ScalarNode, YamlNode } from '../../yaml/tree';
import type { Repository } from '../repository';
import type { BuildCache } from './cache';
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
  readonly cache: BuildCache;
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

/** An object with some of its fields edited. */
export function editItem(item: Item, specs: readonly FieldSpec[], edit: Edit): Item | Refusal {
  const gvk = gvkOf(item.resource);
  return changed(item, (root) =>
    specs.reduce<MapNode | Refusal>(
      (tree, spec) => (tree instanceof Refusal || !isSelected(gvk, spec) ? tree : editField(tree, spec, edit)),
      root,
    ),
  );
}
