import { absent, known } from '../tristate';
import { isClusterScoped, kindName } from './kinds';
import type { ResourceHeader } from './resource';

/** Some line at the margin that is no key, item, comment or bare marker: a quoted or explicit key, flow style, a merge, a bare scalar. */
const ODD_LINE =
  /(?:^|\n)(?!$|[ \t\n#]|\r\n|[A-Za-z][\w.-]*:(?:[ \t\n]|\r\n|$)|-(?:[ \t\n]|\r\n)|(?:---|\.\.\.)[ \t]*(?:#[^\n]*)?\r?(?:\n|$))/;
const TOP_LEVEL = /(?:^|\n)(apiVersion|kind|metadata):(?:[ \t]+([^\r\n]*))?(?=\r?(?:\n|$))/g;
const METADATA_LINE = /^ +([A-Za-z]+):(?:[ \t]+(.*))?$/;
/** Nothing but white space and a comment. */
const BLANK = /^[ \t]*(?:#.*)?$/;
const PLAIN_TEXT = /^[A-Za-z][A-Za-z0-9./_-]{0,252}(?=[ \t]*$|[ \t]+#)/;
const QUOTED_TEXT = /^(["'])([A-Za-z0-9][A-Za-z0-9./_-]{0,252})\1(?=[ \t]*$|[ \t]+#)/;
/** What may be the first of several lines. */
const OPEN_VALUE = /^(?:[[{"'].*[^\]}"' \t]|[[{"'])[ \t]*$/;

/** Words that YAML does not take for strings. */
const NO_STRINGS = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/**
 * Takes the identity of a plain block document from its lines, without parsing it. Undefined whenever a line that matters is anything but
 * plain: then the document has to be parsed.
 *
 * @param text what the parser would read
 * @param written the same before template actions were masked: a line that differs shows no identity
 */
export function scanHeader(text: string, written: string = text): ResourceHeader | undefined {
  // Whether actions that are not masked are text or hide a part of the document shows when it is parsed.
  if (text.includes('{{') || ODD_LINE.test(text)) return undefined;
  const found = new Map<string, { readonly value: string; readonly end: number }>();
  for (const match of text.matchAll(TOP_LEVEL)) {
    const [whole, key = '', value = ''] = match;
    const end = match.index + whole.length;
    if (found.has(key) || !written.startsWith(whole, match.index)) return undefined;
    found.set(key, { value, end });
  }
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((key) => {
    const line = found.get(key);
    return line === undefined || continues(text, line.end, 0) ? undefined : stringIn(line.value);
  });
  const below = found.get('metadata');
  if (apiVersion === undefined || kind === undefined || !/^(?:#|$)/.test(below?.value ?? 'none')) return undefined;
  const metadata = scanMetadata(text, written, text.indexOf('\n', below?.end) + 1);
  const name = metadata?.get('name');
  if (name === undefined) return undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const namespace = isClusterScoped(kindName(kind, group)) ? undefined : metadata?.get('namespace');
  return { apiVersion, kind, name: known(name), namespace: namespace === undefined ? absent : known(namespace) };
}

/** The name and the namespace below `metadata:`. */
function scanMetadata(text: string, written: string, from: number): Map<string, string> | undefined {
  const values = new Map<string, string>();
  let indent: number | undefined;
  for (let at = from; at > 0 && at < text.length; at = nextLine(text, at)) {
    const line = lineAt(text, at);
    // In a template, what is hidden here might set a name or a namespace.
    if (!written.startsWith(line, at)) return undefined;
    if (BLANK.test(line)) continue;
    if (!line.startsWith(' ')) break;
    const column = columnOf(line);
    indent ??= column;
    // Deeper lines belong to labels and annotations; one that stands less deep than the first is not plain.
    if (column > indent) continue;
    const [, key, value = ''] = METADATA_LINE.exec(line) ?? [];
    if (column < indent || key === undefined) return undefined;
    if (key !== 'name' && key !== 'namespace') {
      if (OPEN_VALUE.test(value)) return undefined;
      continue;
    }
    const string = stringIn(value);
    if (string === undefined || values.has(key) || continues(text, at, indent)) return undefined;
    values.set(key, string);
  }
  return values;
}

function stringIn(value: string): string | undefined {
  const plain = PLAIN_TEXT.exec(value)?.[0];
  if (plain !== undefined) return NO_STRINGS.has(plain.toLowerCase()) ? undefined : plain;
  return QUOTED_TEXT.exec(value)?.[2];
}

/** Whether the next line that is not blank is indented more than a column: the value above then has more lines. */
function continues(text: string, from: number, column: number): boolean {
  for (let at = nextLine(text, from); at < text.length; at = nextLine(text, at)) {
    const line = lineAt(text, at);
    if (!BLANK.test(line)) return columnOf(line) > column;
  }
  return false;
}

function columnOf(line: string): number {
  return line.length - line.replace(/^[ \t]+/, '').length;
}

function lineAt(text: string, at: number): string {
  return text.slice(at, nextLine(text, at)).replace(/\r?\n$/, '');
}

function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? text.length : feed + 1;
}
