import { EmbeddedDocument } from './embedded';
import type { MapEntry, MapNode, ScalarNode, Source, YamlNode } from './tree';

/** Replaces a range of a file (offsets in UTF-16 code units) by a text. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** A value to be written: a string in quotes where it needs them, a number or a boolean plainly. */
export type Written = string | number | boolean;

/** Replaces a scalar's text, keeping its quotes where the new value allows. A block scalar becomes one line. */
export function replaceScalar(node: ScalarNode, value: Written): TextEdit {
  const { source, style, start, end } = node;
  const quotes = style === 'single' || style === 'double' ? style : 'plain';
  const raw = source.slice(start, end);
  const text = scalarText(source, value, quotes);
  if (raw === '') return fillAt(node, text);
  // The line break behind a block scalar is part of its range.
  return edit(source, start, start + raw.replace(/[ \t\r\n]+$/, '').length, text);
}

/** Renames a key. */
export function renameKey(entry: MapEntry, key: string): TextEdit {
  return replaceScalar(entry.key, key);
}

/**
 * Sets `path` (keys below `root`) to a string, making the maps that are missing, in the style that is there: behind the last entry of the
 * deepest map that exists, at its indentation. Undefined where the text cannot be edited without touching more than the path: a template, an
 * alias and what one names, a tag, a value of another kind.
 */
export function setString(root: MapNode, path: readonly string[], value: string): TextEdit | undefined {
  return setScalar(root, path, value);
}

/** The same for a value of any of these types; numbers have to be finite. */
export function setScalar(root: MapNode, path: readonly string[], value: Written): TextEdit | undefined {
  let map = root;
  for (const [i, key] of path.entries()) {
    const rest = path.slice(i + 1);
    const entry = map.entry(key);
    if (entry === undefined) return map.open ? undefined : append(map, path.slice(i), value);
    if (isInherited(map, entry)) return rest.length === 0 ? append(map, [key], value) : undefined;
    const child = entry.value;
    if (child.madeBy !== undefined && child.type === 'scalar') return undefined;
    if (isAliased(entry) || isNamed(entry)) return undefined;
    if (child.type === 'scalar' && child.value === null) return fill(map, entry, rest, value);
    if (rest.length === 0) return child.type === 'scalar' && !isTagged(entry) ? replaceScalar(child, value) : undefined;
    if (child.type !== 'map') return undefined;
    map = child;
  }
  return undefined;
}

/**
 * Removes an entry with its line(s). Undefined in flow style, where a separator would have to go as well, behind a list's dash, and for
 * what an alias needs.
 */
export function removeEntry(map: MapNode, entry: MapEntry): TextEdit | undefined {
  if (map.flow || map.madeBy !== undefined || isInherited(map, entry) || (!isAliased(entry) && isNamed(entry))) return undefined;
  const { source } = map;
  const { text } = source;
  const start = lineStart(text, entry.key.start);
  if (text.slice(start, entry.key.start).trim() !== '') return undefined;
  let end = nextLine(text, endOf(entry.value, entry.key.end));
  // Comments that are indented more speak of what goes.
  while (commentColumn(text, end) > entry.key.start - start) end = nextLine(text, end + 1);
  const removed = text.slice(start, end);
  return namesUsed(removed, text.slice(0, start) + text.slice(end)) ? undefined : edit(source, start, end, '');
}

/** The map in a file that an effective map was merged from; undefined when something else made it. */
function textOf(map: MapNode): MapNode | undefined {
  let node: YamlNode = map;
  while (node.madeBy !== undefined) node = node.madeBy;
  return node.type === 'map' ? node : undefined;
}

/** Whether a map has an entry by a merge key alone; one that a patch added stands in another source. */
function isInherited(map: MapNode, { key }: MapEntry): boolean {
  const own = textOf(map);
  return key.madeBy === undefined && own?.source === key.source && !own.ownEntries.some((entry) => entry.key === key);
}

/** An alias shares the node of its anchor, which stands above. */
function isAliased({ key, value }: MapEntry): boolean {
  return key.madeBy === undefined && value.source === key.source && value.start < key.end;
}

/** Whether a value has an anchor that some alias names. */
function isNamed(entry: MapEntry): boolean {
  return namesUsed(propertiesOf(entry), entry.key.source.text);
}

function isTagged(entry: MapEntry): boolean {
  return propertiesOf(entry).includes('!');
}

