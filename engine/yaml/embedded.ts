import { parseSource } from './parse';
import type { SyntaxProblem } from './parse';
import type { ScalarNode, Source, YamlNode } from './tree';

/** A line of an embedded text and where it lies in the outer scalar, counted from the scalar's start. */
interface Line {
  /** Its start in the text. */
  readonly inner: number;
  readonly length: number;
  /** Its start in the scalar, behind the indentation. */
  readonly outer: number;
  /** Where its indentation starts. */
  readonly outerStart: number;
}

interface Layout {
  /** The scalar's own text, from which this was worked out. */
  readonly raw: string;
  /** Empty when the places of the text's characters are not known. */
  readonly lines: readonly Line[];
  readonly indent: string;
}

/** YAML inside a scalar: an inline patch, Helm `values: |`, the `mesh` of a ConfigMap. Ranges lead to the outer file. */
export class EmbeddedDocument implements Source {
  readonly file: string;
  readonly text: string;
  readonly root: YamlNode | undefined;
  readonly problem: SyntaxProblem | undefined;
  /** The scalar that holds the text. */
  readonly outer: ScalarNode;
  private lastLayout: Layout | undefined;

  constructor(outer: ScalarNode, value: string) {
    this.file = outer.source.file;
    this.outer = outer;
    this.text = value;
    const parsed = parseSource(this, value);
    this.root = parsed.root;
    this.problem = parsed.problem;
  }

  locate(start: number, end: number): readonly [number, number] {
    const { lines } = this.layout();
    const first = lineAt(lines, start);
    // What ends with a line break does not reach into the next line's indentation.
    const last = lineAt(lines, end > start ? end - 1 : end);
    if (first === undefined || last === undefined) return this.outer.source.locate(this.outer.start, this.outer.end);
    const from = offsetIn(first, start);
    const to = isBehind(last, end) ? (lines[lines.indexOf(last) + 1]?.outerStart ?? offsetIn(last, end)) : offsetIn(last, end);
    return this.outer.source.locate(this.outer.start + from, this.outer.start + Math.max(from, to));
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  /**
   * What a change of this text is in the outer scalar's source; undefined when only the scalar as a whole can be written anew.
   * Line breaks in `newText` are line feeds.
   */
  outerEdit(start: number, end: number, newText: string): { start: number; end: number; newText: string } | undefined {
    const { raw, lines, indent } = this.layout();
    const first = lineAt(lines, start);
    const last = lineAt(lines, end);
    if (this.outer.style !== 'literal' || first === undefined || last === undefined) return undefined;
    // The first line tells what the block is indented by, unless a number does.
    const isIndented = /^\n* /.test(this.text.slice(0, start) + newText + this.text.slice(end));
    if (isIndented && !/^\|[-+]?[1-9]/.test(raw)) return undefined;
    const base = this.outer.start;
    const indented = newText.replace(/\n(?=[^\n])/g, `\n${indent}`);
    // Whole lines: the indentation, which a blank line may lack, goes or comes with them.
    const isWhole =
      start === first.inner && (end === last.inner || isBehind(last, end)) && (newText === '' || newText.endsWith('\n'));
    if (isWhole) {
      const to = isBehind(last, end) ? offsetIn(last, end) : last.outerStart;
      return { start: base + first.outerStart, end: base + to, newText: newText === '' ? '' : indent + indented };
    }
    // The file ends with the text's last line, whose line break is not there.
    if (isBehind(first, start)) {
      const at = base + offsetIn(first, start);
      return { start: at, end: at, newText: `\n${indent}${indented.replace(/\n$/, '')}` };
    }
    return { start: base + offsetIn(first, start), end: base + offsetIn(last, end), newText: indented };
  }

  /** The scalar keeps its identity when it is moved or spelt in another way. */
  private layout(): Layout {
    const { source, start, end, style } = this.outer;
    const raw = source.slice(start, end);
    if (this.lastLayout?.raw !== raw) {
      this.lastLayout =
        style === 'literal' ? literalLayout(raw, this.text) : flatLayout(raw, this.text, style === 'plain' ? 0 : 1);
    }
    return this.lastLayout;
  }
}

/**
 * Parses the text of a scalar as one YAML document; undefined for a scalar that is no string.
 * Ranges are exact for literal blocks and for one-line text without escapes, else the whole scalar.
 */
export function parseEmbedded(node: ScalarNode): EmbeddedDocument | undefined {
  return typeof node.value === 'string' ? new EmbeddedDocument(node, node.value) : undefined;
}

function lineAt(lines: readonly Line[], offset: number): Line | undefined {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.inner ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return lines[low];
}

function offsetIn(line: Line, offset: number): number {
  return line.outer + Math.min(offset - line.inner, line.length);
}

/** Whether an offset is that of the line's break or beyond it. */
function isBehind(line: Line, offset: number): boolean {
  return offset > line.inner + line.length;
}

/** A line of a literal block ends with its content; what stands before that is the block's indentation. */
function literalLayout(raw: string, value: string): Layout {
  const lines: Line[] = [];
  let indent: string | undefined;
  let inner = 0;
  let outerStart = raw.indexOf('\n') + 1;
  for (const content of outerStart === 0 ? [] : value.split('\n')) {
    const feed = raw.indexOf('\n', outerStart);
    const end = feed < 0 ? raw.length : feed - (raw[feed - 1] === '\r' ? 1 : 0);
    if (content !== '') indent ??= ' '.repeat(Math.max(0, end - content.length - outerStart));
    lines.push({ inner, length: content.length, outer: Math.max(outerStart, end - content.length), outerStart });
    inner += content.length + 1;
    if (feed < 0) break;
    outerStart = feed + 1;
  }
  return { raw, lines, indent: indent ?? '' };
}

/** @param quotes the number of quotes before the text */
function flatLayout(raw: string, value: string, quotes: number): Layout {
  const isExact = raw.slice(quotes, raw.length - quotes) === value;
  return { raw, lines: isExact ? [{ inner: 0, length: value.length, outer: quotes, outerStart: 0 }] : [], indent: '' };
}
