import type { Repository } from '../environments/repository';
import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import { locationOf, rangeIn, reportedResource } from './places';
import type { ReportedFinding, Severity, TextRange } from './report';
import { RELATED_LIMIT } from './rule';
import type { Finding, Fix, RelatedPlace, Rule } from './rule';

/** A finding with its place in a file, still knowing the rule that it came from. */
export interface LocatedFinding {
  readonly reported: ReportedFinding;
  readonly rule: Rule;
  readonly fixes: readonly Fix[];
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
}

/** A finding that is to be shown, with all that decides how. */
export interface Shown {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly subject: Resource;
  readonly severity: Severity;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly effective: ReportedFinding['effective'];
}

interface Made {
  readonly subject: Resource;
  readonly located: LocatedFinding;
}

/** What was last made of each finding. */
const made = new WeakMap<Finding, Made>();

/**
 * A finding with its places as they now are. As long as lines and all else are what they were, `reported` is the same object: most edits
 * move what stands below them by some characters, and nobody need look at it again.
 */
export function located(shown: Shown, repository: Repository): LocatedFinding {
  const { finding, subject, start, end } = shown;
  const last = made.get(finding);
  const before = last?.subject === subject && isSaidBy(last.located, shown, repository) ? last.located : undefined;
  if (before?.start === start && before.end === end) return before;
  const now = before === undefined ? make(shown, repository) : { ...before, start, end };
  made.set(finding, { subject, located: now });
  return now;
}

/** Whether all that a finding names in a file has the ranges that were reported of it last. */
export function namesSameRanges(finding: Finding, file: string, repository: Repository): boolean {
  const related = made.get(finding)?.located.reported.related;
  return (
    related !== undefined &&
    relatedOf(finding).every(({ place }, i) => {
      const before = related[i];
      if (before?.file !== file) return true;
      const { start, end } = locate(place);
      return isRange(before.range, repository, file, start, end);
    })
  );
}

function make({ finding, rule, subject, severity, file, start, end, effective }: Shown, repository: Repository): LocatedFinding {
  const reported = {
    rule: rule.id,
    severity,
    message: finding.message,
    file,
    range: rangeIn(repository, file, start, end),
    resource: finding.resource ?? reportedResource(subject),
    environments: effective.map(({ environment }) => environment),
    effective,
    equivalents: finding.equivalents ?? rule.equivalents,
    related: relatedOf(finding).map(({ place, message }) => ({ ...locationOf(repository, place), message })),
    fixable: (finding.fixes?.length ?? 0) > 0,
    docs: rule.docs,
  };
  return { reported, rule, fixes: finding.fixes ?? [], start, end };
}

function relatedOf({ related = [] }: Finding): readonly RelatedPlace[] {
  return related.length > RELATED_LIMIT ? related.slice(0, RELATED_LIMIT) : related;
}

/** Whether what was made of the same finding on the same subject says what would be made of it now. */
function isSaidBy({ reported, rule }: LocatedFinding, now: Shown, repository: Repository): boolean {
  return (
    rule === now.rule &&
    reported.severity === now.severity &&
    reported.file === now.file &&
    isRange(reported.range, repository, now.file, now.start, now.end) &&
    sameEffective(reported.effective, now.effective) &&
    relatedOf(now.finding).every(({ place }, i) => {
      const { file, start, end } = locate(place);
      const before = reported.related[i];
      return before?.file === file && isRange(before.range, repository, file, start, end);
    })
  );
}

function isRange(range: TextRange, repository: Repository, file: string, start: number, end: number): boolean {
  const now = rangeIn(repository, file, start, end);
  return samePosition(range.start, now.start) && samePosition(range.end, now.end);
}

function samePosition(a: TextRange['start'], b: TextRange['start']): boolean {
  return a.line === b.line && a.column === b.column;
}

function sameEffective(a: ReportedFinding['effective'], b: ReportedFinding['effective']): boolean {
  return (
    a.length === b.length &&
    a.every(({ environment, namespace }, i) => environment === b[i]?.environment && namespace === b[i].namespace)
  );
}
