import type { Configuration } from '../configuration/configuration';
import type { Environment } from '../environments/environment';
import type { Repository } from '../environments/repository';
import { isFileSubject } from '../resources/file-subject';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import type { Place } from '../yaml/tree';
import type { Location, ReportedFinding, ReportedResource, Severity, TextRange } from './report';
import { familyOf } from './rule';
import type { Finding, Fix, Rule } from './rule';
import type { PairResult } from './runner';
import { annotationSuppression, commentSuppressions, istioSuppresses, mayCarrySuppression, namesRule } from './suppressions';
import type { AnnotationSuppression, CommentSuppression } from './suppressions';

const RELATED_LIMIT = 20;

/** A finding with its place in a file, still knowing the rule and subject that it came from. */
export interface LocatedFinding {
  readonly reported: ReportedFinding;
  readonly rule: Rule;
  readonly fixes: readonly Fix[];
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
}

export interface UnusedSuppression {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  /** The resource that carries it; undefined for a comment. */
  readonly resource: Resource | undefined;
}

/** Results of one view; `environment` is undefined for subjects that are files. */
export interface ViewResults {
  readonly environment: Environment | undefined;
  readonly results: readonly PairResult[];
}

/**
 * Turns what rules said into findings to show: severities as configured, suppressed ones left out, the same finding of several
 * environments merged, sorted by place.
 */
export class Collector {
  private readonly repository: Repository;
  private readonly configuration: Configuration;
  private readonly overrides: ReadonlyMap<string, Severity | 'off'>;
  private readonly comments = new Map<string, readonly CommentSuppression[]>();
  private readonly usedComments = new Set<CommentSuppression>();
  private readonly annotations = new Map<Resource, { suppression: AnnotationSuppression; used: boolean }>();

  /** @param overrides severities by rule id or family for what the configuration leaves open */
  constructor(
    repository: Repository,
    configuration: Configuration,
    overrides: ReadonlyMap<string, Severity | 'off'> = new Map(),
  ) {
    this.repository = repository;
    this.configuration = configuration;
    this.overrides = overrides;
  }

  /** @param views in the order of environment names: the first to have a finding gives its message and resource */
  collect(views: readonly ViewResults[]): LocatedFinding[] {
    const merged = new Map<string, Merging>();
    for (const { environment, results } of views) {
      for (const resource of environment?.resources ?? []) if (mayCarrySuppression(resource)) this.noteAnnotation(resource);
      for (const result of results) {
        this.noteAnnotation(result.subject);
        for (const finding of result.findings) this.take(merged, environment, result, finding);
      }
    }
    return [...merged.values()].map(finish).sort(byPlace);
  }

  /** Suppressions that covered nothing; ask after `collect`. */
  unused(files: readonly string[]): UnusedSuppression[] {
    const unused: UnusedSuppression[] = [];
    for (const file of files) {
      for (const comment of this.commentsIn(file)) {
        if (!this.usedComments.has(comment)) {
          unused.push({ file, start: comment.start, end: comment.end, names: comment.names, resource: undefined });
        }
      }
    }
    // One annotation of a base stands on the resources of every environment that uses it: it is unused when none of them used it.
    const byPlace = new Map<string, UnusedSuppression & { used: boolean }>();
    for (const [resource, { suppression, used }] of this.annotations) {
      const place = locate({ node: suppression.node });
      const key = `${place.file}:${place.start}`;
      const earlier = byPlace.get(key);
      if (earlier !== undefined) earlier.used ||= used;
      else byPlace.set(key, { ...place, names: suppression.names, resource, used });
    }
    unused.push(...[...byPlace.values()].filter(({ used }) => !used));
    return unused;
  }

