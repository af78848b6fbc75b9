import type { Repository } from '../environments/repository';
import type { ManifestDocument } from '../yaml/document';
import type { MapNode, ScalarNode, SequenceNode, YamlNode } from '../yaml/tree';

/** What stands at a position: a key, or the scalar that it leads to. */
export interface Cursor {
  /** Keys from the collection that was searched; items of a sequence by their number. */
  readonly path: readonly string[];
  /** The key or the value under the position. */
  readonly node: YamlNode;
  readonly value: YamlNode;
}

/** The document of a file that holds an offset; undefined when the file's text is not here. */
export function documentAt(repository: Repository, file: string, offset: number): ManifestDocument | undefined {
  return repository.peekManifest(file)?.documents.findLast(({ start, text }) => start <= offset && offset <= start + text.length);
}

/**
 * What stands at an offset of a file below a node, by the text of the node's own source: YAML inside scalars is not looked into. Undefined
 * between keys and values.
 */
export function cursorAt(root: YamlNode, offset: number): Cursor | undefined {
  let node = root;
  const path: string[] = [];
  while (node.type === 'map' || node.type === 'sequence') {
    const step: Step | undefined = node.type === 'map' ? entryAt(node, offset) : itemAt(node, offset);
    if (step === undefined) return undefined;
    path.push(step.key);
    if (step.on !== undefined) return { path, node: step.on, value: step.value };
    node = step.value;
  }
  return path.length > 0 ? { path, node, value: node } : undefined;
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

/** Whether a node's text holds an offset of its file. An editor's position behind the last character still belongs to the word. */
export function covers(node: YamlNode, offset: number): boolean {
  const [start, end] = node.source.locate(node.start, node.end);
  return start <= offset && offset <= end;
}
