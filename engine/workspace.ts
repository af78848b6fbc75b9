import ignore from 'ignore';
import { CONFIGURATION_FILE, NO_CONFIGURATION } from './configuration/configuration';
import type { Configuration } from './configuration/configuration';
import { readConfiguration } from './configuration/read';
import type { ConfigurationProblem } from './configuration/read';
import { NOWHERE } from './environments/environment';
import { Environments } from './environments/environments';
import { kustomizationIn, patchFilesOf, referencesOf } from './environments/kustomize/kustomization';
import { baseNameOf } from './environments/paths';
import { Repository } from './environments/repository';
import { ResourceIndex } from './environments/resource-index';
import type { LocatedFinding, Showing } from './findings/collect';
import { EnvironmentRun } from './findings/environment-run';
import type { EnvironmentSources } from './findings/environment-run';
import { FileRun } from './findings/file-run';
import { Ledger } from './findings/ledger';
import type { Fault } from './findings/outcome';
import { locationOf } from './findings/places';
import type { Location, Severity } from './findings/report';
import { FAMILIES } from './findings/rule';
import type { Rule } from './findings/rule';
import { Runner, RuleTable } from './findings/runner';
import { Graph } from './incremental/graph';
import type { Computed } from './incremental/graph';
import { AT_ONCE } from './incremental/pause';
import type { Pace } from './incremental/pause';
import { MeshView } from './mesh/view';
import { fileKindOf, isYamlFile } from './resources/file-subject';
import { looksLikeManifest } from './resources/sniff';
import type { FileText } from './yaml/pieces';
import type { Place } from './yaml/tree';

export type { Pace } from './incremental/pause';

export type Wanted = 'text' | 'name' | 'nothing';

export interface WorkspaceOptions {
  readonly rules: readonly Rule[];
  /** The clock is an input: rules about the age of releases compare with it. */
  readonly now: Date;
}

/** What keeps one environment's findings current, and what else was asked of it. */
interface EnvironmentEntry {
  readonly run: EnvironmentRun;
  /** By label. None is watched: they run when somebody looks. */
  readonly answers: Map<string, Computed<unknown>>;
}

/**
 * The front door: files in, findings out, kept current incrementally. Paths are relative to the repository root, with `/`.
 * After any sequence of edits the answers equal those of a fresh workspace with the same files.
 *
 * What is asked only when somebody looks (verdicts, summaries, explanations) stands in `answers/`, and asks with `ask` and `recall`: the
 * workspace knows none of it.
 */
export class Workspace {
  readonly graph = new Graph();
  readonly repository = new Repository(this.graph);
  private readonly table: RuleTable;
  private readonly ruleNames: ReadonlySet<string>;
  private readonly configured: Computed<{ configuration: Configuration; problems: readonly ConfigurationProblem[] }>;
  private readonly environments: Environments;
  private readonly plans: Computed<readonly string[]>;
  private readonly ledger: Ledger;
  private readonly runs = new Map<string, EnvironmentEntry>();
  /** What kustomizations name, manifest or not. */
  private readonly named: Computed<ReadonlySet<string>>;
  private readonly files: FileRun;
  /** The files as parts, whichever environment they belong to; made when a rule first asks, which in many repositories none does. */
  private everywhere: ResourceIndex | undefined;
  private paths: readonly string[] = [];
  /** Files whose changes nobody has been told of yet. */
  private readonly changed = new Set<string>();
  private overrides: ReadonlyMap<string, Severity | 'off'> = new Map();
  private settledAt = -1;

  constructor({ rules }: WorkspaceOptions) {
    this.table = new RuleTable(rules);
    this.ruleNames = new Set<string>([...FAMILIES, ...rules.map((rule) => rule.id)]);
    this.configured = this.graph.watched('configuration', {
      compute: () => this.readConfiguration(),
      answered: () => {
        this.ledger.showingChanged();
      },
    });
    const configuration = (): Configuration => this.configured.get().configuration;
    this.environments = new Environments(this.graph, this.repository, configuration);
    this.plans = this.graph.computed('environment names', () => this.environments.plans().map((plan) => plan.name));
    this.named = this.graph.computed('named by kustomizations', () => this.namedByKustomizations());
    this.ledger = new Ledger(rules, () => this.showing());
    const view = this.viewOf({ index: new ResourceIndex(this.graph), scope: () => NOWHERE, complete: () => false });
    this.files = new FileRun(this.repository, new Runner(this.graph, this.table, view, this.ledger.open(undefined)));
  }

  /** What of a path is wanted, by its name alone. */
  wants(path: string): Wanted {
    const name = baseNameOf(path);
    if (this.isIgnored(path)) return 'name';
    return isYamlFile(name) || name === 'CODEOWNERS' ? 'text' : 'name';
  }

  /**
   * Whether a text is to be handed in: files that the contract names are, others when they look like Kubernetes objects, and what a
   * kustomization names in any case. Before all paths are known the last is not; ask again at the end.
   */
  accepts(path: string, text: FileText): boolean {
    const name = baseNameOf(path);
    if (fileKindOf(name) !== undefined || name === 'CODEOWNERS') return true;
    return looksLikeManifest(text) || this.named.get().has(path) || this.environments.reads(path);
  }

