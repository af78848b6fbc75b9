/** Longer ones Istio refuses, for Envoy's sake (pkg/config/validation, 1.32 development). */
export const LONGEST_EXPRESSION = 1024;
/** Go's own limit of a repetition. */
const MOST_REPEATS = 1000;

/**
 * Why a text is no regular expression of RE2, as Go's regexp/syntax reads it: a clause without a subject, such as `has no closing "]"`.
 * Undefined when it is one. One pass, in linear time. Names of Unicode classes are taken on trust.
 */
export function expressionFault(text: string): string | undefined {
  return new Reader(text).fault();
}

class Reader {
  private position = 0;
  private open = 0;
  /** Whether something stands before the position that can be repeated, and whether it is a repetition already. */
  private last: 'nothing' | 'atom' | 'repetition' = 'nothing';
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  fault(): string | undefined {
    while (this.position < this.text.length) {
      const found = this.step();
      if (found !== undefined) return found;
    }
    return this.open > 0 ? 'has no closing ")"' : undefined;
  }

  private step(): string | undefined {
    const { text, position } = this;
    switch (text[position]) {
      case '(':
        return this.group();
      case ')':
        if (this.open === 0) return 'has a ")" that closes nothing';
        this.open--;
        this.position++;
        this.last = 'atom';
        return undefined;
      case '|':
        this.position++;
        this.last = 'nothing';
        return undefined;
      case '[':
        this.last = 'atom';
        return this.characters();
      case '*':
      case '+':
      case '?':
        return this.repetition(1);
      case '{': {
        const counts = /^\{(\d+)(,(\d*))?\}/.exec(text.slice(position, position + 30));
        if (counts === null) break;
        const [whole, least = '', , most] = counts;
        const [from, to] = [Number(least), most === undefined || most === '' ? Number(least) : Number(most)];
        if (from > MOST_REPEATS || to > MOST_REPEATS || from > to) return `repeats by ${whole}, which is out of bounds`;
        return this.repetition(whole.length);
      }
      case '\\':
        this.last = 'atom';
        return this.escape(false);
      default:
    }
    this.position++;
    this.last = 'atom';
    return undefined;
  }

  private repetition(length: number): string | undefined {
    if (this.last === 'nothing')
      return `has a "${this.text.slice(this.position, this.position + length)}" with nothing to repeat`;
    if (this.last === 'repetition') return 'repeats a repetition, which RE2 cannot do';
    this.position += length;
    if (this.text[this.position] === '?') this.position++;
    this.last = 'repetition';
    return undefined;
  }

  private group(): string | undefined {
    this.open++;
    this.last = 'nothing';
    if (this.text[this.position + 1] !== '?') {
      this.position++;
      return undefined;
    }
    const rest = this.text.slice(this.position, this.position + 80);
    if (/^\(\?<?[=!]/.test(rest)) return 'looks ahead or behind, which RE2 cannot do';
    const named = /^\(\?P?<[A-Za-z0-9_]+>/.exec(rest);
    if (named !== null) {
      this.position += named[0].length;
      return undefined;
    }
    const flags = /^\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)?([:)])/.exec(rest);
    if (flags === null || flags[0] === '(?)') return 'has a group of a sort that RE2 does not know';
    this.position += flags[0].length;
    if (flags[1] === ')') this.open--;
    return undefined;
  }

  /** A class such as `[^a-z\d[:alpha:]]`. */
  private characters(): string | undefined {
    this.position++;
    if (this.text[this.position] === '^') this.position++;
    for (let first = true; this.text[this.position] !== ']' || first; first = false) {
      if (this.position >= this.text.length) return 'has no closing "]"';
      if (this.text.startsWith('[:', this.position)) {
        const named = /^\[:\^?([a-z]+):\]/.exec(this.text.slice(this.position, this.position + 20));
        if (named !== null) {
          if (!NAMED_CLASSES.has(named[1] ?? '')) return `names a class "${named[0]}" that does not exist`;
          this.position += named[0].length;
          continue;
        }
      }
      const found = this.range();
      if (found !== undefined) return found;
    }
    this.position++;
    return undefined;
  }

  private range(): string | undefined {
    const low = this.member();
    if (typeof low === 'string') return low;
    if (this.text[this.position] !== '-' || this.text[this.position + 1] === ']') return undefined;
    if (low === null || this.position + 1 >= this.text.length) return undefined;
    this.position++;
    const high = this.member();
    if (typeof high === 'string') return high;
    return high !== null && high < low ? 'has a range whose end comes before its start' : undefined;
  }

  /** One character of a class as a number; null for a class in it, and for one whose number does not matter; a string when it is wrong. */
  private member(): number | null | string {
    if (this.text[this.position] === '\\') return this.escape(true) ?? null;
    const code = this.text.codePointAt(this.position);
    if (code === undefined) return 'has no closing "]"';
    this.position += code > 0xffff ? 2 : 1;
    return code;
  }

  private escape(inClass: boolean): string | undefined {
    const rest = this.text.slice(this.position, this.position + 80);
    const next = rest[1];
    if (next === undefined) return 'ends in a single backslash';
    if (next === 'Q' && !inClass) {
      const end = this.text.indexOf('\\E', this.position + 2);
      this.position = end < 0 ? this.text.length : end + 2;
      return undefined;
    }
    const known = (inClass ? null : ASSERTION.exec(rest)) ?? ESCAPE.exec(rest);
    if (known === null) {
      return /[1-9]/.test(next)
        ? `refers back to a group by "\\${next}", which RE2 cannot do`
        : `has "\\${next}", which means nothing to RE2`;
    }
    this.position += known[0].length;
    return undefined;
  }
}

/** What a backslash may stand before, in and outside of classes. */
const ESCAPE =
  /^\\(?:[dDsSwWafnrtv]|[pP](?:[A-Za-z]|\{\^?[A-Za-z_]+\})|x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,6}\})|0[0-7]{0,2}|[1-7][0-7]{1,2}|[^\p{L}\p{N}])/u;
/** Places in the text: not in classes. */
const ASSERTION = /^\\[AbBz]/;

const NAMED_CLASSES = new Set([
  'alnum',
  'alpha',
  'ascii',
  'blank',
  'cntrl',
  'digit',
  'graph',
  'lower',
  'print',
  'punct',
  'space',
  'upper',
  'word',
  'xdigit',
]);
