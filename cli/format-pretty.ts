import type { Report, ReportedEnvironment, ReportedFinding, ReportedVerdict, Severity } from '../engine/findings/report';
import type { Paint, Style } from './colour';
import { Lines, snippet } from './snippet';
import { confidenceText, hasSomethingToDecide } from '../engine/record/words';
import { visible } from '../engine/visible';

export interface PrettyOptions {
  /** The texts of the files by the names that the report gives them; findings in others are shown without their line. */
  readonly sources: ReadonlyMap<string, string>;
  readonly paint: Paint;
  /** The width to crop source lines to. */
  readonly columns: number;
}

const MOST_NOTES = 3;
const MOST_REASONS = 3;
const MOST_ENVIRONMENTS = 10;
const LEAST_COLUMNS = 40;

const STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'blue', hint: 'cyan' };

const CHOICES: Readonly<Record<ReportedVerdict['choice'], string>> = {
  none: 'no mesh',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio, ambient mode',
  'istio-sidecar': 'Istio with sidecars',
  cilium: 'Cilium',
  converge: 'converge on one mesh',
};

/**
 * The report for people: each finding as a compiler shows it, file by file, then the environments, the verdict and a summary. Whatever
 * comes from manifests is made visible before it is printed, so that no manifest can steer the terminal.
 */
export function formatPretty(report: Report, options: PrettyOptions): string {
  const lines = new Map<string, Lines>();
  const linesOf = (file: string): Lines | undefined => {
    const text = options.sources.get(file);
    if (text === undefined) return undefined;
    let found = lines.get(file);
    if (found === undefined) lines.set(file, (found = new Lines(text)));
    return found;
  };
  const several = report.environments.length > 1;
  const blocks = byFile(report.findings).map((finding) => findingBlock(finding, linesOf(finding.file), several, options));
  const { paint } = options;
  const closing = [...environmentLines(report.environments, paint), ...verdictLines(report, paint), summaryLine(report, paint)];
  return `${[...blocks, closing].map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** Findings of one file together, files in the order they first appear in. */
function byFile(findings: readonly ReportedFinding[]): ReportedFinding[] {
  const files = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const group = files.get(finding.file);
    if (group === undefined) files.set(finding.file, [finding]);
    else group.push(finding);
  }
  return [...files.values()].flat();
}

function findingBlock(finding: ReportedFinding, lines: Lines | undefined, several: boolean, options: PrettyOptions): string[] {
  const { paint } = options;
  const { severity, rule, range } = finding;
  const line = lines?.get(range.start.line);
  const number = String(range.start.line);
  const margin = ' '.repeat(number.length);
  const block = [
    `${paint(STYLES[severity], `${severity}[${visible(rule)}]`)} ${paint('bold', visible(finding.message))}`,
    `${margin}${paint('blue', '-->')} ${place(finding)}`,
  ];
  if (line !== undefined) {
    const bar = paint('blue', '|');
    const shown = snippet(line, range, Math.max(options.columns, LEAST_COLUMNS) - number.length - 3);
    block.push(`${margin} ${bar}`, `${paint('blue', number)} ${bar} ${shown.line}`);
    block.push(`${margin} ${bar} ${paint(STYLES[severity], shown.marks)}`);
  }
  const extra = (label: string, text: string): number =>
    block.push(`${margin} ${paint('blue', '=')} ${paint('bold', `${label}:`)} ${text}`);
  for (const related of finding.related.slice(0, MOST_NOTES)) extra('note', `${place(related)} ${visible(related.message)}`);
  const more = finding.related.length - MOST_NOTES;
  if (more > 0) extra('note', `and ${counted(more, 'more place')}`);
  if (several && finding.environments.length > 0) extra('in', finding.environments.map(visible).join(', '));
  if (finding.equivalents.length > 0) extra('also', finding.equivalents.map(visible).join(', '));
  if (finding.docs !== '') extra('docs', visible(finding.docs));
  return block;
}

function place({ file, range }: Pick<ReportedFinding, 'file' | 'range'>): string {
  return `${visible(file)}:${range.start.line}:${range.start.column}`;
}

function environmentLines(environments: readonly ReportedEnvironment[], paint: Paint): string[] {
  const lines = environments.slice(0, MOST_ENVIRONMENTS).map(({ name, kind, root, files, resources, partial }) => {
    const where = root === '' || root === '.' ? kind : `${kind} in ${visible(root)}`;
    const incomplete = partial.length === 0 ? '' : `; partial: ${partial.map(visible).join('; ')}`;
    return `${paint('bold', `environment ${visible(name)}`)} (${where}): ${counted(files, 'file')}, ${counted(resources, 'resource')}${incomplete}`;
  });
  const more = environments.length - MOST_ENVIRONMENTS;
  return more > 0 ? [...lines, `and ${counted(more, 'more environment')}`] : lines;
}

function verdictLines({ verdict, verdicts }: Report, paint: Paint): string[] {
  if (verdict === null) return [];
  const { summary } = verdict;
  const isOpen = hasSomethingToDecide(verdict);
  const sure = isOpen ? ` (${confidenceText(verdict.confidence)} sure)` : '';
  // Most summaries start with the choice itself.
  const isSaid = !isOpen || summary.toLowerCase().startsWith(choice(verdict).toLowerCase());
  const said = isSaid ? summary : `${choice(verdict)}. ${summary}`;
  const lines = [`${paint('bold', `verdict for ${visible(verdict.environment)}`)}${sure}: ${visible(said)}`];
  for (const { text } of verdict.reasons.slice(0, MOST_REASONS)) lines.push(`  - ${visible(text)}`);
  const others = verdicts
    .filter((other) => hasSomethingToDecide(other) && choice(other) !== choice(verdict))
    .slice(0, MOST_ENVIRONMENTS);
  if (others.length > 0)
    lines.push(`  but ${others.map((other) => `${visible(other.environment)}: ${choice(other)}`).join(', ')}`);
  return lines;
}

function choice({ choice: chosen, target }: ReportedVerdict): string {
  return chosen === 'converge' && target !== null ? `converge on ${CHOICES[target]}` : CHOICES[chosen];
}

function summaryLine({ findings, stats }: Report, paint: Paint): string {
  const number = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos, hints] = [number('error'), number('warning'), number('info'), number('hint')];
  const parts = [
    errors > 0 ? paint('red', counted(errors, 'error')) : counted(errors, 'error'),
    warnings > 0 ? paint('yellow', counted(warnings, 'warning')) : counted(warnings, 'warning'),
    ...(infos > 0 ? [`${infos} info`] : []),
    ...(hints > 0 ? [counted(hints, 'hint')] : []),
  ];
  const time = stats.milliseconds < 1000 ? `${Math.round(stats.milliseconds)} ms` : `${(stats.milliseconds / 1000).toFixed(1)} s`;
  return `${parts.join(', ')} in ${counted(stats.files, 'file')} (${time})`;
}

/** `1 file`, `2 files`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
