import type { MapEntry, MapNode, SequenceNode, YamlNode } from '../tree';
import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  HASH,
  OPENING_BRACE,
  OPENING_BRACKET,
  SINGLE_QUOTE,
  SPACE,
  TAB,
  codeAt,
  endsLine,
  isMarker,
  nextLine,
  skipSpaces,
} from './characters';
import type { Collections } from './collections';
import { canBeKey } from './scalars';
import type { Scalars } from './scalars';

/** In place of a character: nothing may stand there, and nothing starts with it. */
const REFUSED = -2;

/**
 * Reads flow collections whose values all stand there: `{a}` and `[a: b]`, `{a: }` and keys on a line of their own are left to the package.
 */
export class Flow {
  /** Behind the collection read last. */
  at = 0;
  private readonly text: string;
  private readonly scalars: Scalars;
  private readonly collections: Collections;
  /** How deep collections may nest. */
  private readonly deepest: number;
  /** The column that further lines must exceed. */
  private column = 0;
  private depth = 0;

  constructor(text: string, scalars: Scalars, collections: Collections, deepest: number) {
    this.text = text;
    this.scalars = scalars;
    this.collections = collections;
    this.deepest = deepest;
  }

  /**
   * The collection that opens at an offset.
   * @param column that of the collection around it; −1 at the root
   */
  collection(at: number, column: number): YamlNode | undefined {
    this.at = at;
    this.column = column;
    this.depth = 0;
    return this.node(codeAt(this.text, at));
  }

  private node(c: number): YamlNode | undefined {
    if (c === OPENING_BRACKET) return this.sequence(this.at);
    if (c === OPENING_BRACE) return this.map(this.at);
    return this.scalar(c);
  }

  private scalar(c: number): ReturnType<Scalars['quoted']> {
    const isQuoted = c === DOUBLE_QUOTE || c === SINGLE_QUOTE;
    const node = isQuoted ? this.scalars.quoted(this.at, this.column) : this.scalars.plainInFlow(this.at, c);
    this.at = this.scalars.at;
    return node;
  }

  private sequence(start: number): SequenceNode | undefined {
    if (++this.depth > this.deepest) return undefined;
    const items: YamlNode[] = [];
    let c = this.skip(start + 1);
    while (c !== CLOSING_BRACKET) {
      const item = this.node(c);
      if (item === undefined) return undefined;
      items.push(item);
      c = this.next(CLOSING_BRACKET);
    }
    this.depth--;
    return this.collections.sequence(start, ++this.at, items, true);
  }

  private map(start: number): MapNode | undefined {
    if (++this.depth > this.deepest) return undefined;
    const entries: MapEntry[] = [];
    let c = this.skip(start + 1);
    while (c !== CLOSING_BRACE) {
      const key = this.scalar(c);
      const isKey = key !== undefined && canBeKey(key) && !this.scalars.isMultiline && codeAt(this.text, this.at) === COLON;
      const value = isKey ? this.node(this.skip(this.at + 1)) : undefined;
      if (!isKey || value === undefined) return undefined;
      entries.push({ key, value });
      c = this.next(CLOSING_BRACE);
    }
    this.depth--;
    return this.collections.map(start, ++this.at, entries, true);
  }

  /** Goes to the next item, or to the closing bracket. */
  private next(closing: number): number {
    const c = this.skip(this.at);
    if (c === closing) return c;
    return c === COMMA ? this.skip(this.at + 1) : REFUSED;
  }

  /** Goes over white space, line breaks and comments; gives the character that stands there. */
  private skip(from: number): number {
    const { text } = this;
    let at = from;
    let indent = -1;
    for (;;) {
      let c = codeAt(text, at);
      while (c === SPACE || c === TAB) c = codeAt(text, ++at);
      if (endsLine(c) || (c === HASH && at > from)) {
        const line = nextLine(text, at);
        if (line === at) return REFUSED;
        at = skipSpaces(text, line);
        indent = at - line;
        continue;
      }
      this.at = at;
      return indent < 0 || this.mayStandAt(indent, c) ? c : REFUSED;
    }
  }

  /** Whether a line may start there: a last bracket may close at the column of what is around. */
  private mayStandAt(indent: number, c: number): boolean {
    if (indent <= this.column)
      return indent === this.column && this.depth === 1 && (c === CLOSING_BRACE || c === CLOSING_BRACKET);
    return indent > 0 || !isMarker(this.text, this.at);
  }
}
