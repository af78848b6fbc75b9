import { collisionOf } from '../mesh/collisions';
import { helmValue } from '../mesh/helm-references';
import type { InfrastructureRole } from '../mesh/infrastructure';
import type { Joining } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { booleanOf, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationWorkloads, infrastructure, isLinkerdNamespace, isOwnOfMesh } from './applications';
import { ciliumAsCni, ciliumAsMesh } from './cilium-presence';
import { placesOf, query, titlesOf } from './evidence';
import type { Counted, MeshName, MeshPresence } from './facts';
import { meshCharts } from './mesh-charts';

type Presence = MeshPresence<Place>;

/**
 * The meshes that an environment shows: `installed` where their control plane or node agents are here (workloads, operators' objects,
 * charts), `injected` where application workloads or Namespaces join them, `configured` where their resources are.
 */
export function meshesPresent(view: MeshView): readonly Presence[] {
  return query(view, 'meshes', () => [
    ...installed(view),
    ...injected(view),
    ...configured(view),
    ...presence('cilium', 'installed', ciliumAsCni(view).evidence),
    ...presence('cilium', 'configured', ciliumAsMesh(view)),
  ]);
}

/** The application workloads whose pods get Istio and Linkerd, by what makes them join each. */
export function doublyInjected(view: MeshView): Counted<Place> {
  return query(view, 'doublyInjected', () => {
    const evidence: YamlNode[] = [];
    let count = 0;
    for (const [workload] of applicationWorkloads(view)) {
      const collision = collisionOf(workload, view);
      if (collision === undefined) continue;
      count++;
      const nodes = [...collision.istio.evidence, ...collision.linkerd.evidence];
      evidence.push(...(nodes.length > 0 ? nodes : [workload.titlePlace].flatMap((node) => node ?? [])));
    }
    return { count, evidence: placesOf(evidence) };
  });
}

function presence(mesh: MeshName, how: Presence['how'], evidence: readonly Place[]): Presence[] {
  return evidence.length === 0 ? [] : [{ mesh, how, evidence }];
}

const ISTIO_ROLES: readonly InfrastructureRole[] = ['istio-control-plane', 'istio-cni', 'ztunnel'];
const LINKERD_ROLES: readonly InfrastructureRole[] = ['linkerd-control-plane', 'linkerd-cni'];

/**
 * Objects from which an operator installs Istio: istioctl's own (install.istio.io), the Sail operator's (sailoperator.io) and OpenShift
 * Service Mesh 2's (maistra.io).
 */
const ISTIO_INSTALLATIONS = [
  'IstioOperator.install.istio.io',
  'Istio.sailoperator.io',
  'ZTunnel.sailoperator.io',
  'ServiceMeshControlPlane.maistra.io',
];

const LINKERD_INSTALLATIONS = ['ControlPlane.linkerd.buoyant.io'];

function installed(view: MeshView): Presence[] {
  const withRole = (roles: readonly InfrastructureRole[]): readonly Resource[] =>
    roles.flatMap((role) => infrastructure(view).get(role) ?? []);
  const chartsOf = (mesh: 'istio' | 'linkerd'): YamlNode[] =>
    meshCharts(view).flatMap((chart) => (chart.mesh === mesh ? (chart.reference.chart?.node ?? []) : []));
  const objects = (kinds: readonly string[]): readonly Resource[] => kinds.flatMap((kind) => view.ofKind(kind));
  const istio = [...titlesOf([...withRole(ISTIO_ROLES), ...objects(ISTIO_INSTALLATIONS)]), ...placesOf(chartsOf('istio'))];
  const linkerd = [
    ...titlesOf([...withRole(LINKERD_ROLES), ...objects(LINKERD_INSTALLATIONS)]),
    ...placesOf(chartsOf('linkerd')),
  ];
  return [
    ...presence(installsAmbient(view) ? 'istio-ambient' : 'istio-sidecar', 'installed', istio),
    ...presence('linkerd', 'installed', linkerd),
  ];
}

/** Whether Istio's installation brings ambient mode: its ztunnel, or the profile of that name. */
function installsAmbient(view: MeshView): boolean {
  if (infrastructure(view).has('ztunnel') || view.ofKind('ZTunnel.sailoperator.io').length > 0) return true;
  const operators = ISTIO_INSTALLATIONS.flatMap((kind) => view.ofKind(kind));
  const profiles = operators.flatMap((operator) => [operator.at('spec', 'profile'), operator.at('spec', 'values', 'profile')]);
  const ztunnels = operators.map((operator) => operator.at('spec', 'components', 'ztunnel', 'enabled'));
  const charts = meshCharts(view).filter(({ mesh }) => mesh === 'istio');
  return (
    [...profiles, ...charts.map(({ reference }) => helmValue(reference, 'profile'))].some(
      (node) => stringOf(node) === 'ambient',
    ) ||
    ztunnels.some((node) => booleanOf(node) === true) ||
    charts.some(({ role }) => role === 'istio-ambient')
  );
}

