/**
 * What an action does to the text around it. `silent` puts nothing there (comments, assignments), `output` might put anything.
 */
export type ActionKind = 'open' | 'define' | 'else' | 'end' | 'silent' | 'output';

export interface TemplateAction {
  readonly start: number;
  readonly end: number;
  readonly kind: ActionKind;
  /** The N of a final `| nindent N` or `| indent N`. */
  readonly indent: number | undefined;
  /** Whether that was `nindent`: its output starts on a line of its own, at column N exactly. */
  readonly ownLine: boolean;
}

const CONTROL = new Map<string, ActionKind>([
  ['if', 'open'],
  ['range', 'open'],
  ['with', 'open'],
  ['block', 'open'],
  ['define', 'define'],
  ['else', 'else'],
  ['end', 'end'],
  ['break', 'silent'],
  ['continue', 'silent'],
]);

/**
 * Scanning an unterminated action may reach far, and the next one starts over. Once such scans have cost this many times the length of
 * the text, actions are looked for within their line only, which keeps the whole linear.
 */
const LOST_SCANS = 4;

/**
 * Finds the actions of a Go template, in order. An action that never ends, or that Go's lexer would refuse before its end (a line break in a
 * quoted string, another `{{`), runs to the end of its line. Never throws.
 */
export function readActions(text: string): TemplateAction[] {
  const actions: TemplateAction[] = [];
  let budget = LOST_SCANS * text.length;
  let lineEnd = -1;
  const endOfLine = (at: number): number => {
    if (lineEnd < at) {
      const feed = text.indexOf('\n', at);
      lineEnd = feed < 0 ? text.length : feed;
    }
    return lineEnd;
  };
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', actions.at(-1)?.end)) {
    const body = new ActionBody(text, start, budget > 0 ? text.length : endOfLine(start));
    if (body.closed) {
      actions.push(body.action());
      continue;
    }
    budget -= body.at - start;
    const feed = endOfLine(start);
    const end = feed > start + 2 && text[feed - 1] === '\r' ? feed - 1 : feed;
    actions.push({ start, end, kind: 'output', indent: undefined, ownLine: false });
  }
  return actions;
}

/** Reads one action from its `{{`; afterwards `at` is where it ended (`closed`) or where reading became hopeless. */
class ActionBody {
  closed = false;
  at: number;
  private readonly text: string;
  private readonly start: number;
  private readonly limit: number;
  private readonly code: number;
  private isComment = false;
  private assigns = false;
  private stage: number | undefined;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.start = start;
    this.limit = limit;
    this.at = start + 2;
    if (text[this.at] === '-') this.at++;
    this.skipSpace();
    this.code = this.at;
    if (text.startsWith('/*', this.at)) this.readComment();
    else this.readCode();
  }

  action(): TemplateAction {
    const kind = this.kind();
    const indent = kind === 'output' ? this.finalIndent() : undefined;
    return { start: this.start, end: this.at, kind, indent: indent?.columns, ownLine: indent?.ownLine ?? false };
  }

  private kind(): ActionKind {
    if (this.isComment || this.assigns) return 'silent';
    let end = this.code;
    while (isLetter(this.text.charCodeAt(end))) end++;
    return CONTROL.get(this.text.slice(this.code, end)) ?? 'output';
  }

  private finalIndent(): { columns: number; ownLine: boolean } | undefined {
    if (this.stage === undefined) return undefined;
    const words = this.text.slice(this.stage, this.at - 2).split(/\s+/, 5);
    const [function_, columns, rest] = words.filter((word) => word !== '' && word !== '-');
    if (function_ !== 'nindent' && function_ !== 'indent') return undefined;
    if (columns === undefined || rest !== undefined || !/^\d{1,3}$/.test(columns)) return undefined;
    return { columns: Number(columns), ownLine: function_ === 'nindent' };
  }

  private readComment(): void {
    this.isComment = true;
    this.at += 2;
    while (this.at < this.limit && !this.text.startsWith('*/', this.at)) this.at++;
    this.at += 2;
    this.skipSpace();
    if (this.text[this.at] === '-') this.at++;
    this.close();
  }

  private readCode(): void {
    let depth = 0;
    while (this.at < this.limit) {
      const c = this.text[this.at];
      if (c === '}' && this.text[this.at + 1] === '}') break;
      if (c === '{' && this.text[this.at + 1] === '{') return;
      if (c === '"' || c === "'" || c === '`') {
        if (!this.skipString(c)) return;
        continue;
      }
      if (c === '(') depth++;
      else if (c === ')') depth--;
      else if (c === '|' && depth === 0) this.stage = this.at + 1;
      // Go templates compare with functions: outside strings, `=` only ever declares or assigns.
      else if (c === '=' && this.text[this.code] === '$') this.assigns = true;
      this.at++;
    }
    this.close();
  }

  /** False when the string does not end, or not where it may. */
  private skipString(quote: string): boolean {
    this.at++;
    while (this.at < this.limit) {
      const c = this.text[this.at++];
      if (c === quote) return true;
      if (quote === '`') continue;
      if (c === '\n') return false;
      if (c === '\\') this.at++;
    }
    return false;
  }

  private close(): void {
    this.closed = this.at + 2 <= this.limit && this.text.startsWith('}}', this.at);
    if (this.closed) this.at += 2;
  }

  private skipSpace(): void {
    while (this.at < this.limit && isSpace(this.text.charCodeAt(this.at))) this.at++;
  }
}

/** White space of YAML lines and Go templates: blank, tab, line feed, carriage return. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
