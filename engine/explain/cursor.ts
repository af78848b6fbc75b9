import type { Repository } from '../environments/repository';
import type { ManifestDocument } from '../yaml/document';
import type { MapNode, ScalarNode, SequenceNode, YamlNode } from '../yaml/tree';

/** What stands at a position: a key, or the scalar that it leads to. */
export interface Cursor {
  /** Keys from the map that was searched; items of a sequence by their number. */
  readonly path: readonly string[];
  /** The key or the value under the position. */
  readonly node: YamlNode;
  readonly value: YamlNode;
}

/** The document of a file that holds an offset; undefined when the file's text is not here. */
export function documentAt(repository: Repository, file: string, offset: number): ManifestDocument | undefined {
  return repository.peekManifest(file)?.documents.findLast(({ start, text }) => start <= offset && offset <= start + text.length);
}

/** What stands at an offset of a document, as its own text has it: YAML inside scalars is not looked into. */
export function cursorAt(root: MapNode, offset: number): Cursor | undefined {
  let node: MapNode | SequenceNode = root;
  const path: string[] = [];
  for (;;) {
    const step: Step | undefined = node.type === 'map' ? entryAt(node, offset) : itemAt(node, offset);
    if (step === undefined) return undefined;
    const value: YamlNode = step.value;
    const on: ScalarNode | undefined = step.on;
    path.push(step.key);
    if (on !== undefined) return { path, node: on, value };
    if (value.type !== 'map' && value.type !== 'sequence') return { path, node: value, value };
    node = value;
  }
}

interface Step {
  readonly key: string;
  readonly value: YamlNode;
  /** The key, when the offset is in it. */
  readonly on: ScalarNode | undefined;
}

function entryAt(map: MapNode, offset: number): Step | undefined {
  const entry = map.entries.find(({ key, value }) => covers(key, offset) || covers(value, offset));
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  return { key: String(key.value), value, on: covers(key, offset) ? key : undefined };
}

function itemAt({ items }: SequenceNode, offset: number): Step | undefined {
  const index = items.findIndex((item) => covers(item, offset));
  const value = items[index];
  return value === undefined ? undefined : { key: String(index), value, on: undefined };
}

/** An editor's position behind the last character still belongs to the word. */
export function covers({ start, end }: YamlNode, offset: number): boolean {
  return start <= offset && offset <= end;
}
