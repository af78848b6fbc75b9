import { fileKindOf } from '../../resources/file-subject';
import { baseNameOf } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { isWorkload, podTemplateOf } from '../../resources/workload';
import type { Labels } from '../../resources/labels';
import { entriesOf, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { HELM_SUBJECTS, helmReferencesOf } from '../helm-references';
import type { HelmParameter, HelmReference } from '../helm-references';
import { helmText } from '../helm/values';
import type { HelmText } from '../helm/values';
import type { MeshView } from '../view';
import {
  classifyChart,
  classifyCreatedBy,
  classifyImage,
  classifyLinkerdVersion,
  classifyProxyVersion,
  classifyRepository,
  isEnterpriseKind,
} from './release-channel';
import type { Channel, LinkerdReference } from './release-channel';
import { enterpriseGroup, enterpriseKinds, openChartMajors } from './release-table';

/** What at a place tells of Linkerd. `version` and `chart` are those of a Helm chart. */
export type ShownBy = 'repository' | 'chart' | 'version' | 'value' | 'image' | 'annotation' | 'kind';

/** One place that tells which Linkerd is meant. */
export interface LinkerdPlace {
  readonly reference: LinkerdReference;
  readonly by: ShownBy;
  /** What the place says, for messages: the URL, the image, the tag. */
  readonly text: string;
  /** The text that shows the channel; undefined when it stands in another resource, which has places of its own. */
  readonly node: YamlNode | undefined;
  /** Where a concern about the version stands: the version, else what has none. Undefined as `node` is. */
  readonly versionNode: YamlNode | undefined;
}

/** Places that speak of one installation: a chart reference with its values, a workload, a Namespace. A concern is told once a group. */
export type PlaceGroup = readonly LinkerdPlace[];

/** The kinds of subjects that can refer to Linkerd: what a rule about its releases names as its own. */
export const LINKERD_SUBJECTS: readonly string[] = [
  ...HELM_SUBJECTS,
  'file:values.yaml',
  'workload',
  'Namespace',
  ...[...enterpriseKinds].map((kind) => `${kind}.${enterpriseGroup}`),
];

/**
 * Every place in which one subject tells which release of Linkerd it means, with its classification. A recorded query.
 *
 * Charts whose files stand in git are no reference: their own `Chart.yaml` and `values.yaml` speak for them. Buoyant's are, by name.
 *
 * @returns one group for each installation that is spoken of; within a group the most telling place comes first
 */
export function linkerdReferencesOf(subject: Resource, view: MeshView): readonly PlaceGroup[] {
  return view.extension('linkerd.references', (graph) =>
    graph.family('linkerd.references', (of: Resource) => readGroups(of, view).filter((group) => group.length > 0)),
  )(subject);
}

/** A place with what a rule has to say about it. */
export interface Concern<T> {
  readonly place: LinkerdPlace;
  readonly node: YamlNode;
  readonly what: T;
  /** The other places of the group of which the same is to be said. */
  readonly others: readonly YamlNode[];
}

/**
 * The concerns of a subject, one for each group, and one for each node where several groups meet in it (releases of one repository).
 * @param judge what is to be said of a place, and the node that it is to be said at; undefined for nothing
 */
export function concernsOf<T>(
  groups: readonly PlaceGroup[],
  judge: (place: LinkerdPlace) => { readonly node: YamlNode | undefined; readonly what: T } | undefined,
): Concern<T>[] {
  const concerns = new Map<YamlNode, Concern<T>>();
  for (const group of groups) {
    const found = group.flatMap((place) => {
      const judged = judge(place);
      return judged?.node === undefined ? [] : [{ place, node: judged.node, what: judged.what }];
    });
    const [first, ...rest] = found;
    if (first === undefined || concerns.has(first.node)) continue;
    concerns.set(first.node, { ...first, others: rest.map(({ node }) => node) });
  }
  return [...concerns.values()];
}

function readGroups(subject: Resource, view: MeshView): PlaceGroup[] {
  const helm = helmReferencesOf(subject, view).map((reference) => [
    ...chartPlaces(reference),
    ...valuePlaces(reference, subject),
  ]);
  return [...helm, ...ownPlaces(subject)];
}

function ownPlaces(subject: Resource): PlaceGroup[] {
  if (subject.kind === 'file:values.yaml') return [treePlaces(subject.root)];
  if (isWorkload(subject)) return [workloadPlaces(subject)];
  if (subject.kind === 'Namespace') return [annotationPlaces(subject.annotations)];
  if (isEnterpriseKind(subject.group, subject.header.kind)) return [operatorPlaces(subject)];
  return [];
}

/** Stands for a version that a template decides: neither pinned nor floating, for all that can be known. */
const HIDDEN = '${}';

function chartPlaces(helm: HelmReference): LinkerdPlace[] {
  const { repository, chart, version } = helm;
  // Of a chart whose name is hidden, the repository still tells the channel.
  const isNamed = chart !== undefined && chart.hidden !== true;
  const reference = isNamed ? classifyHelmChart(helm, chart) : repository && classifyRepository(repository.text);
  if (reference === undefined) return [];
  const shows = showsChannel(reference);
  const by: 'version' | 'repository' | 'chart' =
    version !== undefined && shows.version
      ? 'version'
      : shows.repository(repository)
        ? 'repository'
        : chart
          ? 'chart'
          : 'repository';
  // A chart that another resource's repository alone gives away: that one has the finding.
  const named = by === 'chart' && !shows.chart ? undefined : own({ version, repository, chart }[by]);
  const versioned = own(version) ?? own(chart);
  return [
    { reference, by, text: { version, repository, chart }[by]?.text ?? '', node: named?.node, versionNode: versioned?.node },
  ];
}

function classifyHelmChart(helm: HelmReference, chart: HelmText): LinkerdReference | undefined {
  const { repository, version, digest, local } = helm;
  const reference = classifyChart({
    repository: repository?.text,
    chart: digest === undefined ? chart.text : `${repository?.text ?? 'oci:/'}/${chart.text}@${digest.text}`,
    version: version?.hidden === true ? HIDDEN : version?.text,
  });
  return local === true && reference?.enterpriseNeedsLicense !== true ? undefined : reference;
}

interface Shows {
  readonly version: boolean;
  readonly repository: (repository: HelmText | undefined) => boolean;
  readonly chart: boolean;
}

/** Which parts of a chart reference give its channel away, each by itself. */
function showsChannel({ channel, chart, version, mismatch }: LinkerdReference): Shows {
  const alike = (other: Channel | undefined): boolean =>
    other !== undefined && (other === channel || (isEnterpriseChannel(other) && isEnterpriseChannel(channel)));
  const stableNumbers =
    version?.channel === undefined && openChartMajors.get(chart ?? '')?.includes(version?.numbers[0] ?? -1) === true;
  return {
    version:
      alike(version?.channel) || (stableNumbers && (channel === 'stable' || mismatch === 'stable-version-in-edge-repository')),
    repository: (repository) => repository?.foreign !== true && alike(classifyRepository(repository?.text ?? '')?.channel),
    chart: chart === 'linkerd2' || isEnterpriseChannel(channel) || channel === undefined,
  };
}

/** Whether a channel is one of Buoyant's own distribution. */
export function isEnterpriseChannel(channel: Channel | undefined): boolean {
  return channel === 'enterprise' || channel === 'preview';
}

function own(text: HelmText | undefined): HelmText | undefined {
  return text?.foreign === true ? undefined : text;
}

/** Values of the charts that name a release of Linkerd. Source: charts of github.com/linkerd/linkerd2, edge-26.8.3 and stable-2.14.10. */
const VERSION_VALUES: readonly (readonly string[])[] = [
  ['linkerdVersion'],
  ['controllerImageVersion'],
  ['proxy', 'image', 'version'],
  ['policyController', 'image', 'version'],
  ['debugContainer', 'image', 'version'],
];

function valuePlaces(helm: HelmReference, subject: Resource): LinkerdPlace[] {
  const trees = helm.values.filter((tree) => !isInValuesFile(tree, subject)).flatMap(treePlaces);
  return [...trees, ...helm.parameters.flatMap(parameterPlaces)];
}

/** Whether a tree comes from a value file, which is a subject of its own. */
export function isInValuesFile(tree: YamlNode, subject: Resource): boolean {
  const { file } = tree.source;
  return file !== subject.file && fileKindOf(baseNameOf(file)) === 'file:values.yaml';
}

/** At the top, or one level below it: in the block of a subchart, or in `global` as before 2.10. */
function treePlaces(tree: YamlNode | undefined): LinkerdPlace[] {
  return [tree, ...entriesOf(tree).map(({ value }) => value)].flatMap((level) =>
    level?.type === 'map' ? VERSION_VALUES.flatMap((path) => valuePlace(lookup(level, ...path))) : [],
  );
}

function parameterPlaces({ name, value }: HelmParameter): LinkerdPlace[] {
  const isVersion = VERSION_VALUES.some((path) => name === path.join('.') || name.endsWith(`.${path.join('.')}`));
  return isVersion ? valuePlace(value) : [];
}

function valuePlace(node: YamlNode | undefined): LinkerdPlace[] {
  const text = helmText(node);
  return text === undefined ? [] : placeAt(classifyLinkerdVersion(text.text), 'value', text);
}

function workloadPlaces(workload: Resource): LinkerdPlace[] {
  const template = podTemplateOf(workload);
  if (template === undefined) return [];
  const images = [...template.containers, ...template.initContainers].flatMap((container) => {
    const text = helmText(lookup(container.node, 'image'));
    return text === undefined ? [] : placeAt(classifyImage(text.text), 'image', text);
  });
  const isPod = template.path.length === 0;
  return [...images, ...annotationPlaces(template.annotations), ...(isPod ? [] : annotationPlaces(workload.annotations))];
}

const VERSION_ANNOTATIONS: readonly (readonly [string, (value: string) => LinkerdReference | undefined])[] = [
  ['config.linkerd.io/proxy-version', classifyProxyVersion],
  ['linkerd.io/proxy-version', classifyProxyVersion],
  ['linkerd.io/created-by', classifyCreatedBy],
];

function annotationPlaces(annotations: Labels): LinkerdPlace[] {
  return VERSION_ANNOTATIONS.flatMap(([key, classify]) => {
    const annotation = annotations.get(key);
    return annotation.is === 'known'
      ? placeAt(classify(annotation.value), 'annotation', { text: annotation.value, node: annotation.node })
      : [];
  });
}

/** A ControlPlane or DataPlane of Buoyant's operator: its version where it names one, and its kind. */
function operatorPlaces(resource: Resource): LinkerdPlace[] {
  const version = helmText(resource.at('spec', 'components', 'linkerd', 'version'));
  const kind = helmText(resource.at('apiVersion'));
  const reference: LinkerdReference = { channel: 'enterprise', artefact: 'crd', floating: false, enterpriseNeedsLicense: true };
  return [
    ...(version === undefined ? [] : placeAt(classifyLinkerdVersion(version.text), 'value', version)),
    ...(kind === undefined ? [] : placeAt(reference, 'kind', { ...kind, text: resource.header.kind })),
  ];
}

/** A place that tells a channel; a text that is Linkerd's and tells none is nothing to speak of. */
function placeAt(reference: LinkerdReference | undefined, by: ShownBy, { text, node }: HelmText): LinkerdPlace[] {
  return reference?.channel === undefined ? [] : [{ reference, by, text, node, versionNode: node }];
}
