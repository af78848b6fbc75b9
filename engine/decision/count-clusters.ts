import { valuesInText } from '../mesh/helm/values';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { itself, objectsOfKind, query, signsIn, titlesOf } from './evidence';
import type { Counted } from './facts';
import { meshCharts } from './mesh-charts';

/**
 * Counts C, the clusters of one stage, by each thing that tells of several and takes the most: destinations of Argo CD, cluster folders of
 * Flux, Linkerd's Links and Istio's remote secrets (each another cluster beside this one), the clusters in Istio's networks and
 * installations. `dev` and `prod` are stages: clusters are counted within one, that of the environment if its name says one.
 */
export function countClusters(view: MeshView): Counted<Place> {
  return query(view, 'clusters', () => {
    const ways = [argoDestinations(view), fluxFolders(view), links(view), remoteSecrets(view), istioClusters(view)];
    return ways.reduce((most, next) => (next.count > most.count ? next : most), { count: 1, evidence: [] });
  });
}

/** A cluster by name, and what names it. */
type Named = readonly [name: string, place: Place];

const STAGE =
  /(?:^|[^a-z0-9])(dev|development|test|testing|qa|int|integration|staging|stage|stg|uat|preprod|preview|sandbox|demo|prod|production|prd|live)(?:\d*)(?=$|[^a-z0-9])/i;

const SAME_STAGE: Readonly<Record<string, string>> = {
  development: 'dev',
  testing: 'test',
  integration: 'int',
  stage: 'staging',
  stg: 'staging',
  production: 'prod',
  prd: 'prod',
  live: 'prod',
};

/** The stage that a name speaks of; empty for one that speaks of none. */
export function stageOf(name: string): string {
  const word = STAGE.exec(name)?.[1]?.toLowerCase() ?? '';
  return SAME_STAGE[word] ?? word;
}

/** The clusters of the environment's own stage, else of the stage that has most. */
function ofOneStage(view: MeshView, clusters: readonly Named[]): Counted<Place> {
  const stages = new Map<string, Map<string, Place>>();
  for (const [name, place] of clusters) {
    const stage = stages.get(stageOf(name)) ?? new Map<string, Place>();
    stages.set(stageOf(name), stage);
    if (!stage.has(name)) stage.set(name, place);
  }
  const own = stages.get(stageOf(view.environment().plan.name));
  const [most] = [...stages.values()].sort((a, b) => b.size - a.size);
  const chosen = [...((own ?? most)?.values() ?? [])];
  return { count: chosen.length, evidence: chosen };
}

/** Where Argo CD's own Applications land is no cluster of the system's. */
const ARGO_NAMESPACE = 'argocd';

/**
 * The clusters that Applications deploy to. An ApplicationSet's is read where its template takes it from an element of a list generator;
 * what its other generators make is not in any file.
 */
function argoDestinations(view: MeshView): Counted<Place> {
  const applications = view.ofKind('Application.argoproj.io').flatMap((one) => destination(one.at('spec', 'destination'), []));
  const sets = view
    .ofKind('ApplicationSet.argoproj.io')
    .flatMap((set) =>
      destination(set.at('spec', 'template', 'spec', 'destination'), [
        ...itemsOf(set.at('spec', 'generators')).flatMap(elementsOf),
      ]),
    );
  return ofOneStage(view, [...applications, ...sets]);
}

