import { isAlias, isMap, isScalar, isSeq, parseDocument as parseYaml } from 'yaml';
import type { Node as YamlAstNode, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { TemplateHole } from './template';
import { MapNode, ScalarNode, SequenceNode, UnknownNode } from './tree';
import type { MapEntry, ScalarStyle, ScalarValue, Source, YamlNode } from './tree';

/** The first thing wrong with a document's syntax; offsets are those of the source. */
export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface ParsedSource {
  /** Undefined for an empty document. */
  readonly root: YamlNode | undefined;
  readonly problem: SyntaxProblem | undefined;
  /** An unquoted `{{ … }}` was read as flow maps: the text is a template, whatever its file is called. */
  readonly looksTemplated: boolean;
}

/** Entries that merge keys (`<<`) may add to one document: an alias bomb ends here. */
const MERGED_ENTRIES_LIMIT = 20_000;
/** Deeper nesting than any manifest has; conversion recurses. */
const DEPTH_LIMIT = 400;

/**
 * Parses one document. Never throws: broken text gives what could be read and the first problem.
 * @param source receives the nodes; its `text` must have the length of `text`
 * @param text what to parse: the source's own text, or that with template actions masked
 * @param holes the masked template actions, in offsets of `text`
 */
export function parseSource(source: Source, text: string, holes: readonly TemplateHole[] = []): ParsedSource {
  const document = parseYaml(text, { prettyErrors: false, logLevel: 'error', uniqueKeys: holes.length === 0, strict: true });
  const conversion = new Conversion(source, text, holes);
  const root = document.contents === null ? undefined : conversion.node(document.contents, undefined);
  // The parser counts comments after an empty nested value into the next key's length, and no manifest has a key of 1,024 characters.
  const error = document.errors.find(({ code }) => code !== 'KEY_OVER_1024_CHARS');
  const problem = error && { message: explain(error.code, error.message), start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) };
  return { root, problem: problem ?? conversion.problem, looksTemplated: conversion.looksTemplated };
}

/** The parser's own words, except where they send a reader of manifests the wrong way. */
function explain(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab is used as indentation; YAML allows only spaces there';
  if (code === 'DUPLICATE_KEY') return 'the key stands twice in this map; only the last one would count';
  const first = message.split('\n', 1)[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1);
}

class Conversion {
  looksTemplated = false;
  problem: SyntaxProblem | undefined;
  private readonly anchors = new Map<string, YamlNode | null>();
  private merged = 0;
  private depth = 0;
  private readonly source: Source;
  private readonly text: string;
  private readonly holes: readonly TemplateHole[];

  constructor(source: Source, text: string, holes: readonly TemplateHole[]) {
    this.source = source;
    this.text = text;
    this.holes = holes;
  }

  node(ast: YamlAstNode, key: ScalarNode | undefined): YamlNode {
    const [start, end] = rangeOf(ast);
    if (this.depth >= DEPTH_LIMIT) {
      this.problem ??= { message: `nested deeper than ${DEPTH_LIMIT} levels`, start, end };
      return new UnknownNode(this.source, start, end);
    }
    if (isAlias(ast)) return this.anchors.get(ast.source) ?? new UnknownNode(this.source, start, end);
    const anchor = (ast as { anchor?: string }).anchor;
    // Null while the anchor's own node is made: an alias inside it is a cycle and stays unknown.
    if (anchor !== undefined) this.anchors.set(anchor, null);
    this.depth++;
    const made = this.convert(ast, start, end);
    this.depth--;
    if (key !== undefined) made.key = key;
    if (anchor !== undefined) this.anchors.set(anchor, made);
    return made;
  }

  private convert(ast: YamlAstNode, start: number, end: number): YamlNode {
    if (isMap(ast)) return this.map(ast, start, end);
    if (isSeq(ast)) return this.sequence(ast, start, end);
    if (isScalar(ast)) return this.scalar(ast, start, end);
    return new UnknownNode(this.source, start, end);
  }

  private scalar(ast: Scalar, start: number, end: number): YamlNode {
    if (this.overlapsHole(start, end)) return new UnknownNode(this.source, start, end);
    const style = STYLES[ast.type ?? 'PLAIN'] ?? 'plain';
    const value = scalarValue(ast.value, style);
    if (typeof value === 'string' && isUnsubstituted(value)) return new UnknownNode(this.source, start, end);
    return new ScalarNode(this.source, start, end, value, style);
  }

  private sequence(ast: YAMLSeq, start: number, end: number): SequenceNode {
    const items: YamlNode[] = [];
    for (const item of ast.items as YamlAstNode[]) {
      const before = items.at(-1)?.end ?? start;
      const node = this.node(item, undefined);
      items.push(this.holeBetween(before, node) ? new UnknownNode(this.source, node.start, node.end) : node);
    }
    return new SequenceNode(this.source, start, end, items, ast.flow === true, this.isOpen(start, end));
  }

  private map(ast: YAMLMap, start: number, end: number): MapNode {
    const entries: MapEntry[] = [];
    const inherited: MapEntry[] = [];
    let open = this.isOpen(start, end);
    for (const pair of ast.items as Pair<YamlAstNode, YamlAstNode | null>[]) {
      const keyNode = this.node(pair.key, undefined);
      if (keyNode.type !== 'scalar') {
        open = true;
        if (keyNode.type === 'map' && ast.flow === true) this.looksTemplated = true;
        continue;
      }
      if (keyNode.value === '<<' && keyNode.style === 'plain') {
        this.merge(pair.value, inherited);
        continue;
      }
      entries.push({ key: keyNode, value: this.value(pair, keyNode) });
    }
    const own = new Set(entries.map((entry) => entry.key.value));
    for (const entry of inherited) {
      if (own.has(entry.key.value)) continue;
      own.add(entry.key.value);
      entries.push(entry);
    }
    return new MapNode(this.source, start, end, entries, ast.flow === true, open);
  }

