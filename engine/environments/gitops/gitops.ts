import type { Graph } from '../../incremental/graph';
import { sameAnswer } from '../../incremental/same-answer';
import type { Resource } from '../../resources/resource';
import { DEPLOYING_KINDS } from '../kind-paths';
import type { KustomizeBuilder } from '../kustomize/build';
import { ancestorsOf, directoryOf, isInside, shortestUniqueNames } from '../paths';
import type { Repository } from '../repository';
import { lastOfEach } from './deliver';
import type { Deliverer } from './deliver';
import { NOTHING_DELIVERED } from './delivery';
import type { Delivery } from './delivery';
import { commonDirectory, homesOf } from './homes';
import type { Container, Home } from './homes';
import { KeptDeliveries } from './kept';
import { countsWhereItDeploys, deploys, Reader } from './reader';
import { walk } from './walk';
import type { Group } from './walk';

/** What makes an environment out of what Argo CD or Flux brings to one cluster. */
export interface Delivered {
  readonly deliveries: readonly Delivery[];
  /** The Applications, and what else counts where it deploys to. */
  readonly objects: readonly Resource[];
  /** Whether such objects among what lands are left out here, since they are followed and count there. */
  readonly followsObjects: boolean;
  readonly partial: readonly string[];
}

/** A cluster that Argo CD or Flux brings something of this repository to. */
export interface GitOpsPlan {
  readonly kind: 'argo-cd' | 'flux';
  /** What it may be called, the best first. */
  readonly names: readonly string[];
  readonly root: string;
  readonly delivered: Delivered;
  /** The files and the directories with a kustomization that belong to it: they make no other environment. */
  readonly files: readonly string[];
  readonly builds: readonly string[];
}

/** All that lands on such a cluster. */
export interface Landed {
  readonly resources: readonly Resource[];
  readonly files: readonly string[];
  readonly partial: readonly string[];
}

/** A file with objects that deploy, or a kustomization's build with some. */
interface Holder extends Container {
  readonly objects: readonly Resource[];
  /** The directory that is built; undefined for a file. */
  readonly build: string | undefined;
}

/** What of the repository is somebody else's. */
export interface Claims {
  /** Files that the configuration gives to an environment. */
  readonly taken: ReadonlySet<string>;
  /** Files that kustomizations name. */
  readonly usedByKustomize: ReadonlySet<string>;
  /** The directories whose kustomization no other uses. */
  readonly roots: readonly string[];
}

/** Finds the clusters that Argo CD and Flux bring something to, by the objects in the repository that tell them; all recorded queries. */
export class GitOps {
  /** Whether an object takes something from a file, manifest or not: a generator's parameters, a chart's values. */
  readonly reads: (path: string) => boolean;
  private readonly repository: Repository;
  private readonly reader: Reader;
  private readonly deliverer: Deliverer;
  private readonly objectsIn: (path: string) => readonly Resource[];
  private readonly objectsBuilt: (directory: string) => readonly Resource[];
  private readonly objectsDelivered: (delivery: Delivery) => readonly Resource[];
  private readonly keysDelivered: (delivery: Delivery) => readonly string[];
  private readonly holdsOnlyObjects: (path: string) => boolean;
  private readonly buildsOnlyObjects: (directory: string) => boolean;
  private readonly filesBuilt: (directory: string) => readonly string[];
  private readonly trimmed = new WeakMap<Delivery, Delivery>();
  private readonly ofDirectories = new KeptDeliveries();

  constructor(graph: Graph, repository: Repository, builder: KustomizeBuilder, deliverer: Deliverer) {
    this.repository = repository;
    this.reader = new Reader(graph, repository);
    this.deliverer = deliverer;
    const { deliver } = deliverer;
    this.objectsIn = graph.family('gitops.objectsIn', (path: string) => repository.resources(path).filter(deploys));
    const files = graph.computed('gitops.files', () => this.reader.filesOf(this.paths().flatMap((path) => this.objectsIn(path))));
    this.reads = (path) => files.get()(path);
    this.objectsBuilt = graph.family('gitops.objectsBuilt', (directory: string) =>
      builder.build(directory).resources.filter(deploys),
    );
    this.holdsOnlyObjects = graph.family('gitops.holdsOnly', (path: string) => repository.resources(path).every(deploys));
    this.buildsOnlyObjects = graph.family('gitops.buildsOnly', (path: string) => builder.build(path).resources.every(deploys));
    this.filesBuilt = graph.family('gitops.filesBuilt', (directory: string) => builder.build(directory).files);
    this.objectsDelivered = graph.family('gitops.objects', (delivery: Delivery) => deliver(delivery).resources.filter(deploys));
    this.keysDelivered = graph.family('gitops.keys', (delivery: Delivery) =>
      // Many bring the namespace or the definitions that they share.
      deliver(delivery).resources.flatMap(({ isClusterScoped, key }) => (key === undefined || isClusterScoped ? [] : [key])),
    );
  }

