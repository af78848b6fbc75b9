import { equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { until } from '../tests';
import { own, path, ruleOf } from './editor';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly range: Record<'start' | 'end', { readonly line: number; readonly column: number }>;
}

const SEVERITIES = ['error', 'warning', 'info', 'hint'];

/** A report that the command has written, as text: a line a finding, with all that an editor shows of it. */
export function expected(report: string): string {
  const { findings } = JSON.parse(readFileSync(report, 'utf8')) as { readonly findings: readonly Finding[] };
  ok(findings.length > 5, 'the report is too small to tell anything');
  return lines(
    findings.map(({ rule, severity, message, file, range: { start, end } }) =>
      line(file, start.line, start.column, end.line, end.column, severity, rule, message),
    ),
  );
}

/** What the editor holds, in the same form. */
export function shown(): string {
  const diagnostics = vscode.languages.getDiagnostics().flatMap(([file, all]) => own(all).map((one) => [file, one] as const));
  return lines(
    diagnostics.map(([file, one]) => {
      const { start, end } = one.range;
      const name = relative(path(), file.fsPath).split(sep).join('/');
      const severity = SEVERITIES[one.severity] ?? '';
      return line(name, start.line + 1, start.character + 1, end.line + 1, end.character + 1, severity, ruleOf(one), one.message);
    }),
  );
}

/** Waits until the editor shows exactly what the command has reported; fails with the difference. */
export async function untilShown(report: string): Promise<void> {
  const wanted = expected(report);
  await until('the diagnostics of the command', shown, (seen) => seen === wanted).catch(() => undefined);
  equal(shown(), wanted);
}

function line(file: string, ...rest: readonly (string | number)[]): string {
  return `${file}:${rest.join(' ')}`;
}

function lines(texts: readonly string[]): string {
  return [...texts].sort().join('\n');
}
