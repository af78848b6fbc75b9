import { pathToFileURL } from 'node:url';
import { formatJson } from '../../cli/format-json';
import { formatPretty } from '../../cli/format-pretty';
import { askDecisions } from '../../engine/answers/decisions';
import { askExplanation } from '../../engine/answers/explanation';
import { askLenses } from '../../engine/answers/lenses';
import { askReport } from '../../engine/answers/report';
import { askSummary } from '../../engine/answers/summary';
import type { LocatedFinding } from '../../engine/findings/collect';
import type { TextRange } from '../../engine/findings/report';
import type { Workspace } from '../../engine/workspace';
import { toMarkdown } from '../../server/markdown';
import type { Texts } from './sources';

/** A place where somebody asks for an explanation. */
export interface Spot {
  readonly path: string;
  readonly offset: number;
}

/** Everything that a workspace can be asked, as plain data. */
export function answersOf(workspace: Workspace, spots: readonly Spot[]) {
  return {
    report: askReport(workspace),
    summaries: workspace.environmentNames().map((name) => askSummary(workspace, name)),
    decisions: askDecisions(workspace),
    lenses: [...new Set(spots.map(({ path }) => path))].map((path) => askLenses(workspace, path)),
    explanations: spots.map(({ path, offset }) => askExplanation(workspace, path, offset)),
  };
}
export type Answers = ReturnType<typeof answersOf>;

/**
 * What is wrong with the answers, or with the findings alone, by themselves, a line each: places outside their files, rules that threw,
 * edits that cannot be made.
 */
export function faultsIn(answers: Answers | undefined, workspace: Workspace, texts: Texts): string[] {
  return [
    ...workspace
      .faults()
      .map(({ rule, error }) => `${rule} threw: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
    ...workspace.findings().flatMap((finding) => [...offsetFaults(finding, texts), ...editFaults(finding, texts)]),
    ...placeFaults(answers ?? workspace.findings().map(({ reported }) => reported), texts),
    ...(answers === undefined ? [] : outputFaults(answers, texts)),
  ];
}

/** The first place where two answers differ; undefined when they are the same. */
export function difference(a: unknown, b: unknown, path = ''): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null && Array.isArray(a) === Array.isArray(b)) {
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const found = difference(left[key], right[key], `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return `${path}: ${shown(a)} and ${shown(b)}`;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) as string | undefined)?.slice(0, 300) ?? 'nothing';
}

/** A finding's offsets are those of its range. */
function offsetFaults({ rule, start, end, reported: { file, range } }: LocatedFinding, texts: Texts): string[] {
  const text = texts.get(file);
  if (text === undefined || (range.start.line === 1 && range.end.column === 1)) return [];
  const expected = { start: positionAt(text, start), end: positionAt(text, end) };
  return difference(expected, range) === undefined
    ? []
    : [`${rule.id}: offsets ${start} to ${end} of ${file} are not at ${shown(range)}`];
}

function positionAt(text: string, offset: number): TextRange['start'] {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Edits of a fix lie within their files and do not overlap. */
function editFaults({ rule, fixes }: LocatedFinding, texts: Texts): string[] {
  return fixes.flatMap(({ title, edits }) => {
    const made = [...(edits() ?? [])].sort((a, b) => a.start - b.start);
    return made.flatMap(({ file, start, end }, i) => {
      const length = texts.get(file)?.length ?? -1;
      const isInside = start >= 0 && start <= end && end <= length;
      const next = made[i + 1];
      const overlaps = next?.file === file && next.start < end;
      return isInside && !overlaps ? [] : [`${rule.id}: "${title}" edits ${file} from ${start} to ${end} of ${length}`];
    });
  });
}

/** Each place in the answers lies within its file, lines and columns counted from 1. */
function placeFaults(answers: unknown, texts: Texts): string[] {
  const faults: string[] = [];
  const lines = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const split = lines.get(file) ?? (texts.get(file) ?? '').split('\n');
    lines.set(file, split);
    return split;
  };
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isPlace(value)) {
      const { file, range } = value;
      const isIn = ({ line, column }: TextRange['start']): boolean =>
        Number.isInteger(line) &&
        Number.isInteger(column) &&
        line >= 1 &&
        column >= 1 &&
        column <= (linesOf(file)[line - 1]?.length ?? -1) + 1;
      const inOrder =
        range.start.line < range.end.line || (range.start.line === range.end.line && range.start.column <= range.end.column);
      if (!texts.has(file) || !isIn(range.start) || !isIn(range.end) || !inOrder)
        faults.push(`${path}: ${shown(range)} is no range of ${file}`);
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
  };
  visit(answers, '');
  return faults;
}

function isPlace(value: object): value is { readonly file: string; readonly range: TextRange } {
  return 'file' in value && 'range' in value && typeof value.file === 'string';
}

const CONTROLS = /[^\P{Cc}\n]|\p{Bidi_Control}/u;

/** What is printed of the answers steers no terminal, and JSON says all of them. */
function outputFaults({ report, explanations }: Answers, texts: Texts): string[] {
  const pretty = formatPretty(report, { sources: texts, paint: (_, text) => text, columns: 80 });
  const json = formatJson(report);
  const markdown = explanations.map((explained) =>
    toMarkdown(explained?.sections ?? [], (path) => pathToFileURL(`/${path}`).href),
  );
  const faults = [pretty, json, ...markdown].flatMap(
    (output) => CONTROLS.exec(output)?.map((found) => `prints ${shown(found)}`) ?? [],
  );
  const lost = difference(JSON.parse(json), JSON.parse(JSON.stringify(report)));
  return lost === undefined ? faults : [...faults, `JSON differs: ${lost}`];
}