function destination(node: YamlNode | undefined, elements: readonly YamlNode[]): Named[] {
  if (stringOf(lookup(node, 'namespace')) === ARGO_NAMESPACE) return [];
  const place = ['name', 'server']
    .map((field) => lookup(node, field))
    .find((found) => stringOf(found) !== undefined || found?.type === 'unknown');
  if (place === undefined) return [];
  const written = stringOf(place) ?? place.source.slice(place.start, place.end);
  const parameter = /^["']?\{\{-?\s*\.?([A-Za-z0-9_.-]+)\s*-?\}\}["']?$/.exec(written)?.[1];
  if (parameter === undefined)
    return written.includes('{{') || place.type === 'unknown' ? [] : [[nameOf(written), { node: place }]];
  return elements.flatMap((element): Named[] => {
    const value = lookup(element, ...parameter.split('.'));
    const name = stringOf(value);
    return value === undefined || name === undefined ? [] : [[nameOf(name), { node: value }]];
  });
}

/** The elements of list generators, those inside a matrix or merge too. */
function elementsOf(generator: YamlNode): YamlNode[] {
  const nested = ['matrix', 'merge'].flatMap((kind) => itemsOf(lookup(generator, kind, 'generators')));
  return [...itemsOf(lookup(generator, 'list', 'elements')), ...nested.flatMap(elementsOf)];
}

/** One cluster can be named by its address and by its name: Argo CD's own has one of each. */
function nameOf(written: string): string {
  const trimmed = written.replace(/\/$/, '');
  return trimmed === 'https://kubernetes.default.svc' ? 'in-cluster' : trimmed;
}

/** `flux bootstrap --path=clusters/<name>` keeps a folder for each cluster (fluxcd.io, "Ways of structuring your repositories"). */
function fluxFolders(view: MeshView): Counted<Place> {
  const found = new Map<string, Named>();
  for (const path of view.repository.paths()) {
    const folder = /^(?:.*\/)?clusters\/([^/]+)\//.exec(path);
    if (folder === null || found.has(folder[0])) continue;
    const flux = view.repository.resources(path).find(({ group }) => group === 'kustomize.toolkit.fluxcd.io');
    const node = flux?.titlePlace;
    if (node !== undefined) found.set(folder[0], [folder[1] ?? '', { node }]);
  }
  return ofOneStage(view, [...found.values()]);
}

function links(view: MeshView): Counted<Place> {
  const found = signsIn(objectsOfKind(view, 'Link.multicluster.linkerd.io'), itself);
  return { count: found.count + 1, evidence: found.evidence };
}

/** The Secrets by which istiod reads other clusters; each key of one names a cluster (istio.io, "Install Multi-Primary"). */
export function remoteSecretsOf(view: MeshView): readonly Resource[] {
  return view.ofKind('Secret').filter((secret) => {
    if (secret.isSkimmed) return false;
    const label = secret.labels.get('istio/multiCluster');
    return label.is === 'known' && label.value === 'true';
  });
}

function remoteSecrets(view: MeshView): Counted<Place> {
  const secrets = remoteSecretsOf(view);
  const names = new Set(
    secrets.flatMap((secret) =>
      ['data', 'stringData'].flatMap((field) => entriesOf(secret.at(field)).map(({ key }) => key.value)),
    ),
  );
  return { count: Math.max(names.size, new Set(secrets.map(({ key }) => key)).size) + 1, evidence: titlesOf(secrets) };
}

/** The clusters that Istio's installations are named after, and those that its networks name (`fromRegistry`). */
function istioClusters(view: MeshView): Counted<Place> {
  const names = new Map<string, Place>();
  const note = (node: YamlNode | undefined): void => {
    const name = stringOf(node);
    if (node !== undefined && name !== undefined && !names.has(name)) names.set(name, { node });
  };
  const trees = [
    ...view.ofKind('IstioOperator.install.istio.io').flatMap((operator) => operator.at('spec', 'values') ?? []),
    ...meshCharts(view).flatMap(({ reference, mesh }) => (mesh === 'istio' ? reference.values : [])),
  ];
  for (const tree of trees) {
    note(lookup(tree, 'global', 'multiCluster', 'clusterName'));
    networksIn(lookup(tree, 'global', 'meshNetworks')).forEach(note);
  }
  for (const configMap of view.ofKind('ConfigMap')) {
    if (configMap.isSkimmed) continue;
    const networks = valuesInText(lookup(configMap.at('data'), 'meshNetworks'));
    networksIn(lookup(networks, 'networks') ?? networks).forEach(note);
  }
  return ofOneStage(view, [...names]);
}

/** The registries of a `meshNetworks`: each is named after a cluster (istio.io, MeshNetworks). */
function networksIn(networks: YamlNode | undefined): (YamlNode | undefined)[] {
  return entriesOf(networks).flatMap(({ value }) =>
    itemsOf(lookup(value, 'endpoints')).map((endpoint) => lookup(endpoint, 'fromRegistry')),
  );
}
