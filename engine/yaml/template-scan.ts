import { isSpace } from './template-actions';
import type { Segment, TemplateLine } from './template-lines';

/**
 * Where in a YAML node the scan stands: before one, in a plain or quoted scalar, behind a node that is complete, or behind a block
 * scalar's `|` or `>`.
 */
export type ScanMode = 'node' | 'plain' | '"' | "'" | 'closed' | 'header';

export interface ScanState {
  readonly mode: ScanMode;
  /** How many `[` and `{` are open. */
  readonly flow: number;
}

/** How YAML will read a line whose templates are masked. */
export interface LineLayout extends ScanState {
  /** Offsets of the `-` that start the line. */
  readonly dashes: readonly number[];
  readonly key: number | undefined;
  /** Behind the key's colon or the last dash. */
  readonly value: number;
  /** Whether the value has text of its own, anchors and tags apart. */
  readonly hasValueText: boolean;
  readonly tags: readonly { readonly start: number; readonly end: number }[];
  /** Offset of the comment's `#`, or the end of the line. */
  readonly comment: number;
  /** Hidden stretches where a filler would be a syntax error, and white space is none. */
  readonly blanks: ReadonlySet<Segment>;
}

/**
 * Follows YAML's tokens along a line, as far as masking needs them; hidden stretches count as plain text. Each character is looked at once.
 * @param state where the line starts: in the node that an earlier line left open, if any
 */
export function scanLine(text: string, line: TemplateLine, state: ScanState = { mode: 'node', flow: 0 }): LineLayout {
  return new LineScan(text, line, state).run();
}

const FLOW_MARKS = '[]{},';
const BLOCK_HEADER = '+-0123456789';

class LineScan {
  private mode: ScanMode;
  private flow: number;
  private readonly dashes: number[] = [];
  private readonly tags: { start: number; end: number }[] = [];
  private readonly blanks = new Set<Segment>();
  private key: number | undefined;
  private value: number;
  private hasValueText = false;
  private comment: number | undefined;
  private token: number;
  private segment = 0;
  /** Behind it there are actions only. */
  private readonly lastText: number;
  private readonly text: string;
  private readonly line: TemplateLine;

  constructor(text: string, line: TemplateLine, state: ScanState) {
    this.text = text;
    this.line = line;
    this.mode = state.mode;
    this.flow = state.flow;
    this.value = line.start;
    this.token = line.first;
    this.lastText = this.findLastText();
  }

  run(): LineLayout {
    for (const [index, segment] of this.line.segments.entries()) {
      this.segment = index;
      if (segment.hidden) this.hide(segment);
      else this.read(segment);
      if (this.comment !== undefined) break;
    }
    const { mode, flow, dashes, key, value, hasValueText, tags, blanks } = this;
    return { mode, flow, dashes, key, value, hasValueText, tags, blanks, comment: this.comment ?? this.line.end };
  }

  private read({ start, end }: Segment): void {
    for (let at = start; at < end && this.comment === undefined; at++) at = this.step(at, end);
  }

  private hide(segment: Segment): void {
    // What has been open since an earlier line starts before the indentation that a quoted scalar's lines need.
    const needsBlank = isQuote(this.mode) ? segment.open : this.mode === 'closed' || this.mode === 'header';
    if (needsBlank) this.blanks.add(segment);
    if (this.mode !== 'node') return;
    // Between the items of a flow collection a whole region, or what puts nothing there, needs no item in its place.
    if (this.flow > 0 && (segment.open || !segment.emits)) {
      this.blanks.add(segment);
      return;
    }
    this.token = segment.start;
    this.mode = 'plain';
  }

  /** Looks at one character; returns the last offset it has dealt with. */
  private step(at: number, end: number): number {
    const c = this.text[at] ?? '';
    if (isQuote(this.mode)) return this.quoted(c, at);
    if (isSpace(c.charCodeAt(0))) return at;
    if (c === '#' && (at === this.line.start || isSpace(this.text.charCodeAt(at - 1)))) {
      this.comment = at;
      return at;
    }
    if (this.mode === 'node') return this.startNode(c, at, end);
    this.hasValueText = true;
    if (this.mode === 'header') return at;
    if (c === ':' && this.isKeyColon(at)) {
      if (this.flow === 0) this.key = this.token;
      this.startValue(at + 1);
    } else if (this.flow > 0 && FLOW_MARKS.includes(c)) this.flowMark(c);
    return at;
  }

