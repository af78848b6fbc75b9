import type { Graph } from '../../incremental/graph';
import type { Resource } from '../../resources/resource';
import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { gitGenerators, pathsIn } from '../argo-cd/git-generator';
import { resolvePath } from '../paths';
import type { Repository } from '../repository';
import { addressOf, remoteAddress, repositoryName } from './address';

/** What speaks for a source being this very repository: the paths that objects take from it. */
interface Votes {
  here: number;
  missing: number;
}

interface Known {
  /** Of those that may be this repository. */
  readonly votes: ReadonlyMap<string, Votes>;
  /** The addresses behind Flux's names of sources, where one file or several say the same. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Those of the repository's remotes, and what they call it. */
  readonly remotes: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/**
 * Tells whether what an object names is this repository. Its remotes do, where the host knows them: one of them is this repository, and one
 * that is called otherwise is another. One that is called the same and stands elsewhere is a fork or a mirror, which the paths decide on;
 * and so they do on all, where no remote is known: a source is this repository when more of the paths taken from it are here than are not,
 * and not far fewer than from another. Of one that is asked for nothing that could be looked up, a path that is here is taken for ours; the
 * root, which is always here, only where no other repository is named at all, and for what `flux bootstrap` calls `flux-system`.
 */
export class Sources {
  private readonly known: () => Known;

  constructor(graph: Graph, repository: Repository) {
    const known = graph.computed('gitops.sources', () => {
      const addresses = addressesIn(repository);
      const remotes = new Set(repository.remotes().flatMap((url) => remoteAddress(url) ?? []));
      const names = new Set([...remotes].map(repositoryName));
      const votes = new Map([...votesIn(repository, addresses)].filter(([source]) => mayBeCalled(source, names)));
      return { addresses, votes, remotes, names };
    });
    this.known = () => known.get();
  }

  /**
   * Whether a source is this repository.
   * @param source as `argoSource` or `fluxSource` name it; undefined where a template hides it: then the path alone decides
   * @param root the directory that is taken from it
   */
  isOurs(source: string | undefined, root: string): boolean {
    if (source === undefined) return root !== '';
    const { votes, addresses, remotes, names } = this.known();
    const address = addresses.get(source) ?? source;
    if (remotes.has(address)) return true;
    // It is bootstrapped from where its files are, whatever that was called then.
    const bootstrapped = addresses.get(BOOTSTRAPPED);
    if (bootstrapped !== undefined && source.startsWith('GitRepository/')) return address === bootstrapped;
    if (!mayBeCalled(address, names)) return false;
    const { here, missing } = votes.get(address) ?? { here: 0, missing: 0 };
    if (here + missing > 0) {
      const most = Math.max(...[...votes.values()].map((other) => other.here));
      return here > missing && here * FEWER >= most;
    }
    return root !== '' || source === BOOTSTRAPPED || (votes.size === 1 && votes.has(address));
  }
}

/**
 * A repository has one address, or two while it moves. One from which so many times fewer paths are here than from another is another
 * repository, in which directories are called alike.
 */
const FEWER = 4;

/** What `flux bootstrap` calls the repository that it writes to (fluxcd/flux2 2.9 internal/flags, `--namespace flux-system`). */
const BOOTSTRAPPED = 'GitRepository/flux-system';

/** The address of a source that an Application names; undefined where a template hides it. */
export function argoSource(url: YamlNode | undefined): string | undefined {
  const text = stringOf(url);
  return text === undefined ? undefined : addressOf(text);
}

/** A Flux source as it is compared: its kind and name. The same name in two clusters' directories is taken for the same. */
export function fluxSource(sourceRef: YamlNode | undefined): string | undefined {
  const kind = stringOf(lookup(sourceRef, 'kind')) ?? 'GitRepository';
  const name = stringOf(lookup(sourceRef, 'name'));
  return name === undefined ? undefined : `${kind}/${name}`;
}

/** Whether a source may be this repository for all that its remotes call it. Flux's names and what waits to be filled in say nothing. */
function mayBeCalled(source: string, names: ReadonlySet<string>): boolean {
  return names.size === 0 || !isAddress(source) || names.has(repositoryName(source));
}

/** Addresses are in lower case, and have a host and a path. */
function isAddress(source: string): boolean {
  return source.includes('/') && !/^[A-Z]|[{}<>$]/.test(source);
}

/** The sources of an Application's spec: several beat one, and what is hydrated stands in its dry source (Argo CD 3.5 types.go). */
export function argoSources(spec: YamlNode | undefined): readonly YamlNode[] {
  const several = itemsOf(lookup(spec, 'sources'));
  if (several.length > 0) return several;
  return [lookup(spec, 'source'), lookup(spec, 'sourceHydrator', 'drySource')]
    .filter((source) => source !== undefined)
    .slice(0, 1);
}

function objectsOf(repository: Repository, kind: string): readonly Resource[] {
  return repository.pathsWith(kind).flatMap((path) => repository.resources(path).filter((resource) => resource.kind === kind));
}

function addressesIn(repository: Repository): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const source of objectsOf(repository, 'GitRepository.source.toolkit.fluxcd.io')) {
    const address = argoSource(source.at('spec', 'url'));
    if (source.name === undefined || address === undefined) continue;
    const name = `GitRepository/${source.name}`;
    found.set(name, (found.get(name) ?? new Set()).add(address));
  }
  return new Map(
    [...found].flatMap(([name, [only, ...others]]) => (only === undefined || others.length > 0 ? [] : [[name, only]])),
  );
}

