import { headerOf, Resource } from '../../resources/resource';
import { entriesOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { NOTHING_DELIVERED } from '../gitops/delivery';
import type { Delivery, Deployer, RemoteCluster } from '../gitops/delivery';
import { withoutSlash } from '../gitops/address';
import { argoSource, argoSources, directoryNamed } from '../gitops/sources';
import type { Sources } from '../gitops/sources';
import { madeMap, madeText } from '../gitops/written';
import { KUSTOMIZATION_FILES } from '../kustomize/kustomization';
import { lacking } from '../lacking';
import { baseNameOf, directoryOf } from '../paths';
import type { Repository } from '../repository';
import { applicationChart } from './chart';
import type { Directories } from './directory';
import { kustomizeLayer } from './overrides';

export interface ApplicationSources {
  readonly repository: Repository;
  readonly sources: Sources;
  readonly directories: Directories;
}

/** The cluster that Argo CD runs in, under both of its names (argo-cd util/argo/argo.go and util/db/cluster.go; 3.5). */
const OWN_SERVER = 'https://kubernetes.default.svc';
const OWN_NAME = 'in-cluster';

/** What an Application brings, and where to. Never fails: what cannot be read is named in `partial`. */
export function readApplication(application: Resource, context: ApplicationSources): Deployer {
  const spec = application.at('spec');
  const partial: string[] = [];
  const deliveries = argoSources(spec).flatMap((source) => {
    const read = readSource(application, source, context);
    if (typeof read !== 'string') return read;
    if (read !== '') partial.push(read);
    return [];
  });
  const namespaces = managedNamespace(application);
  if (namespaces.length > 0) deliveries.push({ ...NOTHING_DELIVERED, by: application, root: '', namespaces });
  return { resource: application, tool: 'argo-cd', cluster: clusterOf(application), deliveries, partial };
}

/** One source: what it brings from this repository, or why that is nothing; the empty text for one that brings nothing by design. */
function readSource(application: Resource, source: YamlNode, context: ApplicationSources): Delivery | string {
  const { repository, sources } = context;
  const title = application.title;
  const chart = lookup(source, 'chart');
  if (isSet(chart)) return lacking('charts of elsewhere', `${stringOf(chart) ?? 'one with a templated name'} of ${title}`);
  const url = lookup(source, 'repoURL');
  const path = lookup(source, 'path');
  // Value files of other sources come from there, nothing else (docs/user-guide/multiple_sources.md).
  if (!isSet(path)) return isSet(lookup(source, 'ref')) ? '' : lacking('sources without a path', title);
  const written = stringOf(path);
  if (written === undefined) return lacking('paths that are filled in elsewhere', title);
  const root = directoryNamed(written);
  if (root === undefined) return lacking('paths out of the repository', `${written} of ${title}`);
  const address = argoSource(url);
  if (stringOf(url)?.startsWith('oci://') === true || !sources.isOurs(address, root))
    return lacking('paths in other repositories', `${written} of ${title}${address === undefined ? '' : ` (${address})`}`);
  if (root !== '' && !repository.isDirectory(root)) return lacking('paths that are not here', `${written} of ${title}`);
  const delivery: Delivery = {
    ...NOTHING_DELIVERED,
    by: application,
    root,
    namespace: isSet(lookup(application.at('spec'), 'destination', 'namespace'))
      ? lookup(application.at('spec'), 'destination', 'namespace')
      : undefined,
    lastWins: true,
  };
  const content = readContent(application, source, delivery, context);
  if (typeof content === 'string') return content;
  const overrides = ['.argocd-source.yaml', `.argocd-source-${application.name ?? ''}.yaml`]
    .map((name) => (root === '' ? name : `${root}/${name}`))
    .filter((file) => repository.exists(file))
    .map((file) => lacking('overrides that are not read', file));
  return overrides.length === 0 ? content : { ...content, partial: [...content.partial, ...overrides] };
}

/** By the block that the source has, else by the files in its path (argo-cd reposerver/repository/repository.go GetAppSourceType). */
function readContent(
  application: Resource,
  source: YamlNode,
  delivery: Delivery,
  { repository, sources, directories }: ApplicationSources,
): Delivery | string {
  const { root } = delivery;
  const { title } = application;
  const blocks = ['helm', 'kustomize', 'directory', 'plugin'].filter((block) => hasContent(lookup(source, block)));
  if (blocks.length > 1) return lacking('sources with several tools, which Argo CD refuses', title);
  switch (blocks[0] ?? discovered(repository, root)) {
    case 'plugin':
      return lacking('plugins of Argo CD', title);
    case 'helm':
      return { ...delivery, ...applicationChart(application, source, root, repository, sources) };
    case 'kustomize': {
      const { layer, partial } = kustomizeLayer(lookup(source, 'kustomize'), root);
      return { ...delivery, builds: [root], layer, partial };
    }
    default:
      return { ...delivery, ...directories.content(root, lookup(source, 'directory'), title) };
  }
}

/** An empty block does not decide (`ApplicationSource…IsZero` in types.go). */
function hasContent(block: YamlNode | undefined): boolean {
  return block?.type === 'unknown' || entriesOf(block).length > 0;
}

/** The last hit in the order of names decides, and any name that ends in `Chart.yaml` is one (util/app/discovery/discovery.go). */
function discovered(repository: Repository, root: string): 'helm' | 'kustomize' | undefined {
  const names = ['Chart.yaml', ...KUSTOMIZATION_FILES].filter((name) =>
    repository.exists(root === '' ? name : `${root}/${name}`),
  );
  const charts = repository.paths().filter((path) => path.endsWith('Chart.yaml') && directoryOf(path) === root);
  const last = [...names, ...charts.map(baseNameOf)].sort().at(-1);
  if (last === undefined) return undefined;
  return last.endsWith('Chart.yaml') ? 'helm' : 'kustomize';
}

/** Where it goes: a server or a name, never both. Undefined for Argo CD's own cluster. */
function clusterOf(application: Resource): RemoteCluster | undefined {
  const destination = application.at('spec', 'destination');
  const server = lookup(destination, 'server');
  const name = lookup(destination, 'name');
  const address = withoutSlash(stringOf(server)?.trim() ?? '');
  const called = stringOf(name)?.trim() ?? '';
  if (address === OWN_SERVER || called === OWN_NAME) return undefined;
  if (address !== '') return { key: `server ${address.toLowerCase()}`, name: hostOf(address) };
  if (called !== '') return { key: `name ${called}`, name: called };
  // Hidden or missing: it shares a cluster with nothing that can be told.
  return { key: `of ${application.file} ${application.title}`, name: application.name ?? application.file };
}

function hostOf(address: string): string {
  return address
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '');
}

