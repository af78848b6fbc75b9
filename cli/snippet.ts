import type { TextRange } from '../engine/findings/report';
import { type Cell, cellsOf } from './text';

/** A source line as a terminal shows it, and the line of marks to print below. */
export interface Snippet {
  readonly line: string;
  readonly marks: string;
}

const CUT = '…';

/** Finds lines of one text; splits it once. */
export class Lines {
  private readonly lines: readonly string[];

  constructor(text: string) {
    this.lines = text.split(/\r?\n/);
  }

  /** A line by its number from 1, without its line break; undefined when the text has no such line. */
  get(line: number): string | undefined {
    return this.lines[line - 1];
  }
}

/**
 * Shows a line with the part that a range covers underlined: `^` below its first column, `~` below the rest. Of a range of several lines
 * the line must be the first. A line wider than `columns` is cropped around the range. A range that reaches past the line's end is cut
 * there; one that covers nothing gets a single mark.
 */
export function snippet(line: string, range: TextRange, columns: number): Snippet {
  const start = Math.min(Math.max(range.start.column - 1, 0), line.length);
  const end = range.end.line > range.start.line ? line.trimEnd().length : Math.min(range.end.column - 1, line.length);
  const { text, offset } = near(line, start, columns);
  const cells = cellsOf(text);
  const total = widthOf(cells);
  const whole = text.length === line.length && total <= columns;

  const first = indexAt(cells, start - offset);
  const last = Math.max(first, cells.findLastIndex((cell) => cell.start < end - offset) + 1);
  const view = whole ? { from: 0, to: cells.length } : crop(cells, first, last, columns - 2 * CUT.length);
  const shown = cells.slice(view.from, view.to);
  const before = whole || (view.from === 0 && offset === 0) ? '' : CUT;
  const after = whole || (view.to === cells.length && offset + text.length === line.length) ? '' : CUT;
  const width = Math.max(1, widthOf(cells.slice(first, Math.min(last, view.to))));
  return {
    line: before + shown.map((cell) => cell.text).join('') + after,
    marks: `${' '.repeat(before.length + widthOf(cells.slice(view.from, first)))}^${'~'.repeat(width - 1)}`,
  };
}

/** The part of a line that can matter, so that a line of a megabyte is not cut into cells. */
function near(line: string, start: number, columns: number): { readonly text: string; readonly offset: number } {
  let from = Math.max(0, start - 2 * columns);
  let to = Math.min(line.length, start + 4 * columns);
  if (from > 0 && isLowSurrogate(line, from)) from--;
  if (to < line.length && isLowSurrogate(line, to)) to++;
  return { text: line.slice(from, to), offset: from };
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

/** The cell that holds an offset, or the place behind the last. */
function indexAt(cells: readonly Cell[], offset: number): number {
  const index = cells.findIndex((cell) => cell.end > offset);
  return index < 0 ? cells.length : index;
}

/** The cells to show in a room: those from `first` to `last`, with as much as fits on both sides. */
function crop(cells: readonly Cell[], first: number, last: number, room: number): { readonly from: number; readonly to: number } {
  const marked = Math.min(room, widthOf(cells.slice(first, last)));
  const behind = widthOf(cells.slice(last));
  const left = Math.max(Math.floor((room - marked) / 2), room - marked - behind);
  let from = first;
  let used = 0;
  for (let cell = cells[from - 1]; cell !== undefined && used + cell.width <= left; cell = cells[from - 1]) {
    used += cell.width;
    from--;
  }
  let to = first;
  for (let cell = cells[to]; cell !== undefined && used + cell.width <= room; cell = cells[to]) {
    used += cell.width;
    to++;
  }
  return { from, to };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}
