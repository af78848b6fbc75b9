import ignore from 'ignore';
import type { Configuration, ConfiguredEnvironment } from '../configuration/configuration';
import type { Graph } from '../incremental/graph';
import type { Resource } from '../resources/resource';
import { looksLikeProduction } from './environment';
import type { EnvironmentPlan, EnvironmentScope } from './environment';
import { groupByFolder } from './folders';
import type { LooseFile } from './folders';
import { KustomizeBuilder } from './kustomize/build';
import { KUSTOMIZATION_FILES, kustomizationIn, patchFilesOf, referencesOf } from './kustomize/kustomization';
import type { KustomizeProblem } from './kustomize/kustomization';
import { ancestorsOf, baseNameOf, directoryOf, isInside, shortestUniqueNames } from './paths';
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

  private readonly usedByKustomize: () => ReadonlySet<string>;
  private readonly repository: Repository;
  private readonly configuration: () => Configuration;
  private readonly builder: KustomizeBuilder;

  constructor(graph: Graph, repository: Repository, configuration: () => Configuration) {
    this.repository = repository;
    this.configuration = configuration;
    const builder = new KustomizeBuilder(graph, repository);
    this.builder = builder;
    const kustomizations = graph.computed('kustomizations', () =>
      repository
        .paths()
        .filter((path) => KUSTOMIZATION_FILES.includes(baseNameOf(path)))
        .map(directoryOf)
        .filter((directory) => kustomizationIn(repository, directory) !== undefined),
    );
    this.kustomizations = () => kustomizations.get();
    const used = graph.computed('kustomize.usedFiles', () => this.filesUsedByKustomize());
    this.usedByKustomize = () => used.get();
    const plans = graph.computed('plans', () => this.plan());
    const allPlans = graph.computed('plans.filled', () => plans.get().filter((plan) => this.holdsResources(plan)));
    this.plans = () => allPlans.get();
    const byName = graph.computed('plans.byName', () => new Map(plans.get().map((plan) => [plan.name, plan])));
    this.planNamed = graph.family('plan', (name: string) => byName.get().get(name));
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
        if (kustomizationIn(this.repository, directory)?.isComponent === true) open.push(directory);
        else users.add(directory);
      }
    }
    return [...users];
  }

  private plan(): EnvironmentPlan[] {
    const claimed = new Set<string>();
    const plans: EnvironmentPlan[] = [];
    const configured = this.configuration().environments.map((environment) => this.configuredPlan(environment));
    for (const plan of configured) {
      plans.push(plan);
      for (const path of plan.build === undefined ? plan.files : this.builder.build(plan.build).files) claimed.add(path);
    }
    const roots = this.kustomizeRoots().filter((directory) => !configured.some((plan) => plan.build === directory));
    for (const path of this.usedByKustomize()) claimed.add(path);
    const charts = this.chartPlans();
    const named: { root: string; kind: EnvironmentPlan['kind']; files: readonly string[]; build: string | undefined }[] = [
      ...roots.map((root) => ({ root, kind: 'kustomize' as const, files: [], build: root })),
      ...charts
        .filter(({ files }) => files.some((path) => !claimed.has(path)))
        .map(({ root, files }) => ({ root, kind: 'helm' as const, files, build: undefined })),
    ];
    for (const { files } of charts) for (const path of files) claimed.add(path);
    const loose = this.looseFiles(claimed);
    named.push(...groupByFolder(loose).map(({ root, files }) => ({ root, kind: 'folder' as const, files, build: undefined })));
    const names = uniqueNames(
      named.map(({ root, kind }) => ({ root, kind })),
      new Set(plans.map((plan) => plan.name)),
    );
    named.forEach((found, i) => {
      const name = names[i] ?? found.root;
      plans.push({ ...found, name, complete: false, production: looksLikeProduction(name) });
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
    return { name, kind: 'configured', root, files: build === undefined ? files : [], build, complete, production };
  }

  /** Every kustomization that no other uses; a component is never one. */
  private kustomizeRoots(): string[] {
    const all = this.kustomizations();
    const used = new Set(
      all.flatMap((directory) => this.builder.usedDirectories(directory).filter((other) => other !== directory)),
    );
    return all.filter((directory) => !used.has(directory) && kustomizationIn(this.repository, directory)?.isComponent === false);
  }

  /** Manifests and patches that some kustomization names, whether or not it belongs to an environment. */
  private filesUsedByKustomize(): Set<string> {
    const used = new Set<string>();
    for (const directory of this.kustomizations()) {
      const kustomization = kustomizationIn(this.repository, directory);
      if (kustomization === undefined) continue;
      used.add(kustomization.file);
      for (const reference of referencesOf(this.repository, kustomization)) if (reference.to === 'file') used.add(reference.path);
      for (const path of patchFilesOf(kustomization)) used.add(path);
    }
    return used;
  }

  /** A chart with what stands below it; a chart inside another's tree belongs to that one. */
  private chartPlans(): { root: string; files: string[] }[] {
    const charts = this.repository.charts();
    const tops = [...charts].filter(
      (chart) => !ancestorsOf(directoryOf(chart)).some((above) => charts.has(above) && chart !== '' && above !== chart),
    );
    return tops.map((root) => ({
      root,
      files: this.repository.paths().filter((path) => isInside(path, root) && this.repository.hasResources(path)),
    }));
  }

  private looseFiles(claimed: ReadonlySet<string>): LooseFile[] {
    return this.repository
      .paths()
      .filter((path) => !claimed.has(path) && this.repository.hasResources(path))
      .map((path) => ({ path, keys: this.repository.sharedKeys(path), isKeyed: this.repository.isKeyed(path) }));
  }

  /** The resources of an environment that is built, by its plan's name; none for others. */
  built(name: string): readonly Resource[] {
    const build = this.planNamed(name)?.build;
    return build === undefined ? [] : this.builder.build(build).resources;
  }

  private holdsResources({ build, files }: EnvironmentPlan): boolean {
    return build === undefined ? files.length > 0 : this.builder.build(build).resources.length > 0;
  }

  private scopeOf(plan: EnvironmentPlan): EnvironmentScope {
    if (plan.build !== undefined) {
      const { files, partial } = this.builder.build(plan.build);
      return { plan, files, partial };
    }
    return { plan, files: plan.files, partial: plan.kind === 'helm' ? ['templates are read without being rendered'] : [] };
  }
}

const NOWHERE: EnvironmentScope = {
  plan: { name: '', kind: 'folder', root: '', files: [], build: undefined, complete: false, production: false },
  files: [],
  partial: [],
};

/** The shortest unique suffix of each root; two kinds of environment at one root are told apart by the kind. */
function uniqueNames(found: readonly { root: string; kind: string }[], taken: ReadonlySet<string>): string[] {
  const roots = [...new Set(found.map(({ root }) => root))];
  const names = shortestUniqueNames(roots);
  const given = new Set(taken);
  return found.map(({ root, kind }) => {
    const short = names.get(root) ?? root;
    const name =
      [short, root, `${short} (${kind})`].find((candidate) => candidate !== '' && !given.has(candidate)) ?? `${root} (${kind})`;
    given.add(name);
    return name;
  });
}
