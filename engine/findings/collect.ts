import type { Configuration } from '../configuration/configuration';
import type { Repository } from '../environments/repository';
import { isFileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import { located } from './located';
import type { LocatedFinding, Shown } from './located';
import { shownNamespace } from './places';
import type { Finding, Rule } from './rule';
import { severityOf } from './severities';
import type { SeverityOverrides } from './severities';
import { annotationSuppression, commentSuppressions, istioSuppresses, namesRule } from './suppressions';
import type { AnnotationSuppression, CommentSuppression } from './suppressions';

export type { LocatedFinding } from './located';

/** What one rule found on one subject. */
export interface Found {
  /** Undefined for a subject that is a file. */
  readonly environment: string | undefined;
  readonly rule: Rule;
  readonly subject: Resource;
  readonly findings: readonly Finding[];
}

/** A resource whose annotation suppresses, with everything that was found on it. */
export interface Carrier {
  readonly subject: Resource;
  readonly suppression: AnnotationSuppression;
  readonly found: readonly Found[];
}

export interface UnusedSuppression {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  /** The resource that carries it; undefined for a comment. */
  readonly resource: Resource | undefined;
}

/** What decides how findings are shown. */
export interface Showing {
  readonly repository: Repository;
  readonly configuration: Configuration;
  readonly overrides: SeverityOverrides;
}

/** What is to be shown in one file. */
export interface Collected {
  /** Sorted by place. */
  readonly findings: readonly LocatedFinding[];
  readonly unused: readonly UnusedSuppression[];
}

/**
 * Turns what rules found into the findings to show in one file: severities as configured, suppressed ones left out, the same finding of
 * several environments merged.
 *
 * @param found whatever has a finding in the file, in the order of environments: the first one gives message and resource
 * @param carriers the resources whose suppressing annotation stands in the file
 */
export function collect(file: string, found: readonly Found[], carriers: readonly Carrier[], showing: Showing): Collected {
  const manifest = showing.repository.peekManifest(file);
  const comments = manifest === undefined ? [] : commentSuppressions(manifest);
  const collecting = new Collecting(file, comments, showing);
  for (const one of found) for (const finding of one.findings) collecting.take(one, finding);
  return { findings: collecting.findings(), unused: [...collecting.unusedComments(), ...unusedAnnotations(carriers, showing)] };
}

interface Merging extends Shown {
  readonly effective: { environment: string; namespace: string | null }[];
}

class Collecting {
  private readonly file: string;
  private readonly comments: readonly CommentSuppression[];
  private readonly showing: Showing;
  private readonly used = new Set<CommentSuppression>();
  private readonly merged = new Map<string, Merging>();

  constructor(file: string, comments: readonly CommentSuppression[], showing: Showing) {
    this.file = file;
    this.comments = comments;
    this.showing = showing;
  }

  take({ environment, rule, subject }: Found, finding: Finding): void {
    const { configuration, overrides } = this.showing;
    const { file, start, end } = locate(finding.place);
    if (file !== this.file) return;
    const severity = severityOf(rule, finding.severity, configuration, overrides);
    if (severity === undefined) return;
    if (this.isSuppressed(start, rule, subject, finding.equivalents ?? rule.equivalents)) return;
    const key = `${rule.id} ${severity} ${start} ${end} ${environment === undefined ? finding.message : ''}`;
    const earlier = this.merged.get(key);
    const effective = environment === undefined ? [] : [{ environment, namespace: shownNamespace(subject) }];
    if (earlier === undefined) this.merged.set(key, { finding, rule, subject, severity, file, start, end, effective });
    else if (!earlier.effective.some((other) => other.environment === environment)) earlier.effective.push(...effective);
  }

  findings(): LocatedFinding[] {
    const { repository } = this.showing;
    return Array.from(this.merged.values(), (shown) => located(shown, repository)).sort(byPlace);
  }

  unusedComments(): UnusedSuppression[] {
    return this.comments
      .filter((comment) => !this.used.has(comment))
      .map(({ file, start, end, names }) => ({ file, start, end, names, resource: undefined }));
  }

  private isSuppressed(start: number, rule: Rule, subject: Resource, equivalents: readonly string[]): boolean {
    let suppressed = false;
    for (const comment of this.comments) {
      if (start < comment.covers[0] || start >= comment.covers[1] || !namesRule(comment.names, rule.id)) continue;
      this.used.add(comment);
      suppressed = true;
    }
    if (suppressed || isFileSubject(subject)) return suppressed;
    const annotation = annotationSuppression(subject);
    return (annotation !== undefined && namesRule(annotation.names, rule.id)) || istioSuppresses(subject, equivalents);
  }
}

/** One annotation of a base stands on the resources of every environment that uses it: it is unused when none of them uses it. */
function unusedAnnotations(carriers: readonly Carrier[], { configuration, overrides }: Showing): UnusedSuppression[] {
  const byPlace = new Map<string, UnusedSuppression & { used: boolean }>();
  for (const { subject, suppression, found } of carriers) {
    const place = locate({ node: suppression.node });
    const used = found.some(
      ({ rule, findings }) =>
        namesRule(suppression.names, rule.id) &&
        findings.some(({ severity }) => severityOf(rule, severity, configuration, overrides) !== undefined),
    );
    const key = `${place.start}`;
    const earlier = byPlace.get(key);
    if (earlier === undefined) byPlace.set(key, { ...place, names: suppression.names, resource: subject, used });
    else earlier.used ||= used;
  }
  return [...byPlace.values()].filter(({ used }) => !used);
}

/** Orders findings of one file. */
export function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  return (
    a.start - b.start || a.end - b.end || (a.reported.rule < b.reported.rule ? -1 : a.reported.rule > b.reported.rule ? 1 : 0)
  );
}
