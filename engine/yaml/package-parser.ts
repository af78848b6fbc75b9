import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node as YamlAstNode, Pair, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { DEPTH_LIMIT, parseAst } from './ast';
import type { SyntaxProblem } from './ast';
import { Holes } from './holes';
import { isUnsubstituted, oldBoolean } from './scalar-value';
import type { TemplateHole } from './template';
import { MapNode, ScalarNode, SequenceNode, UnknownNode } from './tree';
import type { MapEntry, ScalarStyle, ScalarValue, Source, YamlNode } from './tree';

export interface ParsedSource {
  /** Undefined for an empty document. */
  readonly root: YamlNode | undefined;
  readonly problem: SyntaxProblem | undefined;
  /** An unquoted `{{ … }}` was read as flow maps: the text is a template, whatever its file is called. */
  readonly looksTemplated: boolean;
}

/** Entries that merge keys (`<<`) may add to one document: an alias bomb ends here. */
const MERGED_ENTRIES_LIMIT = 20_000;

/** As `parseSource`, by the `yaml` package alone, which reads all of YAML. Few manifests need it: the server loads it for the first that does. */
export function parseWithPackage(source: Source, text: string, holes: readonly TemplateHole[] = []): ParsedSource {
  const ast = parseAst(text);
  const conversion = new Conversion(source, new Holes(text, holes));
  const root = ast.contents === null ? undefined : conversion.node(ast.contents, undefined);
  return { root, problem: earlier(ast.problem, conversion.problem), looksTemplated: conversion.looksTemplated };
}

function earlier(a: SyntaxProblem | undefined, b: SyntaxProblem | undefined): SyntaxProblem | undefined {
  return a === undefined || (b !== undefined && b.start < a.start) ? b : a;
}

/** What an anchor names. The height counts the levels below the node, through aliases too. */
interface Anchored {
  readonly node: YamlNode;
  readonly height: number;
}

class Conversion {
  looksTemplated = false;
  problem: SyntaxProblem | undefined;
  private readonly anchors = new Map<string, Anchored | 'open'>();
  private merged = 0;
  private depth = 0;
  /** The deepest level reached, aliases counted as what they name. */
  private deepest = 0;
  private readonly source: Source;
  private readonly holes: Holes;

  constructor(source: Source, holes: Holes) {
    this.source = source;
    this.holes = holes;
  }

  node(ast: YamlAstNode, key: ScalarNode | undefined): YamlNode {
    const [start, end] = rangeOf(ast);
    if (isAlias(ast)) return this.aliased(ast, start, end);
    if (this.depth >= DEPTH_LIMIT) return this.tooDeep(start, end);
    const anchor = (ast as { anchor?: string }).anchor;
    // While the anchor's own node is made, an alias inside it is a cycle.
    if (anchor !== undefined) this.anchors.set(anchor, 'open');
    const before = this.deepest;
    this.deepest = ++this.depth;
    const made = this.convert(ast, start, end);
    const height = this.deepest - this.depth--;
    this.deepest = Math.max(before, this.deepest);
    if (key !== undefined) made.key = key;
    if (anchor !== undefined) this.anchors.set(anchor, { node: made, height });
    return made;
  }

  /** The node that an alias names is the alias's own: one node with several parents. */
  private aliased(ast: Alias, start: number, end: number): YamlNode {
    const anchored = this.anchors.get(ast.source);
    if (anchored === undefined || anchored === 'open') {
      const message =
        anchored === undefined
          ? `the alias *${ast.source} names no anchor above it`
          : `the alias *${ast.source} stands in what it names`;
      return this.broken(message, start, end);
    }
    // Chains of aliases are as deep as nested text.
    const deepest = this.depth + 1 + anchored.height;
    if (deepest > DEPTH_LIMIT) return this.tooDeep(start, end);
    this.deepest = Math.max(this.deepest, deepest);
    return anchored.node;
  }

  private tooDeep(start: number, end: number): UnknownNode {
    return this.broken(`nested deeper than ${DEPTH_LIMIT} levels`, start, end);
  }

  private broken(message: string, start: number, end: number): UnknownNode {
    // In a template the missing part may be what an action hides.
    if (this.holes.none) this.problem ??= { message, start, end };
    return new UnknownNode(this.source, start, end);
  }

  private convert(ast: YamlAstNode, start: number, end: number): YamlNode {
    if (isMap(ast)) return isWord(ast, start) ? this.word(ast, start, end) : this.map(ast, start, end);
    if (isSeq(ast)) return this.sequence(ast, start, end);
    if (isScalar(ast)) return this.scalar(ast, start, end);
    return new UnknownNode(this.source, start, end);
  }

  /** See `isWord`. The key may have an anchor. */
  private word(ast: YAMLMap, start: number, end: number): UnknownNode {
    for (const { key } of ast.items as Pair<YamlAstNode>[]) this.node(key, undefined);
    return new UnknownNode(this.source, start, end);
  }

