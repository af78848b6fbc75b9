import type { Report, Severity } from '../engine/findings/report';
import {
  type DecideCommand,
  type EnvironmentsCommand,
  type ExplainCommand,
  type Format,
  type LintCommand,
  parseArguments,
  type Threshold,
} from './arguments';
import { painter, wantsColour } from './colour';
import { decide } from './decide';
import { formatEnvironments } from './environments';
import { explain } from './explain';
import { formatJson } from './format-json';
import { formatPretty } from './format-pretty';
import { HELP } from './help';
import { type CreateLinter, lint, type Linted } from './lint';
import { below, merge, relocate } from './merge';
import { visible } from '../engine/visible';
import { VERSION } from './version';

/** Everything the command needs of its process. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a terminal, and how wide; undefined where that is not known. */
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** 0: nothing at or above the threshold; 1: something is; 2: part of the work could not be done. */
export type ExitCode = 0 | 1 | 2;

const DEFAULT_COLUMNS = 120;

const WEIGHTS: Readonly<Record<Severity | Threshold, number>> = { hint: 0, info: 1, warning: 2, error: 3, never: 4 };

/** The command: takes the arguments after the script's name, writes to `io`, and returns the exit code. Bad input never throws. */
export function run(argv: readonly string[], io: Io, createLinter: CreateLinter): ExitCode {
  const command = parseArguments(argv);
  switch (command.do) {
    case 'help':
      io.stdout(HELP);
      return 0;
    case 'version':
      io.stdout(`${VERSION}\n`);
      return 0;
    case 'refuse':
      io.stderr(`mesh-lint: ${visible(command.reason)}; mesh-lint --help lists the options\n`);
      return 2;
    case 'environments':
      return runEnvironments(command, io, createLinter);
    case 'decide':
      return runDecide(command, io, createLinter);
    case 'explain':
      return runExplain(command, io, createLinter);
    case 'lint':
      return runLint(command, io, createLinter);
  }
}

function runEnvironments({ paths, config, format, noColour }: EnvironmentsCommand, io: Io, createLinter: CreateLinter): ExitCode {
  const linted = lint(paths, config, io.cwd, () => createLinter({ now: new Date(io.now()) }));
  for (const problem of linted.problems) io.stderr(`mesh-lint: ${visible(problem)}\n`);
  const { environments } = reportOf(linted, format);
  io.stdout(
    format === 'json'
      ? formatJson({ version: 1, environments })
      : formatEnvironments(environments, painter(wantsColour(noColour, io.env, io.isTTY))),
  );
  return linted.problems.length > 0 ? 2 : 0;
}

function runDecide(command: DecideCommand, io: Io, createLinter: CreateLinter): ExitCode {
  const { output, problems } = decide(command, io, createLinter);
  for (const problem of problems) io.stderr(`mesh-lint: ${visible(problem)}\n`);
  io.stdout(output);
  return problems.length > 0 ? 2 : 0;
}

function runExplain(command: ExplainCommand, io: Io, createLinter: CreateLinter): ExitCode {
  const { output, problems } = explain(command, io, createLinter);
  for (const problem of problems) io.stderr(`mesh-lint: ${visible(problem)}\n`);
  io.stdout(output);
  return problems.length > 0 ? 2 : 0;
}

function runLint(command: LintCommand, io: Io, createLinter: CreateLinter): ExitCode {
  const start = io.now();
  const linted = lint(command.paths, command.config, io.cwd, () => createLinter({ now: new Date(start) }));
  for (const problem of linted.problems) io.stderr(`mesh-lint: ${visible(problem)}\n`);
  const report = reportOf(linted, command.format);
  const timed = { ...report, stats: { ...report.stats, milliseconds: Math.max(0, Math.round(io.now() - start)) } };
  if (command.format === 'json') io.stdout(formatJson(timed));
  else if (linted.roots.length > 0) io.stdout(pretty(timed, linted, command, io));
  if (linted.problems.length > 0) return 2;
  return timed.findings.some(({ severity }) => WEIGHTS[severity] >= WEIGHTS[command.failOn]) ? 1 : 0;
}

/** In JSON, paths are relative to the root while there is one; for people they are always relative to where they are. */
function reportOf({ roots }: Linted, format: Format): Report {
  const [only, ...others] = roots;
  if (format === 'json' && only !== undefined && others.length === 0) return only.report;
  return merge(roots.map(({ report, prefix }) => relocate(report, prefix)));
}

function pretty(report: Report, { roots }: Linted, command: LintCommand, io: Io): string {
  const sources = new Map<string, string>();
  for (const { prefix, sources: texts } of roots) {
    for (const [file, text] of texts) sources.set(below(prefix, file), text);
  }
  return formatPretty(report, {
    sources,
    paint: painter(wantsColour(command.noColour, io.env, io.isTTY)),
    columns: io.columns ?? DEFAULT_COLUMNS,
  });
}