  private quoted(c: string, at: number): number {
    if (c === '\\' && this.mode === '"') return at + 1;
    if (c !== this.mode) return at;
    if (c === "'" && this.text[at + 1] === "'") return at + 1;
    this.mode = 'closed';
    return at;
  }

  private startNode(c: string, at: number, end: number): number {
    const property = c === '&' || c === '!';
    if (c === '-' && this.flow === 0 && this.key === undefined && (this.isGap(at + 1) || this.isBeforeActionsOnly(at))) {
      this.dashes.push(at);
      this.startValue(at + 1);
      return at;
    }
    if (c === '?' && this.isGap(at + 1)) return at;
    this.token = at;
    if (property || c === '*') {
      let last = at;
      while (last + 1 < end && !this.isGap(last + 1) && !(this.flow > 0 && FLOW_MARKS.includes(this.text[last + 1] ?? '')))
        last++;
      if (c === '!') this.tags.push({ start: at, end: last + 1 });
      if (!property) this.mode = 'closed';
      this.hasValueText ||= !property;
      return last;
    }
    this.hasValueText = true;
    if (c === '"' || c === "'") this.mode = c;
    else if (FLOW_MARKS.includes(c)) this.flowMark(c);
    else if ((c === '|' || c === '>') && this.flow === 0) return this.startBlock(at, end);
    else if (c === ':' && this.flow > 0) return at;
    else this.mode = 'plain';
    return at;
  }

  private startBlock(at: number, end: number): number {
    let last = at;
    while (last + 1 < end && BLOCK_HEADER.includes(this.text[last + 1] ?? ' ')) last++;
    this.mode = last + 1 === end || this.isGap(last + 1) ? 'header' : 'plain';
    return last;
  }

  private flowMark(c: string): void {
    if (c === '[' || c === '{') {
      this.flow++;
      this.mode = 'node';
    } else if (c === ',') this.mode = this.flow > 0 ? 'node' : 'plain';
    else {
      this.flow = Math.max(0, this.flow - 1);
      this.mode = 'closed';
    }
  }

  private isKeyColon(at: number): boolean {
    if (this.flow > 0) return this.mode === 'closed' || this.isGap(at + 1) || FLOW_MARKS.includes(this.text[at + 1] ?? '');
    if (this.key !== undefined) return false;
    return this.isGap(at + 1) || this.isBeforeActionsOnly(at);
  }

  private startValue(at: number): void {
    this.value = at;
    this.token = at;
    this.hasValueText = false;
    this.tags.length = 0;
    this.mode = 'node';
  }

  /**
   * Whether the `:` or `-` at `at` is directly before actions that end the line, and still is an indicator: `labels:{{ … | nindent 4 }}`.
   * In a list, `- host:{{ .port }}` is a plain scalar, unless the action asks for a line of its own.
   */
  private isBeforeActionsOnly(at: number): boolean {
    if (at < this.lastText) return false;
    const next = this.line.segments[this.segment + 1];
    if (next?.start !== at + 1) return false;
    return this.dashes.length === 0 || next.indent !== undefined;
  }

  private isGap(at: number): boolean {
    return at >= this.line.end || isSpace(this.text.charCodeAt(at));
  }

  private findLastText(): number {
    for (const segment of this.line.segments.toReversed()) {
      if (segment.hidden) continue;
      const comment = this.text.slice(segment.start, segment.end).indexOf(' #');
      let at = comment < 0 ? segment.end : segment.start + comment;
      while (at > segment.start && isSpace(this.text.charCodeAt(at - 1))) at--;
      if (at > segment.start) return at - 1;
    }
    return this.line.start;
  }
}

/** Whether a scan stands in a quoted scalar. */
export function isQuote(mode: ScanMode): boolean {
  return mode === '"' || mode === "'";
}
