import { DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Diagnostic, Range } from 'vscode-languageserver/node';
import type { LocatedFinding } from '../engine/findings/collect';
import type { Severity, TextRange } from '../engine/findings/report';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A finding as the language server protocol has it. @param uriOf the URI of a path relative to the workspace folder */
export function toDiagnostic({ reported }: LocatedFinding, uriOf: (path: string) => string): Diagnostic {
  return {
    range: toRange(reported.range),
    severity: SEVERITIES[reported.severity],
    source: 'mesh-lint',
    code: reported.rule,
    codeDescription: { href: reported.docs },
    message: reported.message,
    relatedInformation: reported.related.map(({ file, range, message }) => ({
      location: { uri: uriOf(file), range: toRange(range) },
      message,
    })),
  };
}

/** Reports count lines and columns from 1, the protocol from 0; both count UTF-16 code units. */
function toRange({ start, end }: TextRange): Range {
  return { start: { line: start.line - 1, character: start.column - 1 }, end: { line: end.line - 1, character: end.column - 1 } };
}
