/** Deeper nesting than cel-go reads. */
const DEEPEST = 250;

type Token = readonly [kind: 'name' | 'literal' | 'sign' | 'end', text: string];

const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);
const SIGNS = '&& || == != <= >= < > + - * / % ! ? : . , ( ) [ ] { }'.split(' ');
const BINARY = new Set(['&&', '||', '==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '/', '%', 'in']);

/**
 * Why a text does not parse as an expression of CEL: a clause without a subject. Undefined when it does. Only the grammar is looked at
 * (cel-spec, doc/langdef.md), as istiod does with a filter of access logs: names and types are not.
 */
export function celFault(text: string): string | undefined {
  const tokens = tokensOf(text);
  if (typeof tokens === 'string') return tokens;
  return new Parser(tokens).fault();
}

function tokensOf(text: string): Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 200);
    const blank = /^(?:[\s]+|\/\/[^\n]*)/.exec(rest);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const quote = /^(?:[rR][bB]?|[bB][rR]?)?("""|'''|"|')/.exec(rest);
    if (quote !== null) {
      const end = stringEnd(text, at + quote[0].length, quote[1] ?? '', /^[bB]?[rR]/.test(quote[0]));
      if (end === undefined) return 'has a string that nothing closes';
      tokens.push(['literal', 'string']);
      at = end;
      continue;
    }
    const number = /^(?:0x[0-9A-Fa-f]+u?|\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+u?)/.exec(rest);
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at));
    const sign = SIGNS.find((one) => rest.startsWith(one));
    if (number !== null) tokens.push(['literal', number[0]]);
    else if (name !== null) tokens.push([['true', 'false', 'null'].includes(name[0]) ? 'literal' : 'name', name[0]]);
    else if (sign !== undefined) tokens.push(['sign', sign]);
    else return `has a "${String.fromCodePoint(text.codePointAt(at) ?? 0)}", which means nothing in CEL`;
    at += (number ?? name)?.[0].length ?? sign?.length ?? 1;
  }
  return tokens;
}

/** The offset behind a string's closing quotes; undefined when there are none. */
function stringEnd(text: string, start: number, quotes: string, isRaw: boolean): number | undefined {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\' && !isRaw) at++;
    else if (text.startsWith(quotes, at)) return at + quotes.length;
    else if (quotes.length === 1 && text[at] === '\n') return undefined;
  }
  return undefined;
}

const END: Token = ['end', ''];

class Parser {
  private position = 0;
  private depth = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  fault(): string | undefined {
    const found = this.expression();
    if (found !== undefined) return found;
    return this.next[0] === 'end' ? undefined : this.unexpected();
  }

  private get next(): Token {
    return this.tokens[this.position] ?? END;
  }

  private takes(sign: string): boolean {
    if (this.next[0] !== 'sign' || this.next[1] !== sign) return false;
    this.position++;
    return true;
  }

  private unexpected(): string {
    return this.next[0] === 'end' ? 'ends too early' : `has a ${JSON.stringify(this.next[1])} where none can be`;
  }

  /** Operators bind differently, but every order of them parses. */
  private expression(): string | undefined {
    if (++this.depth > DEEPEST) return 'is nested too deeply';
    let found = this.operand();
    while (found === undefined && BINARY.has(this.next[1]) && this.next[0] !== 'literal') {
      this.position++;
      found = this.operand();
    }
    if (found === undefined && this.takes('?')) {
      found = this.expression() ?? (this.takes(':') ? this.expression() : this.unexpected());
    }
    this.depth--;
    return found;
  }

  private operand(): string | undefined {
    const sign = this.next[1];
    if (this.next[0] === 'sign' && (sign === '!' || sign === '-')) while (this.takes(sign));
    const found = this.primary();
    return found ?? this.members();
  }

  private primary(): string | undefined {
    if (this.takes('(')) return this.expression() ?? this.closes(')');
    if (this.takes('[')) return this.listed(']', false);
    if (this.takes('{')) return this.listed('}', true);
    this.takes('.');
    const [kind, text] = this.next;
    if (kind === 'literal') {
      this.position++;
      return undefined;
    }
    if (kind !== 'name' || RESERVED.has(text)) return this.unexpected();
    this.position++;
    return this.takes('(') ? this.listed(')', false) : undefined;
  }

  private members(): string | undefined {
    for (;;) {
      let found: string | undefined;
      if (this.takes('.')) {
        if (this.next[0] !== 'name') return this.unexpected();
        this.position++;
        if (this.takes('(')) found = this.listed(')', false);
      } else if (this.takes('[')) found = this.expression() ?? this.closes(']');
      else if (this.takes('{')) found = this.listed('}', true);
      else return undefined;
      if (found !== undefined) return found;
    }
  }

  /** Values, or keys with values, up to the closing sign. */
  private listed(end: string, areEntries: boolean): string | undefined {
    while (!this.takes(end)) {
      let found = this.expression();
      if (found === undefined && areEntries) found = this.takes(':') ? this.expression() : this.unexpected();
      if (found !== undefined) return found;
      if (!this.takes(',')) return this.closes(end);
    }
    return undefined;
  }

  private closes(sign: string): string | undefined {
    return this.takes(sign) ? undefined : this.unexpected();
  }
}
