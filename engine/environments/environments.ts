import ignore from 'ignore';
import type { Configuration, ConfiguredEnvironment } from '../configuration/configuration';
import type { Computed, Graph } from '../incremental/graph';
import type { Pace } from '../incremental/pause';
import type { Resource } from '../resources/resource';
import { deliveriesOf } from './deliveries';
import type { Deliveries } from './deliveries';
import { looksLikeProduction, NOWHERE, UNRENDERED } from './environment';
import type { EnvironmentPlan, EnvironmentScope } from './environment';
import { groupByFolder } from './folders';
import type { FolderGroup, LooseFile } from './folders';
import type { Landed } from './gitops/gitops';
import { DEPLOYING_KINDS } from './kind-paths';
import { KustomizeBuilder } from './kustomize/build';
import { KUSTOMIZATION_FILES, kustomizationIn, patchFilesOf, referencesOf } from './kustomize/kustomization';
import type { KustomizeProblem } from './kustomize/kustomization';
import { ancestorsOf, baseNameOf, directoryOf, isInside, pathsInside, shortestUniqueNames } from './paths';
import type { Repository } from './repository';

/** Finds the environments of a repository and builds them; every answer is a recorded query. */
export class Environments {
  /** The plans, sorted by name; those without resources are not listed. */
  readonly plans: () => readonly EnvironmentPlan[];
  /** A plan by its name; undefined when there is none. */
  readonly planNamed: (name: string) => EnvironmentPlan | undefined;
  /** What is to be said of an environment besides its resources, by its plan's name. */
  readonly scope: (name: string) => EnvironmentScope;
  /** What keeps the kustomization in a directory from being built as written. */
  readonly kustomizeProblems: (directory: string) => readonly KustomizeProblem[];
  /** The directories that hold a kustomization. */
  readonly kustomizations: () => readonly string[];
  /** Whether a file decides which environments there are, manifest or not. */
  readonly reads: (path: string) => boolean;

  /** Undefined for a directory without a kustomization. */
  private readonly isComponent: (directory: string) => boolean | undefined;
  private readonly usedByKustomize: () => ReadonlySet<string>;
  private readonly repository: Repository;
  private readonly configuration: () => Configuration;
  private readonly builder: KustomizeBuilder;
  private readonly graph: Graph;
  private madeDeliveries: Deliveries | undefined;
  /** The directories to build, each once, and what keeps the builds from being forgotten before a plan asks for them. */
  private readonly roots: Computed<readonly string[]>;
  private readonly kept = new Map<string, Computed<boolean>>();
  private readonly landed: (name: string) => Landed;

