/**
 * @typedef {object} Style how a file's author writes YAML
 * @property {boolean} indentsItems whether `- ` stands two columns right of its key, as formatters put it, or below it, as kubectl prints it
 * @property {boolean} marksStart whether the file begins with `---`
 * @property {'"' | "'"} quote
 * @property {'\n' | '\r\n'} newline
 */

/** A sequence of scalars that is written on one line: `["--port", "8080"]`. */
export class Flow {
  constructor(items) {
    this.items = items;
  }
}

/** What stands in the text as it is, above the next key. */
export class Comment {
  constructor(text) {
    this.text = text;
  }
}

/** What people leave without quotes: words, paths, images, quantities. */
const PLAIN = /^(?:[A-Za-z/](?:[A-Za-z0-9 ./_()-]|:(?=\S))*|\d+[A-Za-z]+)$/;
const WORDS = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/**
 * One document as block YAML. Strings of several lines become literal blocks; a `Comment` under any key becomes one.
 * @param {Record<string, unknown>} document
 * @param {Style} style
 */
export function emit(document, style) {
  const lines = [];
  mapLines(document, '', style, lines);
  return lines.map((line) => line + style.newline).join('');
}

/** @param {readonly string[]} documents texts as `emit` makes them */
export function emitFile(documents, { marksStart, newline }) {
  const text = documents.join(`---${newline}`);
  return marksStart ? `---${newline}${text}` : text;
}

function mapLines(map, indent, style, lines) {
  for (const [key, value] of Object.entries(map)) {
    if (value instanceof Comment) lines.push(`${indent}# ${value.text}`);
    else if (value !== undefined) entry(`${indent}${PLAIN.test(key) ? key : quoted(key, style)}:`, value, indent, style, lines);
  }
}

function entry(head, value, indent, style, lines) {
  if (Array.isArray(value)) {
    if (value.length === 0) lines.push(`${head} []`);
    else {
      lines.push(head);
      for (const item of value) itemLines(item, style.indentsItems ? `${indent}  ` : indent, style, lines);
    }
  } else if (isMap(value)) {
    if (Object.keys(value).length === 0) lines.push(`${head} {}`);
    else {
      lines.push(head);
      mapLines(value, `${indent}  `, style, lines);
    }
  } else if (typeof value === 'string' && value.includes('\n')) {
    lines.push(`${head} |${value.endsWith('\n') ? '' : '-'}`);
    for (const line of value.replace(/\n$/, '').split('\n')) lines.push(line === '' ? '' : `${indent}  ${line}`);
  } else {
    lines.push(`${head} ${scalar(value, style)}`);
  }
}

function itemLines(item, indent, style, lines) {
  if (!isMap(item)) {
    lines.push(`${indent}- ${scalar(item, style)}`);
    return;
  }
  const inner = [];
  mapLines(item, `${indent}  `, style, inner);
  inner[0] = `${indent}- ${inner[0].slice(indent.length + 2)}`;
  lines.push(...inner);
}

function isMap(value) {
  return typeof value === 'object' && value !== null && !(value instanceof Flow);
}

function scalar(value, style) {
  if (value instanceof Flow) return `[${value.items.map((item) => (typeof item === 'string' ? `"${item}"` : item)).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) && !value.endsWith(' ') && !WORDS.has(value.toLowerCase()) ? value : quoted(value, style);
}

function quoted(text, { quote }) {
  return quote === "'" ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
}
