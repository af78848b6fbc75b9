import { Holes } from '../holes';
import type { TemplateHole } from '../template';
import type { MapEntry, MapNode, SequenceNode, Source, YamlNode } from '../tree';
import {
  BAR,
  COLON,
  DASH,
  DOT,
  DOUBLE_QUOTE,
  GREATER,
  HASH,
  OPENING_BRACE,
  OPENING_BRACKET,
  SINGLE_QUOTE,
  TAB,
  codeAt,
  endsLine,
  isBlank,
  isMarker,
  nextLine,
  skipSpaces,
} from './characters';
import { Collections } from './collections';
import { Flow } from './flow';
import { Scalars, canBeKey, startsPlain } from './scalars';

/** Nesting that is left to the package, far below the limit of either. */
const DEEPEST = 100;

/** A document that could be read; without a root when it is empty. */
export interface FastDocument {
  readonly root: YamlNode | undefined;
}

/**
 * Parses one document of the YAML that manifests are written in: no anchors, tags, `?` or merge keys. What it makes equals, in every node
 * and range, what the `yaml` package's tree is converted to; undefined for whatever else the text may hold, errors first of all. One pass,
 * in time that grows with the text; never throws.
 * @param source receives the nodes
 * @param holes the masked template actions
 */
export function parseFast(source: Source, text: string, holes: readonly TemplateHole[]): FastDocument | undefined {
  if (hasLoneReturn(text)) return undefined;
  return new FastParser(source, text, holes.length === 0 ? undefined : new Holes(text, holes)).document();
}

function hasLoneReturn(text: string): boolean {
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 2)) if (text[at + 1] !== '\n') return true;
  return false;
}

/**
 * Every method that reads gives undefined when it meets something that is left to the package; then all is given up.
 *
 * Ranges follow the package: a collection ends where its last value does, and what belongs to that value is more than its text: its line's
 * end, and comments below it that are indented deeper than the collection. Comments behind it that are not indented less than the
 * collection are the collection's own, though only the one around it reaches as far. See `advance` and `close`.
 */
class FastParser {
  private readonly text: string;
  private readonly scalars: Scalars;
  private readonly collections: Collections;
  private readonly flow: Flow;
  /** Where the next token stands, or, on the way through a line, what is still to be read of it. */
  private at = 0;
  /** The token's column; −1 behind the last one. */
  private column = 0;
  /** Whether the scalar read last has a colon behind it, at which `at` then stands. */
  private isKey = false;
  /** Where what belongs to the value read last ends. */
  private end = 0;
  /** The column of the deepest comment between that and the next token; −1 for none. */
  private comment = -1;
  private depth = 0;
  /** Entries and items of collections that are being read: a slice of these has no room to spare, as a list that grew would. */
  private readonly entries: MapEntry[] = [];
  private entryCount = 0;
  private readonly items: YamlNode[] = [];
  private itemCount = 0;

  constructor(source: Source, text: string, holes: Holes | undefined) {
    this.text = text;
    this.scalars = new Scalars(source, text, holes);
    this.collections = new Collections(source, holes);
    this.flow = new Flow(text, this.scalars, this.collections, DEEPEST);
  }

  document(): FastDocument | undefined {
    const { text } = this;
    if (!this.advance(0, Infinity)) return undefined;
    // An end that nothing stands before.
    if (this.column < 0 && this.at < text.length) return undefined;
    if (this.column === 0 && isMarker(text, this.at)) {
      const rest = this.restOfLine(this.at + 3);
      if (rest === undefined || !this.advance(rest, Infinity)) return undefined;
    }
    if (this.column < 0) return { root: undefined };
    const root = this.block(-1, false);
    return root === undefined || this.column >= 0 ? undefined : { root };
  }

