import { baseNameOf } from '../environments/paths';
import type { Resource } from '../resources/resource';
import { isWorkload, podTemplateOf } from '../resources/workload';
import { stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { controlPlaneParts, installedCharts } from './istio/control-plane';
import { isControlPlane } from './istio/installation';
import type { MeshView } from './view';

export type InstalledMesh = 'istio' | 'linkerd';

/** A resource that puts a mesh's control plane into the cluster. */
export interface MeshInstallation {
  readonly mesh: InstalledMesh;
  readonly resource: Resource;
  /** What says so: the name of a workload or an operator's object, the chart that a release names. */
  readonly node: YamlNode;
}

/** Operators' objects: the Sail operator's, OpenShift Service Mesh 2's (maistra.io) and Buoyant's. istioctl's own are among Istio's parts. */
const ISTIO_OBJECTS: readonly string[] = ['Istio.sailoperator.io', 'ServiceMeshControlPlane.maistra.io'];
const LINKERD_OBJECTS: readonly string[] = ['ControlPlane.linkerd.buoyant.io'];
const RELEASES: readonly string[] = [
  'HelmRelease.helm.toolkit.fluxcd.io',
  'Application.argoproj.io',
  'ApplicationSet.argoproj.io',
  'HelmChart.helm.cattle.io',
];

/** The kinds of subjects that `installationBy` may know as an installation: what a rule about installed meshes names as its own. */
export const INSTALLATION_SUBJECTS: readonly string[] = [
  'Deployment.apps',
  'IstioOperator.install.istio.io',
  ...ISTIO_OBJECTS,
  ...LINKERD_OBJECTS,
  ...RELEASES,
];

/** The charts of helm.linkerd.io and helm.buoyant.cloud that bring a control plane. */
const LINKERD_CHARTS: ReadonlySet<string> = new Set([
  'linkerd2',
  'linkerd-control-plane',
  'linkerd-enterprise-control-plane',
  'linkerd-preview-control-plane',
]);

/**
 * What installs the control planes of Istio and Linkerd in an environment, each mesh's in a fixed order. Helm's own files (Chart.yaml,
 * helmfile) are no resources, and not among them. A memoised query.
 */
export function meshInstallations(view: MeshView): readonly MeshInstallation[] {
  const query = view.extension('meshInstallations', (graph) => graph.computed('meshInstallations', () => find(view)));
  return query.get();
}

/**
 * The installation that a resource is, when it stands first among those of its mesh in the environment: the one place to speak of the
 * mesh as a whole. Of a workload that is no control plane it asks the view nothing.
 */
export function leadingInstallation(subject: Resource, view: MeshView): MeshInstallation | undefined {
  if (isWorkload(subject) && !isControlPlane(subject) && !isLinkerdControlPlane(subject)) return undefined;
  const all = meshInstallations(view);
  return all.find((one) => one.resource === subject && all.find(({ mesh }) => mesh === one.mesh)?.resource === one.resource);
}

function find(view: MeshView): MeshInstallation[] {
  const istio = controlPlaneParts(view).filter(({ resource }) => !isForGatewaysAlone(resource));
  const linkerd = view.index.grouped('linkerd control plane', 'workloads', (workload) =>
    isLinkerdControlPlane(workload) ? LINKERD : [],
  );
  const charts = installedCharts(view).flatMap(([resource, { chart }]): MeshInstallation[] => {
    const isLinkerd = chart !== undefined && LINKERD_CHARTS.has(baseNameOf(chart.text));
    return isLinkerd ? [{ mesh: 'linkerd', resource, node: chart.node }] : [];
  });
  return [
    ...istio.map(({ resource, node }): MeshInstallation => ({ mesh: 'istio', resource, node })),
    ...ISTIO_OBJECTS.flatMap((kind) => view.ofKind(kind)).flatMap((resource) => byName('istio', resource)),
    ...linkerd.get('linkerd').flatMap((resource) => byName('linkerd', resource)),
    ...LINKERD_OBJECTS.flatMap((kind) => view.ofKind(kind)).flatMap((resource) => byName('linkerd', resource)),
    ...charts,
  ];
}

const LINKERD: readonly string[] = ['linkerd'];

/** The part of Linkerd's control plane that tells proxies where to go; up to 2.9 it was one of the containers of `controller`. */
const LINKERD_PARTS: ReadonlySet<string> = new Set(['destination', 'controller']);

/** A manifest of another part, such as identity, is more often one to be debugged than an installation. */
function isLinkerdControlPlane(workload: Resource): boolean {
  const component = podTemplateOf(workload)?.labels.get('linkerd.io/control-plane-component');
  return component?.is === 'known' && LINKERD_PARTS.has(component.value);
}

function byName(mesh: InstalledMesh, resource: Resource): MeshInstallation[] {
  const node = resource.titlePlace;
  return node === undefined ? [] : [{ mesh, resource, node }];
}

/** An IstioOperator of profile `empty`, which installs what it names itself and is used for further gateways. */
function isForGatewaysAlone(resource: Resource): boolean {
  return resource.kind === 'IstioOperator.install.istio.io' && stringOf(resource.at('spec', 'profile')) === 'empty';
}
