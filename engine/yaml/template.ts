import { Canvas } from './template-canvas';
import { TemplateLines, columnOf } from './template-lines';
import type { TemplateLine } from './template-lines';
import { Parents } from './template-parents';
import { isQuote, scanLine } from './template-scan';
import type { LineLayout, ScanState } from './template-scan';

/** A place in a template whose text only Helm knows. */
export interface TemplateHole {
  readonly start: number;
  readonly end: number;
  /**
   * `whole`: lines of their own, which may add entries to the collections around them. `value`: the value of the key or list item before
   * it. `inline`: part of a scalar, a key or a flow collection.
   */
  readonly line: 'whole' | 'value' | 'inline';
  /** The N of a final `| nindent N` or `| indent N`, when there is one. */
  readonly indent?: number;
}

export interface MaskedTemplate {
  /** As long as the template; an offset in one is an offset in the other. */
  readonly text: string;
  /** In order, apart from each other. */
  readonly holes: readonly TemplateHole[];
}

/** Whether a text is a Go template: it holds a `{{`. */
export function hasTemplateAction(text: string): boolean {
  return text.includes('{{');
}

/**
 * Hides what only Helm can decide in a template, so that the rest parses as YAML at its own offsets.
 *
 * Gone are all actions, everything between `if`, `range`, `with`, `block` or `define` and their `end`, and what stands outside but has its
 * parent there. Document separators stay, in regions too. What might yield text leaves a hole; comments, assignments and the bodies of
 * `define` leave none. Never throws: an unterminated action ends with its line, an unbalanced `end` counts for nothing, and a region that
 * nothing closes runs to the end of the text.
 */
export function maskTemplate(text: string): MaskedTemplate {
  return hasTemplateAction(text) ? new Mask(text).run() : { text, holes: [] };
}

interface BlockScalar {
  /** The column that its lines must exceed. */
  readonly parent: number;
  /** Lines hidden since its last text: whether they belong to it shows only below. */
  readonly pending: TemplateLine[];
  hasText: boolean;
}

interface HiddenLine {
  readonly line: TemplateLine;
  readonly hasHole: boolean;
}

/**
 * The parser takes a key for too long when this much white space (1024 characters, its own length included) divides it from an empty value
 * above that is nested deeper.
 */
const LONGEST_GAP = 512;

class Mask {
  private readonly text: string;
  private readonly canvas: Canvas;
  private readonly holes: TemplateHole[] = [];
  private readonly parents = new Parents();
  private block: BlockScalar | undefined;
  /** The quoted scalar or flow collection that the last line left open. */
  private open: (ScanState & { readonly hidden: boolean }) | undefined;
  /** Lines must be deeper than this column to continue the plain scalar above. */
  private plain: number | undefined;
  /** What was hidden since the last text. */
  private hidden: HiddenLine[] = [];
  /** Where the last line's key or dash is left without a value of its own. */
  private emptyValue: { readonly start: number; readonly parent: number; readonly isHole: boolean } | undefined;

  constructor(text: string) {
    this.text = text;
    this.canvas = new Canvas(text);
  }

  run(): MaskedTemplate {
    for (const line of new TemplateLines(this.text)) {
      if (this.isMarker(line)) this.marker(line);
      else if (!line.hasActions && line.first === line.end) continue;
      else if (this.open !== undefined) this.continueOpen(line, this.open);
      else if (this.block === undefined || !this.continueBlock(line, this.block)) this.ordinary(line);
    }
    this.endBlock();
    return { text: this.canvas.toString(), holes: this.mergedHoles() };
  }

