import { isSpace, readActions } from './template-actions';
import type { TemplateAction } from './template-actions';

/** A stretch of a line: text that is always there, or what a template decides (one action, or a region from its start to its `end`). */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly hidden: boolean;
  /** A hidden stretch with more than one action's text in it. */
  readonly region: boolean;
  /** The region began on an earlier line or goes on after this one. */
  readonly open: boolean;
  /** Whether a hidden stretch might put anything here. */
  readonly emits: boolean;
  /** Column that its output asks for by `indent` or `nindent`, when all outputs agree. */
  readonly indent: number | undefined;
}

/** A line of the template; line breaks inside an action do not end it. */
export interface TemplateLine {
  readonly start: number;
  /** Before its line break. */
  readonly end: number;
  readonly segments: readonly Segment[];
  readonly hasActions: boolean;
  /** Whether a region was open where the line starts. */
  readonly startsInside: boolean;
  /** The first thing on the line is `if`, `range`, `with`, `define`, `block`, `else` or `end`. */
  readonly startsWithControl: boolean;
  /** The first character that is no white space, and the end of the last one; both `end` on a blank line. */
  readonly first: number;
  readonly last: number;
  /** Whether there is text outside every action and region, be it a comment. */
  readonly hasText: boolean;
  /** Offset of the first text that YAML would read, in a region or not, but not in a `define`. Comments are none. */
  readonly content: number | undefined;
  /** Whether an action might output something, outside any `define`. */
  readonly outputs: boolean;
  /** What `indent` or `nindent` its outputs end in, when all agree. */
  readonly indent: number | undefined;
  /** The column that `indent` makes certain. */
  readonly column: number | undefined;
}

/** The column of a line's first character that is no white space. */
export const columnOf = (line: TemplateLine): number => line.first - line.start;

/** Cuts a template into lines and keeps track of the regions open at each. */
export class TemplateLines {
  private readonly text: string;
  private readonly actions: readonly TemplateAction[];
  private nextAction = 0;
  /** The open regions, true for a `define`. */
  private readonly regions: boolean[] = [];
  private defines = 0;

  constructor(text: string) {
    this.text = text;
    this.actions = readActions(text);
  }

  *[Symbol.iterator](): Generator<TemplateLine> {
    let at = this.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at < this.text.length) {
      const { actions, feed } = this.extent(at);
      yield this.line(at, this.text[feed - 1] === '\r' && feed > at ? feed - 1 : feed, actions);
      at = feed + 1;
    }
  }

  private extent(start: number): { actions: readonly TemplateAction[]; feed: number } {
    const from = this.nextAction;
    let feed = this.feedAfter(start);
    for (let action = this.actions[from]; action !== undefined && action.start < feed; action = this.actions[this.nextAction]) {
      this.nextAction++;
      if (action.end > feed) feed = this.feedAfter(action.end);
    }
    return { actions: this.actions.slice(from, this.nextAction), feed };
  }

  private feedAfter(at: number): number {
    const feed = this.text.indexOf('\n', at);
    return feed < 0 ? this.text.length : feed;
  }

  private line(start: number, end: number, actions: readonly TemplateAction[]): TemplateLine {
    const startsInside = this.regions.length > 0;
    const builder = new LineBuilder(this.text, start, startsInside);
    let at = start;
    for (const action of actions) {
      builder.addText(at, action.start, this.regions.length > 0, this.defines > 0);
      if (this.regions.length === 0) builder.startHidden(action.start, action.kind === 'open' || action.kind === 'define');
      this.apply(action);
      if (this.defines === 0) builder.addAction(action);
      at = action.end;
      if (this.regions.length === 0) builder.endHidden(at);
    }
    builder.addText(at, end, this.regions.length > 0, this.defines > 0);
    const first = firstNonBlank(this.text, start, end);
    const leader = actions[0];
    return {
      start,
      end,
      segments: builder.finish(end),
      hasActions: leader !== undefined,
      startsInside,
      startsWithControl: leader?.start === first && leader.kind !== 'output' && leader.kind !== 'silent',
      first,
      last: lastNonBlank(this.text, first, end),
      hasText: builder.hasText,
      content: builder.content,
      outputs: builder.outputs,
      indent: builder.total.value,
      column: builder.column,
    };
  }

  private apply(action: TemplateAction): void {
    if (action.kind === 'open' || action.kind === 'define') {
      this.regions.push(action.kind === 'define');
      if (action.kind === 'define') this.defines++;
    } else if (action.kind === 'end' && this.regions.pop() === true) this.defines--;
  }
}

class LineBuilder {
  hasText = false;
  content: number | undefined;
  outputs = false;
  column: number | undefined;
  readonly total = new Agreement();
  private readonly segments: Segment[] = [];
  private readonly text: string;
  private readonly start: number;
  private from: number;
  private hidden: boolean;
  private region: boolean;
  private carriedIn: boolean;
  private emits = false;
  private own = new Agreement();
  private inComment = false;

  constructor(text: string, start: number, startsInside: boolean) {
    this.text = text;
    this.start = start;
    this.from = start;
    this.hidden = this.region = this.carriedIn = startsInside;
  }

  addText(from: number, to: number, inside: boolean, inDefine: boolean): void {
    const at = firstNonBlank(this.text, from, to);
    if (at === to) return;
    if (!inside) this.hasText = true;
    if (this.inComment || inDefine) return;
    if (this.text[at] === '#' && this.content === undefined) this.inComment = true;
    else {
      this.content ??= at;
      this.emits = true;
    }
  }

  startHidden(at: number, region: boolean): void {
    this.push(at, false);
    this.hidden = true;
    this.region = region;
  }

  addAction(action: TemplateAction): void {
    // What a region yields may begin on the lines below, and still belongs to the key that stands before it.
    if (action.kind === 'open') this.emits = true;
    if (action.kind !== 'output') return;
    this.emits = true;
    if (this.inComment) return;
    this.outputs = true;
    this.own.add(action.indent);
    this.total.add(action.indent);
    const exact = action.ownLine || firstNonBlank(this.text, this.start, action.start) === this.start;
    this.column = exact ? this.total.value : undefined;
  }

  endHidden(at: number): void {
    this.push(at, false);
    this.hidden = this.region = this.carriedIn = false;
  }

  finish(end: number): readonly Segment[] {
    this.push(end, this.hidden);
    return this.segments;
  }

  private push(end: number, carriedOut: boolean): void {
    if (end > this.from) {
      this.segments.push({
        start: this.from,
        end,
        hidden: this.hidden,
        region: this.region,
        open: this.carriedIn || carriedOut,
        emits: this.hidden && this.emits,
        indent: this.own.value,
      });
    }
    this.from = end;
    this.emits = false;
    this.own = new Agreement();
  }
}

/** Keeps a value while everybody gives the same. */
class Agreement {
  value: number | undefined;
  private asked = false;

  add(value: number | undefined): void {
    this.value = this.asked && this.value !== value ? undefined : value;
    this.asked = true;
  }
}

function firstNonBlank(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function lastNonBlank(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}
