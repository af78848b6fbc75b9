import { askDecision, askDecisions } from '../engine/answers/decisions';
import { askFileEnvironments } from '../engine/answers/file-environments';
import { askScope, askSummary, preparingSummary } from '../engine/answers/summary';
import { askVerdicts, preparingVerdicts } from '../engine/answers/verdicts';
import type { Location, ReportedFinding } from '../engine/findings/report';
import { formatDecisionMarkdown } from '../engine/record/decision-record';
import type { Claim as EngineClaim } from '../engine/summary/claim';
import type { EnvironmentSummary } from '../engine/summary/summary';
import type { Pace, Workspace } from '../engine/workspace';
import { decisionSummary } from './decision-summary';
import type { Folder } from './folder';
import { SEVERITIES } from './protocol';
import type { Claim, Evidence, FindingGroup, Summary } from './protocol';
import { NO_SUMMARY } from './summary';

// All that the sidebar asks for is one file of the build.
export { answersEdit, answersOf } from './team-answers';

/** Findings that a group shows; the editor's own list of problems has all of them. */
const FINDING_LIMIT = 50;

/**
 * A folder's summary as the protocol has it. The folder is settled.
 * @param wanted the environment; one that is not there any more gives way to that of the repository's verdict
 */
export function summaryOf(folder: Pick<Folder, 'uri' | 'workspace' | 'uriOf'>, wanted?: string): Summary {
  const { workspace } = folder;
  const environments = workspace.environmentNames();
  const environment = chosen(workspace, wanted);
  const summary = environment === undefined ? undefined : askSummary(workspace, environment);
  const findings = folder.workspace.findings().map(({ reported }) => reported);
  const empty = { ...NO_SUMMARY, folder: folder.uri, state: 'empty' } satisfies Summary;
  if (environment === undefined || summary === undefined) return empty;
  const decision = askDecision(workspace, environment);
  const environmentsOf = askFileEnvironments(workspace);
  const here = findings.filter(({ environments: names, file }) => {
    // What is wrong with a file itself concerns those that are made of it, or all if none is.
    const concerned = names.length > 0 ? names : environmentsOf(file);
    return concerned.length === 0 || concerned.includes(environment);
  });
  const toEvidence = (location: Location): Evidence => evidenceOf(folder, location);
  return {
    folder: folder.uri,
    state: 'ready',
    environment,
    environments,
    decision: decision === undefined ? null : decisionSummary(decision, toEvidence),
    scope: askScope(workspace, environment).map((claim) => claimOf(claim, toEvidence)),
    ...claimsOf(summary, toEvidence),
    findings: groupFindings(here, toEvidence),
  };
}

/** Works out in small steps most of what a summary rests on. Who runs it stops when files change. */
export function* preparingSummaryOf(
  { workspace }: Pick<Folder, 'workspace'>,
  wanted: string | undefined,
  pace: Pace,
): Generator<undefined, void, undefined> {
  yield* preparingVerdicts(workspace, pace);
  const environment = chosen(workspace, wanted);
  if (environment !== undefined) yield* preparingSummary(workspace, environment, pace);
  for (const file of workspace.filesWithFindings()) {
    workspace.findingsIn(file);
    yield;
  }
}

function chosen(workspace: Workspace, wanted: string | undefined): string | undefined {
  const environments = workspace.environmentNames();
  return environments.find((name) => name === wanted) ?? askVerdicts(workspace).leading?.environment ?? environments[0];
}

/** The decision record of a folder in Markdown; null where no environment holds a resource. The folder is settled. */
export function recordOf({ workspace }: Pick<Folder, 'workspace'>): string | null {
  const { leading, others } = askDecisions(workspace);
  return leading === undefined ? null : formatDecisionMarkdown(leading, others);
}

type ToEvidence = (location: Location) => Evidence;

function claimOf({ text, evidence }: EngineClaim<Location>, toEvidence: ToEvidence): Claim {
  return { text, evidence: evidence.map(toEvidence) };
}

function claimsOf(
  summary: EnvironmentSummary<Location>,
  toEvidence: ToEvidence,
): Pick<Summary, 'meshes' | 'membership' | 'mtls' | 'licences'> {
  const claim = (one: EngineClaim<Location>): Claim => claimOf(one, toEvidence);
  return {
    meshes: summary.meshes.map(({ mesh, version, ...rest }) => ({
      mesh,
      ...claim(rest),
      version: version === null ? null : claim(version),
    })),
    membership: summary.membership.map((group) => ({
      ...group,
      reasons: group.reasons.map(({ reason, workloads }) => ({
        reason: reason === null ? null : claim(reason),
        workloads: workloads.map(claim),
      })),
    })),
    mtls: summary.mtls.map(claim),
    licences: summary.licences.map(claim),
  };
}

function groupFindings(findings: readonly ReportedFinding[], toEvidence: ToEvidence): FindingGroup[] {
  return SEVERITIES.map((severity) => {
    const alike = findings.filter((finding) => finding.severity === severity);
    const shown = alike.slice(0, FINDING_LIMIT);
    return {
      severity,
      count: alike.length,
      findings: shown.map((finding) => ({ text: firstSentence(finding.message), evidence: [toEvidence(finding)] })),
    };
  });
}

/** What is wrong; what will happen and what to do stands at the finding itself. */
function firstSentence(message: string): string {
  return /^[\s\S]*?\.(?=\s+[A-Z])/.exec(message)?.[0] ?? message;
}

/** Reports count lines and columns from 1, the protocol from 0. */
function evidenceOf(folder: Pick<Folder, 'uriOf'>, { file, range: { start, end } }: Location): Evidence {
  return {
    uri: folder.uriOf(file),
    label: `${file}:${start.line}`,
    range: {
      start: { line: start.line - 1, character: start.column - 1 },
      end: { line: end.line - 1, character: end.column - 1 },
    },
  };
}
