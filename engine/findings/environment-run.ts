import type { Environments } from '../environments/environments';
import type { EnvironmentPlan } from '../environments/environment';
import type { Repository } from '../environments/repository';
import type { ResourceIndex } from '../environments/resource-index';
import type { Computed, Graph } from '../incremental/graph';
import type { MeshView } from '../mesh/view';
import type { Section } from './ledger';
import { Runner } from './runner';
import type { RuleTable } from './runner';

export interface EnvironmentRunOptions {
  readonly graph: Graph;
  readonly repository: Repository;
  readonly environments: Environments;
  readonly name: string;
  readonly rules: RuleTable;
  readonly index: ResourceIndex;
  readonly view: MeshView;
  readonly section: Section;
}

/** The one part of an environment that is built rather than read. */
const BUILD = '';

/** Keeps the resources of one environment, and what rules find on them, in step with the files. */
export class EnvironmentRun {
  readonly view: MeshView;
  private readonly runner: Runner;
  private readonly index: ResourceIndex;
  private readonly repository: Repository;
  private readonly environments: Environments;
  private readonly name: string;
  private readonly plan: Computed<EnvironmentPlan | undefined>;
  /** What was last arranged by. */
  private arranged: EnvironmentPlan | undefined;
  private files: ReadonlySet<string> = new Set();
  /** Files to be looked at again. */
  private readonly pending = new Set<string>();

  constructor(options: EnvironmentRunOptions) {
    const { graph, environments, name, rules, view, section } = options;
    this.view = view;
    this.index = options.index;
    this.repository = options.repository;
    this.environments = environments;
    this.name = name;
    this.runner = new Runner(graph, rules, view, section);
    this.plan = graph.computed('environment plan', () => environments.planNamed(name));
  }

  /** Takes note that a file's resources have changed. */
  note(path: string): void {
    if (this.files.has(path)) this.pending.add(path);
  }

  /** Brings the resources up to date, a file a step; files may change in between, which the next round sees. */
  *syncing(): Generator<undefined, void, undefined> {
    const plan = this.plan.get();
    if (plan === undefined) return;
    if (plan !== this.arranged) this.arrange(plan);
    if (plan.build !== undefined) {
      this.runner.apply(this.index.put({ name: BUILD, resources: this.environments.built(this.name) }));
      return;
    }
    for (const path of this.pending) {
      this.pending.delete(path);
      this.runner.apply(this.index.put({ name: path, resources: this.repository.peekResources(path) }));
      yield;
    }
  }

  /** See `Runner.prune`. */
  prune(): void {
    this.runner.prune();
  }

  dispose(): void {
    this.runner.dispose();
    this.plan.dispose();
  }

  private arrange(plan: EnvironmentPlan): void {
    const names = plan.build === undefined ? plan.files : [BUILD];
    const before = this.files;
    this.arranged = plan;
    this.files = new Set(names);
    this.runner.apply(this.index.arrange(names));
    for (const path of this.pending) if (!this.files.has(path)) this.pending.delete(path);
    if (plan.build === undefined) for (const path of this.files) if (!before.has(path)) this.pending.add(path);
  }
}
