import { createHash } from 'node:crypto';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver/node';
import type { ClientCapabilities, Diagnostic, Range } from 'vscode-languageserver/node';
import type { LocatedFinding } from '../engine/findings/collect';
import type { ReportedFinding, Severity, TextRange } from '../engine/findings/report';
import type { RuleTag } from '../engine/findings/rule';
import type { Folder } from './folder';
import { visible } from './visible';

/** The name under which diagnostics appear. */
export const SOURCE = 'mesh-lint';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const TAGS: Readonly<Record<RuleTag, DiagnosticTag>> = {
  unnecessary: DiagnosticTag.Unnecessary,
  deprecated: DiagnosticTag.Deprecated,
};

/** What of a diagnostic a client understands. */
export interface DiagnosticShape {
  readonly related: boolean;
  readonly tags: ReadonlySet<number>;
  readonly codeDescription: boolean;
}

/**
 * Whether a client is left to ask for diagnostics. One that cannot be told to ask again would keep what an edit in another file has made
 * untrue (Neovim 0.10): it is sent diagnostics, as a client is that cannot ask.
 */
export function asksForDiagnostics({ textDocument, workspace }: ClientCapabilities): boolean {
  return textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true;
}

export function diagnosticShape(capabilities: ClientCapabilities): DiagnosticShape {
  const { textDocument } = capabilities;
  const client = asksForDiagnostics(capabilities) ? textDocument?.diagnostic : textDocument?.publishDiagnostics;
  return {
    related: client?.relatedInformation === true,
    tags: new Set(client?.tagSupport?.valueSet),
    codeDescription: client?.codeDescriptionSupport === true,
  };
}

/** The identity of a report without diagnostics. */
export const NOTHING = 'none';

/** What is to be said about one file, and the identity of just that. */
export interface FileReport {
  readonly id: string;
  readonly diagnostics: Diagnostic[];
}

interface MadeReport {
  /** The folder's when it was made: URIs of other files may be spelt otherwise later. */
  readonly spelling: number;
  readonly shape: DiagnosticShape;
  readonly report: FileReport;
}

/** By what they report: an edit is answered twice, to who asks about the file and to who asks about the workspace. */
const reports = new WeakMap<readonly LocatedFinding[], MadeReport>();

/** The diagnostics of one file as its folder now finds them. */
export function fileReport(folder: Folder, path: string, shape: DiagnosticShape): FileReport {
  const findings = folder.findingsIn(path);
  const { spelling } = folder;
  const before = reports.get(findings);
  if (before?.spelling === spelling && before.shape === shape) return before.report;
  const report = reportOf(findings, folder, shape);
  reports.set(findings, { spelling, shape, report });
  return report;
}

function reportOf(findings: readonly LocatedFinding[], folder: Folder, shape: DiagnosticShape): FileReport {
  const all = findings.map((finding) => diagnosticOf(finding, folder, shape));
  const id = all.length === 0 ? NOTHING : digestOf(all.map(({ digest }) => digest).join());
  return { id, diagnostics: all.map(({ diagnostic }) => diagnostic) };
}

interface MadeDiagnostic {
  readonly spelling: number;
  readonly shape: DiagnosticShape;
  readonly diagnostic: Diagnostic;
  readonly digest: string;
}

/** By what is reported, which stays the same object while nothing about it changes: of many in a file an edit changes few. */
const diagnostics = new WeakMap<ReportedFinding, MadeDiagnostic>();

function diagnosticOf(finding: LocatedFinding, folder: Folder, shape: DiagnosticShape): MadeDiagnostic {
  const { spelling } = folder;
  let made = diagnostics.get(finding.reported);
  if (made?.spelling !== spelling || made.shape !== shape) {
    const diagnostic = toDiagnostic(finding, folder, shape);
    made = { spelling, shape, diagnostic, digest: digestOf(JSON.stringify(diagnostic)) };
    diagnostics.set(finding.reported, made);
  }
  return made;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** A finding as the language server protocol has it. */
export function toDiagnostic({ reported, rule }: LocatedFinding, folder: Folder, shape: DiagnosticShape): Diagnostic {
  const diagnostic: Diagnostic = {
    range: toRange(reported.range),
    severity: SEVERITIES[reported.severity],
    source: SOURCE,
    code: reported.rule,
    message: visible(reported.message),
  };
  if (shape.codeDescription) diagnostic.codeDescription = { href: reported.docs };
  const tags = (rule.tags ?? []).map((tag) => TAGS[tag]).filter((tag) => shape.tags.has(tag));
  if (tags.length > 0) diagnostic.tags = tags;
  if (shape.related && reported.related.length > 0) {
    diagnostic.relatedInformation = reported.related.map(({ file, range, message }) => ({
      location: { uri: folder.uriOf(file), range: toRange(range) },
      message: visible(message),
    }));
  }
  return diagnostic;
}

/** Reports count lines and columns from 1, the protocol from 0; both count UTF-16 code units. */
export function toRange({ start, end }: TextRange): Range {
  return { start: { line: start.line - 1, character: start.column - 1 }, end: { line: end.line - 1, character: end.column - 1 } };
}
