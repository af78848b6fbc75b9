import type { Graph } from '../../incremental/graph';
import { headerOf, Resource } from '../../resources/resource';
import { known, unknown } from '../../tristate';
import { lookup, stringOf } from '../../yaml/tree';
import type { MapNode, ScalarNode, UnknownNode, YamlNode } from '../../yaml/tree';
import { substituted } from '../flux/substitution';
import type { Substitution } from '../flux/substitution';
import { rendered } from '../helm/action';
import { isOwnTemplate } from '../helm/charts';
import type { Build, KustomizeBuilder } from '../kustomize/build';
import { withEntry } from '../kustomize/derive';
import { withoutMissing } from '../kustomize/edited';
import type { Overrides } from '../kustomize/edited';
import { TransformMemo } from '../kustomize/memo';
import { withMetadata } from '../kustomize/pairs';
import { lacking } from '../lacking';
import type { Repository } from '../repository';
import type { Delivery } from './delivery';
import { fillIn, madeMap, madeText } from './written';

/** What was filled into one resource, and what came of it: the same once more gives the same Resource. */
interface Filling {
  readonly values: readonly (ScalarNode | undefined)[];
  readonly resource: Resource;
}

/** Results kept of one resource: one an environment that fills it in, and a few older ones. */
const MOST_FILLINGS = 100;

/** Makes what deliveries put on a cluster; an object that comes out as before is the same Resource. */
export class Deliverer {
  /** What lands by a delivery, without its `namespaces`. A recorded query: deliveries that are the same object share one cell. */
  readonly deliver: (delivery: Delivery) => Build;

  private readonly repository: Repository;
  private readonly builder: KustomizeBuilder;
  private readonly memo = new TransformMemo();
  private readonly fillings = new WeakMap<Resource, Filling[]>();

  constructor(graph: Graph, repository: Repository, builder: KustomizeBuilder) {
    this.repository = repository;
    this.builder = builder;
    this.deliver = graph.family('gitops.deliver', (delivery: Delivery) => this.make(delivery));
  }

  private make(delivery: Delivery): Build {
    const { layer, namespace, substitution, labels, annotations } = delivery;
    const { chart } = delivery;
    let build = this.gathered(delivery);
    if (chart !== undefined) build = this.withValues(build, chart);
    if (layer !== undefined) build = this.overridden(build, layer, delivery);
    let resources = build.resources;
    if (namespace !== undefined) resources = resources.map((resource) => this.inNamespace(resource, namespace));
    if (substitution !== undefined) resources = resources.map((resource) => this.substitute(resource, substitution));
    if (labels !== undefined) resources = resources.map((resource) => this.withPairs(resource, 'labels', labels));
    if (annotations !== undefined) resources = resources.map((resource) => this.withPairs(resource, 'annotations', annotations));
    if (delivery.lastWins) resources = lastOfEach(resources);
    return { ...build, resources, partial: [...new Set([...build.partial, ...delivery.partial])] };
  }

  /** @param plain what comes without the overrides */
  private overridden(plain: Build, overrides: Overrides, { files, builds }: Delivery): Build {
    const layer = withoutMissing(overrides, this.repository, this.memo);
    const [only, ...others] = builds;
    const isEdited = only === layer.directory && others.length === 0 && files.length === 0;
    const build = isEdited ? this.builder.edited(only, layer) : this.builder.layered(plain, layer);
    // What the kustomizations have by themselves is reported there.
    const fails = build.problems.length > plain.problems.length;
    return {
      ...build,
      files: [...new Set([...build.files, layer.file])].sort(),
      partial: fails ? [...build.partial, lacking('overrides that cannot be applied', layer.file)] : build.partial,
    };
  }

  private gathered({ files, builds }: Delivery): Build {
    const built = builds.map((directory) => this.builder.build(directory));
    return {
      resources: [
        ...files.flatMap((path) => this.repository.resources(path)).filter(({ group }) => group !== 'kustomize.config.k8s.io'),
        ...built.flatMap(({ resources }) => resources),
      ],
      problems: built.flatMap(({ problems }) => problems),
      partial: [...new Set(built.flatMap(({ partial }) => partial))],
      files: [...new Set([...files, ...built.flatMap((build) => build.files)])].sort(),
    };
  }