function votesIn(repository: Repository, addresses: ReadonlyMap<string, string>): ReadonlyMap<string, Votes> {
  const all = new Map<string, Votes>();
  const vote = (name: string | undefined, path: string): void => {
    if (name === undefined) return;
    const source = addresses.get(name) ?? name;
    const votes = all.get(source) ?? { here: 0, missing: 0 };
    all.set(source, votes);
    const directory = directoryNamed(path);
    if (directory === undefined) votes.missing++;
    else if (directory !== '') votes[repository.isDirectory(directory) ? 'here' : 'missing']++;
  };
  const voteArgo = (spec: YamlNode | undefined): void => {
    for (const source of argoSources(spec)) {
      // A chart repository has charts and no paths.
      if (lookup(source, 'chart') === undefined) vote(argoSource(lookup(source, 'repoURL')), textOf(lookup(source, 'path')));
    }
  };
  for (const application of objectsOf(repository, 'Application.argoproj.io')) voteArgo(application.at('spec'));
  for (const set of objectsOf(repository, 'ApplicationSet.argoproj.io')) {
    voteArgo(set.at('spec', 'template', 'spec'));
    for (const git of gitGenerators(set))
      for (const list of ['directories', 'files'])
        for (const { path } of pathsIn(lookup(git, list))) vote(argoSource(lookup(git, 'repoURL')), fixedPart(path));
  }
  for (const kustomization of objectsOf(repository, 'Kustomization.kustomize.toolkit.fluxcd.io'))
    vote(fluxSource(kustomization.at('spec', 'sourceRef')), textOf(kustomization.at('spec', 'path')));
  for (const release of objectsOf(repository, 'HelmRelease.helm.toolkit.fluxcd.io')) {
    const chart = release.at('spec', 'chart', 'spec');
    const source = fluxSource(lookup(chart, 'sourceRef'));
    if (source?.startsWith('GitRepository/') === true) vote(source, textOf(lookup(chart, 'chart')));
  }
  return all;
}

/** The directory that all matches of a pattern lie in. */
function fixedPart(pattern: string): string {
  const first = pattern.search(/[*?[\\]/);
  return first < 0 ? pattern : pattern.slice(0, Math.max(0, pattern.lastIndexOf('/', first)));
}

/** What a template hides speaks for nothing, as the root does. */
function textOf(path: YamlNode | undefined): string {
  return stringOf(path) ?? '';
}

/** The directory of a path as an object writes it, from the repository's root; undefined when it leads out. */
export function directoryNamed(path: string): string | undefined {
  return resolvePath('', path.replace(/^\/+/, ''));
}
