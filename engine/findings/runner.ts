import type { Difference } from '../environments/resource-index';
import type { Computed, Graph, Query } from '../incremental/graph';
import type { MeshView } from '../mesh/view';
import { isFileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';
import { isWorkloadKind } from '../resources/workload';
import type { Section } from './ledger';
import { mayMention } from './mentions';
import { NOTHING_FOUND } from './outcome';
import type { Outcome } from './outcome';
import type { Finding, Rule } from './rule';
import { mayCarrySuppression } from './suppressions';

/** The label under which the graph counts runs of (rule, subject) pairs. */
export const PAIR_RUNS = 'pair';

/** The rules by the kind of subject that they name. */
export class RuleTable {
  readonly all: readonly Rule[];
  private readonly byKind = new Map<string, readonly Rule[]>();

  constructor(rules: readonly Rule[]) {
    this.all = rules;
  }

  rulesFor(kind: string): readonly Rule[] {
    let found = this.byKind.get(kind);
    if (found === undefined) {
      const isWorkload = isWorkloadKind(kind);
      found = this.all.filter(({ kinds }) => kinds.includes(kind) || (isWorkload && kinds.includes('workload')));
      this.byKind.set(kind, found);
    }
    return found;
  }
}

/**
 * Keeps one watched cell for each pair of rule and subject of one view, and makes and ends them as subjects come and go. What rules say goes
 * into a section of the ledger. A pair that asks the view for nothing can never say anything else: it runs once, and no cell is kept.
 */
export class Runner {
  private readonly graph: Graph;
  private readonly rules: RuleTable;
  private readonly view: MeshView;
  private readonly section: Section;
  private readonly pairs = new Map<Resource, readonly Computed<Outcome>[]>();
  /** Subjects whose pairs have not run yet. */
  private readonly fresh = new Set<Resource>();

  constructor(graph: Graph, rules: RuleTable, view: MeshView, section: Section) {
    this.graph = graph;
    this.rules = rules;
    this.view = view;
    this.section = section;
  }

  /** Takes subjects that came and went. The pairs of the others are left alone; those of new ones run in `starting`. */
  apply({ added, removed }: Difference): void {
    for (const subject of removed) {
      for (const pair of this.pairs.get(subject) ?? NO_PAIRS) pair.dispose();
      this.pairs.delete(subject);
      this.fresh.delete(subject);
      this.section.drop(subject);
    }
    for (const subject of added) {
      if (this.pairs.has(subject)) continue;
      if (!isFileSubject(subject) && mayCarrySuppression(subject)) this.section.noteCarrier(subject);
      if (this.rules.rulesFor(subject.kind).length === 0) continue;
      this.pairs.set(subject, NO_PAIRS);
      this.fresh.add(subject);
    }
  }

  /** Runs the pairs of new subjects, a subject a step; subjects may come and go in between. */
  *starting(): Generator<undefined, void, undefined> {
    for (const subject of this.fresh) {
      this.fresh.delete(subject);
      const pairs = this.started(subject);
      if (pairs.length > 0) this.pairs.set(subject, pairs);
      yield;
    }
  }

  dispose(): void {
    for (const pairs of this.pairs.values()) for (const pair of pairs) pair.dispose();
    this.pairs.clear();
    this.fresh.clear();
    this.section.close();
  }

  private started(subject: Resource): Computed<Outcome>[] {
    const kept: Computed<Outcome>[] = [];
    for (const rule of this.rules.rulesFor(subject.kind)) {
      if (rule.mentions !== undefined && !mayMention(subject, rule.mentions)) continue;
      const pair = this.graph.started(PAIR_RUNS, new Pair(rule, subject, this.view, this.section));
      if (pair !== undefined) kept.push(pair);
    }
    return kept;
  }
}

const NO_PAIRS: readonly Computed<Outcome>[] = [];

/** One rule on one subject. */
class Pair implements Query<Outcome> {
  private readonly rule: Rule;
  private readonly subject: Resource;
  private readonly view: MeshView;
  private readonly section: Section;

  constructor(rule: Rule, subject: Resource, view: MeshView, section: Section) {
    this.rule = rule;
    this.subject = subject;
    this.view = view;
    this.section = section;
  }

  compute(): Outcome {
    const { rule, subject, view } = this;
    try {
      const findings = Array.from(rule.check(subject, view), withPossibleFixes);
      return findings.length === 0 ? NOTHING_FOUND : { findings };
    } catch (error) {
      // One faulty rule must not take the others' findings away; the fault itself is reported beside them.
      return { findings: [], fault: { rule: rule.id, subject: subject.title, file: subject.file, error } };
    }
  }

  answered(outcome: Outcome): void {
    this.section.take(this.rule, this.subject, outcome);
  }
}

/** Leaves out fixes that turn out to have nothing to edit, so that nobody is offered one. */
function withPossibleFixes(finding: Finding): Finding {
  const fixes = finding.fixes?.filter((fix) => (fix.edits()?.length ?? 0) > 0);
  return fixes === undefined || fixes.length === finding.fixes?.length ? finding : { ...finding, fixes };
}
