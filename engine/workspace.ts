import ignore from 'ignore';
import { CONFIGURATION_FILE, NO_CONFIGURATION } from './configuration/configuration';
import type { Configuration } from './configuration/configuration';
import { readConfiguration } from './configuration/read';
import type { ConfigurationProblem } from './configuration/read';
import { decideEnvironment } from './decision/environment-verdict';
import type { EnvironmentVerdict } from './decision/environment-verdict';
import { pickLeading } from './decision/verdict';
import type { Environment } from './environments/environment';
import { Environments } from './environments/environments';
import { kustomizationIn, patchFilesOf, referencesOf } from './environments/kustomize/kustomization';
import { baseNameOf } from './environments/paths';
import { Repository } from './environments/repository';
import { explainAt } from './explain/at';
import type { Explained } from './explain/at';
import { lensesOf } from './explain/lenses';
import type { Lens } from './explain/lenses';
import { mapExplained, mapLens } from './explain/places';
import { Collector } from './findings/collect';
import type { LocatedFinding } from './findings/collect';
import { unusedSuppressionFindings } from './findings/unused';
import type { Location, Report, ReportedEnvironment, ReportedVerdict, Severity } from './findings/report';
import { FAMILIES } from './findings/rule';
import type { Rule } from './findings/rule';
import { Runner, RuleTable } from './findings/runner';
import type { Fault, PairResult } from './findings/runner';
import { Graph } from './incremental/graph';
import type { Computed } from './incremental/graph';
import { MeshView } from './mesh/view';
import { ANY_FILE, fileKindOf, fileSubject, isYamlFile, unreadFileSubject } from './resources/file-subject';
import type { Resource } from './resources/resource';
import { mapEvidence, summarise } from './summary/summary';
import type { EnvironmentSummary } from './summary/summary';
import type { Place } from './yaml/tree';

export type Wanted = 'text' | 'name' | 'nothing';

export interface WorkspaceOptions {
  readonly rules: readonly Rule[];
  /** The clock is an input: rules about the age of releases compare with it. */
  readonly now: Date;
}

/** What keeps one environment's findings current. */
interface EnvironmentRun {
  readonly environment: Computed<Environment>;
  readonly view: MeshView;
  readonly runner: Runner;
  /** Neither of the two is watched: they run when somebody looks. */
  readonly verdict: Computed<EnvironmentVerdict>;
  readonly summary: Computed<EnvironmentSummary<Place>>;
}

/**
 * The front door: files in, findings and verdicts out, kept current incrementally. Paths are relative to the repository root, with `/`.
 * After any sequence of edits the answers equal those of a fresh workspace with the same files.
 */
export class Workspace {
  readonly graph = new Graph();
  readonly repository = new Repository(this.graph);
  private readonly table: RuleTable;
  private readonly ruleNames: ReadonlySet<string>;
  private readonly configured: Computed<{ configuration: Configuration; problems: readonly ConfigurationProblem[] }>;
  private readonly environments: Environments;
  private readonly plans: Computed<readonly string[]>;
  private readonly runs = new Map<string, EnvironmentRun>();
  /** What kustomizations name, manifest or not. */
  private readonly named: Computed<ReadonlySet<string>>;
  private readonly fileSubjects: Computed<readonly Resource[]>;
  private readonly fileRunner: Runner;
  private overrides: ReadonlyMap<string, Severity | 'off'> = new Map();