  /** The clusters; none where nothing of this repository is brought to one. */
  plans(claims: Claims): readonly GitOpsPlan[] {
    const holders = this.holders(claims);
    if (holders.length === 0) return [];
    const homes = homesOf(this.tops(holders), (holder) => this.keysOf(holder));
    const names = shortestUniqueNames([...new Set(homes.map(({ root }) => root))]);
    return homes.flatMap((home) => this.plansOf(home, names.get(home.root) ?? home.root, claims));
  }

  /** What lands on a cluster, the objects that bring it first. */
  landed({ deliveries, objects, followsObjects, partial }: Delivered): Landed {
    const builds = deliveries.map((delivery) => ({ delivery, build: this.deliverer.deliver(delivery) }));
    const landing = [...groupedBy(builds, ({ delivery }) => delivery.by).values()]
      .flatMap((together) => {
        const resources = together.flatMap(({ build }) => build.resources);
        // Between the sources of one Application too.
        return together.length > 1 && together.some(({ delivery }) => delivery.lastWins) ? lastOfEach(resources) : resources;
      })
      .filter((resource) => !followsObjects || !countsWhereItDeploys(resource));
    // A Namespace among what an Application brings beats the one that it would have made.
    const definedBy = new Map<Resource | undefined, Set<string | undefined>>();
    for (const { delivery, build } of builds) {
      const defined = definedBy.get(delivery.by) ?? new Set();
      definedBy.set(delivery.by, defined);
      for (const { kind, key } of build.resources) if (kind === 'Namespace') defined.add(key);
    }
    const made = deliveries.flatMap(({ by, namespaces }) => namespaces.filter(({ key }) => definedBy.get(by)?.has(key) !== true));
    return {
      resources: [...new Set([...objects, ...made, ...landing])],
      files: [...new Set([...objects.map(({ file }) => file), ...builds.flatMap(({ build }) => build.files)])].sort(),
      partial: [...new Set([...partial, ...builds.flatMap(({ build }) => build.partial)])],
    };
  }

  /** The files that hold objects that deploy. */
  private paths(): readonly string[] {
    return [...new Set(DEPLOYING_KINDS.flatMap((kind) => this.repository.pathsWith(kind)))].sort();
  }

  private holders({ taken, usedByKustomize, roots }: Claims): Holder[] {
    const paths = this.paths();
    const charts = this.repository.charts();
    const files = paths
      .filter((path) => !taken.has(path) && !usedByKustomize.has(path))
      .filter((path) => !ancestorsOf(directoryOf(path)).some((directory) => charts.has(directory)))
      .map((path) => ({ path, objects: this.objectsIn(path), build: undefined }));
    const built = paths.some((path) => usedByKustomize.has(path))
      ? roots.map((build) => ({ path: below(build, 'kustomization.yaml'), objects: this.objectsBuilt(build), build }))
      : [];
    return [...files, ...built.filter(({ objects }) => objects.length > 0)];
  }

  /** Those that no other delivers: where the first ones are applied by hand, or by what is not in the repository. */
  private tops(holders: readonly Holder[]): Holder[] {
    const byFile = new Map(holders.flatMap((holder) => (holder.build === undefined ? [[holder.path, holder]] : [])));
    const byBuild = new Map(holders.flatMap((holder) => (holder.build === undefined ? [] : [[holder.build, holder]])));
    const reached = new Map(holders.map((holder) => [holder, new Set<Holder>()]));
    const reachedBy = new Map(holders.map((holder) => [holder, new Set<Holder>()]));
    for (const holder of holders) {
      for (const { deployers } of this.walkFrom(holder).values()) {
        for (const { files, builds } of deployers.flatMap(({ deliveries }) => deliveries)) {
          for (const other of [...files.map((path) => byFile.get(path)), ...builds.map((directory) => byBuild.get(directory))]) {
            if (other === undefined || other === holder) continue;
            reached.get(holder)?.add(other);
            reachedBy.get(other)?.add(holder);
          }
        }
      }
    }
    const tops = new Set<Holder>();
    for (const holder of holders) {
      // Of those that deliver each other in a circle, the first one stands for all.
      const isTop = [...(reachedBy.get(holder) ?? [])].every(
        (other) => reached.get(holder)?.has(other) === true && !tops.has(other),
      );
      if (isTop) tops.add(holder);
    }
    return [...tops];
  }

  private walkFrom(holder: Holder): ReadonlyMap<string, Group> {
    return walk(holder.objects, '', { read: this.reader.read, objectsOf: this.objectsDelivered });
  }

  /** What a holder's objects are, and what they bring to which cluster. */
  private keysOf(holder: Holder): readonly string[] {
    const keys = holder.objects.flatMap(({ key }) => key ?? []);
    for (const [cluster, { deployers }] of this.walkFrom(holder))
      for (const delivery of deployers.flatMap(({ deliveries }) => deliveries))
        keys.push(...this.keysDelivered(delivery).map((key) => `${cluster} ${key}`));
    return keys;
  }