  /** Reads a new file ahead of `set`, a document a step. Another file may come in between; the text must be the one that is set then. */
  reading(path: string, text: string): Iterable<undefined> {
    return this.repository.readingAhead(path, text);
  }

  /** Adds a file or replaces its text. */
  set(path: string, text: FileText): void {
    this.repository.setText(path, text);
  }

  /** Notes that a path exists without its text. */
  name(path: string): void {
    this.repository.addName(path);
  }

  tooLarge(path: string, bytes: number, limit: number): void {
    this.repository.addTooLarge(path, { bytes, limit });
  }

  remove(path: string): void {
    this.repository.remove(path);
  }

  /** The addresses of the repository's remotes, as git has them: they tell it from others that manifests name. */
  setRemotes(urls: readonly string[]): void {
    this.repository.setRemotes(urls);
  }

  /** Severities by rule id or family that hold where the repository's own configuration says nothing: an editor's settings. */
  setOverrides(overrides: ReadonlyMap<string, Severity | 'off'>): void {
    this.overrides = overrides;
    this.ledger.showingChanged();
  }

  /** Every finding, sorted by file and place. */
  findings(): readonly LocatedFinding[] {
    this.settle();
    return this.ledger.files().flatMap((file) => this.ledger.of(file));
  }

  /** The findings of one file, sorted by place; what stands in other files is not looked at. */
  findingsIn(file: string): readonly LocatedFinding[] {
    this.settle();
    return this.ledger.of(file);
  }

  /** The files that may have findings, sorted; which of them do is seen when they are asked for. */
  filesWithFindings(): readonly string[] {
    this.settle();
    return this.ledger.candidates();
  }

  /** The files whose findings may have changed since an earlier `findingsTime`. */
  filesChangedSince(time: number): readonly string[] {
    this.settle();
    return this.ledger.changedSince(time);
  }

  /** A time to ask `filesChangedSince` with later. */
  get findingsTime(): number {
    this.settle();
    return this.ledger.time;
  }

  /** Rules that threw, with what they threw: faults of ours, never of the manifests. */
  faults(): readonly Fault[] {
    this.settle();
    return this.ledger.faults();
  }

  environmentNames(): readonly string[] {
    this.settle();
    return [...this.runs.keys()];
  }

  /** The view of an environment; undefined when there is none of that name. */
  view(environment: string): MeshView | undefined {
    this.settle();
    return this.runs.get(environment)?.run.view;
  }

  /** The views of all environments, in the order of their names. */
  views(): readonly MeshView[] {
    this.settle();
    return [...this.runs.values()].map(({ run }) => run.view);
  }

  /** Asks in a cell of its own, so that queries which nobody else holds run once a question rather than once a call. */
  ask<T>(label: string, question: (views: readonly MeshView[]) => T): T {
    const views = this.views();
    const cell = this.graph.computed(label, () => question(views));
    try {
      return cell.get();
    } finally {
      cell.dispose();
    }
  }

  /**
   * Asks one environment, and again only when something that the answer rests on has changed; undefined when there is none of that name.
   * @param label names the question: the same one must not be asked under two names, nor two under one
   */
  recall<T>(label: string, environment: string, question: (view: MeshView) => T): T | undefined {
    return this.recalled(label, environment, question)?.get();
  }

  /** Works out in attempts what `recall` of the same then only looks up, unless files have changed meanwhile. */
  *recalling(
    label: string,
    environment: string,
    question: (view: MeshView) => unknown,
    pace: Pace,
  ): Generator<undefined, void, undefined> {
    const cell = this.recalled(label, environment, question);
    if (cell !== undefined) yield* this.graph.refreshing(cell, pace);
  }

  private recalled<T>(label: string, environment: string, question: (view: MeshView) => T): Computed<T> | undefined {
    this.settle();
    const entry = this.runs.get(environment);
    if (entry === undefined) return undefined;
    let cell = entry.answers.get(label) as Computed<T> | undefined;
    if (cell === undefined) {
      cell = this.graph.computed(label, () => question(entry.run.view));
      entry.answers.set(label, cell);
    }
    return cell;
  }

  /** Where a place stands in its file, as of now. */
  location(place: Place): Location {
    return locationOf(this.repository, place);
  }

  /**
   * Does what an answer would have to do first, in small steps, so that a server can do other work between two. Files may change in
   * between: what is left then is done by the next answer, or by another round.
   */
  *settling(pace = AT_ONCE): Generator<undefined, void, undefined> {
    yield* this.environments.building(pace);
    yield* this.graph.refreshing(this.plans, pace);
    yield;
    this.startRuns();
    yield;
    yield* this.passOnChanges();
    for (const [name, entry] of [...this.runs]) {
      yield;
      // It may have come to its end in between.
      if (this.runs.get(name) === entry) yield* entry.run.syncing();
    }
    yield* this.files.syncing();
    for (const { run } of [...this.runs.values()]) yield* run.starting(pace);
    yield* this.files.starting(pace);
    yield* this.graph.refreshingStale(pace);
  }

