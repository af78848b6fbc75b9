import type { TemplateHole } from './template';
import type { YamlNode } from './tree';

/** What the masked actions of a template leave unknown in the tree of the rest. */
export class Holes {
  private readonly text: string;
  private readonly holes: readonly TemplateHole[];

  /**
   * @param text the masked text
   * @param holes in order, apart from each other
   */
  constructor(text: string, holes: readonly TemplateHole[]) {
    this.text = text;
    this.holes = holes;
  }

  get none(): boolean {
    return this.holes.length === 0;
  }

  /** Whether an action stands in a scalar. */
  overlap(start: number, end: number): boolean {
    const hole = this.holes[this.firstHoleEndingAfter(start)];
    return hole !== undefined && hole.start < Math.max(end, start + 1) && hole.start !== end;
  }

  /**
   * Whether an empty value is what an action makes it: the gap behind its key or dash held one.
   * @param from the end of the key, or of the item before
   */
  fill(node: YamlNode, from: number): boolean {
    if (this.holes.length === 0 || node.type !== 'scalar' || node.value !== null) return false;
    const hole = this.holes[this.firstHoleEndingAfter(from)];
    if (hole === undefined) return false;
    if (hole.line === 'value') return hole.start <= this.lineEnd(Math.max(from, node.start));
    return hole.line === 'whole' && this.onlyBlank(Math.max(from, node.end), hole.start) && this.isDeeper(hole, from);
  }

  /** Whether a whole-line action after an empty key can be its value: unless its `nindent` says that it goes elsewhere. */
  private isDeeper(hole: TemplateHole, keyEnd: number): boolean {
    return hole.indent === undefined || hole.indent >= this.columnOfLine(keyEnd);
  }

  private onlyBlank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      const c = this.text[i];
      if (c === '#') {
        const feed = this.text.indexOf('\n', i);
        if (feed < 0) return true;
        i = feed;
      } else if (c !== ' ' && c !== '\n' && c !== '\r' && c !== '\t' && c !== ':') return false;
    }
    return true;
  }

  private columnOfLine(offset: number): number {
    let at = this.text.lastIndexOf('\n', offset - 1) + 1;
    const lineStart = at;
    while (this.text[at] === ' ') at++;
    return at - lineStart;
  }

  private lineEnd(offset: number): number {
    const feed = this.text.indexOf('\n', offset);
    return feed < 0 ? this.text.length : feed;
  }

  /**
   * Whether a template adds to a collection: a whole-line action (or blanked region) stands inside it, or directly behind it before the
   * next content. With `nindent N` only collections that start at column N are meant.
   */
  open(start: number, end: number): boolean {
    if (this.holes.length === 0) return false;
    const column = start - (this.text.lastIndexOf('\n', start - 1) + 1);
    for (let i = this.firstHoleEndingAfter(this.lineStartBefore(start)); i < this.holes.length; i++) {
      const hole = this.holes[i];
      if (hole === undefined) break;
      if (hole.start >= end && !this.onlyBlank(end, hole.start)) break;
      if (hole.line === 'inline') continue;
      if (hole.line === 'value' && hole.start < end && hole.start >= start) continue;
      if (hole.indent === undefined || hole.indent === column) return true;
    }
    return false;
  }

  /** An action on the key's own line (`labels: {{- … }}`) stands before the first entry of the map it adds to. */
  private lineStartBefore(start: number): number {
    let at = start;
    while (at > 0 && (this.text[at - 1] === ' ' || this.text[at - 1] === '\n' || this.text[at - 1] === '\r')) at--;
    return at;
  }

  private firstHoleEndingAfter(offset: number): number {
    let low = 0;
    let high = this.holes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.holes[middle]?.end ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
