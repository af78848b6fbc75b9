import type { Graph } from '../../incremental/graph';
import type { Resource } from '../../resources/resource';
import type { EmbeddedDocument } from '../../yaml/embedded';
import type { ScalarNode } from '../../yaml/tree';
import { baseNameOf, isInside } from '../paths';
import type { Repository } from '../repository';
import type { Accumulated } from './accumulation';
import { BuildCache } from './cache';
import { editedRoot } from './edited';
import type { Overrides } from './edited';
import { KUSTOMIZATION_FILES, kustomizationIn, pluginReferencesOf, referencesOf } from './kustomization';
import type { Kustomization, KustomizeProblem } from './kustomization';
import { TransformMemo } from './memo';
import { accumulated, finished, inlineDocuments } from './steps';

/** What a kustomization builds to. */
export interface Build {
  readonly resources: readonly Resource[];
  readonly problems: readonly KustomizeProblem[];
  /** What could not be built, in words; nothing is concluded from what a partial build lacks. */
  readonly partial: readonly string[];
  /** Every file that took part. */
  readonly files: readonly string[];
}

const EMPTY: Build = { resources: [], problems: [], partial: [], files: [] };

/**
 * Builds kustomizations in-process as kustomize v5.8.1 does, each directory once, however many overlays use it. What it cannot do, such as
 * remote bases, charts, and plugins that run programs, is named in `partial`.
 *
 * A directory is built in two steps, as kustomize does it: what an overlay takes over are objects that still know their former names; only
 * where a build ends do references follow those that were renamed.
 */
export class KustomizeBuilder {
  /** The build of a directory; empty for one without a kustomization. */
  readonly build: (directory: string) => Build;
  /** The directories that a directory's kustomization uses, components included. */
  readonly usedDirectories: (directory: string) => readonly string[];
  /** @internal What a directory's kustomization hands to those that use it; undefined where there is none. */
  readonly accumulated: (directory: string) => Accumulated | undefined;
  /** @internal The directories that can be reached from one, by any number of steps. */
  readonly reaches: (directory: string) => ReadonlySet<string>;
  /** @internal */
  readonly repository: Repository;
  /** @internal */
  readonly memo = new TransformMemo();

  private readonly graph: Graph;
  private readonly caches = new WeakMap<object, { readonly build: BuildCache; readonly end: BuildCache }>();
  private readonly owners = new Map<string, object>();
  private readonly inline = new WeakMap<ScalarNode, readonly EmbeddedDocument[] | undefined>();

  constructor(graph: Graph, repository: Repository) {
    this.graph = graph;
    this.repository = repository;
    this.usedDirectories = graph.family('kustomize.uses', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      if (kustomization === undefined) return [];
      const references = [...referencesOf(repository, kustomization), ...pluginReferencesOf(repository, kustomization)];
      return references.flatMap((reference) => (reference.to === 'directory' ? [reference.path] : []));
    });
    this.reaches = graph.family('kustomize.reaches', (directory: string) => {
      const seen = new Set<string>();
      const open = [...this.usedDirectories(directory)];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...this.usedDirectories(next));
      }
      return seen;
    });
    const bases = graph.family('kustomize.bases', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      return kustomization === undefined ? [] : this.basesOf(kustomization);
    });
    this.accumulated = graph.family('kustomize.accumulate', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      return kustomization && this.onBases(bases(directory), () => accumulated(this, kustomization));
    });
    this.build = graph.family('kustomize.build', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      const own = this.accumulated(directory);
      return kustomization === undefined || own === undefined ? EMPTY : graph.whole(() => finished(this, kustomization, own));
    });
  }

  /** The directories that a kustomization takes over, but for those that kustomize refuses. */
  private basesOf(kustomization: Kustomization): string[] {
    return referencesOf(this.repository, kustomization).flatMap((reference) => {
      if (reference.to !== 'directory' || reference.field === 'components') return [];
      const isCycle =
        isInside(kustomization.directory, reference.path) || this.reaches(reference.path).has(kustomization.directory);
      return isCycle ? [] : [reference.path];
    });
  }

  /** Does work on a kustomization when all that it takes over is made: a pause may be made between two directories, and within none. */
  private onBases<T>(bases: readonly string[], work: () => T): T {
    bases.forEach(this.accumulated);
    return this.graph.whole(work);
  }

  /**
   * What a build becomes under one more kustomization, which no file has to hold: the one that Flux makes for a directory, say.
   * @param layer its `resources` add to what is there, its paths are relative to its `directory`
   */
  layered(base: Build, layer: Kustomization): Build {
    return this.onBases(this.basesOf(layer), () => finished(this, layer, accumulated(this, layer, base)));
  }

  /** What a directory builds to with overrides written into its kustomization. */
  edited(directory: string, overrides: Overrides): Build {
    const kustomization = kustomizationIn(this.repository, directory);
    if (kustomization === undefined) return EMPTY;
    const edits = overrides.root;
    const root = this.memo.once(kustomization.root, [edits], () => editedRoot(kustomization, overrides));
    const edited = { ...kustomization, root, edits };
    return this.onBases(this.basesOf(edited), () => finished(this, edited, accumulated(this, edited)));
  }

  /** @internal What is kept of a build, or of its end, from one time to the next. */
  cacheOf({ file, root, edits }: Kustomization, part: 'build' | 'end'): BuildCache {
    // A layer has no file of its own, one file may hold many, and many may be written into one.
    const owner = edits ?? (KUSTOMIZATION_FILES.includes(baseNameOf(file)) ? this.ownerOf(file) : root);
    const caches = this.caches.get(owner) ?? { build: new BuildCache(), end: new BuildCache() };
    this.caches.set(owner, caches);
    return caches[part];
  }

  private ownerOf(file: string): object {
    const owner = this.owners.get(file) ?? {};
    this.owners.set(file, owner);
    return owner;
  }

  /** @internal The documents of YAML inside a value, parsed once for each text. */
  embedded(node: ScalarNode): readonly EmbeddedDocument[] | undefined {
    if (!this.inline.has(node)) this.inline.set(node, inlineDocuments(node));
    return this.inline.get(node);
  }
}