  /**
   * Lets go of the trees of documents, a file a step, for when nobody asks for a while: whatever is asked next parses what it needs.
   * @param isKept whether a file's trees stay, such as those of a document that somebody has open
   * @returns something that is collected no sooner than the trees are; then `sweeping` has something to free
   */
  *resting(isKept: (path: string) => boolean): Generator<undefined, object | undefined, undefined> {
    let witness: object | undefined;
    for (const path of this.repository.peekPaths()) {
      if (isKept(path)) continue;
      for (const document of this.repository.peekManifest(path)?.documents ?? []) witness = document.rest() ?? witness;
      yield;
    }
    return witness;
  }

  /** Frees what was kept of trees at rest until their nodes were collected, a file a step. */
  *sweeping(): Generator<undefined, void, undefined> {
    for (const path of this.repository.peekPaths()) {
      for (const document of this.repository.peekManifest(path)?.documents ?? []) document.sweep();
      yield;
    }
  }

  private settle(): void {
    // What is asked of many files, one after the other, is not to look through all environments each time.
    if (this.settledAt === this.graph.time) return;
    for (const steps = this.settling(); steps.next().done !== true;);
    this.settledAt = this.graph.time;
  }

  private startRuns(): void {
    const names = this.plans.get();
    const now = new Set(names);
    for (const [name, entry] of this.runs) if (!now.has(name)) this.endRun(name, entry);
    const runs = names.map((name) => [name, this.runs.get(name) ?? this.startRun(name)] as const);
    // Kept in the order of names, whichever came first.
    this.runs.clear();
    for (const [name, run] of runs) this.runs.set(name, run);
  }

  private startRun(name: string): EnvironmentEntry {
    const { graph, repository, environments, table: rules } = this;
    const section = this.ledger.open(name);
    const viewOf = (sources: EnvironmentSources): MeshView => this.viewOf(sources);
    const run = new EnvironmentRun({ graph, repository, environments, name, rules, section, viewOf });
    return { run, answers: new Map() };
  }

  private endRun(name: string, { run, answers }: EnvironmentEntry): void {
    run.dispose();
    for (const answer of answers.values()) answer.dispose();
    this.runs.delete(name);
  }

  /** Tells whoever keeps something by file which files have changed, a file a step. */
  private *passOnChanges(): Generator<undefined, void, undefined> {
    for (const path of this.repository.takeChanged()) this.changed.add(path);
    if (this.everywhere !== undefined && this.paths !== this.repository.peekPaths()) this.arrange(this.everywhere);
    for (const path of this.changed) {
      this.changed.delete(path);
      if (this.repository.peekManifest(path) !== undefined)
        this.everywhere?.put({ name: path, resources: this.repository.peekResources(path) });
      this.ledger.textChanged(path);
      this.files.note(path);
      for (const { run } of this.runs.values()) run.note(path);
      yield;
    }
  }

  private indexEverything(): ResourceIndex {
    if (this.everywhere === undefined) {
      this.everywhere = new ResourceIndex(this.graph);
      this.arrange(this.everywhere);
      for (const path of this.paths) this.everywhere.put({ name: path, resources: this.repository.peekResources(path) });
    }
    return this.everywhere;
  }

  private arrange(index: ResourceIndex): void {
    this.paths = this.repository.peekPaths();
    index.arrange(this.paths);
  }

  private showing(): Showing {
    return { repository: this.repository, configuration: this.configured.get().configuration, overrides: this.overrides };
  }

  private viewOf(sources: EnvironmentSources): MeshView {
    return new MeshView({
      ...sources,
      everywhere: () => this.indexEverything(),
      graph: this.graph,
      configuration: () => this.configured.get().configuration,
      configurationProblems: () => this.configured.get().problems,
      repository: this.repository,
      kustomizeProblems: (directory) => this.environments.kustomizeProblems(directory),
    });
  }

  private readConfiguration(): { configuration: Configuration; problems: readonly ConfigurationProblem[] } {
    const manifest = this.repository.manifest(CONFIGURATION_FILE);
    const document = manifest?.documents.find((candidate) => candidate.root !== undefined);
    if (document === undefined) return { configuration: NO_CONFIGURATION, problems: [] };
    return readConfiguration(document.root, this.ruleNames);
  }

  private isIgnored(path: string): boolean {
    const patterns = this.configured.get().configuration.ignore;
    return (
      patterns.length > 0 &&
      path !== CONFIGURATION_FILE &&
      ignore()
        .add([...patterns])
        .ignores(path)
    );
  }

  private namedByKustomizations(): ReadonlySet<string> {
    const named = new Set<string>();
    for (const directory of this.environments.kustomizations()) {
      const kustomization = kustomizationIn(this.repository, directory);
      if (kustomization === undefined) continue;
      for (const path of patchFilesOf(kustomization)) named.add(path);
      for (const reference of referencesOf(this.repository, kustomization))
        if (reference.to === 'file') named.add(reference.path);
    }
    return named;
  }
}
