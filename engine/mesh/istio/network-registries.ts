import type { Resource } from '../../resources/resource';
import { entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/** A `fromRegistry` of MeshNetworks: the cluster whose endpoints belong to a network. */
export interface NamedRegistry {
  readonly network: string;
  readonly registry: string;
  readonly node: YamlNode;
}

/** The kinds that MeshNetworks stand in. */
export const NETWORK_HOLDERS: readonly string[] = ['ConfigMap', 'IstioOperator.install.istio.io'];

/**
 * The registries that the MeshNetworks in a resource name: a ConfigMap `istio`, with a revision behind it or not, or an IstioOperator
 * (istio/istio manifests/charts/istio-control/istio-discovery, 1.32 development). None for other resources, and none that a template hides.
 */
export function namedRegistries(holder: Resource): readonly NamedRegistry[] {
  return entriesOf(networksIn(holder)).flatMap(({ key, value }) =>
    itemsOf(lookup(value, 'endpoints')).flatMap((endpoint): NamedRegistry[] => {
      const node = lookup(endpoint, 'fromRegistry');
      const registry = stringOf(node);
      return node === undefined || registry === undefined ? [] : [{ network: String(key.value), registry, node }];
    }),
  );
}

function networksIn(holder: Resource): YamlNode | undefined {
  if (holder.kind !== 'ConfigMap') return holder.at('spec', 'values', 'global', 'meshNetworks');
  if (holder.name !== 'istio' && holder.name?.startsWith('istio-') !== true) return undefined;
  const tree = valuesInText(holder.at('data', 'meshNetworks'));
  return lookup(tree, 'networks') ?? tree;
}

/** What istiod knows by a name, whatever other clusters it reads (istio/istio pilot/pkg/serviceregistry/provider, 1.32 development). */
const BUILT_IN: readonly string[] = ['Kubernetes', 'Mock', 'External'];

export interface Registries {
  readonly names: ReadonlySet<string>;
  /** Whether the environment holds the credentials of some other cluster, so that those of all may be expected here. */
  readonly showsRemote: boolean;
}

/**
 * The registries that istiod has in an environment: its own, by the names of its clusters, and those of the clusters for which there is a
 * Secret labelled `istio/multiCluster`. A memoised query.
 */
export function knownRegistries(view: MeshView): Registries {
  const query = view.extension('istio.registries', (graph) => graph.computed('istio.registries', () => findRegistries(view)));
  return query.get();
}

function findRegistries(view: MeshView): Registries {
  const secrets = view.index.grouped('istio.remoteSecrets', ['Secret'], (secret) => (isRemote(secret) ? REMOTE : []));
  const remote = secrets
    .get('remote')
    .flatMap((secret) =>
      ['data', 'stringData'].flatMap((field) => entriesOf(secret.at(field)).map(({ key }) => String(key.value))),
    );
  const clusterName = ['global', 'multiCluster', 'clusterName'];
  const own = [
    ...view.ofKind('IstioOperator.install.istio.io').map((operator) => operator.at('spec', 'values', ...clusterName)),
    ...installedCharts(view).map(([, reference]) => helmValue(reference, ...clusterName)),
  ];
  const names = new Set([...BUILT_IN, ...remote, ...own.flatMap((node) => stringOf(node) ?? [])]);
  return { names, showsRemote: remote.length > 0 };
}

const REMOTE: readonly string[] = ['remote'];

function isRemote(secret: Resource): boolean {
  if (secret.isSkimmed) return false;
  const label = secret.labels.get('istio/multiCluster');
  return label.is === 'known' && label.value === 'true';
}
