import type { Graph } from '../../incremental/graph';
import type { Resource } from '../../resources/resource';
import { booleanOf, entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { NOTHING_DELIVERED } from '../gitops/delivery';
import type { Delivery, Deployer, RemoteCluster } from '../gitops/delivery';
import { directoryNamed, fluxSource } from '../gitops/sources';
import type { Sources } from '../gitops/sources';
import { madeMap } from '../gitops/written';
import { kustomizationIn } from '../kustomize/kustomization';
import type { Overrides } from '../kustomize/edited';
import { lacking } from '../lacking';
import { ancestorsOf, baseNameOf, directoryOf, isInside } from '../paths';
import type { Repository } from '../repository';
import type { Substitution } from './substitution';

const FIELDS: readonly string[] = ['namePrefix', 'nameSuffix', 'patches', 'images', 'components'];

/** Reads Flux's Kustomizations (kustomize-controller 1.9 docs/spec/v1/kustomizations.md; fluxcd/pkg kustomize/kustomize_generator.go). */
export class FluxKustomizations {
  private readonly repository: Repository;
  private readonly sources: Sources;
  private readonly configMap: (key: string) => MapNode | undefined;

  constructor(graph: Graph, repository: Repository, sources: Sources) {
    this.repository = repository;
    this.sources = sources;
    this.configMap = graph.family('flux.configMap', (key: string) => {
      const found = repository
        .pathsWith('ConfigMap')
        .flatMap((path) => repository.resources(path).filter((resource) => resource.key === `ConfigMap ${key}`));
      const data = found[0]?.at('data');
      // Each cluster may have its own, and which of them this one reads is not known.
      return found.length === 1 && data?.type === 'map' ? data : undefined;
    });
  }

  /** What a Kustomization brings, and where to. Never fails: what cannot be read is named in `partial`. */
  read(kustomization: Resource): Deployer {
    const cluster = remoteCluster(kustomization);
    const delivery = this.delivery(kustomization);
    const isNothing = typeof delivery === 'string';
    return {
      resource: kustomization,
      tool: 'flux',
      cluster,
      deliveries: isNothing ? [] : [delivery],
      partial: isNothing ? [delivery] : [],
    };
  }

  /** What a directory holds when Flux makes the kustomization for it, or builds the one that is there. */
  content(root: string): Pick<Delivery, 'files' | 'builds' | 'partial'> {
    if (kustomizationIn(this.repository, root) !== undefined) return { files: [], builds: [root], partial: [] };
    const files: string[] = [];
    const builds = new Set<string>();
    const partial = new Set<string>();
    for (const path of this.repository.paths()) {
      if (!isInside(path, root) || isLeftOut(path)) continue;
      const built = this.kustomizationAbove(path, root);
      if (built !== undefined) {
        if (kustomizationIn(this.repository, built)?.isComponent === true)
          partial.add(lacking('components listed as resources', built));
        else builds.add(built);
      } else if (/\.ya?ml$/.test(path) && this.repository.hasResources(path)) files.push(path);
    }
    if (this.repository.exists('.sourceignore')) partial.add('what .sourceignore leaves out');
    return { files, builds: [...builds], partial: [...partial] };
  }

  /** The topmost directory below the root that holds a kustomization: it is built, and not looked into. */
  private kustomizationAbove(path: string, root: string): string | undefined {
    return ancestorsOf(directoryOf(path))
      .filter((directory) => directory !== root && isInside(directory, root))
      .findLast((directory) => kustomizationIn(this.repository, directory) !== undefined);
  }

  private delivery(kustomization: Resource): Delivery | string {
    const { title } = kustomization;
    const spec = kustomization.at('spec');
    const path = lookup(spec, 'path');
    const written = isSet(path) ? stringOf(path) : './';
    if (written === undefined) return lacking('paths that are filled in elsewhere', title);
    const root = directoryNamed(written);
    if (root === undefined) return lacking('paths out of the repository', `${written} of ${title}`);
    const source = fluxSource(lookup(spec, 'sourceRef'));
    if (!this.sources.isOurs(source, root))
      return lacking('paths in other repositories', `${written} of ${title}${source === undefined ? '' : ` (${source})`}`);
    if (root !== '' && !this.repository.isDirectory(root)) return lacking('paths that are not here', `${written} of ${title}`);
    const commonMetadata = lookup(spec, 'commonMetadata');
    const content = this.content(root);
    return {
      ...NOTHING_DELIVERED,
      ...content,
      partial: isSet(lookup(spec, 'ignore')) ? [...content.partial, lacking('files that are ignored', title)] : content.partial,
      by: kustomization,
      root,
      layer: layerOf(kustomization, root),
      substitution: this.substitution(kustomization),
      labels: mapOf(lookup(commonMetadata, 'labels')),
      annotations: mapOf(lookup(commonMetadata, 'annotations')),
    };
  }

  /** Later entries of `substituteFrom` beat earlier ones, and `substitute` beats them all. */
  private substitution(kustomization: Resource): Substitution | undefined {
    const postBuild = kustomization.at('spec', 'postBuild');
    if (postBuild?.type !== 'map') return undefined;
    const values = new Map<string, string>();
    let isWhole = true;
    for (const from of itemsOf(postBuild.get('substituteFrom'))) {
      const name = stringOf(lookup(from, 'name'));
      const data =
        stringOf(lookup(from, 'kind')) === 'ConfigMap' && name !== undefined && kustomization.namespace !== undefined
          ? this.configMap(`${kustomization.namespace}/${name}`)
          : undefined;
      if (data === undefined) {
        isWhole = false;
        // It may set any of those that were read so far.
        values.clear();
      }
      setValues(values, data);
    }
    const own = postBuild.get('substitute');
    if (own?.type === 'unknown' || (own?.type === 'map' && own.open)) isWhole = false;
    setValues(values, own);
    return { values, isWhole, isAlways: stringOf(postBuild.get('substituteStrategy')) === 'Always' };
  }
}

function setValues(values: Map<string, string>, map: YamlNode | undefined): void {
  for (const { key, value } of entriesOf(map)) {
    const name = String(key.value);
    // A value that is not known hides the one that an earlier source sets.
    if (value.type !== 'scalar' || value.value === null) values.delete(name);
    else values.set(name, String(value.value).replaceAll('\n', ''));
  }
}

const remote = (kind: string, name: string): RemoteCluster => ({ key: `${kind} ${name}`, name });

/** The cluster that `kubeConfig` leads to: known by the name of the Secret or ConfigMap that holds the way there. */
export function remoteCluster(object: Resource): RemoteCluster | undefined {
  const kubeConfig = object.at('spec', 'kubeConfig');
  if (!isSet(kubeConfig)) return undefined;
  for (const kind of ['secretRef', 'configMapRef']) {
    const name = stringOf(lookup(kubeConfig, kind, 'name'));
    if (name !== undefined) return remote(kind, name);
  }
  return remote('of', `${object.file} ${object.title}`);
}

const layers = new WeakMap<YamlNode, Map<string, Overrides | undefined>>();

/** What the spec says as kustomize itself does: Flux writes it into the kustomization in the path, or into the one that it makes. */
function layerOf(kustomization: Resource, directory: string): Overrides | undefined {
  const spec = kustomization.at('spec');
  if (spec?.type !== 'map') return undefined;
  let byDirectory = layers.get(spec);
  if (byDirectory === undefined) layers.set(spec, (byDirectory = new Map<string, Overrides | undefined>()));
  if (!byDirectory.has(directory)) {
    const fields = FIELDS.map((field) => [field, spec.get(field)] as const);
    const root = madeMap(spec, [...fields, ['namespace', spec.get('targetNamespace')]]);
    const skipsMissing = booleanOf(spec.get('ignoreMissingComponents')) === true;
    const layer: Overrides = { directory, file: kustomization.file, root, isComponent: false, images: 'merge', skipsMissing };
    byDirectory.set(directory, root.entries.length === 0 ? undefined : layer);
  }
  return byDirectory.get(directory);
}

function mapOf(node: YamlNode | undefined): MapNode | undefined {
  return node?.type === 'map' ? node : undefined;
}

/** What source-controller leaves out by itself (fluxcd/pkg sourceignore/sourceignore.go; 1.9). */
function isLeftOut(path: string): boolean {
  return (
    path.split('/').some((part) => part === '.git' || part === '.github' || part === '.circleci') ||
    /^(?:\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml|\.drone\.yml|cloudbuild\.yaml|codeship-.*|\.goreleaser\.yml|\.sops\.yaml|\.flux\.yaml)$/.test(
      baseNameOf(path),
    )
  );
}