const namespaces = new WeakMap<Resource, readonly Resource[]>();

/**
 * The Namespace that Argo CD makes with the labels and annotations of `managedNamespaceMetadata`: only with `CreateNamespace=true`, and
 * only the destination's (argo-cd controller/sync_namespace.go, docs/user-guide/sync-options.md; 3.5). Its name stands in the destination,
 * its labels where they are written. Without metadata nothing is made here: the namespace may have been there, with labels of its own.
 */
function managedNamespace(application: Resource): readonly Resource[] {
  let made = namespaces.get(application);
  if (made === undefined) {
    made = makeNamespace(application);
    namespaces.set(application, made);
  }
  return made;
}

function makeNamespace(application: Resource): readonly Resource[] {
  const metadata = application.at('spec', 'syncPolicy', 'managedNamespaceMetadata');
  const name = application.at('spec', 'destination', 'namespace');
  const creates = itemsOf(application.at('spec', 'syncPolicy', 'syncOptions')).some(
    (option) => stringOf(option)?.replaceAll(' ', '') === 'CreateNamespace=true',
  );
  if (!creates || metadata?.type !== 'map' || stringOf(name) === undefined) return [];
  const root = madeMap(metadata, [
    ['apiVersion', madeText(metadata, 'v1')],
    ['kind', madeText(metadata, 'Namespace')],
    [
      'metadata',
      madeMap(metadata, [
        ['name', name],
        ['labels', metadata.get('labels')],
        ['annotations', metadata.get('annotations')],
      ]),
    ],
  ]);
  const header = headerOf(root);
  return header === undefined ? [] : [new Resource(header, application.source, root)];
}
