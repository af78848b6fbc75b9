import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { until } from '../tests';
import {
  allDiagnostics,
  codeLenses,
  diagnostic,
  discard,
  hoverText,
  open,
  path,
  quickFixes,
  rangeOf,
  replace,
  ruleOf,
  rulesIn,
  suite,
  untilReported,
  untilSilent,
  variable,
} from './editor';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly range: Record<'start' | 'end', { readonly line: number; readonly column: number }>;
  readonly docs: string;
}

const SEVERITIES = ['error', 'warning', 'info', 'hint'];

const expected = (): string[] =>
  (JSON.parse(readFileSync(variable('MESH_LINT_EXPECTED'), 'utf8')) as { findings: Finding[] }).findings
    .map(({ rule, severity, message, file, range: { start, end } }) =>
      line(file, start.line, start.column, end.line, end.column, severity, rule, message),
    )
    .sort();

const shown = (): string[] =>
  allDiagnostics()
    .map(([file, one]) => {
      const { start, end } = one.range;
      const name = relative(path(), file.fsPath).split(sep).join('/');
      const severity = SEVERITIES[one.severity] ?? '';
      return line(name, start.line + 1, start.character + 1, end.line + 1, end.character + 1, severity, ruleOf(one), one.message);
    })
    .sort();

function line(file: string, ...rest: (string | number)[]): string {
  return `${file}:${rest.join(' ')}`;
}

const DOUBLE = 'coexistence/double-injection';

/** What a user of the bookshop sees in an editor. */
export const run = suite('example', {
  'a folder with manifests starts the extension': async () => {
    const extension = vscode.extensions.getExtension('mesh-lint.mesh-lint');
    ok(extension, 'the extension is not installed');
    await until('the extension to be active', () => extension.isActive);
  },

  'the diagnostics are those of the command, file by file and place by place': async () => {
    const findings = expected();
    ok(findings.length > 5);
    await until(
      'as many diagnostics',
      () => allDiagnostics().length,
      (count) => count === findings.length,
    ).catch(() => undefined);
    deepEqual(shown(), findings);
  },

  'a diagnostic links its rule to the documentation and to the places that play a part': async () => {
    const one = await diagnostic('overlays/prod/payment.yaml', DOUBLE);
    ok(typeof one.code === 'object', 'the code is no link');
    match(one.code.target.toString(true), /^https:\/\//);
    const [related] = one.relatedInformation ?? [];
    equal(related?.location.uri.fsPath, path('overlays/prod/namespace.yaml'));
  },

  'an edit that is not saved changes the diagnostics of another file, and back': async () => {
    await untilReported('overlays/prod/payment.yaml', DOUBLE);
    const document = await open('overlays/prod/namespace.yaml');
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilSilent('overlays/prod/payment.yaml', DOUBLE);
    ok(document.isDirty, 'the edit was saved');
    await discard(document);
    await untilReported('overlays/prod/payment.yaml', DOUBLE);
  },

  'the hover on an injection label names its Namespace': async () => {
    const document = await open('overlays/prod/namespace.yaml');
    const text = await until('a hover', () => hoverText(document, 'istio-injection'));
    match(text, /bookshop/);
  },

  'a workload has a lens above it that says how it joins a mesh': async () => {
    const document = await open('base/cart.yaml');
    const lenses = await until(
      'a lens',
      () => codeLenses(document),
      ({ length }) => length > 0,
    );
    const { line } = rangeOf(document, 'kind: Deployment').start;
    const lens = lenses.find(({ range }) => Math.abs(range.start.line - line) < 4);
    match(lens?.command?.title ?? '', /istio|linkerd|mesh/i);
  },

  'a fix is offered, and once applied its diagnostics are gone': async () => {
    const [file, other] = ['overlays/prod/payment.yaml', 'overlays/prod/namespace.yaml'];
    const document = await open(file);
    const one = await diagnostic(file, DOUBLE);
    const isFix = ({ title }: vscode.CodeAction): boolean => /out of linkerd/i.test(title);
    const fixes = await until(
      'a fix',
      () => quickFixes(document, one),
      (actions) => actions.some(isFix),
    );
    const fix = fixes.find(isFix);
    ok(fix?.edit, 'the fix has no edit');
    ok(await vscode.workspace.applyEdit(fix.edit));
    match(document.getText(), /linkerd\.io\/inject: disabled/);
    await untilSilent(file, DOUBLE);
    await untilSilent(other, DOUBLE);
    ok(!rulesIn(file).includes('manifest/syntax'), 'the fix broke the file');
    await discard(document);
    await untilReported(file, DOUBLE);
  },
});