  constructor(graph: Graph, repository: Repository, configuration: () => Configuration) {
    this.repository = repository;
    this.configuration = configuration;
    const builder = new KustomizeBuilder(graph, repository);
    this.builder = builder;
    this.graph = graph;
    this.reads = (path) => this.hasDeployers() && this.deliveries.gitops.reads(path);
    this.isComponent = graph.family(
      'kustomization.isComponent',
      (directory: string) => kustomizationIn(repository, directory)?.isComponent,
    );
    const kustomizations = graph.computed('kustomizations', () =>
      repository
        .paths()
        .filter((path) => KUSTOMIZATION_FILES.includes(baseNameOf(path)))
        .map(directoryOf)
        .filter((directory) => this.isComponent(directory) !== undefined),
    );
    this.kustomizations = () => kustomizations.get();
    this.roots = graph.computed('kustomize.roots', () => this.kustomizeRoots());
    const usedFiles = graph.family('kustomize.filesOf', (directory: string) => this.filesUsedIn(directory));
    const used = graph.computed('kustomize.usedFiles', () => new Set(this.kustomizations().flatMap(usedFiles)));
    this.usedByKustomize = () => used.get();
    // In pieces: planning pauses between two of them.
    const claims = graph.computed('plans.claims', () => this.claim());
    const loose = graph.family('plans.loose', (stretch: number) => this.looseFiles(stretch, claims.get().claimed));
    const folders = graph.computed('plans.folders', () => {
      const stretches = Array.from({ length: Math.ceil(repository.paths().length / STRETCH) }, (_, i) => loose(i));
      return graph.whole(() => groupByFolder(stretches.flat()));
    });
    const plans = graph.computed('plans', () => this.plan(claims.get(), folders.get()));
    const allPlans = graph.computed('plans.filled', () => plans.get().filter((plan) => this.holdsResources(plan)));
    this.plans = () => allPlans.get();
    const byName = graph.computed('plans.byName', () => new Map(plans.get().map((plan) => [plan.name, plan])));
    this.planNamed = graph.family('plan', (name: string) => byName.get().get(name));
    this.landed = graph.family('environment.landed', (name: string) => {
      const delivered = this.planNamed(name)?.delivered;
      return delivered === undefined ? NOTHING : this.deliveries.gitops.landed(delivered);
    });
    this.scope = graph.family('environment.scope', (name: string) => {
      const plan = this.planNamed(name);
      return plan === undefined ? NOWHERE : this.scopeOf(plan);
    });
    this.kustomizeProblems = graph.family('kustomize.problems', (directory: string) => this.problemsIn(directory));
  }

  /** A component is built by whoever lists it: what is wrong in its file comes up there. */
  private problemsIn(directory: string): KustomizeProblem[] {
    const kustomization = kustomizationIn(this.repository, directory);
    if (kustomization === undefined) return [];
    const builds = kustomization.isComponent ? this.usersOf(directory) : [directory];
    const problems = builds.flatMap((user) => this.builder.build(user).problems);
    return problems.filter(({ place }) => place.node.source.file === kustomization.file);
  }

