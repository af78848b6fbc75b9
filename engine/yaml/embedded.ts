import { parseSource } from './parse';
import type { SyntaxProblem } from './parse';
import type { ScalarNode, Source, YamlNode } from './tree';

/** YAML inside a scalar: an inline patch, Helm `values: |`, the `mesh` of a ConfigMap. Ranges lead to the outer file. */
export class EmbeddedDocument implements Source {
  readonly file: string;
  readonly text: string;
  readonly outerIndent: string;
  readonly root: YamlNode | undefined;
  readonly problem: SyntaxProblem | undefined;
  private readonly outer: ScalarNode;
  /** For each line of `text`: its start there, and where that lies in the outer source (from the scalar's start); empty = no exact map. */
  private readonly lines: readonly { inner: number; outer: number; length: number }[];

  constructor(outer: ScalarNode, value: string) {
    this.file = outer.source.file;
    this.outer = outer;
    this.text = value;
    const raw = outer.source.slice(outer.start, outer.end);
    this.lines = outer.style === 'literal' ? literalLines(raw, value) : flatLine(raw, value, outer.style === 'plain');
    this.outerIndent = outer.source.outerIndent + (outer.style === 'literal' ? ' '.repeat(indentOf(raw)) : '');
    const parsed = parseSource(this, value);
    this.root = parsed.root;
    this.problem = parsed.problem;
  }

  locate(start: number, end: number): readonly [number, number] {
    const from = this.toOuter(start);
    const to = this.toOuter(end);
    if (from === undefined || to === undefined) return this.outer.source.locate(this.outer.start, this.outer.end);
    return this.outer.source.locate(this.outer.start + from, this.outer.start + Math.max(from, to));
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  private toOuter(offset: number): number | undefined {
    let low = 0;
    let high = this.lines.length - 1;
    if (high < 0) return undefined;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle]?.inner ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = this.lines[low];
    return line && line.outer + Math.min(offset - line.inner, line.length);
  }
}

/**
 * Parses the text of a scalar as one YAML document; undefined for a scalar that is no string.
 * Ranges are exact for literal blocks and for one-line text without escapes, else the whole scalar.
 */
export function parseEmbedded(node: ScalarNode): EmbeddedDocument | undefined {
  return typeof node.value === 'string' ? new EmbeddedDocument(node, node.value) : undefined;
}

function indentOf(raw: string): number {
  const indicator = /^[|>][+-]?([1-9])/.exec(raw.slice(0, 8));
  const body = raw.slice(raw.indexOf('\n') + 1).split('\n');
  const first = body.find((line) => line.trim() !== '');
  const shown = first === undefined ? 0 : first.length - first.trimStart().length;
  // With an explicit indicator the content may itself start with spaces; what the block is indented by is then not in the scalar alone.
  return indicator?.[1] === undefined ? shown : Math.min(shown, Number(indicator[1]));
}

function literalLines(raw: string, value: string): { inner: number; outer: number; length: number }[] {
  if (/^[|>][+-]?[1-9]/.test(raw.slice(0, 8))) return [];
  const indent = indentOf(raw);
  const lines: { inner: number; outer: number; length: number }[] = [];
  let outer = raw.indexOf('\n') + 1;
  if (outer === 0) return [];
  let inner = 0;
  for (const line of value.split('\n')) {
    const feed = raw.indexOf('\n', outer);
    const rawEnd = feed < 0 ? raw.length : feed;
    const start = Math.min(outer + indent, rawEnd);
    lines.push({ inner, outer: start, length: line.length });
    inner += line.length + 1;
    if (feed < 0) break;
    outer = feed + 1;
  }
  return lines;
}

function flatLine(raw: string, value: string, plain: boolean): { inner: number; outer: number; length: number }[] {
  const body = plain ? raw : raw.slice(1, -1);
  return body === value ? [{ inner: 0, outer: plain ? 0 : 1, length: value.length }] : [];
}
