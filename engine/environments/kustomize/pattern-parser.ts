/** Code points, both ends included. */
export type Range = readonly [from: number, to: number];

/** A part of an expression. */
export type Node =
  | { readonly is: 'set'; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly is: 'start' | 'end' | 'nothing' }
  | { readonly is: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly least: number; readonly most: number };

/** Where Go stops: `x{1001}` is refused. */
const MOST_REPEATS = 1000;
const DEEPEST = 100;

const DIGITS: readonly Range[] = [[48, 57]];
const WORD: readonly Range[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACES: readonly Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const NAMED: ReadonlyMap<string, readonly Range[]> = new Map<string, readonly Range[]>([
  [
    'alnum',
    [
      [48, 57],
      [65, 90],
      [97, 122],
    ],
  ],
  [
    'alpha',
    [
      [65, 90],
      [97, 122],
    ],
  ],
  ['digit', DIGITS],
  ['lower', [[97, 122]]],
  [
    'space',
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ['upper', [[65, 90]]],
  ['word', WORD],
  [
    'xdigit',
    [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  ],
]);
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/** `wrong` where Go refuses the text, `unsupported` where it is right and not read here. */
export type Failure = 'wrong' | 'unsupported';

/** Reads the text of an expression (Go regexp/syntax). */
export function parseExpression(text: string): Node | Failure {
  return new Parser(text).whole();
}

class Parser {
  private at = 0;
  private depth = 0;
  private foldsCase = false;
  private dotTakesLines = false;
  private readonly text: readonly string[];

  constructor(text: string) {
    this.text = Array.from(text);
  }

  whole(): Node | Failure {
    const node = this.choice();
    return typeof node === 'string' || this.at >= this.text.length ? node : 'wrong';
  }

  private choice(): Node | Failure {
    if (++this.depth > DEEPEST) return 'unsupported';
    const parts: Node[] = [];
    do {
      if (this.text[this.at] === '|') this.at++;
      const part = this.sequence();
      if (typeof part === 'string') return part;
      parts.push(part);
    } while (this.text[this.at] === '|');
    this.depth--;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { is: 'choice', parts };
  }

  private sequence(): Node | Failure {
    const parts: Node[] = [];
    for (let next = this.text[this.at]; next !== undefined && next !== '|' && next !== ')'; next = this.text[this.at]) {
      const part = this.atom();
      if (typeof part === 'string') return part;
      const repeated = this.repetition(part);
      if (typeof repeated === 'string') return repeated;
      parts.push(repeated);
    }
    return { is: 'sequence', parts };
  }

  private atom(): Node | Failure {
    const next = this.text[this.at++] ?? '';
    switch (next) {
      case '(':
        return this.group();
      case '[':
        return this.set();
      case '.':
        return { is: 'set', ranges: this.dotTakesLines ? [] : [[10, 10]], negated: true };
      case '^':
        return { is: 'start' };
      case '$':
        return { is: 'end' };
      case '*':
      case '+':
      case '?':
        return 'wrong';
      case '\\':
        return this.escape();
      default:
        return this.characters([[codeOf(next), codeOf(next)]]);
    }
  }

  private group(): Node | Failure {
    const before = [this.foldsCase, this.dotTakesLines] as const;
    const isEmpty = this.opening();
    if (typeof isEmpty === 'string') return isEmpty;
    // Flags alone hold for the rest of the group that they stand in.
    if (isEmpty) return { is: 'nothing' };
    const node = this.choice();
    [this.foldsCase, this.dotTakesLines] = before;
    if (typeof node === 'string') return node;
    return this.text[this.at++] === ')' ? node : 'wrong';
  }

  /** Reads what may follow `(`; true when that is all of the group. */
  private opening(): boolean | Failure {
    if (this.text[this.at] !== '?') return false;
    const rest = this.text.slice(this.at, this.at + 80).join('');
    const named = /^\?P?<[A-Za-z0-9_]+>/.exec(rest);
    if (named !== null) {
      this.at += named[0].length;
      return false;
    }
    const flags = /^\?([imsU]*)(-?)([imsU]*)([:)])/.exec(rest);
    if (flags === null) return 'wrong';
    const [whole, on = '', , off = '', end] = flags;
    if (/[mU]/.test(on + off)) return 'unsupported';
    this.at += whole.length;
    this.foldsCase = (this.foldsCase || on.includes('i')) && !off.includes('i');
    this.dotTakesLines = (this.dotTakesLines || on.includes('s')) && !off.includes('s');
    return end === ')';
  }

  private repetition(part: Node): Node | Failure {
    const next = this.text[this.at];
    let bounds: readonly [number, number] | undefined;
    if (next === '*') bounds = [0, Infinity];
    else if (next === '+') bounds = [1, Infinity];
    else if (next === '?') bounds = [0, 1];
    else if (next === '{') {
      const counts = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.text.slice(this.at, this.at + 20).join(''));
      if (counts === null) return part;
      const [whole, least = '', comma, most = ''] = counts;
      bounds = [Number(least), comma === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
      if (bounds[0] > MOST_REPEATS || (bounds[1] > MOST_REPEATS && bounds[1] !== Infinity) || bounds[0] > bounds[1])
        return 'wrong';
      this.at += whole.length - 1;
    }
    if (bounds === undefined) return part;
    this.at++;
    // Whether as much or as little as can be is taken makes no difference to whether there is a match.
    if (this.text[this.at] === '?') this.at++;
    if (/^[*+?]/.test(this.text[this.at] ?? '')) return 'wrong';
    return { is: 'repeat', part, least: bounds[0], most: bounds[1] };
  }

  private escape(): Node | Failure {
    const next = this.text[this.at];
    if (next === 'A' || next === 'z') {
      this.at++;
      return { is: next === 'A' ? 'start' : 'end' };
    }
    if (next === 'b' || next === 'B' || next === 'Q') return 'unsupported';
    const ranges = this.escaped();
    return typeof ranges === 'string' ? ranges : this.characters(ranges);
  }

  /** What stands behind a backslash, in a class or outside of one. */
  private escaped(): readonly Range[] | Failure {
    const next = this.text[this.at++];
    if (next === undefined) return 'wrong';
    const shorthand = { d: DIGITS, w: WORD, s: SPACES }[next.toLowerCase()];
    if (shorthand !== undefined) return next === next.toLowerCase() ? shorthand : complement(shorthand);
    if (next === 'p' || next === 'P') return 'unsupported';
    const control = CONTROLS.get(next);
    if (control !== undefined) return [[control, control]];
    if (next === 'x') {
      const hex = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.text.slice(this.at, this.at + 10).join(''));
      if (hex === null) return 'wrong';
      this.at += hex[0].length;
      const value = parseInt(hex[1] ?? hex[2] ?? '', 16);
      return [[value, value]];
    }
    if (/[0-9]/.test(next)) return 'unsupported';
    return /[A-Za-z]/.test(next) ? 'wrong' : [[codeOf(next), codeOf(next)]];
  }

  private set(): Node | Failure {
    const ranges: Range[] = [];
    const negated = this.text[this.at] === '^';
    if (negated) this.at++;
    for (let isFirst = true; this.text[this.at] !== ']' || isFirst; isFirst = false) {
      if (this.at >= this.text.length) return 'wrong';
      const found = this.member();
      if (typeof found === 'string') return found;
      ranges.push(...found);
    }
    this.at++;
    return this.characters(ranges, negated);
  }

  private member(): readonly Range[] | Failure {
    const named = /^\[:(\^?)([a-z]+):\]/.exec(this.text.slice(this.at, this.at + 16).join(''));
    if (named !== null) {
      const ranges = NAMED.get(named[2] ?? '');
      this.at += named[0].length;
      return ranges === undefined ? 'unsupported' : named[1] === '' ? ranges : complement(ranges);
    }
    const low = this.single();
    if (typeof low === 'string') return low;
    const [only] = low;
    if (this.text[this.at] !== '-' || this.text[this.at + 1] === ']' || low.length !== 1 || only?.[0] !== only?.[1]) return low;
    this.at++;
    const high = this.single();
    if (typeof high === 'string') return high;
    const [from, to] = [only?.[0] ?? 0, high[0]?.[0] ?? 0];
    return from > to ? 'wrong' : [[from, to]];
  }

  private single(): readonly Range[] | Failure {
    const next = this.text[this.at++];
    if (next === undefined) return 'wrong';
    return next === '\\' ? this.escaped() : [[codeOf(next), codeOf(next)]];
  }

  private characters(ranges: readonly Range[], negated = false): Node {
    return { is: 'set', ranges: this.foldsCase ? ranges.flatMap(bothCases) : ranges, negated };
  }
}

/** The code point of a character. */
export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function complement(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let from = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  return [...gaps, [from, 0x10ffff]];
}

/** A range, and its letters of the alphabet in the other case. */
function bothCases([from, to]: Range): Range[] {
  const all: Range[] = [[from, to]];
  for (const [low, high, shift] of [
    [65, 90, 32],
    [97, 122, -32],
  ] as const) {
    const [first, last] = [Math.max(from, low), Math.min(to, high)];
    if (first <= last) all.push([first + shift, last + shift]);
  }
  return all;
}