  /** The kustomizations that list a component, directly or by way of another component. */
  private usersOf(component: string): string[] {
    const users = new Set<string>();
    const open = [component];
    const seen = new Set(open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const directory of this.kustomizations()) {
        if (seen.has(directory) || !this.builder.usedDirectories(directory).includes(next)) continue;
        seen.add(directory);
        if (this.isComponent(directory) === true) open.push(directory);
        else users.add(directory);
      }
    }
    return [...users];
  }

  private get deliveries(): Deliveries {
    return (this.madeDeliveries ??= deliveriesOf(this.graph, this.repository, this.builder));
  }

  /** Whether something here says what lands on which cluster. */
  private hasDeployers(): boolean {
    return DEPLOYING_KINDS.some((kind) => this.repository.pathsWith(kind).length > 0);
  }

  /** What is no folder's: configuration first, then whoever deploys, kustomizations and charts. */
  private claim(): Claims {
    const claimed = new Set<string>();
    const configured = this.configuration().environments.map((environment) => this.configuredPlan(environment));
    for (const plan of configured) {
      for (const path of plan.build === undefined ? plan.files : this.builder.build(plan.build).files) claimed.add(path);
    }
    const usedByKustomize = this.usedByKustomize();
    const roots = this.roots.get().filter((directory) => !configured.some((plan) => plan.build === directory));
    const claims = { taken: new Set(claimed), usedByKustomize, roots };
    const clusters = this.hasDeployers() ? this.deliveries.gitops.plans(claims) : [];
    for (const path of usedByKustomize) claimed.add(path);
    for (const { files } of clusters) for (const path of files) claimed.add(path);
    const delivered = new Set(clusters.flatMap(({ builds }) => builds));
    const charts = this.chartPlans();
    const found: Found[] = [
      ...clusters.map(({ kind, root, names, delivered: brought }) => ({ ...NOT_BUILT, kind, root, names, delivered: brought })),
      ...roots
        .filter((root) => !delivered.has(root))
        .map((root) => ({ ...NOT_BUILT, root, kind: 'kustomize' as const, build: root })),
      ...charts
        .filter(({ files }) => files.some((path) => !claimed.has(path)))
        .flatMap(({ root, files }) => this.chartsFound(root, files)),
    ];
    for (const { files } of charts) for (const path of files) claimed.add(path);
    return { configured, found, claimed };
  }

  private plan({ configured, found: claiming }: Claims, folders: readonly FolderGroup[]): EnvironmentPlan[] {
    const plans = [...configured];
    const found: Found[] = [
      ...claiming,
      ...folders.map(({ root, files }) => ({ ...NOT_BUILT, root, kind: 'folder' as const, files })),
    ];
    const given = uniqueNames(found, new Set(plans.map((plan) => plan.name)));
    found.forEach(({ kind, root, files, build, delivered: brought }, i) => {
      const name = given[i] ?? root;
      const production = looksLikeProduction(name);
      plans.push({ name, kind, root, files, build, delivered: brought, complete: false, production });
    });
    return plans.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private configuredPlan(environment: ConfiguredEnvironment): EnvironmentPlan {
    const { name, complete } = environment;
    const root = environment.root ?? '';
    const production = environment.production ?? looksLikeProduction(name);
    const build = environment.include.length === 0 && kustomizationIn(this.repository, root) !== undefined ? root : undefined;
    const included = environment.include.length === 0 ? undefined : ignore().add([...environment.include]);
    const excluded = ignore().add([...environment.exclude]);
    const files = this.repository
      .paths()
      .filter(
        (path) =>
          isInside(path, root) &&
          included?.ignores(path) !== false &&
          !excluded.ignores(path) &&
          this.repository.hasResources(path),
      );
    const held = build === undefined ? files : [];
    return { name, kind: 'configured', root, files: held, build, delivered: undefined, complete, production };
  }

  /** Every kustomization that no other uses; a component is never one. */
  private kustomizeRoots(): string[] {
    const all = this.kustomizations();
    const used = new Set(
      all.flatMap((directory) => this.builder.usedDirectories(directory).filter((other) => other !== directory)),
    );
    return all.filter((directory) => !used.has(directory) && this.isComponent(directory) === false);
  }

  /** The manifests and patches that a kustomization names, whether or not it belongs to an environment. */
  private filesUsedIn(directory: string): string[] {
    const kustomization = kustomizationIn(this.repository, directory);
    if (kustomization === undefined) return [];
    const named = referencesOf(this.repository, kustomization).flatMap((reference) =>
      reference.to === 'file' ? [reference.path] : [],
    );
    return [kustomization.file, ...named, ...patchFilesOf(kustomization)];
  }

  /** A chart with what stands below it; a chart inside another's tree belongs to that one. */
  private chartPlans(): { root: string; files: string[] }[] {
    const charts = this.repository.charts();
    const tops = [...charts].filter(
      (chart) => !ancestorsOf(directoryOf(chart)).some((above) => charts.has(above) && chart !== '' && above !== chart),
    );
    const paths = this.repository.paths();
    return tops.map((root) => ({
      root,
      files: pathsInside(paths, root).filter((path) => this.repository.hasResources(path)),
    }));
  }

  /** A chart with its default values, and with each of the others beside it; as it is, where it has none. */
  private chartsFound(root: string, files: readonly string[]): Found[] {
    const installations = this.deliveries.installations.of(root);
    if (installations.length === 0) return [{ ...NOT_BUILT, root, kind: 'helm', files }];
    return installations.map(({ variant, delivery }) => {
      const delivered = { deliveries: [delivery], objects: [], followsObjects: false, partial: [] };
      return { ...NOT_BUILT, root, kind: 'helm', variant, delivered };
    });
  }

  /** Those that nobody claims, of one stretch of the paths. */
  private looseFiles(stretch: number, claimed: ReadonlySet<string>): LooseFile[] {
    return this.repository
      .paths()
      .slice(stretch * STRETCH, (stretch + 1) * STRETCH)
      .filter((path) => !claimed.has(path) && this.repository.hasResources(path))
      .map((path) => ({ path, keys: this.repository.sharedKeys(path), isKeyed: this.repository.isKeyed(path) }));
  }

  /** Builds what is not built as it now is, a root a step: planning, which asks for all builds, then finds them made. */
  *building(pace: Pace): Generator<undefined, void, undefined> {
    yield* this.graph.refreshing(this.roots, pace);
    const roots = new Set(this.roots.get());
    for (const [root, cell] of this.kept) {
      if (roots.has(root)) continue;
      cell.dispose();
      this.kept.delete(root);
    }
    for (const root of roots) {
      let cell = this.kept.get(root);
      if (cell === undefined) {
        cell = this.graph.watched('kustomize.root', { compute: () => this.builder.build(root).resources.length > 0 });
        this.kept.set(root, cell);
      }
      yield* this.graph.refreshing(cell, pace);
      yield;
    }
  }

  /** The resources of an environment that is built, by its plan's name; none for others. */
  built(name: string): readonly Resource[] {
    const build = this.planNamed(name)?.build;
    return build === undefined ? this.landed(name).resources : this.builder.build(build).resources;
  }

  private holdsResources({ name, build, delivered, files }: EnvironmentPlan): boolean {
    if (delivered !== undefined) return this.landed(name).resources.length > 0;
    return build === undefined ? files.length > 0 : this.builder.build(build).resources.length > 0;
  }

  private scopeOf(plan: EnvironmentPlan): EnvironmentScope {
    if (plan.build !== undefined) {
      const { files, partial } = this.builder.build(plan.build);
      return { plan, files, partial };
    }
    if (plan.delivered !== undefined) {
      const { files, partial } = this.landed(plan.name);
      return { plan, files, partial };
    }
    return { plan, files: plan.files, partial: plan.kind === 'helm' ? [UNRENDERED] : [] };
  }
}

