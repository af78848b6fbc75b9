import type { TextEdit } from './edit';
import { EmbeddedDocument } from './embedded';
import type { SequenceNode, YamlNode } from './tree';

/**
 * Removes an item of a list in block style with its lines: from its dash to the next line that is not indented more.
 *
 * @returns undefined in flow style, for the only item of a list, behind another dash, for what has an anchor, and inside of a scalar that
 *   holds YAML
 */
export function removeItem(list: SequenceNode, item: YamlNode): TextEdit | undefined {
  const { source } = list;
  if (list.flow || list.madeBy !== undefined || item.madeBy !== undefined || item.source !== source) return undefined;
  if (source instanceof EmbeddedDocument) return undefined;
  if (list.items.length < 2 || !list.items.includes(item)) return undefined;
  const { text } = source;
  const start = text.lastIndexOf('\n', item.start - 1) + 1;
  const before = text.slice(start, item.start);
  if (!/^ *- +$/.test(before)) return undefined;
  const end = endOfLines(text, item.start, before.indexOf('-'));
  const removed = text.slice(start, end);
  // An anchor may be what an alias elsewhere needs.
  if (/[\s:-]&\S/.test(removed)) return undefined;
  const [from, to] = source.locate(start, end);
  return { file: source.file, start: from, end: to, newText: '' };
}

/** The end of the last line that belongs to a line by being indented more than a column; blank lines behind it do not belong to it. */
function endOfLines(text: string, offset: number, column: number): number {
  let end = nextLine(text, offset);
  for (let at = end; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at));
    if (line.trim() === '') continue;
    if (line.length - line.trimStart().length <= column) break;
    end = at + line.length;
  }
  return end;
}

function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}
