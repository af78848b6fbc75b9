import type { YamlNode } from '../../yaml/tree';
import { derivedSequence, isNullish, madeMap, madeScalar, madeSequence, textOf, withEntry } from './derive';
import { splitPath } from './field-spec';
import { Pattern } from './pattern';
import { Refusal } from './refusal';

/**
 * The parts of a path with dots, as replacements write it: `spec.template.metadata.labels.[app.example/name]`, `containers.[name=web]`,
 * `args.0`, `rules.*` (kyaml v0.21.1 utils/pathsplitter.go, SmarterPathSplitter).
 */
export function pathParts(path: string): string[] {
  const parts = splitPath(path, '.');
  const result: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    let part = parts[i] ?? '';
    if (part.startsWith('[') && !part.endsWith(']')) {
      while (i < parts.length - 1) {
        part += `.${parts[++i] ?? ''}`;
        if (part.endsWith(']')) break;
      }
      result.push(part.includes('=') ? part : part.replace(/^[[\]]+/, '').replace(/[[\]]+$/, ''));
    } else result.push(part);
  }
  return result;
}

const isIndex = (part: string | undefined): boolean => part !== undefined && /^[0-9]{1,9}$/.test(part);
const isChoice = (part: string | undefined): boolean => part?.startsWith('[') === true && part.endsWith(']');

/** `[key=value]` taken apart; the key is empty for a list of single values. */
function choiceOf(part: string): { key: string; value: string } | undefined {
  const equals = part.indexOf('=');
  return equals < 0 ? undefined : { key: part.slice(1, equals), value: part.slice(equals + 1, -1) };
}

/** The node at a path; undefined when there is none, a refusal for a path that cannot be followed (kyaml v0.21.1 yaml/fns.go, PathGetter). */
export function readPath(node: YamlNode, path: readonly string[]): YamlNode | undefined | Refusal {
  let current: YamlNode | undefined = node;
  for (const part of path.map((written) => written.trim()).filter((written) => written !== '')) {
    if (current === undefined || isNullish(current)) return undefined;
    if (current.type === 'unknown') return current;
    if (part === '*') return new Refusal('a source path cannot hold "*"');
    if (isIndex(part) || part === '-' || isChoice(part)) {
      if (current.type !== 'sequence') return new Refusal(`"${part}" is for a list, and there is none`);
      current = part === '-' ? current.items.at(-1) : isIndex(part) ? current.items[Number(part)] : chosenIn(current.items, part);
    } else if (current.type !== 'map') return new Refusal(`"${part}" is for a map, and there is none`);
    else current = current.get(part) ?? (current.open ? current.unshown() : undefined);
  }
  return current;
}

function chosenIn(items: readonly YamlNode[], part: string): YamlNode | undefined {
  const choice = choiceOf(part);
  return items.find((item) => {
    const field = choice?.key === '' ? item : item.type === 'map' ? item.get(choice?.key ?? '') : undefined;
    return choice !== undefined && textOf(field) === choice.value;
  });
}

/** What is done at the end of a path, and what is made on the way. */
export interface PathEdit {
  readonly set: (node: YamlNode) => YamlNode | Refusal;
  /** Gives what is put where the path ends and nothing stands; without it nothing is made. */
  readonly make: (() => YamlNode) | undefined;
  readonly by: YamlNode;
}

/** The new tree, and how many places the path led to. */
interface PathResult {
  readonly tree: YamlNode;
  readonly found: number;
}

/**
 * Edits every place that a path leads to (kyaml v0.21.1 yaml/match.go, PathMatcher): `*` leads to all items of a list, and `[key=value]` to
 * those of which a part of the value matches that expression.
 * @returns a refusal where kustomize fails, such as for a list that is too short
 */
export function editPath(node: YamlNode, path: readonly string[], edit: PathEdit): PathResult | Refusal {
  const [part, ...rest] = path;
  if (part === undefined) {
    const tree = edit.set(node);
    return tree instanceof Refusal ? tree : { tree, found: 1 };
  }
  // Whether it is there, a template says.
  if (node.type === 'unknown') return { tree: node, found: 1 };
  if (isIndex(part)) return editIndex(node, Number(part), rest, edit);
  if (isChoice(part)) return editChosen(node, part, rest, edit);
  if (part === '*') return editItems(node, rest, edit, () => true);
  return editKey(node, part, rest, edit);
}