  /** @param homeName what the home's directory is called among those of the others */
  private plansOf(home: Home<Holder>, homeName: string, claims: Claims): GitOpsPlan[] {
    const { containers, root } = home;
    const groups = walk(
      containers.flatMap(({ objects }) => objects),
      root,
      { read: this.reader.read, objectsOf: this.objectsDelivered },
    );
    const formed = [...groups].filter(([, { deployers, hasDelivered }]) => hasDelivered || deployers.some(bringsFiles));
    const own = new Set(formed.flatMap(([, group]) => [...group.deployers.map(({ resource }) => resource), ...group.others]));
    return formed.map(([key, group], i) => {
      const isHome = key === root;
      const before = group.deployers.flatMap(({ deliveries }) => deliveries);
      const deliveries = [...(isHome ? this.ofHome(home, before) : []), ...before]
        .map((delivery) => this.withoutTaken(delivery, claims.taken))
        .filter((delivery) => hasContent(delivery) || delivery.namespaces.length > 0);
      const objects = [...group.deployers.map(({ resource }) => resource), ...group.others].filter(countsWhereItDeploys);
      const claimed = i === 0 ? this.claimedBy(containers, own) : { files: [], builds: [] };
      const tool = group.deployers[0]?.tool ?? 'argo-cd';
      return {
        kind: tool,
        names: namesOf(group, isHome ? home : undefined, homeName),
        root: isHome && tool === 'flux' ? root : commonDirectory(deliveries.filter(hasContent).map((delivery) => delivery.root)),
        delivered: { deliveries, objects: [...new Set(objects)], followsObjects: true, partial: [...group.partial] },
        files: [...deliveries.flatMap(({ files }) => files), ...claimed.files],
        builds: [...deliveries.flatMap(({ builds }) => builds), ...claimed.builds],
      };
    });
  }

  /** What a cluster's own directory, or the files in which Flux's first objects stand, bring besides those objects. */
  private ofHome({ root, isClusterDirectory, containers }: Home<Holder>, deliveries: readonly Delivery[]): Delivery[] {
    const flux = containers.filter(({ objects }) => objects.some(({ group }) => group !== 'argoproj.io'));
    if (flux.length === 0 || (isClusterDirectory && deliveries.some((delivery) => isInside(root, delivery.root)))) return [];
    const content = isClusterDirectory
      ? this.reader.flux.content(root)
      : {
          files: flux.flatMap(({ path, build }) => (build === undefined ? [path] : [])),
          builds: flux.flatMap(({ build }) => build ?? []),
          partial: [],
        };
    return [this.ofDirectories.keep(root, { ...NOTHING_DELIVERED, ...content, by: undefined, root })];
  }

  /** Holders of nothing but objects that count elsewhere: as manifests of their own they would say it twice. */
  private claimedBy(holders: readonly Holder[], own: ReadonlySet<Resource>): { files: string[]; builds: string[] } {
    const claimed = holders.filter(
      ({ build, path, objects }) =>
        (build === undefined ? this.holdsOnlyObjects(path) : this.buildsOnlyObjects(build)) &&
        objects.every((object) => own.has(object) || this.madeAll(object, own)),
    );
    return {
      files: claimed.flatMap(({ build, path }) => (build === undefined ? [path] : [])),
      builds: claimed.flatMap(({ build }) => build ?? []),
    };
  }

  /** An ApplicationSet stands for the Applications that it makes. */
  private madeAll(resource: Resource, own: ReadonlySet<Resource>): boolean {
    const { deployers } = this.reader.read(resource);
    return deployers.length > 0 && deployers.every((deployer) => own.has(deployer.resource));
  }

  /** What of a delivery is nobody else's: the configuration comes first. */
  private withoutTaken(delivery: Delivery, taken: ReadonlySet<string>): Delivery {
    if (taken.size === 0) return delivery;
    const files = delivery.files.filter((path) => !taken.has(path));
    const builds = delivery.builds.filter((directory) => !this.filesBuilt(directory).some((path) => taken.has(path)));
    if (files.length === delivery.files.length && builds.length === delivery.builds.length) return delivery;
    const trimmed = { ...delivery, files, builds };
    const before = this.trimmed.get(delivery);
    if (before !== undefined && sameAnswer(before, trimmed)) return before;
    this.trimmed.set(delivery, trimmed);
    return trimmed;
  }
}

/** A chart may consist of dependencies. */
function hasContent({ files, builds, chart }: Delivery): boolean {
  return files.length + builds.length > 0 || chart !== undefined;
}

function bringsFiles({ deliveries }: { readonly deliveries: readonly Delivery[] }): boolean {
  return deliveries.some(hasContent);
}

function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** A cluster's own name; where it has none, its directory's, or that of the one Application that there is. */
function namesOf({ name, deployers }: Group, home: Home<Holder> | undefined, homeName: string): string[] {
  if (name !== undefined) return [name, ...(homeName === '.' ? [] : [`${homeName}/${name}`])];
  const [only, ...others] = deployers;
  const isArgo = only?.tool === 'argo-cd';
  if (home?.isOneOfSeveral === true || home?.isClusterDirectory === true || !isArgo) return [homeName, home?.root ?? homeName];
  const alone = others.length === 0 ? only.resource.name : undefined;
  return [alone ?? 'in-cluster', 'in-cluster', homeName];
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