  /** What is not parsed yet stays so: a cluster holds many objects that nobody reads. */
  private inNamespace(resource: Resource, namespace: YamlNode): Resource {
    const { header, source, isSkimmed } = resource;
    if (resource.isClusterScoped || header.namespace.is !== 'absent') return resource;
    return this.memo.once(resource, [namespace], () => {
      const text = stringOf(namespace);
      const readRoot = (): MapNode | undefined => {
        const { root } = resource;
        return root && this.memo.once(root, [namespace], () => withNamespaceSet(root, namespace));
      };
      return new Resource({ ...header, namespace: text === undefined ? unknown : known(text) }, source, readRoot, isSkimmed);
    });
  }

  private withPairs(resource: Resource, field: 'labels' | 'annotations', pairs: MapNode): Resource {
    const { root } = resource;
    return root === undefined ? resource : this.changed(resource, pairs, () => withMetadata(root, field, pairs));
  }

  private changed(resource: Resource, by: YamlNode, change: () => MapNode): Resource {
    const { root } = resource;
    return root === undefined ? resource : (this.memo.resource(resource, this.memo.once(root, [by], change)) ?? resource);
  }

  private withValues(build: Build, { directory, values, files }: NonNullable<Delivery['chart']>): Build {
    const resources = build.resources.map((resource) =>
      isOwnTemplate(resource.file, directory) ? this.filledIn(resource, '{{', (node) => rendered(node, values)) : resource,
    );
    return { ...build, resources, files: [...new Set([...build.files, ...files])].sort() };
  }

  private substitute(resource: Resource, substitution: Substitution): Resource {
    if (isSwitchedOff(resource)) return resource;
    return this.filledIn(resource, '${', (node) => substituted(node, substitution));
  }

  /** @param mark what the text of a resource holds where there is something to fill in */
  private filledIn(resource: Resource, mark: string, fill: (node: UnknownNode) => ScalarNode | undefined): Resource {
    // What was not parsed so far shows that in its text.
    if (resource.isSkimmed && !resource.source.text.includes(mark)) return resource;
    const { root } = resource;
    if (root === undefined) return resource;
    const values: (ScalarNode | undefined)[] = [];
    const tree = fillIn(root, (node: UnknownNode) => {
      // A recorded read: the node stays the same whatever its text is changed to.
      this.repository.manifest(node.source.file);
      const value = fill(node);
      values.push(value);
      return value;
    });
    const header = tree === root || tree.type !== 'map' ? undefined : headerOf(tree);
    if (header === undefined || tree.type !== 'map') return resource;
    const kept = this.fillings.get(resource) ?? [];
    const before = kept.find((filling) => sameValues(filling.values, values));
    if (before !== undefined) return before.resource;
    const made = new Resource(header, resource.source, tree);
    this.fillings.set(resource, [{ values, resource: made }, ...kept.slice(0, MOST_FILLINGS - 1)]);
    return made;
  }
}

/** A label or an annotation keeps Flux from filling in variables (kustomize-controller 1.9 docs/spec/v1/kustomizations.md). */
function isSwitchedOff(resource: Resource): boolean {
  return [resource.labels, resource.annotations].some((pairs) => {
    const value = pairs.get('kustomize.toolkit.fluxcd.io/substitute');
    return value.is === 'known' && value.value === 'disabled';
  });
}

function withNamespaceSet(root: MapNode, namespace: YamlNode): MapNode {
  const metadata = lookup(root, 'metadata');
  if (metadata?.type === 'unknown') return root;
  const text = stringOf(namespace);
  const value = text === undefined ? namespace : madeText(namespace, text);
  const inner =
    metadata?.type === 'map'
      ? withEntry(metadata, madeText(namespace, 'namespace'), value)
      : madeMap(namespace, [['namespace', value]]);
  return withEntry(root, madeText(namespace, 'metadata'), inner);
}

/** Of objects with one identity, the last one; those that stand twice in one file are that file's own mistake, and stay. */
export function lastOfEach(resources: readonly Resource[]): readonly Resource[] {
  const last = new Map<string, Resource>();
  for (const resource of resources) if (resource.key !== undefined) last.set(resource.key, resource);
  return resources.filter(({ key, file }) => key === undefined || last.get(key)?.file === file);
}

function sameValues(a: Filling['values'], b: Filling['values']): boolean {
  return a.length === b.length && a.every((node, i) => node?.value === b[i]?.value && node?.madeBy === b[i]?.madeBy);
}