  private isMarker({ start, end }: TemplateLine): boolean {
    const mark = this.text.slice(start, Math.min(end, start + 5));
    return /^---([ \t\r]|\{\{|$)/.test(mark) || /^\.\.\.([ \t\r]|$)/.test(mark);
  }

  private marker(line: TemplateLine): void {
    this.endBlock();
    this.parents.clear();
    this.open = this.plain = this.emptyValue = undefined;
    this.hidden = [];
    const rest = this.skipSpace(line.start + 3);
    if (line.startsInside) this.canvas.blank(rest, line.end);
    if (this.text[rest] === '#') {
      this.maskComment(line, rest);
      return;
    }
    for (const { start, end, hidden, emits, indent } of line.segments) {
      if (!hidden || end <= rest) continue;
      this.canvas.blank(Math.max(start, rest), end);
      if (emits) this.addHole('whole', Math.max(start, rest), end, indent);
    }
  }

  private ordinary(line: TemplateLine): void {
    if (line.startsInside || line.startsWithControl) this.hide(line);
    else if (line.content !== undefined) this.structure(line);
    else if (line.hasText && this.text[line.first] === '#') this.maskComment(line, line.first);
    else if (line.hasActions) this.hide(line);
  }

  /** A line that stands for itself: `key: value`, `- item`, or a bare scalar. */
  private structure(line: TemplateLine): void {
    const column = columnOf(line);
    if (this.plain !== undefined && column > this.plain) {
      this.reportHidden();
      this.maskInline(line, scanLine(this.text, line, { mode: 'plain', flow: 0 }));
      return;
    }
    const layout = scanLine(this.text, line);
    const isItem = layout.dashes.length > 0;
    const isBare = !isItem && layout.key === undefined;
    const opens = layout.flow > 0 || isQuote(layout.mode);
    const hiddenParent = this.parents.enter(column, isItem);
    if (hiddenParent || (isBare && !opens && this.followsHiddenValue())) {
      this.canvas.blank(line.start, line.end);
      this.addHole('whole', line.first, line.last);
      if (!isBare) this.parents.add(column, isItem, true);
      if (opens) this.open = { mode: layout.mode, flow: layout.flow, hidden: true };
      return;
    }
    for (const dash of layout.dashes) this.parents.add(dash - line.start, true, false);
    if (layout.key !== undefined) this.parents.add(layout.key - line.start, false, false);
    this.fillEmptyValue(line, column, isItem);
    this.hidden = [];
    this.maskValue(line, layout);
  }

  private followsHiddenValue(): boolean {
    const last = this.holes.at(-1);
    return this.emptyValue !== undefined && last !== undefined && last.start >= this.emptyValue.start;
  }

  private maskValue(line: TemplateLine, layout: LineLayout): void {
    const inValue = line.segments.filter(({ hidden, start }) => hidden && start >= layout.value && start < layout.comment);
    // A quote that closes in one branch of a region only.
    const isTorn = layout.flow === 0 && isQuote(layout.mode) && inValue.some((segment) => segment.region);
    const first = inValue[0];
    const last = inValue.at(-1);
    const parent = this.parents.column;
    this.plain = this.emptyValue = undefined;
    if (first !== undefined && last !== undefined && (isTorn || !layout.hasValueText || layout.mode === 'header')) {
      const start = isTorn ? this.skipSpace(layout.value) : first.start;
      const end = isTorn ? line.last : last.end;
      this.maskInline(line, layout, layout.value);
      // A tag would make something of the null that stays behind.
      for (const tag of layout.tags) this.canvas.blank(tag.start, tag.end);
      this.canvas.blank(start, end);
      const isHole = isTorn || inValue.some((segment) => segment.emits);
      if (isHole) this.addHole('value', start, end, line.indent);
      if (layout.mode !== 'header') this.emptyValue = { start, parent, isHole };
    } else {
      this.maskInline(line, layout);
      if (layout.mode === 'node' && layout.flow === 0) this.emptyValue = { start: layout.value, parent, isHole: false };
      if (layout.mode === 'plain' && parent >= 0) this.plain = parent;
      if (layout.flow > 0 || isQuote(layout.mode)) this.open = { mode: layout.mode, flow: layout.flow, hidden: false };
    }
    if (layout.mode === 'header') this.block = { parent, pending: [], hasText: false };
  }

  private skipSpace(from: number): number {
    let at = from;
    while (this.text[at] === ' ' || this.text[at] === '\t') at++;
    return at;
  }

  /** Masks each hidden stretch of a line by itself, up to `to`, and the comment behind them. */
  private maskInline(line: TemplateLine, layout: LineLayout, to = layout.comment): void {
    for (const segment of line.segments) {
      if (!segment.hidden || segment.start >= to) continue;
      if (layout.blanks.has(segment)) this.canvas.blank(segment.start, segment.end);
      else this.canvas.fill(segment.start, segment.end);
      this.addHole('inline', segment.start, segment.end, segment.indent);
    }
    this.maskComment(line, layout.comment);
  }

  /** All that follows an action in a comment goes too: the action may hold line breaks, which would end the comment. */
  private maskComment(line: TemplateLine, from: number): void {
    const first = line.segments.find((segment) => segment.hidden && segment.start >= from);
    if (first !== undefined) this.canvas.blank(first.start, line.end);
  }

  private hide(line: TemplateLine): void {
    this.canvas.blank(line.start, line.end);
    this.settle(line);
  }

  /** Leaves the hole of a line that is blank already. */
  private settle(line: TemplateLine): void {
    const column = columnOf(line);
    if (line.content !== undefined) {
      const isItem =
        this.text[line.content] === '-' && /^-([ \t\r\n]|\{\{|$)/.test(this.text.slice(line.content, line.content + 3));
      this.parents.enter(column, isItem);
      this.parents.add(column, isItem, true);
      if (this.plain !== undefined && column <= this.plain) this.plain = undefined;
      this.addHole('whole', line.first, line.last);
    } else if (line.outputs) {
      if (line.column !== undefined) this.parents.addOutput(line.column);
      this.addHole('whole', line.first, line.last, line.indent);
    }
    this.hidden.push({ line, hasHole: line.content !== undefined || line.outputs });
  }

  /** Within a multi-line scalar even a hidden comment makes the value uncertain. */
  private reportHidden(): void {
    for (const { line, hasHole } of this.hidden) if (!hasHole) this.addHole('inline', line.first, line.last);
    this.hidden = [];
  }

  /** Gives the empty value above something to hold, hidden too, when the line that follows it would seem too far away. */
  private fillEmptyValue(next: TemplateLine, column: number, isItem: boolean): void {
    if (this.emptyValue === undefined || next.start - this.emptyValue.start < LONGEST_GAP) return;
    const { start, parent, isHole } = this.emptyValue;
    if (column > parent || (column === parent && isItem)) return;
    if (isHole) this.canvas.fill(start, start + 1);
    for (const { line, hasHole } of isHole ? [] : this.hidden) {
      const at = line.start + Math.max(columnOf(line), parent + 1);
      if (at >= line.last || this.text.slice(line.first, at).includes('\n')) continue;
      this.canvas.fill(at, at + 1);
      if (!hasHole) this.addHole('inline', at, at + 1);
      return;
    }
  }

  private continueOpen(line: TemplateLine, open: ScanState & { readonly hidden: boolean }): void {
    const isScalar = isQuote(open.mode);
    if (!line.hasText && (isScalar || line.startsInside || line.startsWithControl || !line.outputs)) {
      this.canvas.blank(line.start, line.end);
      if (isScalar) this.addHole('inline', line.first, line.last);
      else if (line.content !== undefined || line.outputs) this.addHole('whole', line.first, line.last);
      return;
    }
    const layout = scanLine(this.text, line, open);
    if (open.hidden) {
      this.canvas.blank(line.start, line.end);
      this.addHole('whole', line.first, line.last);
    } else this.maskInline(line, layout);
    const stays = layout.flow > 0 || isQuote(layout.mode);
    this.open = stays ? { mode: layout.mode, flow: layout.flow, hidden: open.hidden } : undefined;
  }

  /** False when the line ends the block scalar. */
  private continueBlock(line: TemplateLine, block: BlockScalar): boolean {
    if (!line.hasText || line.startsInside || line.startsWithControl) {
      this.canvas.blank(line.start, line.end);
      block.pending.push(line);
      return true;
    }
    const column = columnOf(line);
    if (column <= block.parent) {
      this.endBlock();
      return false;
    }
    for (const hidden of block.pending.splice(0)) this.hideInBlock(hidden, block, column);
    for (const { start, end, hidden, indent } of line.segments) {
      if (!hidden) continue;
      this.canvas.fill(start, end);
      this.addHole('inline', start, end, indent);
    }
    block.hasText = true;
    return true;
  }

  /** Blank lines may not be longer than the indentation of the first text they stand before, so the rest of them must become text. */
  private hideInBlock(line: TemplateLine, block: BlockScalar, column: number): void {
    if (!block.hasText) this.canvas.fillFrom(column, line.start, line.last);
    const start = block.hasText ? line.first : Math.min(line.first, line.start + column);
    this.addHole('inline', start, line.last, line.indent);
  }

  /** Decides which hidden lines below a block scalar were part of it: up to the last whose content is deeper than the scalar's key. */
  private endBlock(): void {
    const block = this.block;
    if (block === undefined) return;
    this.block = undefined;
    let inside = 0;
    for (const [index, line] of block.pending.entries()) {
      if (line.content === undefined && !line.outputs) continue;
      const column = (line.content === undefined ? line.indent : undefined) ?? columnOf(line);
      if (column <= block.parent) break;
      inside = index + 1;
    }
    for (const line of block.pending.slice(0, inside)) this.addHole('inline', line.first, line.last, line.indent);
    const outside = block.pending.slice(inside);
    const next = outside[0];
    if (next === undefined) return;
    if (block.parent < 0) {
      for (const line of outside) this.addHole('inline', line.first, line.last);
      return;
    }
    for (const line of outside) this.settle(line);
    // YAML would take blank lines here for more of the block scalar; a comment at its parent's column ends it.
    this.canvas.startComment(next.start + Math.min(columnOf(next), block.parent));
  }

  private addHole(line: TemplateHole['line'], start: number, end: number, indent?: number): void {
    if (end > start) this.holes.push(indent === undefined ? { start, end, line } : { start, end, line, indent });
  }

  /** Makes one hole of those that stand on neighbouring lines. */
  private mergedHoles(): TemplateHole[] {
    const merged: TemplateHole[] = [];
    for (const hole of this.holes.sort((a, b) => a.start - b.start)) {
      const before = merged.at(-1);
      const joins =
        before?.line === 'whole' &&
        hole.line === 'whole' &&
        before.indent === hole.indent &&
        this.canvas.isBlank(before.end, hole.start);
      if (joins) merged[merged.length - 1] = { ...before, end: hole.end };
      else merged.push(hole);
    }
    return merged;
  }
}
