import type { Random } from './random';

/** One way to spoil a text. `donor` gives a text of another file. */
export interface TextChange {
  readonly name: string;
  readonly change: (text: string, random: Random, donor: () => string) => string;
}

/** What syntax, encodings and templates are made of, and what is at the edge of each. */
const TOKENS = [
  '|', '>', '>-2', '\t', ':', ': ', '- ', '#', ' # ', '"', "'", '[', ']', '{', '}', '&a ', '*a', '!', '!!binary ', '%', '?', '? ', ',', '@', '`',
  '\n---\n', '\n...\n', '\n--- |\n', '\n%YAML 1.1\n', '<<: *a', '<<: [*a, *a]', '\r', '\r\n', '\n\n', '\0', '\x07', '\x1b[2J', '\x7f', '\x85', '\u2028', '\u2029', '\ufeff',
  '\ud83d', '\udc00', '🙂', 'e\u0301', '\u202e', '\u2066', '\u200b', '{{ ', ' }}', '{{ if .Values.a }}', '{{ end }}', '{{- else }}', '{{/* ', ' */}}', '{{ define "a" }}', '${NAME}',
  '# mesh-lint-disable', '# mesh-lint-disable-next-line * -- why', '# mesh-lint-disable istio, linkerd',
]; // prettier-ignore

/** Values that a field does not expect. */
const VALUES = [
  '', 'null', '~', 'true', 'no', 'off', 'yes', '0', '-0', '-1', '1e400', '.nan', '-.inf', '0x1F', '0o17', '1_000', '9'.repeat(400), '2026-01-01', '=', '<<',
  '""', "''", '[]', '{}', '[[]]', '{a: }', '- a', '"\\uD800"', '"\\x00"', '"\\u202e"', '!!str 1', '!!binary aGk=', '!!set {a}', '!!omap []', '!<tag:x> y', '&a [*a]', '&a {b: *a}', '*nowhere',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', '{__proto__: {a: b}}', '{constructor: x}', '../../../etc/passwd', '/etc/passwd', 'C:\\x', 'https://example.com/a.yaml', '.', '..', '*', '**', '[z-a]',
  'default', 'kube-system', 'istio-system', 'enabled', 'disabled', 'STRICT', 'PERMISSIVE', 'Deployment', 'Namespace', 'List', 'PeerAuthentication', 'v1', 'apps/v1', 'security.istio.io/v1',
]; // prettier-ignore

const KEYS = [
  '__proto__', 'constructor', 'toString', 'valueOf', '<<', '?', '"', '1', 'null', 'true', '~', '', '[a]', '{a: b}', '*a', 'name', 'kind', 'metadata', 'spec', 'labels', 'annotations', 'items', 'namespace', 'resources', 'patches', 'components',
]; // prettier-ignore