  private scalar(ast: Scalar, start: number, end: number): YamlNode {
    if (this.holes.overlap(start, end)) return new UnknownNode(this.source, start, end);
    const style = STYLES[ast.type ?? 'PLAIN'] ?? 'plain';
    const value = scalarValue(ast, style);
    if (typeof value === 'string' && isUnsubstituted(value)) return new UnknownNode(this.source, start, end);
    return new ScalarNode(this.source, start, end, value, style);
  }

  private sequence(ast: YAMLSeq, start: number, end: number): SequenceNode {
    const items: YamlNode[] = [];
    for (const item of ast.items as YamlAstNode[]) {
      const before = items.at(-1)?.end ?? start;
      const node = this.node(item, undefined);
      items.push(this.holes.fill(node, before) ? new UnknownNode(this.source, node.start, node.end) : node);
    }
    return new SequenceNode(this.source, start, end, items, ast.flow === true, this.holes.open(start, end));
  }

  private map(ast: YAMLMap, start: number, end: number): MapNode {
    const entries: MapEntry[] = [];
    const inherited: MapEntry[] = [];
    const own = new Set<string>();
    let open = this.holes.open(start, end);
    for (const pair of ast.items as Pair<YamlAstNode, YamlAstNode | null>[]) {
      const key = this.keyNode(pair.key);
      if (key.type !== 'scalar') {
        open = true;
        if (key.type === 'map' && ast.flow === true) this.looksTemplated = true;
        // For the anchors in it.
        if (pair.value !== null) this.node(pair.value, undefined);
        continue;
      }
      const name = String(key.value);
      if (own.has(name) && this.holes.none) {
        this.problem ??= {
          message: 'the key stands twice in this map; only the last one would count',
          start: key.start,
          end: key.end,
        };
      }
      own.add(name);
      if (key.value === '<<' && key.style === 'plain') open = !this.merge(pair.value, inherited) || open;
      else entries.push({ key, value: this.value(pair, key) });
    }
    const ownCount = entries.length;
    for (const entry of inherited) {
      const name = String(entry.key.value);
      if (own.has(name)) continue;
      own.add(name);
      entries.push(entry);
    }
    return new MapNode(this.source, start, end, entries, ast.flow === true, open, entries.length - ownCount);
  }

  /** A key that is an alias stands where the alias does. */
  private keyNode(ast: YamlAstNode): YamlNode {
    const node = this.node(ast, undefined);
    return isAlias(ast) && node.type === 'scalar' ? new ScalarNode(this.source, ...rangeOf(ast), node.value, node.style) : node;
  }

  private value(pair: Pair<YamlAstNode, YamlAstNode | null>, key: ScalarNode): YamlNode {
    if (pair.value === null) {
      const empty = new ScalarNode(this.source, key.end, key.end, null, 'plain');
      empty.key = key;
      return empty;
    }
    const value = this.node(pair.value, key);
    if (value.type !== 'scalar' || value.value !== null || !this.holes.fill(value, key.end)) return value;
    const hidden = new UnknownNode(this.source, value.start, value.end);
    hidden.key = key;
    return hidden;
  }

  /** Collects what a merge key adds; false when not all of it is known. */
  private merge(ast: YamlAstNode | null, into: MapEntry[]): boolean {
    if (ast === null) return true;
    const value = this.node(ast, undefined);
    let isKnown = true;
    for (const map of value.type === 'sequence' ? value.items : [value]) {
      if (map.type === 'unknown') isKnown = false;
      if (map.type !== 'map') continue;
      this.merged += map.entries.length;
      if (this.merged > MERGED_ENTRIES_LIMIT) {
        this.problem ??= {
          message: `merge keys expand to more than ${MERGED_ENTRIES_LIMIT} entries`,
          start: value.start,
          end: value.end,
        };
        return false;
      }
      if (map.open) isKnown = false;
      into.push(...map.entries);
    }
    return isKnown;
  }
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function scalarValue({ value, tag }: Scalar, style: ScalarStyle): ScalarValue {
  // A tag has decided already.
  if (typeof value === 'string') return (style === 'plain' && tag === undefined ? oldBoolean(value) : undefined) ?? value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/**
 * Whether an item such as the `a::` of `[a::]` is a word to Kubernetes. Its decoder ends a plain scalar in flow style at a colon only if
 * white space follows (go-yaml's scannerc.go, yaml_parser_scan_plain_scalar); for YAML 1.2 that item is a map with an empty value.
 */
function isWord({ flow, items }: YAMLMap, start: number): boolean {
  const [only, ...others] = items;
  // A map in braces starts before its first key.
  if (flow !== true || !isScalar(only?.key) || others.length > 0 || rangeOf(only.key)[0] !== start) return false;
  return only.value === null || (isScalar(only.value) && only.value.source === '');
}

function rangeOf(ast: YamlAstNode): readonly [number, number] {
  const range = (ast as ParsedNode).range as readonly [number, number, number] | null | undefined;
  return range ? [range[0], Math.max(range[0], range[1])] : [0, 0];
}