function editKey(node: YamlNode, part: string, rest: readonly string[], edit: PathEdit): PathResult | Refusal {
  if (node.type === 'scalar' && typeof node.value === 'string') return new Refusal(INSIDE_TEXT);
  if (node.type !== 'map') return new Refusal(`"${part}" is for a map, and there is none`);
  const before = node.get(part);
  if (before === undefined && edit.make === undefined) return { tree: node, found: node.open ? 1 : 0 };
  const result = editPath(before ?? madeFor(rest, edit), rest, edit);
  if (result instanceof Refusal || result.tree === before) return result instanceof Refusal ? result : { ...result, tree: node };
  return { tree: withEntry(node, node.entry(part)?.key ?? madeScalar(part, edit.by), result.tree), found: result.found };
}

/** What is said where a path leads into text that is itself YAML or JSON: that is not built here. */
export const INSIDE_TEXT = 'the path leads into the text of a field';

function madeFor(rest: readonly string[], edit: PathEdit): YamlNode {
  const [next] = rest;
  if (next === undefined) return edit.make?.() ?? madeMap([], edit.by);
  return isIndex(next) || isChoice(next) ? madeSequence(edit.by) : madeMap([], edit.by);
}

function editIndex(node: YamlNode, index: number, rest: readonly string[], edit: PathEdit): PathResult | Refusal {
  if (node.type !== 'sequence') return new Refusal(`"${index}" is for a list, and there is none`);
  const isNext = index === node.items.length && edit.make !== undefined;
  const item = isNext ? madeFor(rest, edit) : node.items[index];
  if (item === undefined) return new Refusal(`the list has no item ${index}`);
  const result = editPath(item, rest, edit);
  if (result instanceof Refusal) return result;
  const items = isNext ? [...node.items, result.tree] : node.items.map((old, i) => (i === index ? result.tree : old));
  return { tree: derivedSequence(node, items), found: result.found };
}

function editChosen(node: YamlNode, part: string, rest: readonly string[], edit: PathEdit): PathResult | Refusal {
  const choice = choiceOf(part);
  if (choice === undefined) return new Refusal(`"${part}" must be of the form [key=value]`);
  const pattern = Pattern.parse(choice.value);
  if (pattern === 'unsupported') return new Refusal(UNREAD_PATTERN);
  if (pattern === 'wrong') return new Refusal(`"${choice.value}" is no regular expression`);
  const isChosen = (item: YamlNode): boolean => {
    const field = choice.key === '' ? item : item.type === 'map' ? item.get(choice.key) : undefined;
    return field !== undefined && pattern.occursIn(textOf(field) ?? '');
  };
  const result = editItems(node, choice.key === '' ? [] : rest, edit, isChosen);
  if (result instanceof Refusal || result.found > 0 || edit.make === undefined || node.type !== 'sequence') return result;
  const value = madeScalar(choice.value, edit.by);
  const item = choice.key === '' ? value : madeMap([{ key: madeScalar(choice.key, edit.by), value }], edit.by);
  // An expression need not match itself as text: then kustomize would add items for ever.
  if (!isChosen(item)) return new Refusal(`an item made for "${part}" would not be chosen by it`);
  return editChosen(derivedSequence(node, [...node.items, item]), part, rest, edit);
}

/** What is said of an expression in a path that is not read here. */
export const UNREAD_PATTERN = 'the path holds an expression that is not read';

function editItems(
  node: YamlNode,
  rest: readonly string[],
  edit: PathEdit,
  isMeant: (item: YamlNode) => boolean,
): PathResult | Refusal {
  if (node.type !== 'sequence') return new Refusal('the path asks for the items of a list, and there is none');
  let found = 0;
  const items: YamlNode[] = [];
  for (const item of node.items) {
    const result = isMeant(item) ? editPath(item, rest, edit) : { tree: item, found: 0 };
    if (result instanceof Refusal) return result;
    found += result.found;
    items.push(result.tree);
  }
  return { tree: items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items), found };
}