  private value(pair: Pair<YamlAstNode, YamlAstNode | null>, key: ScalarNode): YamlNode {
    if (pair.value === null) {
      const empty = new ScalarNode(this.source, key.end, key.end, null, 'plain');
      empty.key = key;
      return empty;
    }
    const value = this.node(pair.value, key);
    if (value.type !== 'scalar' || value.value !== null || !this.holeBetween(key.end, value)) return value;
    const hidden = new UnknownNode(this.source, value.start, value.end);
    hidden.key = key;
    return hidden;
  }

  private merge(ast: YamlAstNode | null, into: MapEntry[]): void {
    if (ast === null) return;
    const value = this.node(ast, undefined);
    const maps = value.type === 'sequence' ? value.items : [value];
    for (const map of maps) {
      if (map.type !== 'map') continue;
      this.merged += map.entries.length;
      if (this.merged > MERGED_ENTRIES_LIMIT) {
        this.problem ??= { message: `merge keys expand to more than ${MERGED_ENTRIES_LIMIT} entries`, start: value.start, end: value.end };
        return;
      }
      into.push(...map.entries);
    }
  }

  private overlapsHole(start: number, end: number): boolean {
    const hole = this.holes[this.firstHoleEndingAfter(start)];
    return hole !== undefined && hole.start < Math.max(end, start + 1) && hole.start !== end;
  }

  /** An empty value whose gap after the key (or dash) held an action: the action is the value. */
  private holeBetween(from: number, node: YamlNode): boolean {
    if (this.holes.length === 0 || node.type !== 'scalar' || node.value !== null) return false;
    const hole = this.holes[this.firstHoleEndingAfter(from)];
    if (hole === undefined) return false;
    if (hole.line === 'value') return hole.start <= this.lineEnd(Math.max(from, node.start));
    return hole.line === 'whole' && this.onlyBlank(Math.max(from, node.end), hole.start) && this.isDeeper(hole, from);
  }

  /** Whether a whole-line action after an empty key can be its value: unless its `nindent` says that it goes elsewhere. */
  private isDeeper(hole: TemplateHole, keyEnd: number): boolean {
    return hole.indent === undefined || hole.indent >= this.columnOfLine(keyEnd);
  }

  private onlyBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const c = this.text[i];
      if (c === '#') {
        const feed = this.text.indexOf('\n', i);
        if (feed < 0) return true;
        i = feed;
      } else if (c !== ' ' && c !== '\n' && c !== '\r' && c !== '\t' && c !== ':') return false;
    }
    return true;
  }

  private columnOfLine(offset: number): number {
    let at = this.text.lastIndexOf('\n', offset - 1) + 1;
    const lineStart = at;
    while (this.text[at] === ' ') at++;
    return at - lineStart;
  }

  private lineEnd(offset: number): number {
    const feed = this.text.indexOf('\n', offset);
    return feed < 0 ? this.text.length : feed;
  }

  /**
   * Whether a template adds to a collection: a whole-line action (or blanked region) stands inside it, or directly behind it before the
   * next content. With `nindent N` only collections that start at column N are meant.
   */
  private isOpen(start: number, end: number): boolean {
    if (this.holes.length === 0) return false;
    const column = start - (this.text.lastIndexOf('\n', start - 1) + 1);
    for (let i = this.firstHoleEndingAfter(this.lineStartBefore(start)); i < this.holes.length; i++) {
      const hole = this.holes[i];
      if (hole === undefined) break;
      if (hole.start >= end && !this.onlyBlankOrHoles(end, hole.start)) break;
      if (hole.line === 'inline') continue;
      if (hole.line === 'value' && hole.start < end && hole.start >= start) continue;
      if (hole.indent === undefined || hole.indent === column) return true;
    }
    return false;
  }

  /** An action on the key's own line (`labels: {{- … }}`) stands before the first entry of the map it adds to. */
  private lineStartBefore(start: number): number {
    let at = start;
    while (at > 0 && (this.text[at - 1] === ' ' || this.text[at - 1] === '\n' || this.text[at - 1] === '\r')) at--;
    return at;
  }

  private onlyBlankOrHoles(from: number, to: number): boolean {
    return this.onlyBlank(from, to);
  }

  private firstHoleEndingAfter(offset: number): number {
    let low = 0;
    let high = this.holes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.holes[middle]?.end ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** Booleans of YAML 1.1 that Kubernetes' decoder still takes (sigs.k8s.io/yaml by way of goyaml.v2's resolve table). */
const OLD_BOOLEANS = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

function scalarValue(value: unknown, style: ScalarStyle): ScalarValue {
  if (typeof value === 'string') return (style === 'plain' ? OLD_BOOLEANS.get(value) : undefined) ?? value;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  return typeof value === 'bigint' ? Number(value) : String(value);
}

/** `{{ … }}` of ApplicationSets and `${…}` of Flux's postBuild or envsubst: text that something fills in before a cluster sees it. */
function isUnsubstituted(value: string): boolean {
  const brace = value.indexOf('{{');
  if (brace >= 0 && value.includes('}}', brace)) return true;
  const dollar = value.indexOf('${');
  return dollar >= 0 && value.includes('}', dollar);
}

function rangeOf(ast: YamlAstNode): readonly [number, number] {
  const range = (ast as ParsedNode).range as readonly [number, number, number] | null | undefined;
  return range ? [range[0], Math.max(range[0], range[1])] : [0, 0];
}