/** What stands between a key and its value: the colon, an anchor, a tag, comments. */
function propertiesOf({ key, value }: MapEntry): string {
  return value.source === key.source ? key.source.slice(key.end, value.start).replace(/#.*/g, '') : '';
}

/** Whether a text defines an anchor that another text names. May err on the safe side. */
function namesUsed(anchors: string, aliases: string): boolean {
  return [...anchors.matchAll(/&([^\s,[\]{}]+)/g)].some(([, name = '']) => aliases.includes(`*${name}`));
}

function append(effective: MapNode, path: readonly string[], value: Written): TextEdit | undefined {
  const map = textOf(effective);
  if (map === undefined) return undefined;
  if (map.flow) return appendToFlow(map, path, value);
  const column = columnOf(map);
  if (column === undefined) return undefined;
  const at = nextLine(map.source.text, endOf(map, map.start));
  return insertLines(map.source, at, blockLines(map.source, path, value, column, indentStep(map)));
}

function appendToFlow(map: MapNode, path: readonly string[], value: Written): TextEdit | undefined {
  const { source, start, end } = map;
  const body = flowText(source, path, value);
  const raw = source.slice(start, end);
  if (/^\{\s*\}$/.test(raw)) return edit(source, start, end, `{ ${body} }`);
  const last = map.ownEntries.at(-1);
  if (last === undefined || !/^\{[^]*\}$/.test(raw)) return undefined;
  const before = source.text.slice(lineStart(source.text, last.key.start), last.key.start);
  const separator = before.trim() === '' ? `,\n${before}` : ', ';
  if (!isAliased(last) && last.value.end > last.value.start)
    return edit(source, last.value.end, last.value.end, separator + body);
  // The last value is empty or an alias: the entry ends somewhere before the brace.
  const entry = source.slice(last.key.end, end - 1);
  if (entry.includes('#') || entry.includes('\n')) return undefined;
  const shown = entry.trimEnd();
  const at = last.key.end + shown.length;
  return edit(source, at, at, `${shown.endsWith(',') ? '' : shown.endsWith(':') ? ' ,' : ','} ${body}`);
}

/** The value is null: it becomes the string, or a map that holds the rest of the path. */
function fill(effective: MapNode, entry: MapEntry, rest: readonly string[], value: Written): TextEdit | undefined {
  const map = textOf(effective);
  const child = entry.value;
  if (map?.source !== child.source || child.type !== 'scalar' || isTagged(entry) || propertiesOf(entry).includes('&'))
    return undefined;
  const { source } = map;
  if (rest.length === 0) return replaceScalar(child, value);
  const isEmpty = child.start === child.end;
  if (map.flow) {
    const body = `{ ${flowText(source, rest, value)} }`;
    return isEmpty ? fillAt(child, body) : edit(source, child.start, child.end, body);
  }
  const column = columnOf(map);
  if (column === undefined) return undefined;
  const step = indentStep(map);
  const lines = blockLines(source, rest, value, column + step, step);
  if (isEmpty) return insertLines(source, nextLine(source.text, entry.key.end), lines);
  return edit(source, colonBehind(source, entry.key.end) ?? child.start, child.end, `\n${lines.join('\n')}`);
}

/** Writes a value where none is: behind the colon, which a flow map may lack, or behind a list's dash. */
function fillAt({ source, key, start }: ScalarNode, text: string): TextEdit {
  if (key === undefined) {
    const { text: around } = source;
    return edit(
      source,
      start,
      start,
      `${/\s/.test(around[start - 1] ?? ' ') ? '' : ' '}${text}${around[start] === '#' ? ' ' : ''}`,
    );
  }
  const at = colonBehind(source, key.end);
  return at === undefined ? edit(source, key.end, key.end, `: ${text}`) : edit(source, at, at, ` ${text}`);
}

/** The end of the colon that follows a key; undefined when none does. */
function colonBehind(source: Source, keyEnd: number): number | undefined {
  const colon = /^\s*:/.exec(source.text.slice(keyEnd));
  return colon === null ? undefined : keyEnd + colon[0].length;
}

/** Inserts whole lines where a line starts or the text ends. */
function insertLines(source: Source, at: number, lines: readonly string[]): TextEdit {
  const body = lines.join('\n');
  return edit(source, at, at, at === 0 || source.text[at - 1] === '\n' ? `${body}\n` : `\n${body}`);
}

/** The column that the keys of a block map stand at; undefined when none of them shows it. */
function columnOf(map: MapNode): number | undefined {
  const { text } = map.source;
  let behindDash: number | undefined;
  for (const entry of map.ownEntries) {
    const before = text.slice(lineStart(text, entry.key.start), entry.key.start);
    if (/^ *$/.test(before)) return before.length;
    if (/^[ -]*$/.test(before)) behindDash ??= before.length;
  }
  return behindDash;
}

/** The document's own step: how much deeper the first nested block map stands. */
function indentStep(map: MapNode): number {
  const column = columnOf(map) ?? 0;
  for (const { value } of map.ownEntries) {
    if (value.type !== 'map' || value.flow || value.source !== map.source) continue;
    const step = (columnOf(value) ?? column) - column;
    if (step > 0) return step;
  }
  return 2;
}

function blockLines(source: Source, path: readonly string[], value: Written, column: number, step: number): string[] {
  return path.map((key, i) => {
    const text = `${' '.repeat(column + i * step)}${scalarText(source, key, 'plain')}:`;
    return i === path.length - 1 ? `${text} ${scalarText(source, value, 'plain')}` : text;
  });
}

function flowText(source: Source, path: readonly string[], value: Written): string {
  return path.reduceRight(
    (inner, key, i) => `${scalarText(source, key, 'plain')}: ${i === path.length - 1 ? inner : `{ ${inner} }`}`,
    scalarText(source, value, 'plain'),
  );
}

/** Plain only where every YAML reader, 1.1 or 1.2, takes it for that string; JSON has one sort of quotes. */
function scalarText(source: Source, value: Written, style: 'plain' | 'single' | 'double'): string {
  if (typeof value !== 'string') return String(value);
  const isSafe = /^[A-Za-z][A-Za-z0-9_./-]{0,252}$/.test(value) && !RESERVED.has(value.toLowerCase());
  if (style === 'plain' && isSafe && !isJson(source.text)) return value;
  if (style === 'single' && !/['\p{C}\p{Zl}\p{Zp}]/u.test(value)) return `'${value}'`;
  // JSON leaves characters as they are that YAML does not print, or takes for a line break or a byte order mark.
  return JSON.stringify(value).replace(/[\x7f-\xa0\u2028\u2029\uFEFF]/g, escaped);
}

const RESERVED = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isJson(text: string): boolean {
  return /^\s*(?:\[|\{(?!\{))/.test(text);
}

/**
 * Where the text of a node ends. The range of a block collection may reach over comments into the line of the next key, and an alias's node
 * stands elsewhere.
 * @param after where what stands before it ends: its key, or the item above
 */
function endOf(node: YamlNode, after: number): number {
  const { text } = node.source;
  if (node.start < after) return after + (/^(?:[\s:-]|#.*)*\*[^\s,[\]{}]+/.exec(text.slice(after))?.[0].length ?? 0);
  if (node.type === 'map' && !node.flow) {
    const last = node.ownEntries.at(-1);
    return withoutComments(text, last === undefined ? node.start : endOf(last.value, last.key.end), node.end);
  }
  if (node.type === 'sequence' && !node.flow) {
    return withoutComments(
      text,
      node.items.reduce((end, item) => endOf(item, end), node.start),
      node.end,
    );
  }
  return node.end;
}

/** The end of what stands between two offsets apart from white space and comments: a merge key, or a key that is no scalar. */
function withoutComments(text: string, from: number, to: number): number {
  let end = to;
  while (end > from) {
    const start = Math.max(from, lineStart(text, end));
    const line = text.slice(start, end).trim();
    // Lines that are whole stay so: blank ones may belong to a block that keeps them.
    if (line !== '' && !line.startsWith('#')) return text[to - 1] === '\n' ? to : end;
    end = start - 1;
  }
  return from;
}

/** The column of the comment that a line consists of; -1 for other lines. */
function commentColumn(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at++;
  return text[at] === '#' ? at - start : -1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line behind an offset starts, or the text ends. What ends with a line break ends there. */
function nextLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** Line breaks in `newText` are line feeds; the file's own are written. */
function edit(source: Source, from: number, to: number, newText: string): TextEdit {
  if (source instanceof EmbeddedDocument) {
    const outer = source.outerEdit(from, to, newText);
    if (outer === undefined) return replaceScalar(source.outer, source.text.slice(0, from) + newText + source.text.slice(to));
    return edit(source.outer.source, outer.start, outer.end, outer.newText);
  }
  const [start, end] = source.locate(from, to);
  return { file: source.file, start, end, newText: /^[^\n]*\r\n/.test(source.text) ? newText.replaceAll('\n', '\r\n') : newText };
}
