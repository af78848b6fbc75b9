import type { Holes } from '../holes';
import { isUnsubstituted, plainScalarValue } from '../scalar-value';
import { ScalarNode, UnknownNode } from '../tree';
import type { ScalarStyle, ScalarValue, Source } from '../tree';
import { readBlockScalar } from './block-scalar';
import {
  AMPERSAND,
  ASTERISK,
  AT,
  BACKTICK,
  BAR,
  BYTE_ORDER_MARK,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  DASH,
  DOUBLE_QUOTE,
  EXCLAMATION_MARK,
  GREATER,
  HASH,
  OPENING_BRACE,
  OPENING_BRACKET,
  PERCENT,
  QUESTION_MARK,
  SINGLE_QUOTE,
  SPACE,
  codeAt,
  endsLine,
  isBlank,
  isFlowIndicator,
} from './characters';
import { foldFlow } from './fold';
import { readQuoted } from './quoted';
import { wordIn } from './words';

export type Scalar = ScalarNode | UnknownNode;

/** Makes nodes of scalars. Each method gives undefined for what it leaves to the package, and else sets `at` to what stands behind it. */
export class Scalars {
  at = 0;
  /** Whether the scalar spreads over several lines, and so can be no key here. */
  isMultiline = false;
  private readonly source: Source;
  private readonly text: string;
  private readonly holes: Holes | undefined;
  private readonly mayBeUnsubstituted: boolean;

  /** @param holes undefined when there are none */
  constructor(source: Source, text: string, holes: Holes | undefined) {
    this.source = source;
    this.text = text;
    this.holes = holes;
    // Escapes can spell it, too.
    this.mayBeUnsubstituted = text.includes('${') || text.includes('{{') || text.includes('\\');
  }

  /** @param column the column that further lines must exceed; negative where there may be none */
  quoted(at: number, column: number): Scalar | undefined {
    const quoted = readQuoted(this.text, at, column);
    if (quoted === undefined) return undefined;
    this.at = quoted.end;
    this.isMultiline = quoted.isMultiline;
    return this.node(at, quoted.end, quoted.value, quoted.style);
  }

  /** @param column the column that its lines must exceed */
  block(at: number, column: number): Scalar | undefined {
    const scalar = readBlockScalar(this.text, at, column);
    if (scalar === undefined) return undefined;
    this.at = scalar.end;
    return this.node(at, scalar.end, scalar.value, scalar.style);
  }

  /** A plain scalar outside of flow collections as far as it stands on one line: up to a comment, or a colon that makes a key of it. */
  plain(at: number): Scalar | undefined {
    const { text } = this;
    const first = codeAt(text, at);
    if (!startsPlain(first) || (isIndicator(first) && isBlank(codeAt(text, at + 1)))) return undefined;
    const end = this.plainLine(at);
    return end === undefined ? undefined : this.plainNode(at, end);
  }

  /** The end of the text of a plain scalar on the line that `from` stands in. */
  plainLine(from: number): number | undefined {
    const { text } = this;
    const { length } = text;
    let end = from;
    let at = from;
    for (; at < length; at++) {
      const c = text.charCodeAt(at);
      if (c === SPACE) {
        if (codeAt(text, at + 1) === HASH) break;
      } else if (c === COLON) {
        if (isBlank(codeAt(text, at + 1))) break;
        end = at + 1;
      } else if (c < SPACE) {
        if (endsLine(c)) break;
        return undefined;
      } else end = at + 1;
    }
    this.at = at;
    this.isMultiline = false;
    return end;
  }

  /** A plain scalar of several lines, whose end is known. */
  folded(start: number, end: number): Scalar {
    return this.node(start, end, foldFlow(this.text.slice(start, end)), 'plain');
  }

  /**
   * A plain scalar in a flow collection as far as it stands on one line.
   * @param first its first character, or one that starts none
   */
  plainInFlow(start: number, first: number): Scalar | undefined {
    const { text } = this;
    const second = codeAt(text, start + 1);
    if (!startsPlain(first)) return undefined;
    if (isIndicator(first) && (first !== DASH || isBlank(second) || isFlowIndicator(second))) return undefined;
    let end = start;
    let at = start;
    for (; ; at++) {
      const c = codeAt(text, at);
      if (isFlowIndicator(c) || endsLine(c)) break;
      const next = codeAt(text, at + 1);
      if (c === SPACE) {
        if (next === HASH) break;
      } else if (c === COLON && (isBlank(next) || isFlowIndicator(next))) break;
      else if (c < SPACE) return undefined;
      else end = at + 1;
    }
    this.at = at;
    this.isMultiline = false;
    return this.plainNode(start, end);
  }

  /** The value of a key or dash that has none. */
  empty(at: number): Scalar {
    return this.node(at, at, null, 'plain');
  }

  private plainNode(start: number, end: number): Scalar {
    return this.node(start, end, plainScalarValue(wordIn(this.text, start, end)), 'plain');
  }

  private node(start: number, end: number, value: ScalarValue, style: ScalarStyle): Scalar {
    if (this.holes?.overlap(start, end) === true) return new UnknownNode(this.source, start, end);
    if (this.mayBeUnsubstituted && typeof value === 'string' && isUnsubstituted(value))
      return new UnknownNode(this.source, start, end);
    return new ScalarNode(this.source, start, end, value, style);
  }
}

/** Whether a plain scalar may start with this character. */
export function startsPlain(c: number): boolean {
  switch (c) {
    case EXCLAMATION_MARK:
    case DOUBLE_QUOTE:
    case HASH:
    case PERCENT:
    case AMPERSAND:
    case SINGLE_QUOTE:
    case ASTERISK:
    case COMMA:
    case GREATER:
    case AT:
    case OPENING_BRACKET:
    case CLOSING_BRACKET:
    case BACKTICK:
    case OPENING_BRACE:
    case BAR:
    case CLOSING_BRACE:
    case BYTE_ORDER_MARK:
      return false;
    default:
      return c >= SPACE;
  }
}

/** `-`, `?` and `:`, which are more than text before white space. */
function isIndicator(c: number): boolean {
  return c === DASH || c === QUESTION_MARK || c === COLON;
}

/** Whether a node can be a key without more ado: merge keys and what something fills in later are left to the package. */
export function canBeKey(node: Scalar): node is ScalarNode {
  return node.type === 'scalar' && (node.value !== '<<' || node.style !== 'plain');
}