  /**
   * What the next token starts, on a line of its own, deeper than the collection around it.
   * @param isNext whether that line is the one below the key or dash
   */
  private block(around: number, isNext: boolean): YamlNode | undefined {
    const { at, column } = this;
    if (this.isDash(at)) return this.sequence(column);
    if (column === 0 && isMarker(this.text, at)) return undefined;
    const node = this.inline(at, around);
    if (node === undefined) return undefined;
    if (this.isKey) return this.map(column, node);
    const isFlow = node.type === 'map' || node.type === 'sequence';
    // A document that is a single scalar is no manifest, and where plain text ends the package tells by the lines above it as well.
    if (!isFlow && (around < 0 || (!isNext && startsPlain(codeAt(this.text, at))))) return undefined;
    return this.finish(node, around);
  }

  private map(column: number, first: YamlNode): MapNode | undefined {
    if (++this.depth > DEEPEST) return undefined;
    const from = this.entryCount;
    let key: YamlNode | undefined = first;
    for (;;) {
      if (key.type !== 'scalar' || !canBeKey(key) || this.scalars.isMultiline) return undefined;
      const value = this.value(this.at + 1, column);
      if (value === undefined) return undefined;
      this.entries[this.entryCount++] = { key, value };
      if (this.column !== column) break;
      if (column === 0 && isMarker(this.text, this.at)) return undefined;
      key = this.inline(this.at, column);
      if (key === undefined || !this.isKey) return undefined;
    }
    const entries = this.entries.slice(from, this.entryCount);
    this.entryCount = from;
    if (this.column > column) return undefined;
    const map = this.collections.map(first.start, this.end, entries, false);
    this.close(column);
    return map;
  }

  private sequence(column: number): SequenceNode | undefined {
    if (++this.depth > DEEPEST) return undefined;
    const start = this.at;
    const from = this.itemCount;
    // Comments above the first dash belong to what is around.
    this.comment = -1;
    do {
      const item = this.item(this.at, column);
      if (item === undefined) return undefined;
      this.items[this.itemCount++] = item;
    } while (this.column === column && this.isDash(this.at));
    const items = this.items.slice(from, this.itemCount);
    this.itemCount = from;
    const sequence = this.collections.sequence(start, this.end, items, false);
    this.close(column);
    return sequence;
  }

  /** At the end of a collection: comments behind its last value may stay with it. At column 0 the package gives them to what is around. */
  private close(column: number): void {
    this.depth--;
    if (column === 0 || this.comment < column) return;
    this.end = this.at;
    this.comment = -1;
  }

  /** What stands behind a colon. */
  private value(from: number, column: number): YamlNode | undefined {
    const at = skipSpaces(this.text, from);
    const c = codeAt(this.text, at);
    if (c === HASH || endsLine(c)) return this.below(at, column, true, false);
    if (c === BAR || c === GREATER) return this.blockScalar(at, column);
    return this.finish(this.inline(at, column), column);
  }

  /** What stands behind a dash. */
  private item(dash: number, column: number): YamlNode | undefined {
    const at = skipSpaces(this.text, dash + 1);
    const c = codeAt(this.text, at);
    if (c === HASH || endsLine(c)) return this.below(at, column, false, this.comment >= 0);
    if (c === BAR || c === GREATER) return this.blockScalar(at, column);
    const inner = column + at - dash;
    if (this.isDash(at)) {
      this.at = at;
      return this.sequence(inner);
    }
    const node = this.inline(at, column);
    return node !== undefined && this.isKey ? this.map(inner, node) : this.finish(node, column);
  }

  /**
   * The value of a key or dash whose line ends at once: something on the lines below it, or null.
   * @param hasComment whether comments above the dash count as its own
   */
  private below(at: number, column: number, isValue: boolean, hasComment: boolean): YamlNode | undefined {
    const isCommented = hasComment || codeAt(this.text, at) === HASH;
    const next = nextLine(this.text, at);
    if (!this.advance(next, Infinity)) return undefined;
    if (this.column > column) return this.block(column, this.at === next + this.column);
    if (isValue && this.column === column && this.isDash(this.at)) return this.sequence(column);
    // Comments are part of what is empty.
    this.end = isCommented || this.comment >= 0 ? this.at : at;
    this.comment = -1;
    return this.scalars.empty(at);
  }

