import type { Environments } from '../environments/environments';
import { isBuilt } from '../environments/environment';
import type { EnvironmentPlan, EnvironmentScope } from '../environments/environment';
import type { Repository } from '../environments/repository';
import { ResourceIndex } from '../environments/resource-index';
import type { Computed, Graph, Input } from '../incremental/graph';
import type { Pace } from '../incremental/pause';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Section } from './ledger';
import { Runner } from './runner';
import type { RuleTable } from './runner';

export interface EnvironmentRunOptions {
  readonly graph: Graph;
  readonly repository: Repository;
  readonly environments: Environments;
  readonly name: string;
  readonly rules: RuleTable;
  readonly section: Section;
  /** Makes the view of what this run keeps. */
  readonly viewOf: (sources: EnvironmentSources) => MeshView;
}

/** What of an environment its view reads, kept in step by a run. */
export interface EnvironmentSources {
  readonly index: ResourceIndex;
  readonly scope: () => EnvironmentScope;
  /** Whether the files show everything the cluster holds. */
  readonly complete: () => boolean;
}

/** The one part of an environment that is built rather than read. */
const BUILD = '';

/** So many new resources are taken at a step. */
const MOST_AT_ONCE = 500;

/** Keeps the resources of one environment, and what rules find on them, in step with the files. */
export class EnvironmentRun {
  readonly view: MeshView;
  private readonly runner: Runner;
  private readonly index: ResourceIndex;
  private readonly repository: Repository;
  private readonly environments: Environments;
  private readonly name: string;
  private readonly current: Computed<EnvironmentScope>;
  /** Inputs rather than queries: nearly everything reads them, and an edit that may change them hardly ever does. */
  private readonly scope: Input<EnvironmentScope>;
  private readonly complete: Input<boolean>;
  /** What was last arranged by. */
  private arranged: EnvironmentPlan | undefined;
  private files: ReadonlySet<string> = new Set();
  /** Parts to be looked at again; one that is large comes in by steps. */
  private readonly pending = new Set<string>();

  constructor(options: EnvironmentRunOptions) {
    const { graph, environments, name, rules, section } = options;
    this.index = new ResourceIndex(graph);
    this.repository = options.repository;
    this.environments = environments;
    this.name = name;
    this.current = graph.computed('environment current', () => environments.scope(name));
    this.scope = graph.input(this.current.get());
    this.complete = graph.input(this.scope.peek().plan.complete);
    this.view = options.viewOf({ index: this.index, scope: () => this.scope.get(), complete: () => this.complete.get() });
    this.runner = new Runner(graph, rules, this.view, section);
  }

  /** Takes note that a file's resources have changed. */
  note(path: string): void {
    if (this.files.has(path)) this.pending.add(path);
  }

  /**
   * Brings the resources up to date, a file a step, or some of its resources; files may change in between, which the next round sees. What is
   * half done stays to be done: somebody else may do it meanwhile.
   */
  *syncing(): Generator<undefined, void, undefined> {
    const scope = this.current.get();
    const { plan } = scope;
    this.scope.set(scope);
    this.complete.set(plan.complete);
    if (plan !== this.arranged) this.arrange(plan);
    if (isBuilt(plan)) this.pending.add(BUILD);
    for (const name of this.pending) {
      while (this.pending.has(name)) {
        const part = { name, resources: this.resourcesOf(name) };
        this.runner.apply(this.index.put(part, MOST_AT_ONCE));
        if (this.index.isPut(part)) this.pending.delete(name);
        yield;
      }
    }
  }

  private resourcesOf(name: string): readonly Resource[] {
    return name === BUILD ? this.environments.built(this.name) : this.repository.peekResources(name);
  }

  /** See `Runner.starting`. */
  starting(pace: Pace): Generator<undefined, void, undefined> {
    return this.runner.starting(pace);
  }

  dispose(): void {
    this.pending.clear();
    this.runner.dispose();
    this.current.dispose();
  }

  private arrange(plan: EnvironmentPlan): void {
    const names = isBuilt(plan) ? [BUILD] : plan.files;
    const before = this.files;
    this.arranged = plan;
    this.files = new Set(names);
    this.runner.apply(this.index.arrange(names));
    for (const path of this.pending) if (!this.files.has(path)) this.pending.delete(path);
    if (!isBuilt(plan)) for (const path of this.files) if (!before.has(path)) this.pending.add(path);
  }
}
