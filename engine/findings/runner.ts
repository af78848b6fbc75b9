import type { Difference } from '../environments/resource-index';
import type { Computed, Graph, Query } from '../incremental/graph';
import { PAUSE } from '../incremental/pause';
import type { Pace } from '../incremental/pause';
import type { MeshView } from '../mesh/view';
import { isFileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';
import { isCustomWorkload, isWorkloadKind } from '../resources/workload';
import { onAssumption } from './custom-workload';
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

  /** Those for every resource of a kind. */
  rulesFor(kind: string): readonly Rule[] {
    return this.found(kind, isWorkloadKind(kind));
  }

  /** Those for one resource: its pod template may make a workload of it, whatever its kind. */
  rulesOf(subject: Resource): readonly Rule[] {
    return isCustomWorkload(subject) ? this.found(subject.kind, true) : this.rulesFor(subject.kind);
  }

  private found(kind: string, isWorkload: boolean): readonly Rule[] {
    const key = isWorkload ? `workload ${kind}` : kind;
    let found = this.byKind.get(key);
    if (found === undefined) {
      found = this.all.filter(({ kinds }) => kinds.includes(kind) || (isWorkload && kinds.includes('workload')));
      this.byKind.set(key, found);
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
  /** Subjects whose pairs have not all run yet, and how far each is. */
  private readonly fresh = new Map<Resource, Start>();

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
      const rules = this.rules.rulesOf(subject);
      if (rules.length === 0) continue;
      this.pairs.set(subject, NO_PAIRS);
      this.fresh.set(subject, { rules, next: 0 });
    }
  }

  /** Runs the pairs of new subjects, a subject a step, or less when a pause is due; subjects may come and go in between. */
  *starting(pace: Pace): Generator<undefined, void, undefined> {
    for (const [subject, start] of this.fresh) {
      while (this.fresh.get(subject) === start) {
        const rule = start.rules[start.next++];
        if (rule === undefined) this.fresh.delete(subject);
        else this.start(rule, subject, pace);
        if (pace.isDue()) yield;
      }
      yield;
    }
  }

  dispose(): void {
    for (const pairs of this.pairs.values()) for (const pair of pairs) pair.dispose();
    this.pairs.clear();
    this.fresh.clear();
    this.section.close();
  }

  private start(rule: Rule, subject: Resource, pace: Pace): void {
    if (rule.mentions !== undefined && !mayMention(subject, rule.mentions)) return;
    const pair = this.graph.started(PAIR_RUNS, new Pair(rule, subject, this.view, this.section), pace);
    // In one piece: an array that grows takes room for many more.
    if (pair !== undefined) this.pairs.set(subject, (this.pairs.get(subject) ?? NO_PAIRS).concat([pair]));
  }
}

/** How far a new subject is: the rules that ask about it, and which of them is next. */
interface Start {
  readonly rules: readonly Rule[];
  next: number;
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
      // Nearly all find nothing.
      let findings: Finding[] | undefined;
      for (const found of rule.check(subject, view)) {
        const finding = withPossibleFixes(found);
        (findings ??= []).push(isCustomWorkload(subject) ? onAssumption(finding, rule, subject) : finding);
      }
      return findings === undefined ? NOTHING_FOUND : { findings };
    } catch (error) {
      if (error === PAUSE) throw error;
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
