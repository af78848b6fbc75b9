import type { Graph } from '../../incremental/graph';
import { booleanOf, isSet, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { Delivery } from '../gitops/delivery';
import { globMatcher } from '../gitops/glob';
import { lacking } from '../lacking';
import { directoryOf, isInside } from '../paths';
import type { Repository } from '../repository';

/** Manifests in a directory as Argo CD's plain tool takes them (argo-cd reposerver/repository/repository.go, findManifests; 3.5). */
export class Directories {
  private readonly repository: Repository;
  private readonly isSkipped: (path: string) => boolean;

  constructor(graph: Graph, repository: Repository) {
    this.repository = repository;
    this.isSkipped = graph.family(
      'argo-cd.skipped',
      (path: string) => repository.manifest(path)?.text.includes('+argocd:skip-file-rendering') === true,
    );
  }

  /**
   * The files that land, in order. Files below subdirectories only with `recurse`; `exclude` is looked at before `include`, both relative
   * to the directory, and `*` in them crosses `/`.
   * @param options the source's `directory`
   */
  content(directory: string, options: YamlNode | undefined, title: string): Pick<Delivery, 'files' | 'partial'> {
    const partial: string[] = [];
    const recurse = booleanOf(lookup(options, 'recurse')) === true;
    const matches = (field: string): ((path: string) => boolean) | undefined => {
      const node = lookup(options, field);
      const pattern = stringOf(node);
      if (pattern === '' || !isSet(node)) return undefined;
      const matcher = pattern === undefined ? undefined : globMatcher(pattern, { crossesSlash: true, braces: true });
      if (matcher === undefined) partial.push(lacking('patterns that are not understood', `${field} of ${title}`));
      // Nothing is known to land then.
      return matcher ?? (() => field === 'exclude');
    };
    const isExcluded = matches('exclude');
    const isIncluded = matches('include');
    const candidates = this.repository.paths().filter((path) => {
      if (!isInside(path, directory) || !/\.(?:ya?ml|json)$/.test(path)) return false;
      if (!recurse && directoryOf(path) !== directory) return false;
      const relative = directory === '' ? path : path.slice(directory.length + 1);
      return isExcluded?.(relative) !== true && isIncluded?.(relative) !== false;
    });
    const files = candidates.filter((path) => this.repository.hasResources(path) && !this.isSkipped(path));
    if (isSet(lookup(options, 'jsonnet'))) partial.push(lacking('Jsonnet', title));
    return { files, partial };
  }
}
