import type { MapEntry, MapNode, ScalarNode, Source, YamlNode } from './tree';

/** Replaces a range of a file (offsets in UTF-16 code units) by a text. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** Replaces a scalar's text, keeping its quotes where the new value allows. */
export function replaceScalar(node: ScalarNode, value: string): TextEdit {
  return edit(node.source, node.start, node.end, scalarText(value, node.style === 'single' || node.style === 'double' ? node.style : 'plain'));
}

/** Renames a key. */
export function renameKey(entry: MapEntry, key: string): TextEdit {
  return replaceScalar(entry.key, key);
}

/**
 * Sets `path` (keys below `root`) to a string, making the maps that are missing, in the style that is there: after the last entry of the
 * deepest map that exists, at its indentation. Undefined where the text cannot be edited safely: a template, an alias, a null in flow style.
 */
export function setString(root: MapNode, path: readonly string[], value: string): TextEdit | undefined {
  let map = root;
  for (let i = 0; i < path.length; i++) {
    const key = path[i] ?? '';
    const entry = map.entry(key);
    const rest = path.slice(i + 1);
    if (entry === undefined) return appendEntry(map, path.slice(i), value);
    const child = entry.value;
    if (rest.length === 0) return child.type === 'scalar' && child.value !== null && child.madeBy === undefined ? replaceScalar(child, value) : fillEmpty(map, entry, rest, value);
    if (child.type === 'map' && child.entries.length > 0) map = child;
    else return fillEmpty(map, entry, rest, value);
  }
  return undefined;
}

/** Removes an entry with its line(s); undefined in flow style, where a separator would have to go as well. */
export function removeEntry(map: MapNode, entry: MapEntry): TextEdit | undefined {
  if (map.flow || map.madeBy !== undefined) return undefined;
  const { text } = map.source;
  const lineStart = text.lastIndexOf('\n', entry.key.start - 1) + 1;
  if (text.slice(lineStart, entry.key.start).trim() !== '') return undefined;
  const feed = text.indexOf('\n', Math.max(entry.value.end, entry.key.end) - (entry.value.end > entry.key.end ? 1 : 0));
  return edit(map.source, lineStart, feed < 0 ? text.length : feed + 1, '');
}

/** The map in a file that an effective map was merged from; undefined when something else made it. */
function textOf(map: MapNode): MapNode | undefined {
  let node: YamlNode = map;
  while (node.madeBy !== undefined) node = node.madeBy;
  return node.type === 'map' ? node : undefined;
}

function appendEntry(effective: MapNode, path: readonly string[], value: string): TextEdit | undefined {
  const map = textOf(effective);
  const last = map?.entries.at(-1);
  if (map === undefined || last === undefined || last.value.source !== map.source) return undefined;
  const { source } = map;
  const { text } = source;
  if (map.flow) return edit(source, last.value.end, last.value.end, `, ${flowText(path, value)}`);
  const column = map.start - (text.lastIndexOf('\n', map.start - 1) + 1);
  return insertLines(source, endOfEntry(last, text), blockLines(path, value, column, indentStep(map)));
}

/** The value is absent (`annotations:`) or an empty flow map (`{}`): it becomes a block or keeps its flow. */
function fillEmpty(effective: MapNode, entry: MapEntry, rest: readonly string[], value: string): TextEdit | undefined {
  const map = textOf(effective);
  if (map === undefined) return undefined;
  const { source } = map;
  const child = entry.value;
  if (child.source !== source || child.type === 'unknown' || child.type === 'sequence') return undefined;
  if (child.type === 'map') return edit(source, child.start, child.end, `{ ${flowText(rest, value)} }`);
  if (child.value !== null) return undefined;
  if (map.flow) return undefined;
  if (rest.length === 0) return edit(source, entry.key.end, Math.max(child.end, entry.key.end + 1), `: ${scalarText(value, 'plain')}`);
  const column = map.start - (source.text.lastIndexOf('\n', map.start - 1) + 1);
  const step = indentStep(map);
  if (child.end > child.start) return edit(source, child.start, child.end, `${eol(source)}${joinLines(source, blockLines(rest, value, column + step, step))}`);
  const feed = source.text.indexOf('\n', entry.key.end);
  const at = feed < 0 ? source.text.length : feed + 1;
  return insertLines(source, at, blockLines(rest, value, column + step, step));
}

