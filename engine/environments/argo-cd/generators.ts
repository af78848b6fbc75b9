import type { Resource } from '../../resources/resource';
import { booleanOf, entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { globMatcher } from '../gitops/glob';
import { argoSource } from '../gitops/sources';
import type { Sources } from '../gitops/sources';
import { fillIn } from '../gitops/written';
import { lacking } from '../lacking';
import { ancestorsOf, directoryOf } from '../paths';
import type { Repository } from '../repository';
import { gitGenerators, MOST_NESTED, pathsIn } from './git-generator';
import { flattened, normalized, pathParameters, withParameters } from './parameters';
import type { Parameters } from './parameters';

/** What a generator makes. */
export interface Generated {
  readonly sets: readonly Parameters[];
  /** The clusters that are meant, where no file shows them: one set stands for all of them. */
  readonly clusters: string | undefined;
  /** Why more may be made, in words. */
  readonly partial: readonly string[];
}

/** More than anybody generates: two lists in a matrix multiply. */
const MOST_SETS = 1000;

/** Evaluates an ApplicationSet's generators as far as files show what they list (argo-cd applicationset/generators; 3.5). */
export class Generators {
  private readonly repository: Repository;
  private readonly sources: Sources;

  constructor(repository: Repository, sources: Sources) {
    this.repository = repository;
    this.sources = sources;
  }

  /** @param set names the ApplicationSet in `partial` */
  evaluate(set: Resource): readonly Generated[] {
    const isGo = booleanOf(set.at('spec', 'goTemplate')) === true;
    return itemsOf(set.at('spec', 'generators')).map((generator) => this.generate(generator, set.title, isGo, 0));
  }

  /** Whether a generator of the ApplicationSet reads a file, whatever that holds. */
  reads(set: Resource, path: string): boolean {
    return gitGenerators(set).some((git) => this.matching(lookup(git, 'files'), [path])?.length === 1);
  }

  private generate(generator: YamlNode, title: string, isGo: boolean, depth: number): Generated {
    const [kind] = entriesOf(generator)
      .map(({ key }) => String(key.value))
      .filter((key) => key !== 'selector' && key !== 'template');
    const block = lookup(generator, kind ?? '');
    const made = this.byKind(kind, block, title, isGo, depth);
    if (isSet(lookup(generator, 'template'))) return nothing(lacking('templates inside generators', title));
    return this.selected(made, lookup(generator, 'selector'), title);
  }

  private byKind(kind: string | undefined, block: YamlNode | undefined, title: string, isGo: boolean, depth: number): Generated {
    switch (kind) {
      case 'list': {
        const partial = isSet(lookup(block, 'elementsYaml')) ? [lacking('elements that are filled in elsewhere', title)] : [];
        return { sets: itemsOf(lookup(block, 'elements')).map((element) => flattened(element)), clusters: undefined, partial };
      }
      case 'git':
        return this.git(block, title, isGo);
      case 'clusters':
        return this.clusters(block, title, isGo);
      case 'matrix':
      case 'merge':
        if (depth >= MOST_NESTED) return nothing(lacking('nested generators', title));
        return kind === 'matrix' ? this.matrix(block, title, isGo, depth) : this.merge(block, title, isGo, depth);
      default:
        return nothing(lacking('generators that ask elsewhere', `${kind ?? 'one of no kind'} of ${title}`));
    }
  }

  /** Each of the first with each of the second, which may use the first's parameters. */
  private matrix(block: YamlNode | undefined, title: string, isGo: boolean, depth: number): Generated {
    const [first, second] = itemsOf(lookup(block, 'generators'));
    if (first === undefined || second === undefined)
      return nothing(lacking('generators that are not understood', `matrix of ${title}`));
    const outer = this.generate(first, title, isGo, depth + 1);
    const partial = new Set(outer.partial);
    const sets: Parameters[] = [];
    let { clusters } = outer;
    for (const parameters of outer.sets) {
      const inner = this.generate(
        fillIn(second, (node) => withParameters(node, parameters, isGo)),
        title,
        isGo,
        depth + 1,
      );
      inner.partial.forEach((reason) => partial.add(reason));
      clusters ??= inner.clusters;
      sets.push(...inner.sets.map((own) => new Map([...parameters, ...own])));
      if (sets.length <= MOST_SETS) continue;
      partial.add(lacking(`more than ${MOST_SETS} Applications`, title));
      break;
    }
    return { sets: sets.slice(0, MOST_SETS), clusters, partial: [...partial] };
  }

  /** The first one's sets, each with what later ones say of the same keys. */
  private merge(block: YamlNode | undefined, title: string, isGo: boolean, depth: number): Generated {
    const keys = itemsOf(lookup(block, 'mergeKeys')).flatMap((key) => stringOf(key) ?? []);
    const made = itemsOf(lookup(block, 'generators')).map((generator) => this.generate(generator, title, isGo, depth + 1));
    const [base, ...others] = made;
    if (base === undefined || keys.length === 0)
      return nothing(lacking('generators that are not understood', `merge of ${title}`));
    const keyOf = (set: Parameters): string => JSON.stringify(keys.map((key) => set.get(key) ?? null));
    const byKey = others.map((other) => new Map(other.sets.map((set) => [keyOf(set), set])));
    return {
      sets: base.sets.map(
        (set) => new Map([set, ...byKey.flatMap((sets) => sets.get(keyOf(set)) ?? [])].flatMap((one) => [...one])),
      ),
      clusters: made.find(({ clusters }) => clusters !== undefined)?.clusters,
      partial: [...new Set(made.flatMap(({ partial }) => partial))],
    };
  }

  private git(block: YamlNode | undefined, title: string, isGo: boolean): Generated {
    const [first] = [...pathsIn(lookup(block, 'directories')), ...pathsIn(lookup(block, 'files'))];
    if (!this.sources.isOurs(argoSource(lookup(block, 'repoURL')), first?.path ?? ''))
      return nothing(lacking('generators that look through another repository', title));
    const prefix = stringOf(lookup(block, 'pathParamPrefix')) ?? '';
    const sets: Parameters[] = [];
    const directories = this.directories(lookup(block, 'directories'));
    const files = this.matching(lookup(block, 'files'), this.repository.paths());
    if (directories === undefined || files === undefined)
      return nothing(lacking('patterns that are not understood', `the git generator of ${title}`));
    for (const directory of directories) sets.push(pathParameters(directory, undefined, prefix));
    for (const file of files) {
      const roots = (this.repository.manifest(file)?.documents ?? []).flatMap(({ root }) => root ?? []);
      for (const element of roots.flatMap((root) => (root.type === 'sequence' ? root.items : [root])))
        sets.push(new Map([...flattened(element), ...pathParameters(directoryOf(file), file, prefix)]));
    }
    const values = lookup(block, 'values');
    return { sets: sets.slice(0, MOST_SETS).map((set) => withValues(set, values, isGo)), clusters: undefined, partial: [] };
  }

  /** Go's `path.Match`: `*` stays within a segment; an exclusion beats every inclusion; directories with a dot in front are left out. */
  private directories(patterns: YamlNode | undefined): readonly string[] | undefined {
    const style = { crossesSlash: false, braces: false };
    const isMatch = matcherOf(patterns, style);
    if (isMatch === undefined) return undefined;
    if (itemsOf(patterns).length === 0) return [];
    const all = new Set(this.repository.paths().flatMap((path) => ancestorsOf(directoryOf(path))));
    return [...all].filter((path) => path !== '' && !`/${path}`.includes('/.') && isMatch(path)).sort();
  }

  /** A pathspec of `git ls-files`, where `*` crosses `/`. */
  private matching(patterns: YamlNode | undefined, paths: readonly string[]): readonly string[] | undefined {
    const isMatch = matcherOf(patterns, { crossesSlash: true, braces: false });
    if (isMatch === undefined) return undefined;
    return itemsOf(patterns).length === 0 ? [] : paths.filter(isMatch);
  }

  /** Secrets with the label of a cluster; those that no file shows are clusters all the same (generators/cluster.go). */
  private clusters(block: YamlNode | undefined, title: string, isGo: boolean): Generated {
    const selector = lookup(block, 'selector');
    const values = lookup(block, 'values');
    const known = this.secrets().map(clusterParameters);
    const wanted = labelsOf(selector);
    const partial = [lacking('clusters that are not in this repository', `those that ${title} selects`)];
    if (wanted === undefined || known.length === 0) {
      const name =
        wanted === undefined
          ? title
          : [...wanted]
              .map(([key, value]) => `${key}=${value}`)
              .sort()
              .join(',');
      return { sets: [withValues(new Map(), values, isGo)], clusters: name, partial };
    }
    const isWanted = (set: Parameters): boolean =>
      [...wanted].every(([key, value]) => set.get(`metadata.labels.${key}`) === value);
    // The cluster that Argo CD runs in has no Secret of its own, and is meant when nothing is asked for.
    const own: Parameters[] =
      wanted.size === 0
        ? [
            new Map([
              ['name', 'in-cluster'],
              ['nameNormalized', 'in-cluster'],
              ['server', OWN_SERVER],
            ]),
          ]
        : [];
    return {
      sets: [...known.filter(isWanted), ...own].map((set) => withValues(set, values, isGo)),
      clusters: undefined,
      partial: [],
    };
  }

  private secrets(): Resource[] {
    return this.repository
      .pathsWith('Secret')
      .flatMap((path) => this.repository.resources(path))
      .filter(({ kind, labels }) => {
        if (kind !== 'Secret') return false;
        const type = labels.get('argocd.argoproj.io/secret-type');
        return type.is === 'known' && type.value === 'cluster';
      });
  }

  private selected(made: Generated, selector: YamlNode | undefined, title: string): Generated {
    if (!isSet(selector)) return made;
    const wanted = labelsOf(selector);
    if (wanted === undefined) return nothing(lacking('selectors that are not understood', title));
    return { ...made, sets: made.sets.filter((set) => [...wanted].every(([key, value]) => set.get(key) === value)) };
  }
}

const OWN_SERVER = 'https://kubernetes.default.svc';

function nothing(reason: string): Generated {
  return { sets: [], clusters: undefined, partial: [reason] };
}

/** What a list of `{ path, exclude }` takes; undefined when a pattern is not known. */
function matcherOf(
  patterns: YamlNode | undefined,
  style: { crossesSlash: boolean; braces: boolean },
): ((path: string) => boolean) | undefined {
  const written = pathsIn(patterns);
  const matchers = written.flatMap(({ path, excludes }) => {
    const isMatch = globMatcher(path, style);
    return isMatch === undefined ? [] : { isMatch, excludes };
  });
  if (matchers.length < itemsOf(patterns).length) return undefined;
  return (path) =>
    matchers.some(({ isMatch, excludes }) => !excludes && isMatch(path)) &&
    !matchers.some(({ isMatch, excludes }) => excludes && isMatch(path));
}

/** The `matchLabels` of a selector, none for one that is not set; undefined for what else a selector may ask. */
function labelsOf(selector: YamlNode | undefined): ReadonlyMap<string, string> | undefined {
  if (!isSet(selector)) return new Map();
  if (selector.type !== 'map' || selector.open || itemsOf(selector.get('matchExpressions')).length > 0) return undefined;
  const entries = entriesOf(selector.get('matchLabels'));
  if (entries.some(({ value }) => stringOf(value) === undefined)) return undefined;
  return new Map(entries.map(({ key, value }) => [String(key.value), stringOf(value) ?? '']));
}

function clusterParameters(secret: Resource): Parameters {
  const plain = flattened(secret.at('stringData'));
  const name = plain.get('name');
  const parameters = new Map([
    ...[...flattened(secret.at('metadata', 'labels'), 'metadata.labels')],
    ...[...flattened(secret.at('metadata', 'annotations'), 'metadata.annotations')],
  ]);
  for (const key of ['name', 'server', 'project']) {
    const value = plain.get(key);
    if (value !== undefined) parameters.set(key, value);
  }
  if (name !== undefined) parameters.set('nameNormalized', normalized(name));
  return parameters;
}

/** A generator's own `values`, which may use its parameters. */
function withValues(set: Parameters, values: YamlNode | undefined, isGo: boolean): Parameters {
  if (values === undefined) return set;
  const own = fillIn(values, (node) => withParameters(node, set, isGo));
  return new Map([...set, ...flattened(own, 'values')]);
}