export const TEXT_CHANGES: readonly TextChange[] = [
  { name: 'cut off', change: (text, random) => text.slice(0, random.below(text.length)) },
  { name: 'begun late', change: (text, random) => text.slice(random.below(text.length)) },
  { name: 'with a part cut out', change: cutOut },
  { name: 'with bytes changed', change: changeBytes },
  { name: 'with tokens put in', change: putTokens },
  { name: 'with a value replaced', change: (text, random) => replaceValue(text, random, random.pick(VALUES)) },
  { name: 'with a value of another file', change: (text, random, donor) => replaceValue(text, random, valueOf(donor(), random)) },
  { name: 'with two values swapped', change: swapValues },
  { name: 'with a key replaced', change: (text, random, donor) => replaceKey(text, random, random.once(2) ? random.pick(KEYS) : keyOf(donor(), random)) },
  { name: 'with two keys swapped', change: swapKeys },
  { name: 'with lines indented otherwise', change: shiftIndentation },
  { name: 'with lines doubled', change: doubleLines },
  { name: 'with lines of another file', change: (text, random, donor) => spliceLines(text, random, someLines(donor(), random)) },
  { name: 'with lines in another order', change: moveLines },
  { name: 'with documents joined', change: (text) => text.replaceAll(/^---.*\n/gm, '') },
  { name: 'with a document doubled', change: doubleDocument },
  { name: 'with other line ends', change: (text, random) => text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\r', '\u2028', '\x85'])) },
  { name: 'as bytes of another encoding', change: (text, random) => new TextDecoder(random.pick(['utf-16le', 'windows-1252', 'utf-8'])).decode(Buffer.from(text, random.pick(['utf8', 'utf16le', 'latin1']))) },
  { name: 'with a deep value', change: (text, random) => replaceValue(text, random, deepValue(random)) },
  { name: 'with a long value', change: (text, random) => replaceValue(text, random, random.pick(['x', 'ü', '🙂', '\\', '"', ' ', 'a b ', 'a: ', '*', '\ud800']).repeat(random.between(100, 20_000))) },
  { name: 'with aliases that multiply', change: (text, random) => replaceValue(text, random, aliasBomb(random.between(2, 9), random.between(2, 9))) },
  { name: 'all of another file', change: (_, __, donor) => donor() },
]; // prettier-ignore

function cutOut(text: string, random: Random): string {
  const from = random.below(text.length);
  return text.slice(0, from) + text.slice(from + random.between(1, 40));
}

/** Bytes as a disk may hold them, read as the host reads: what is invalid becomes U+FFFD. */
function changeBytes(text: string, random: Random): string {
  const bytes = Buffer.from(text);
  for (let i = random.between(1, 6); i > 0; i--) bytes[random.below(bytes.length)] = random.below(256);
  return bytes.toString('utf8');
}

function putTokens(text: string, random: Random): string {
  let changed = text;
  for (let i = random.between(1, 4); i > 0; i--) {
    const at = random.below(changed.length + 1);
    changed = changed.slice(0, at) + random.pick(TOKENS) + changed.slice(at + (random.once(3) ? random.below(4) : 0));
  }
  return changed;
}

/** Lines `key: value`, with where each part stands. */
function entries(text: string): { readonly key: readonly [number, number]; readonly value: readonly [number, number] }[] {
  return [...text.matchAll(/^([ \t]*(?:- )*)([^\s#:][^\n:]*):([ \t]*)([^\n]*)$/gm)].map((match) => {
    const [, indent = '', key = '', space = '', value = ''] = match;
    const start = match.index + indent.length;
    const from = start + key.length + 1 + space.length;
    return { key: [start, start + key.length], value: [from, from + value.length] };
  });
}

function replaced(text: string, [start, end]: readonly [number, number], by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function replaceValue(text: string, random: Random, value: string): string {
  const all = entries(text);
  return all.length === 0 ? `a: ${value}\n${text}` : replaced(text, random.pick(all).value, value);
}

function valueOf(text: string, random: Random): string {
  const all = entries(text);
  return all.length === 0 ? text : text.slice(...random.pick(all).value);
}

function replaceKey(text: string, random: Random, key: string): string {
  const all = entries(text);
  return all.length === 0 ? `${key}: ${text}` : replaced(text, random.pick(all).key, key);
}

function keyOf(text: string, random: Random): string {
  const all = entries(text);
  return all.length === 0 ? 'key' : text.slice(...random.pick(all).key);
}

function swapped(text: string, a: readonly [number, number], b: readonly [number, number]): string {
  const [first, second] = a[0] < b[0] ? [a, b] : [b, a];
  return replaced(replaced(text, second, text.slice(...first)), first, text.slice(...second));
}

function swapValues(text: string, random: Random): string {
  const all = entries(text);
  return all.length === 0 ? text : swapped(text, random.pick(all).value, random.pick(all).value);
}

function swapKeys(text: string, random: Random): string {
  const all = entries(text);
  return all.length === 0 ? text : swapped(text, random.pick(all).key, random.pick(all).key);
}

function someLines(text: string, random: Random): string[] {
  const lines = text.split('\n');
  const from = random.below(lines.length);
  return lines.slice(from, from + random.between(1, 12));
}

function spliceLines(text: string, random: Random, inserted: readonly string[]): string {
  const lines = text.split('\n');
  lines.splice(random.below(lines.length + 1), 0, ...inserted);
  return lines.join('\n');
}

function doubleLines(text: string, random: Random): string {
  return spliceLines(text, random, someLines(text, random));
}

function moveLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const moved = lines.splice(random.below(lines.length), random.between(1, 6));
  return spliceLines(lines.join('\n'), random, moved);
}

function shiftIndentation(text: string, random: Random): string {
  const lines = text.split('\n');
  const from = random.below(lines.length);
  const to = from + random.between(1, 10);
  const by = random.pick([' ', '  ', '    ', '\t', '\u00a0', ' '.repeat(60)]);
  const outward = random.once(2);
  const shift = (line: string): string => (outward ? line.replace(/^ {1,2}/, '') : by + line);
  return lines.map((line, i) => (i >= from && i < to ? shift(line) : line)).join('\n');
}

function doubleDocument(text: string, random: Random): string {
  const documents = text.split(/^---.*\n/m);
  documents.splice(random.below(documents.length + 1), 0, random.pick(documents));
  return documents.join('---\n');
}

function deepValue(random: Random): string {
  const depth = random.pick([5, 50, 500]);
  const [open, close] = random.pick([['[', ']'], ['{a: ', '}'], ['- ', ''], ['? ', ''], ['&a [', ']'], ['!!seq [', ']']] as const); // prettier-ignore
  return `${open.repeat(depth)}x${random.once(3) ? '' : close.repeat(depth)}`;
}

/** Lists of aliases of lists of aliases, in flow style: `width` to the power of `levels` values. */
export function aliasBomb(levels: number, width: number): string {
  const lists = Array.from({ length: levels }, (_, i) => {
    const item = i === 0 ? 'x' : `*a${i - 1}`;
    return `&a${i} [${Array.from({ length: width }, () => item).join(', ')}]`;
  });
  return `[${lists.join(', ')}]`;
}