/** Inserts whole lines where a line starts (or the text ends), each with what the outer scalar indents an embedded document by. */
function insertLines(source: Source, at: number, lines: readonly string[]): TextEdit {
  const newline = eol(source);
  const body = joinLines(source, lines);
  const atLineStart = at === 0 || source.text[at - 1] === '\n';
  // The start of an embedded line maps behind its outer indentation: insert at the end of the line before instead.
  if (source.outerIndent !== '' && atLineStart && at > 0) return edit(source, at - 1, at - 1, `${newline}${source.outerIndent}${body}`);
  return edit(source, at, at, atLineStart ? `${body}${newline}` : `${newline}${body}`);
}

function joinLines(source: Source, lines: readonly string[]): string {
  return lines.join(`${eol(source)}${source.outerIndent}`);
}

/** Where a line can be added behind an entry: the start of the next line, or the end of the text. */
function endOfEntry(entry: MapEntry, text: string): number {
  const end = lastOffset(entry.value, entry.key.end);
  // A block scalar's or block collection's range may already end behind its line feed.
  if (end > 0 && text[end - 1] === '\n') return end;
  const feed = text.indexOf('\n', end);
  return feed < 0 ? text.length : feed + 1;
}

function lastOffset(node: YamlNode, keyEnd: number): number {
  if (node.type === 'map' && !node.flow) {
    const last = node.entries.at(-1);
    if (last !== undefined && last.value.source === node.source) return Math.max(lastOffset(last.value, last.key.end), keyEnd);
  }
  if (node.type === 'sequence' && !node.flow) {
    const last = node.items.at(-1);
    if (last !== undefined && last.source === node.source) return Math.max(lastOffset(last, node.start), keyEnd);
  }
  return Math.max(node.end, keyEnd);
}

/** The document's own step: how much deeper the first nested block map stands. */
function indentStep(map: MapNode): number {
  const column = (offset: number): number => offset - (map.source.text.lastIndexOf('\n', offset - 1) + 1);
  for (const { key, value } of map.entries) {
    if (value.type === 'map' && !value.flow && value.source === map.source && value.start > key.end) {
      const step = column(value.start) - column(key.start);
      if (step > 0) return step;
    }
  }
  return 2;
}

function blockLines(path: readonly string[], value: string, column: number, step: number): string[] {
  return path.map((key, i) => {
    const text = `${' '.repeat(column + i * step)}${scalarText(key, 'plain')}:`;
    return i === path.length - 1 ? `${text} ${scalarText(value, 'plain')}` : text;
  });
}

function flowText(path: readonly string[], value: string): string {
  return path.reduceRight((inner, key, i) => `${scalarText(key, 'double')}: ${i === path.length - 1 ? inner : `{ ${inner} }`}`, scalarText(value, 'double'));
}

/** Plain only where every YAML reader, 1.1 or 1.2, takes it for that string. */
function scalarText(value: string, style: 'plain' | 'single' | 'double'): string {
  if (style === 'plain' && /^[A-Za-z][A-Za-z0-9_./-]{0,252}$/.test(value) && !RESERVED.has(value.toLowerCase())) return value;
  return style === 'single' && !/['\n\r]/.test(value) ? `'${value}'` : JSON.stringify(value);
}

const RESERVED = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

function eol(source: Source): string {
  const feed = source.text.indexOf('\n');
  return feed > 0 && source.text[feed - 1] === '\r' ? '\r\n' : '\n';
}

function edit(source: Source, from: number, to: number, newText: string): TextEdit {
  const [start, end] = source.locate(from, to);
  return { file: source.file, start, end, newText };
}