const MESH_OF_SIDE = { sidecar: 'istio-sidecar', ambient: 'istio-ambient', linkerd: 'linkerd' } as const;

function injected(view: MeshView): Presence[] {
  const joined: Record<'sidecar' | 'ambient' | 'linkerd', YamlNode[]> = { sidecar: [], ambient: [], linkerd: [] };
  for (const workload of applicationWorkloads(view).flat()) {
    const membership = view.membership(workload);
    if (membership === undefined) continue;
    for (const side of ['sidecar', 'ambient', 'linkerd'] as const) {
      if (membership[side].joins === 'yes') joined[side].push(...evidenceOf(membership[side], workload));
    }
  }
  for (const namespace of view.ofKind('Namespace')) {
    if (isLinkerdNamespace(namespace.name)) continue;
    for (const [side, node] of asksOf(namespace)) joined[side].push(node);
  }
  return (['sidecar', 'ambient', 'linkerd'] as const).flatMap((side) =>
    presence(MESH_OF_SIDE[side], 'injected', placesOf(joined[side])),
  );
}

function evidenceOf({ evidence }: Joining, workload: Resource): readonly YamlNode[] {
  return evidence.length > 0 ? evidence : [workload.titlePlace].flatMap((node) => node ?? []);
}

/** What a Namespace asks for on behalf of pods that no file here need show. */
function asksOf({ labels, annotations }: Resource): (readonly [side: 'sidecar' | 'ambient' | 'linkerd', node: YamlNode])[] {
  const injection = labels.get('istio-injection');
  const revision = labels.get('istio.io/rev');
  const mode = labels.get('istio.io/dataplane-mode');
  const linkerd = annotations.get('linkerd.io/inject');
  return [
    ...(injection.is === 'known' && injection.value === 'enabled' ? [['sidecar', injection.node] as const] : []),
    ...(injection.is === 'absent' && revision.is === 'known' && revision.value !== ''
      ? [['sidecar', revision.node] as const]
      : []),
    ...(mode.is === 'known' && mode.value === 'ambient' ? [['ambient', mode.node] as const] : []),
    ...(linkerd.is === 'known' && ['enabled', 'ingress'].includes(linkerd.value) ? [['linkerd', linkerd.node] as const] : []),
  ];
}

const ISTIO_GROUPS: ReadonlySet<string> = new Set([
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
]);
const LINKERD_GROUPS: ReadonlySet<string> = new Set([
  'linkerd.io',
  'policy.linkerd.io',
  'multicluster.linkerd.io',
  'workload.linkerd.io',
]);

function configured(view: MeshView): Presence[] {
  const found: Record<Bucket, Resource[]> = { istio: [], linkerd: [], waypoint: [] };
  for (const resource of view.environment().resources) {
    const bucket = bucketOf(resource);
    // Asked last, and of few: a label of a resource that no rule reads would have it parsed.
    if (bucket !== undefined && !isOwnOfMesh(resource)) found[bucket].push(resource);
  }
  // Istio's resources serve either mode; waypoints, or an environment that runs ambient alone, tell which it is.
  const modes = new Set([...installed(view), ...injected(view)].map(({ mesh }) => mesh));
  const isAmbient = found.waypoint.length > 0 || (modes.has('istio-ambient') && !modes.has('istio-sidecar'));
  return [
    ...presence(isAmbient ? 'istio-ambient' : 'istio-sidecar', 'configured', titlesOf([...found.waypoint, ...found.istio])),
    ...presence('linkerd', 'configured', titlesOf(found.linkerd)),
  ];
}

type Bucket = 'istio' | 'linkerd' | 'waypoint';

function bucketOf(resource: Resource): Bucket | undefined {
  if (ISTIO_GROUPS.has(resource.group)) return 'istio';
  if (LINKERD_GROUPS.has(resource.group)) return 'linkerd';
  if (resource.kind !== 'Gateway.gateway.networking.k8s.io') return undefined;
  return stringOf(resource.at('spec', 'gatewayClassName')) === 'istio-waypoint' ? 'waypoint' : undefined;
}
