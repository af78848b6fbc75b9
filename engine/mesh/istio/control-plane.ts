import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import { isSet, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { helmReferencesOf } from '../helm-references';
import type { HelmReference } from '../helm-references';
import type { MeshView } from '../view';
import { controlPlaneWorkloads } from './installation';

/** A resource that puts Istio's control plane into the cluster. */
export interface ControlPlanePart {
  readonly resource: Resource;
  /** What says so. */
  readonly node: YamlNode;
  /** Where istiod runs; undefined where a template hides it. */
  readonly namespace: string | undefined;
  /** As written, a range or an image tag as well; undefined where none is to be read. */
  readonly version: string | undefined;
}

export interface IstioVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * What installs istiod in an environment: its own workload, an IstioOperator, or the chart `istiod` in a release of Flux, Argo CD or
 * k3s. A memoised query.
 */
export function controlPlaneParts(view: MeshView): readonly ControlPlanePart[] {
  const query = view.extension('istio.controlPlane', (graph) => graph.computed('istio.controlPlane', () => findParts(view)));
  return query.get();
}

/**
 * The Istio version of an environment: as configured, else the newest that its control planes show.
 *
 * @returns undefined when nothing names one
 */
export function istioVersion(view: MeshView): IstioVersion | undefined {
  const configured = view.configuration().istio.version;
  if (configured !== undefined) return parseVersion(configured);
  const shown = controlPlaneParts(view).flatMap((part) => (part.version === undefined ? [] : (parseVersion(part.version) ?? [])));
  return shown.reduce<IstioVersion | undefined>(
    (best, next) => (best === undefined || isOlder(best, next) ? next : best),
    undefined,
  );
}

/** Whether a version comes before another, patch releases aside. */
export function isOlder(a: IstioVersion, b: IstioVersion): boolean {
  return a.major === b.major ? a.minor < b.minor : a.major < b.major;
}

/** Reads `1.24.2`, `v1.24`, `1.24.2-distroless`, `1.24.x` and `~1.24.0`; a range that leaves the minor version open says nothing. */
export function parseVersion(text: string): IstioVersion | undefined {
  const match = /^[v=~]?[ ]?(\d{1,4})\.(\d{1,4})(?:\.(?:\d+|[xX*]))?(?:[-+][\w.+-]*)?$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** The kinds whose resources make a cluster install a chart. */
const INSTALLERS: readonly string[] = [
  'HelmRelease.helm.toolkit.fluxcd.io',
  'Application.argoproj.io',
  'ApplicationSet.argoproj.io',
  'HelmChart.helm.cattle.io',
];

/** The charts that an environment's resources install, whatever they are for. */
export function installedCharts(view: MeshView): readonly (readonly [Resource, HelmReference])[] {
  const installers = INSTALLERS.flatMap((kind) => view.ofKind(kind));
  return installers.flatMap((resource) => helmReferencesOf(resource, view).map((reference) => [resource, reference] as const));
}

function findParts(view: MeshView): ControlPlanePart[] {
  return [
    ...controlPlaneWorkloads(view.index).flatMap(istiod),
    ...view.ofKind('IstioOperator.install.istio.io').flatMap(operator),
    ...installedCharts(view).flatMap(([resource, reference]) => chart(resource, reference)),
  ];
}

function istiod(workload: Resource): ControlPlanePart[] {
  if (workload.titlePlace === undefined) return [];
  const image = podTemplateOf(workload)?.containers.find((container) => container.name === 'discovery')?.image;
  const version = tagOf(image) ?? versionLabel(workload);
  return [{ resource: workload, node: workload.titlePlace, namespace: workload.namespace, version }];
}

/** What the chart says of its release, for an image that is named by digest (templates/zzz_profile.yaml istio.labels). */
function versionLabel(workload: Resource): string | undefined {
  const label = workload.labels.get('app.kubernetes.io/version');
  return label.is === 'known' ? label.value : undefined;
}

function operator(resource: Resource): ControlPlanePart[] {
  const node = resource.titlePlace;
  if (node === undefined) return [];
  const written = resource.at('spec', 'namespace');
  const namespace = isSet(written) ? stringOf(written) : resource.namespace;
  return [{ resource, node, namespace, version: stringOf(resource.at('spec', 'tag')) }];
}

function chart(resource: Resource, { chart: named, version, releaseNamespace }: HelmReference): ControlPlanePart[] {
  if (named === undefined || !/(?:^|\/)istiod$/.test(named.text)) return [];
  const namespace = releaseNamespace.is === 'known' ? releaseNamespace.value : undefined;
  return [{ resource, node: named.node, namespace, version: version?.text }];
}

/** The tag of an image; undefined for one that is named by digest alone. */
function tagOf(image: string | undefined): string | undefined {
  return image === undefined ? undefined : /:([^:/]+)$/.exec(image.replace(/@.*$/, ''))?.[1];
}
