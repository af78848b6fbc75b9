import type { Computed, Graph } from '../incremental/graph';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { isWorkloadKind } from '../resources/workload';
import type { Finding, Rule } from './rule';

/** A rule that threw: a fault of ours. Its other subjects and all other rules go on. */
export interface Fault {
  readonly rule: string;
  readonly subject: string;
  readonly file: string;
  readonly error: unknown;
}

/** What one rule says about one subject in one environment. */
export interface PairResult {
  readonly rule: Rule;
  readonly subject: Resource;
  readonly findings: readonly Finding[];
  readonly fault?: Fault;
}

/** The label under which the graph counts runs of (rule, subject) pairs. */
export const PAIR_RUNS = 'pair';

/** The rules by the kind of subject that they name. */
export class RuleTable {
  readonly all: readonly Rule[];
  private readonly byKind = new Map<string, Rule[]>();
  private readonly forWorkloads: readonly Rule[];

  constructor(rules: readonly Rule[]) {
    this.all = rules;
    this.forWorkloads = rules.filter((rule) => rule.kinds.includes('workload'));
    for (const rule of rules) {
      for (const kind of rule.kinds) {
        const list = this.byKind.get(kind);
        if (list === undefined) this.byKind.set(kind, [rule]);
        else list.push(rule);
      }
    }
  }

  rulesFor(kind: string): readonly Rule[] {
    const named = this.byKind.get(kind) ?? [];
    if (!isWorkloadKind(kind)) return named;
    return [...new Set([...named, ...this.forWorkloads])];
  }
}

/** Keeps one watched cell for each pair of rule and subject of one view, and makes and ends them as subjects come and go. */
export class Runner {
  private readonly graph: Graph;
  private readonly rules: RuleTable;
  private readonly view: MeshView;
  private readonly subjects = new Map<Resource, readonly Computed<PairResult>[]>();
  private current: readonly Resource[] = [];

  constructor(graph: Graph, rules: RuleTable, view: MeshView) {
    this.graph = graph;
    this.rules = rules;
    this.view = view;
  }

  /** Takes the subjects as they now are. Pairs of subjects that stay are left alone. */
  sync(subjects: readonly Resource[]): void {
    if (subjects === this.current) return;
    this.current = subjects;
    const keep = new Set(subjects);
    for (const [subject, pairs] of this.subjects) {
      if (keep.has(subject)) continue;
      for (const pair of pairs) pair.dispose();
      this.subjects.delete(subject);
    }
    for (const subject of keep) {
      if (this.subjects.has(subject)) continue;
      const pairs = this.rules
        .rulesFor(subject.kind)
        .map((rule) => this.graph.watched(PAIR_RUNS, () => this.check(rule, subject)));
      this.subjects.set(subject, pairs);
    }
  }

  dispose(): void {
    this.sync([]);
  }

  /** The results of every pair, run first where stale. */
  *results(): Iterable<PairResult> {
    for (const pairs of this.subjects.values()) for (const pair of pairs) yield pair.get();
  }

  private check(rule: Rule, subject: Resource): PairResult {
    try {
      return { rule, subject, findings: Array.from(rule.check(subject, this.view), withPossibleFixes) };
    } catch (error) {
      // One faulty rule must not take the others' findings away; the fault itself is reported beside them.
      return { rule, subject, findings: [], fault: { rule: rule.id, subject: subject.title, file: subject.file, error } };
    }
  }
}

/** Leaves out fixes that turn out to have nothing to edit, so that nobody is offered one. */
function withPossibleFixes(finding: Finding): Finding {
  const fixes = finding.fixes?.filter((fix) => (fix.edits()?.length ?? 0) > 0);
  return fixes === undefined || fixes.length === finding.fixes?.length ? finding : { ...finding, fixes };
}
