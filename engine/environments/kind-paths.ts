import type { Graph, Input } from '../incremental/graph';
import type { KindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';

/** The kinds that say what lands on which cluster. */
export const DEPLOYING_KINDS: readonly KindName[] = [
  'Application.argoproj.io',
  'ApplicationSet.argoproj.io',
  'Kustomization.kustomize.toolkit.fluxcd.io',
  'HelmRelease.helm.toolkit.fluxcd.io',
];

/** What tells how environments come about: few files hold one, and whoever looks for them must not read all others. */
const FOLLOWED: readonly KindName[] = [...DEPLOYING_KINDS, 'GitRepository.source.toolkit.fluxcd.io', 'ConfigMap', 'Secret'];

const NONE: ReadonlySet<KindName> = new Set();

interface Holders {
  readonly paths: Set<string>;
  /** Grows whenever a path comes or goes. */
  readonly version: Input<number>;
  sorted: readonly string[] | undefined;
}

/** Which files hold a resource of each followed kind, kept by difference: an input a kind. */
export class KindPaths {
  private readonly byKind: ReadonlyMap<KindName, Holders>;

  constructor(graph: Graph) {
    this.byKind = new Map(
      FOLLOWED.map((kind) => [kind, { paths: new Set<string>(), version: graph.input(0), sorted: undefined }]),
    );
  }

  /** The files, sorted. A kind that is not followed has none. */
  get(kind: KindName): readonly string[] {
    const holders = this.byKind.get(kind);
    if (holders === undefined) return [];
    holders.version.get();
    return (holders.sorted ??= [...holders.paths].sort());
  }

  /**
   * Takes in what a file now holds.
   * @param before what the last call for this file returned
   * @returns the followed kinds that it holds
   */
  change(path: string, before: ReadonlySet<KindName>, resources: readonly Resource[]): ReadonlySet<KindName> {
    const now = new Set(resources.flatMap(({ kind }) => (this.byKind.has(kind) ? [kind] : [])));
    for (const [kind, holders] of this.byKind) {
      if (before.has(kind) === now.has(kind)) continue;
      if (now.has(kind)) holders.paths.add(path);
      else holders.paths.delete(path);
      holders.sorted = undefined;
      holders.version.set(holders.version.peek() + 1);
    }
    return now.size === 0 ? NONE : now;
  }
}