  /** The range of a place, or of offsets, as reports show it. */
  range(file: string, start: number, end: number): TextRange {
    const manifest = this.repository.peekManifest(file);
    if (manifest === undefined) return { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    const from = manifest.positionAt(start);
    const to = manifest.positionAt(end);
    return { start: { line: from.line + 1, column: from.column + 1 }, end: { line: to.line + 1, column: to.column + 1 } };
  }

  location(place: Place): Location {
    const { file, start, end } = locate(place);
    return { file, range: this.range(file, start, end) };
  }

  /** A rule's severity as configured for it or its family; undefined when it is off. */
  severityOf(rule: Rule, own: Severity = rule.severity): Severity | undefined {
    const family = familyOf(rule.id) ?? '';
    const { rules } = this.configuration;
    const configured = rules.get(rule.id) ?? rules.get(family) ?? this.overrides.get(rule.id) ?? this.overrides.get(family);
    return configured === 'off' ? undefined : (configured ?? own);
  }

  private take(merged: Map<string, Merging>, environment: Environment | undefined, result: PairResult, finding: Finding): void {
    const { rule, subject } = result;
    const severity = this.severityOf(rule, finding.severity);
    if (severity === undefined) return;
    const { file, start, end } = locate(finding.place);
    const equivalents = finding.equivalents ?? rule.equivalents;
    if (this.isSuppressed(file, start, rule, subject, equivalents)) return;
    const key = `${rule.id} ${severity} ${file} ${start} ${end} ${environment === undefined ? finding.message : ''}`;
    const earlier = merged.get(key);
    const name = environment?.plan.name;
    const effective = name === undefined ? undefined : { environment: name, namespace: shownNamespace(subject) };
    if (earlier === undefined) {
      merged.set(key, {
        rule,
        fixes: finding.fixes ?? [],
        start,
        end,
        reported: {
          rule: rule.id,
          severity,
          message: finding.message,
          file,
          range: this.range(file, start, end),
          resource: reportedResource(subject),
          equivalents,
          related: this.related(finding),
          fixable: (finding.fixes?.length ?? 0) > 0,
          docs: rule.docs,
        },
        effective: effective === undefined ? [] : [effective],
      });
    } else if (effective !== undefined && !earlier.effective.some((other) => other.environment === name))
      earlier.effective.push(effective);
  }

  private related(finding: Finding): ReportedFinding['related'] {
    return (finding.related ?? []).slice(0, RELATED_LIMIT).map(({ place, message }) => ({ ...this.location(place), message }));
  }

  private isSuppressed(file: string, start: number, rule: Rule, subject: Resource, equivalents: readonly string[]): boolean {
    let suppressed = false;
    for (const comment of this.commentsIn(file)) {
      if (start >= comment.covers[0] && start < comment.covers[1] && namesRule(comment.names, rule.id)) {
        this.usedComments.add(comment);
        suppressed = true;
      }
    }
    const annotation = this.annotations.get(subject);
    if (annotation !== undefined && namesRule(annotation.suppression.names, rule.id)) {
      annotation.used = true;
      suppressed = true;
    }
    return suppressed || (!isFileSubject(subject) && istioSuppresses(subject, equivalents));
  }

  private noteAnnotation(subject: Resource): void {
    if (isFileSubject(subject) || this.annotations.has(subject)) return;
    const suppression = annotationSuppression(subject);
    if (suppression !== undefined) this.annotations.set(subject, { suppression, used: false });
  }

  private commentsIn(file: string): readonly CommentSuppression[] {
    let comments = this.comments.get(file);
    if (comments === undefined) {
      const manifest = this.repository.peekManifest(file);
      comments = manifest === undefined ? [] : commentSuppressions(manifest);
      this.comments.set(file, comments);
    }
    return comments;
  }
}

interface Merging extends Omit<LocatedFinding, 'reported'> {
  readonly reported: Omit<ReportedFinding, 'environments' | 'effective'>;
  readonly effective: { environment: string; namespace: string | null }[];
}

function finish({ reported, effective, ...rest }: Merging): LocatedFinding {
  return { ...rest, reported: { ...reported, environments: effective.map(({ environment }) => environment), effective } };
}

/** How reports name a resource; null for a file. */
export function reportedResource(subject: Resource): ReportedResource | null {
  if (isFileSubject(subject)) return null;
  const { apiVersion, kind } = subject.header;
  return { apiVersion, kind, namespace: shownNamespace(subject), name: subject.name ?? '' };
}

function shownNamespace(subject: Resource): string | null {
  return subject.isClusterScoped || isFileSubject(subject) ? null : (subject.namespace ?? UNSET_NAMESPACE);
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  if (a.reported.file !== b.reported.file) return a.reported.file < b.reported.file ? -1 : 1;
  return (
    a.start - b.start || a.end - b.end || (a.reported.rule < b.reported.rule ? -1 : a.reported.rule > b.reported.rule ? 1 : 0)
  );
}