/** So many paths are looked at without a pause. */
const STRETCH = 1000;

/** What is settled before folders are looked at. */
interface Claims {
  readonly configured: readonly EnvironmentPlan[];
  readonly found: readonly Found[];
  /** The files that belong to somebody. */
  readonly claimed: ReadonlySet<string>;
}

/** An environment that has no name yet. */
interface Found extends Pick<EnvironmentPlan, 'kind' | 'root' | 'files' | 'build' | 'delivered'> {
  /** What it may be called rather than by its root. */
  readonly names: readonly string[];
  /** What tells it from others of its root. */
  readonly variant: string | undefined;
}

const NOT_BUILT: Omit<Found, 'kind' | 'root'> = {
  files: [],
  build: undefined,
  delivered: undefined,
  names: [],
  variant: undefined,
};

const NOTHING: Landed = { resources: [], files: [], partial: [] };

/** The shortest unique suffix of each root; two kinds of environment at one root are told apart by the kind. */
function uniqueNames(found: readonly Pick<Found, 'root' | 'kind' | 'names' | 'variant'>[], taken: ReadonlySet<string>): string[] {
  const roots = [...new Set(found.filter((one) => one.names.length === 0).map(({ root }) => root))];
  const names = shortestUniqueNames(roots);
  const given = new Set(taken);
  return found.map(({ root, kind, names: own, variant }) => {
    const inFull = (name: string): string => (variant === undefined ? name : name === '.' ? variant : `${name}/${variant}`);
    const short = inFull(own[0] ?? names.get(root) ?? root);
    const candidates = [...own, ...(own.length === 0 ? [short, inFull(root)] : []), `${short} (${kind})`, `${root} (${kind})`];
    let name = candidates.find((candidate) => candidate !== '' && !given.has(candidate));
    for (let i = 2; name === undefined; i++) name = given.has(`${short} (${kind} ${i})`) ? undefined : `${short} (${kind} ${i})`;
    given.add(name);
    return name;
  });
}
