import { posix } from 'node:path';
import type { Location, Report, ReportedFinding, ReportedVerdict } from '../engine/findings/report';

/** A path of a root as seen from where its prefix starts. */
export function below(prefix: string, path: string): string {
  return prefix === '' ? path : posix.join(prefix, path);
}

/** Puts every path of a report below a prefix ('' for none); `rename` first gives a file another name within its root. */
export function relocate(report: Report, prefix: string, rename: (file: string) => string = (file) => file): Report {
  const at = <T extends Location>(location: T): T => ({ ...location, file: below(prefix, rename(location.file)) });
  const verdict = (one: ReportedVerdict): ReportedVerdict => ({
    ...one,
    reasons: one.reasons.map((reason) => ({ ...reason, evidence: reason.evidence.map(at) })),
  });
  return {
    ...report,
    findings: report.findings.map((finding) => ({ ...at(finding), related: finding.related.map(at) })),
    environments: report.environments.map((environment) => ({
      ...environment,
      root: below(prefix, environment.root),
      broughtBy: environment.broughtBy.map((by) => ({ ...by, file: below(prefix, rename(by.file)) })),
    })),
    verdict: report.verdict === null ? null : verdict(report.verdict),
    verdicts: report.verdicts.map(verdict),
  };
}

/**
 * One report of several roots, whose paths no longer clash (see `relocate`): everything in the order of the roots, the leading verdict
 * that of the first root that has one. A finding that two roots share (a file named beside its folder) stands once. No report at all
 * gives an empty one.
 */
export function merge(reports: readonly Report[]): Report {
  const verdicts = reports.flatMap((report) =>
    report.verdict === null ? report.verdicts : [report.verdict, ...report.verdicts],
  );
  const sum = (of: (stats: Report['stats']) => number): number => reports.reduce((total, { stats }) => total + of(stats), 0);
  return {
    version: 1,
    findings: distinct(reports.flatMap((report) => report.findings)),
    environments: reports.flatMap((report) => report.environments),
    verdict: verdicts[0] ?? null,
    verdicts: verdicts.slice(1),
    stats: {
      files: sum((stats) => stats.files),
      skipped: sum((stats) => stats.skipped),
      documents: sum((stats) => stats.documents),
      resources: sum((stats) => stats.resources),
      milliseconds: sum((stats) => stats.milliseconds),
    },
  };
}

function distinct(findings: readonly ReportedFinding[]): ReportedFinding[] {
  const byPlace = new Map<string, ReportedFinding>();
  for (const finding of findings) {
    const { rule, severity, file, range, message } = finding;
    const key = JSON.stringify([rule, severity, file, range.start, range.end, message]);
    if (!byPlace.has(key)) byPlace.set(key, finding);
  }
  return [...byPlace.values()];
}