  private blockScalar(at: number, column: number): YamlNode | undefined {
    const node = this.scalars.block(at, column);
    if (node === undefined) return undefined;
    this.end = this.scalars.at;
    return this.advance(this.end, Infinity) ? node : undefined;
  }

  /** A flow collection, or a scalar as far as its line tells. */
  private inline(at: number, around: number): YamlNode | undefined {
    const c = codeAt(this.text, at);
    this.isKey = false;
    if (c === OPENING_BRACKET || c === OPENING_BRACE) {
      const collection = this.flow.collection(at, around);
      this.at = this.flow.at;
      return collection;
    }
    const isQuoted = c === DOUBLE_QUOTE || c === SINGLE_QUOTE;
    const scalar = isQuoted ? this.scalars.quoted(at, around) : this.scalars.plain(at);
    const behind = isQuoted ? skipSpaces(this.text, this.scalars.at) : this.scalars.at;
    this.isKey = codeAt(this.text, behind) === COLON && isBlank(codeAt(this.text, behind + 1));
    this.at = this.isKey ? behind : this.scalars.at;
    return scalar;
  }

  /** The end of the line on which an inline value ends, and the way to the next token. */
  private finish(node: YamlNode | undefined, column: number): YamlNode | undefined {
    if (node === undefined || this.isKey) return undefined;
    const end = this.at;
    if (!this.endLine(column)) return undefined;
    if (this.column <= column) return node;
    return startsPlain(codeAt(this.text, node.start)) ? this.continued(node.start, end, column) : undefined;
  }

  /** A plain scalar of several lines, given the end of what was read of it; the next token stands deeper than the collection around it. */
  private continued(start: number, from: number, column: number): YamlNode | undefined {
    let end = from;
    while (this.column > column) {
      // Nothing continues behind a comment.
      const line = this.restOfLine(end);
      if (codeAt(this.text, skipSpaces(this.text, end)) === HASH || this.end !== line || this.comment >= 0) return undefined;
      const last = this.scalars.plainLine(this.at);
      if (last === undefined) return undefined;
      end = last;
      this.at = this.scalars.at;
      if (!this.endLine(column)) return undefined;
    }
    return this.scalars.folded(start, end);
  }

  private endLine(column: number): boolean {
    const rest = this.restOfLine(this.at);
    if (rest === undefined) return false;
    this.end = rest;
    return this.advance(rest, column);
  }

  /** The start of the next line, where nothing but a comment stands in between. */
  private restOfLine(from: number): number | undefined {
    const at = skipSpaces(this.text, from);
    const c = codeAt(this.text, at);
    return endsLine(c) || (c === HASH && at > from) ? nextLine(this.text, at) : undefined;
  }

  /**
   * From the start of a line to the next token. Comments on the way that are deeper than `column`, the collection's around the value above,
   * belong to that value, until one is not.
   */
  private advance(from: number, column: number): boolean {
    const { text } = this;
    this.comment = -1;
    let line = from;
    while (line < text.length) {
      const at = skipSpaces(text, line);
      const c = codeAt(text, at);
      if (c !== HASH && !endsLine(c)) {
        this.at = at;
        this.column = at - line;
        return c === DOT && this.column === 0 && isMarker(text, at) ? this.endDocument() : c !== TAB;
      }
      const indent = at - line;
      line = nextLine(text, at);
      if (c !== HASH) continue;
      if (this.comment < 0 && indent > column) this.end = line;
      else this.comment = Math.max(this.comment, indent);
    }
    this.at = text.length;
    this.column = -1;
    return true;
  }

  /** At the `...` that ends a document; only comments may follow. */
  private endDocument(): boolean {
    const { text } = this;
    this.column = -1;
    let line = this.restOfLine(this.at + 3);
    while (line !== undefined && line < text.length) {
      const c = codeAt(text, skipSpaces(text, line));
      line = c === HASH || endsLine(c) ? nextLine(text, line) : undefined;
    }
    return line !== undefined;
  }

  private isDash(at: number): boolean {
    return codeAt(this.text, at) === DASH && isBlank(codeAt(this.text, at + 1));
  }
}
