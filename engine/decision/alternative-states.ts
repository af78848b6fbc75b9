import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Place } from '../yaml/tree';
import { alternativesInPlace } from './alternatives';
import { countedObjects, objectsOf, query } from './evidence';
import type { Need } from './facts';
import { count, list } from './situation';

/** How far something other than a mesh is in place here. */
export interface AlternativeState<E> {
  /** What it is for: one of the needs, or what a mesh is not asked for but often bought for. */
  readonly purpose: Need | 'isolation' | 'gateway' | 'autoscaling' | 'resilience';
  /** `in use`: it does its work between services; `idle`: it is here and does not; `absent`: no file shows it; `unknown`: no file could. */
  readonly state: 'in use' | 'idle' | 'absent' | 'unknown';
  readonly text: string;
  readonly evidence: readonly E[];
}

/** Groups of resources that are one thing's, and what it is called. */
const CERT_MANAGER = ['cert-manager.io'];
const NETWORK_POLICIES = ['networking.k8s.io', 'cilium.io', 'projectcalico.org', 'crd.projectcalico.org'];
const ADMISSION: ReadonlyMap<string, string> = new Map([
  ['constraints.gatekeeper.sh', 'Gatekeeper'],
  ['templates.gatekeeper.sh', 'Gatekeeper'],
  ['kyverno.io', 'Kyverno'],
]);
const GATEWAYS: ReadonlyMap<string, string> = new Map([
  ['configuration.konghq.com', 'Kong'],
  ['traefik.io', 'Traefik'],
  ['traefik.containo.us', 'Traefik'],
  ['gateway.envoyproxy.io', 'Envoy Gateway'],
  ['projectcontour.io', 'Contour'],
]);
const SCALERS = ['HorizontalPodAutoscaler.autoscaling', 'ScaledObject.keda.sh'];

/**
 * The state of each alternative to a mesh, in a fixed order: certificates, isolation, telemetry, delivery, authorization, gateways,
 * autoscaling, and resilience in libraries, which no manifest shows.
 */
export function alternativeStates(view: MeshView, libraryResilience: boolean | undefined): readonly AlternativeState<Place>[] {
  const found = query(view, 'alternativeStates', () => [
    certificates(view),
    isolation(view),
    used(view, 'observability', 'No file shows OpenTelemetry.'),
    used(view, 'routing', 'Neither Argo Rollouts nor Flagger is here.'),
    authorization(view),
    gateways(view),
    autoscaling(view),
  ]);
  return [...found, resilience(libraryResilience)];
}

function certificates(view: MeshView): AlternativeState<Place> {
  const inUse = used(view, 'mtls', 'No cert-manager is here.');
  if (inUse.state === 'in use') return inUse;
  const here = objectsOf(ofGroups(view, CERT_MANAGER));
  if (here.length === 0) return inUse;
  const { evidence } = countedObjects(here);
  return { purpose: 'mtls', state: 'idle', text: 'cert-manager is here; nothing uses it between services.', evidence };
}

/** What alternatives.ts counts as meeting a need. */
function used(view: MeshView, need: Need, absent: string): AlternativeState<Place> {
  const causes = alternativesInPlace(view).flatMap(([of, cause]) => (of === need ? [cause] : []));
  if (causes.length === 0) return { purpose: need, state: 'absent', text: absent, evidence: [] };
  const text = `${list(causes.map(({ because }) => because))}.`;
  return { purpose: need, state: 'in use', text, evidence: causes.flatMap(({ evidence }) => evidence) };
}

function isolation(view: MeshView): AlternativeState<Place> {
  const policies = objectsOf(ofGroups(view, NETWORK_POLICIES).filter(({ kind }) => kind.includes('NetworkPolicy.')));
  if (policies.length === 0)
    return { purpose: 'isolation', state: 'absent', text: 'No network policy isolates pods.', evidence: [] };
  const text = policies.length === 1 ? '1 network policy isolates pods.' : `${policies.length} network policies isolate pods.`;
  return { purpose: 'isolation', state: 'in use', text, evidence: countedObjects(policies).evidence };
}

function authorization(view: MeshView): AlternativeState<Place> {
  const inUse = used(view, 'authorization', 'No OPA runs beside a workload.');
  const admission = view.environment().resources.filter(({ group }) => ADMISSION.has(group));
  if (inUse.state === 'in use' || admission.length === 0) return inUse;
  const names = [...new Set(admission.flatMap(({ group }) => ADMISSION.get(group) ?? []))];
  const text = `${list(names)} ${names.length === 1 ? 'decides' : 'decide'} what may be created, and nothing decides who may call whom.`;
  return { purpose: 'authorization', state: 'idle', text, evidence: countedObjects(objectsOf(admission)).evidence };
}

function gateways(view: MeshView): AlternativeState<Place> {
  const own = view.environment().resources.filter(({ group }) => GATEWAYS.has(group));
  const standard = ['Ingress.networking.k8s.io', 'Gateway.gateway.networking.k8s.io'].flatMap((kind) => view.ofKind(kind));
  const all = objectsOf([...own, ...standard]);
  if (all.length === 0)
    return { purpose: 'gateway', state: 'absent', text: 'No ingress and no API gateway is here.', evidence: [] };
  const names = [
    ...new Set(own.flatMap(({ group }) => GATEWAYS.get(group) ?? [])),
    ...(standard.length > 0 ? ['Ingress or Gateway'] : []),
  ];
  const text = `Traffic comes in by ${list(names)}.`;
  return { purpose: 'gateway', state: 'in use', text, evidence: countedObjects(all).evidence };
}

function autoscaling(view: MeshView): AlternativeState<Place> {
  const scalers = objectsOf(SCALERS.flatMap((kind) => view.ofKind(kind)));
  if (scalers.length === 0) return { purpose: 'autoscaling', state: 'absent', text: 'Nothing scales by itself.', evidence: [] };
  const text = `${count(scalers.length, 'autoscaler')} ${scalers.length === 1 ? 'adds' : 'add'} and ${scalers.length === 1 ? 'takes' : 'take'} pods.`;
  return { purpose: 'autoscaling', state: 'in use', text, evidence: countedObjects(scalers).evidence };
}

function resilience(answer: boolean | undefined): AlternativeState<Place> {
  const [state, text] =
    answer === undefined
      ? (['unknown', 'Whether libraries retry and break circuits, no manifest shows (team.libraryResilience).'] as const)
      : answer
        ? (['in use', 'Libraries retry and break circuits (team.libraryResilience).'] as const)
        : (['absent', 'No library retries or breaks circuits (team.libraryResilience).'] as const);
  return { purpose: 'resilience', state, text, evidence: [] };
}

function ofGroups(view: MeshView, groups: readonly string[]): readonly Resource[] {
  return view.environment().resources.filter(({ group }) => groups.includes(group));
}