  constructor({ rules }: WorkspaceOptions) {
    this.table = new RuleTable(rules);
    this.ruleNames = new Set<string>([...FAMILIES, ...rules.map((rule) => rule.id)]);
    this.configured = this.graph.watched('configuration', () => this.readConfiguration());
    const configuration = (): Configuration => this.configured.get().configuration;
    this.environments = new Environments(this.graph, this.repository, configuration);
    this.plans = this.graph.watched('environment names', () => this.environments.plans().map((plan) => plan.name));
    this.named = this.graph.computed('named by kustomizations', () => this.namedByKustomizations());
    const subjectsOf = this.graph.family('file.subjects', (path: string) => this.subjectsOfFile(path));
    const unread = this.graph.family('file.unread', unreadFileSubject);
    this.fileSubjects = this.graph.watched('file subjects', () => [
      ...this.repository.paths().flatMap(subjectsOf),
      ...[...this.repository.tooLarge().keys()].sort().map(unread),
    ]);
    this.fileRunner = new Runner(
      this.graph,
      this.table,
      this.viewOf(() => NO_ENVIRONMENT),
    );
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
  accepts(path: string, text: string): boolean {
    const name = baseNameOf(path);
    if (fileKindOf(name) !== undefined || name === 'CODEOWNERS') return true;
    return looksLikeManifest(text) || this.named.get().has(path);
  }

  /** Adds a file or replaces its text. */
  set(path: string, text: string): void {
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

  /** Severities by rule id or family that hold where the repository's own configuration says nothing: an editor's settings. */
  setOverrides(overrides: ReadonlyMap<string, Severity | 'off'>): void {
    this.overrides = overrides;
  }

  /** Every finding, sorted by file and place. */
  findings(): readonly LocatedFinding[] {
    this.settle();
    const collector = this.collector();
    const views = [...this.runs.values()].map(({ environment, runner }) => ({
      environment: environment.get(),
      results: [...runner.results()],
    }));
    const files: { environment: undefined; results: PairResult[] } = {
      environment: undefined,
      results: [...this.fileRunner.results()],
    };
    const found = collector.collect([...views, files]);
    const unused = unusedSuppressionFindings(collector, this.table.all, this.repository.paths());
    return [...found, ...unused].sort(byPlace);
  }

  /** Rules that threw, with what they threw: faults of ours, never of the manifests. */
  faults(): readonly Fault[] {
    this.settle();
    const results = [...this.runs.values()].flatMap(({ runner }) => [...runner.results()]);
    return [...results, ...this.fileRunner.results()].flatMap(({ fault }) => fault ?? []);
  }

  /** The view of an environment, for hovers and explanations; undefined when there is none of that name. */
  view(environment: string): MeshView | undefined {
    this.settle();
    return this.runs.get(environment)?.view;
  }

  environmentNames(): readonly string[] {
    this.settle();
    return [...this.runs.keys()];
  }

  /**
   * Everything as `--format json` prints it.
   * @param options `only`: findings of these files alone
   */
  report(options: { readonly only?: readonly string[] } = {}): Report {
    const only = options.only === undefined ? undefined : new Set(options.only);
    const findings = this.findings().map(({ reported }) => reported);
    const verdicts = this.verdicts();
    const paths = this.repository.paths();
    const manifests = paths.flatMap((path) => this.repository.peekManifest(path) ?? []);
    return {
      version: 1,
      findings: only === undefined ? findings : findings.filter(({ file }) => only.has(file)),
      environments: [...this.runs.values()].map(({ environment }) => reportEnvironment(environment.get())),
      verdict: verdicts.leading ?? null,
      verdicts: verdicts.others,
      stats: {
        files: paths.length,
        skipped: 0,
        documents: manifests.reduce((sum, manifest) => sum + manifest.documents.length, 0),
        resources: paths.reduce((sum, path) => sum + this.repository.resources(path).length, 0),
        milliseconds: 0,
      },
    };
  }

  /** The repository's verdict, that of its leading environment, and the others'. */
  verdicts(): { readonly leading: ReportedVerdict | undefined; readonly others: readonly ReportedVerdict[] } {
    this.settle();
    const collector = this.collector();
    const all = [...this.runs.values()].map(({ environment, verdict }) => ({
      name: environment.get().plan.name,
      production: environment.get().plan.production,
      services: verdict.get().services,
      verdict: verdict.get(),
    }));
    const leading = pickLeading(all);
    return {
      leading: leading?.verdict.report(leading.name, (place) => collector.location(place)),
      others: all
        .filter((one) => one !== leading)
        .map(({ name, verdict }) => verdict.report(name, (place) => collector.location(place))),
    };
  }

  /**
   * Does what an answer would have to do first, in small steps, so that a server can do other work between two. Files may change in
   * between: what is left then is done by the next answer, or by another round.
   */
  *settling(): Generator<undefined, void, undefined> {
    this.startRuns();
    for (const [name, run] of [...this.runs]) {
      yield;
      // An answer that was given in between may have ended it.
      if (this.runs.get(name) === run) run.runner.sync(run.environment.get().resources);
    }
    yield;
    this.fileRunner.sync(this.fileSubjects.get());
    for (let cell = this.graph.takeOneStale(); cell !== undefined; cell = this.graph.takeOneStale()) {
      cell.refresh();
      yield;
    }
  }

  /** What the manifests of an environment say at a glance; undefined when there is none of that name. */
  summary(environment: string): EnvironmentSummary<Location> | undefined {
    this.settle();
    const run = this.runs.get(environment);
    if (run === undefined) return undefined;
    const collector = this.collector();
    return mapEvidence(run.summary.get(), (place) => collector.location(place));
  }

  /** What the text at an offset of a file does, in every environment; undefined where there is nothing to say. */
  explain(file: string, offset: number): Explained<Location> | undefined {
    const explained = this.asked('explanation', (views) => explainAt(file, offset, views, this.repository));
    const collector = this.collector();
    return explained && mapExplained(explained, (place) => collector.location(place));
  }

  /** A few words above each workload and Service of a file, from top to bottom. */
  lenses(file: string): readonly Lens<Location>[] {
    const collector = this.collector();
    return this.asked('lenses', (views) => lensesOf(file, views)).map((lens) =>
      mapLens(lens, (place) => collector.location(place)),
    );
  }

  /** Asks in a cell of its own, so that queries which nobody else holds run once a question rather than once a call. */
  private asked<T>(label: string, question: (views: readonly MeshView[]) => T): T {
    this.settle();
    const cell = this.graph.computed(label, () => question([...this.runs.values()].map(({ view }) => view)));
    try {
      return cell.get();
    } finally {
      cell.dispose();
    }
  }

  private settle(): void {
    this.startRuns();
    for (const run of this.runs.values()) run.runner.sync(run.environment.get().resources);
    this.fileRunner.sync(this.fileSubjects.get());
    for (const cell of this.graph.takeStale()) cell.refresh();
  }

  private startRuns(): void {
    const names = this.plans.get();
    for (const [name, run] of this.runs) if (!names.includes(name)) this.endRun(name, run);
    const runs = names.map((name) => [name, this.runs.get(name) ?? this.startRun(name)] as const);
    // Kept in the order of names, whichever came first: merged findings take message and resource from the first environment.
    this.runs.clear();
    for (const [name, run] of runs) this.runs.set(name, run);
  }

  private startRun(name: string): EnvironmentRun {
    const environment = this.graph.watched('environment current', () => this.environments.environment(name));
    const view = this.viewOf(() => environment.get());
    const runner = new Runner(this.graph, this.table, view);
    const verdict = this.graph.computed('verdict', () => decideEnvironment(view));
    const summary = this.graph.computed('summary', () => summarise(view));
    return { environment, view, runner, verdict, summary };
  }

  private endRun(name: string, run: EnvironmentRun): void {
    run.runner.dispose();
    run.verdict.dispose();
    run.summary.dispose();
    run.environment.dispose();
    this.runs.delete(name);
  }

  private collector(): Collector {
    return new Collector(this.repository, this.configured.get().configuration, this.overrides);
  }

  private viewOf(environment: () => Environment): MeshView {
    return new MeshView({
      graph: this.graph,
      environment,
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

  private subjectsOfFile(path: string): readonly Resource[] {
    const manifest = this.repository.manifest(path);
    const first = manifest?.documents[0];
    if (manifest === undefined || first === undefined) return [];
    const kind = fileKindOf(baseNameOf(path));
    const subjects = [fileSubject(ANY_FILE, first)];
    return kind === undefined ? subjects : [...subjects, ...manifest.documents.map((document) => fileSubject(kind, document))];
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

const NO_ENVIRONMENT: Environment = {
  plan: { name: '', kind: 'folder', root: '', files: [], build: undefined, complete: false, production: false },
  resources: [],
  files: [],
  partial: [],
};

/** An `apiVersion` and a `kind`, at the start of a line or of an entry in flow style: a sniff, not a parse. */
function looksLikeManifest(text: string): boolean {
  return (
    /(?:^|[{,])[\uFEFF \t-]*["']?apiVersion["']?[ \t]*:/m.test(text) && /(?:^|[{,])[\uFEFF \t-]*["']?kind["']?[ \t]*:/m.test(text)
  );
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  if (a.reported.file !== b.reported.file) return a.reported.file < b.reported.file ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

function reportEnvironment({ plan, resources, files, partial }: Environment): ReportedEnvironment {
  return { name: plan.name, kind: plan.kind, root: plan.root, files: files.length, resources: resources.length, partial };
}
