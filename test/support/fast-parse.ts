import { parseFast } from '../../engine/yaml/fast/parser';
import { parseWithPackage } from '../../engine/yaml/package-parser';
import type { TemplateHole } from '../../engine/yaml/template';
import type { Source, YamlNode } from '../../engine/yaml/tree';

function sourceOf(text: string): Source {
  return { file: 'file.yaml', text, locate: (start, end) => [start, end], slice: (start, end) => text.slice(start, end) };
}

/** What the fast parser did with a document, held against what the package makes of it. */
export type Outcome = { readonly is: 'handed over' | 'equal' } | { readonly is: 'different'; readonly what: string };

/** Parses a document in both ways. A document of which the package says anything must have been handed over. */
export function compareParsers(text: string, holes: readonly TemplateHole[] = []): Outcome {
  const source = sourceOf(text);
  const fast = parseFast(source, text, holes);
  if (fast === undefined) return { is: 'handed over' };
  const exact = parseWithPackage(source, text, holes);
  const what =
    exact.problem?.message ??
    (exact.looksTemplated ? 'a template' : undefined) ??
    difference(fast.root, exact.root, undefined, undefined, 'root');
  return what === undefined ? { is: 'equal' } : { is: 'different', what };
}

/** The first thing that two trees differ in; keys are compared as the nodes that the values name as theirs. */
function difference(
  a: YamlNode | undefined,
  b: YamlNode | undefined,
  keyOfA: YamlNode | undefined,
  keyOfB: YamlNode | undefined,
  path: string,
): string | undefined {
  if (a === undefined || b === undefined) return a === b ? undefined : `${path}: ${String(a?.type)} for ${String(b?.type)}`;
  const fields = (node: YamlNode, key: YamlNode | undefined): unknown[] => [
    node.type,
    node.start,
    node.end,
    node.key === key,
    node.madeBy,
    node.source,
    Object.keys(node).join(),
    ...(node.type === 'scalar' ? [node.value, node.style] : []),
    ...(node.type === 'map' ? [node.flow, node.open, node.inherited, node.entries.length] : []),
    ...(node.type === 'sequence' ? [node.flow, node.open, node.items.length] : []),
  ];
  const [ofA, ofB] = [fields(a, keyOfA), fields(b, keyOfB)];
  const index = ofB.findIndex((field, i) => !Object.is(field, ofA[i]));
  if (index >= 0) return `${path}: ${String(ofA[index])} for ${String(ofB[index])}`;
  if (a.type === 'map' && b.type === 'map') {
    for (const [i, entry] of a.entries.entries()) {
      const other = b.entries[i];
      const found =
        difference(entry.key, other?.key, undefined, undefined, `${path}.key ${i}`) ??
        difference(entry.value, other?.value, entry.key, other?.key, `${path}.${String(entry.key.value)}`);
      if (found !== undefined) return found;
    }
  }
  if (a.type === 'sequence' && b.type === 'sequence') {
    for (const [i, item] of a.items.entries()) {
      const found = difference(item, b.items[i], undefined, undefined, `${path}.${i}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
