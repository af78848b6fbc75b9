import { assumptionText, joiningWords, namespaceTitle, reasonText, unknownNamespace } from '../explain/membership';
import type { MeshView } from '../mesh/view';
import type { Place, YamlNode } from '../yaml/tree';
import { claim } from './claim';
import type { Claim } from './claim';
import { STANDINGS } from './members';
import type { Member, Standing } from './members';

/** Workloads that stand alike. */
export interface MembershipGroup<E> {
  readonly standing: Standing;
  readonly title: string;
  /** How many there are; `reasons` name the first of them. */
  readonly count: number;
  readonly reasons: readonly ReasonGroup<E>[];
}

/** Workloads that stand alike for one reason. */
export interface ReasonGroup<E> {
  /** What several have in common; null where each says its own, if there is one. */
  readonly reason: Claim<E> | null;
  readonly workloads: readonly Claim<E>[];
}

/** Workloads that a group names: beyond that nobody reads on, and a message to the editor stays small. */
const WORKLOAD_LIMIT = 100;

const TITLES: Readonly<Record<Standing, string>> = {
  'two-meshes': 'Two meshes at once',
  'istio-sidecar': 'Istio sidecar',
  'istio-ambient': 'Istio ambient mode',
  linkerd: 'Linkerd',
  cilium: "Cilium's ztunnel",
  none: 'No mesh',
  unknown: 'Mesh unknown',
};

/** The workloads grouped by how their pods join a mesh, and within that by why; groups without any are left out. */
export function membershipGroups(members: readonly Member[], view: MeshView): readonly MembershipGroup<Place>[] {
  return STANDINGS.flatMap((standing) => {
    const alike = members.filter((member) => member.standing === standing);
    if (alike.length === 0) return [];
    const named = alike.slice(0, WORKLOAD_LIMIT);
    return [{ standing, title: TITLES[standing], count: alike.length, reasons: byReason(named, view) }];
  });
}

/** A reason that several workloads share is said once; the others stand by themselves, behind them. */
function byReason(members: readonly Member[], view: MeshView): ReasonGroup<Place>[] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const reason = reasonOf(member, view);
    groups.set(reason, [...(groups.get(reason) ?? []), member]);
  }
  const shared: ReasonGroup<Place>[] = [];
  const single: Claim<Place>[] = [];
  for (const [reason, alike] of groups) {
    if (alike.length === 1) single.push(...alike.map((member) => describe(member, reason, member.evidence)));
    else shared.push(sharedGroup(reason, alike));
  }
  return single.length === 0 ? shared : [...shared, { reason: null, workloads: single }];
}

function sharedGroup(reason: string, alike: readonly Member[]): ReasonGroup<Place> {
  const [first, ...others] = alike.map(({ evidence }) => new Set(evidence));
  const common = new Set([...(first ?? [])].filter((node) => others.every((evidence) => evidence.has(node))));
  const own = ({ evidence }: Member): YamlNode[] => evidence.filter((node) => !common.has(node));
  return {
    reason: claim(`${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`, [...common]),
    workloads: alike.map((member) => describe(member, '', own(member))),
  };
}

function describe({ definitions: [workload] }: Member, reason: string, evidence: readonly YamlNode[]): Claim<Place> {
  const text = reason === '' ? workload.title : `${workload.title}: ${reason}`;
  return claim(text, [workload.titlePlace, ...evidence]);
}

/** Why a workload stands as it does, as a clause within a sentence. */
function reasonOf({ definitions: [workload], standing, because }: Member, view: MeshView): string {
  const membership = view.membership(workload);
  const unknown = membership && standing === 'unknown' ? unknownNamespace(workload, membership, view) : undefined;
  const reasons = because.map((joining) => {
    const text = reasonText(joining.reason, workload, view);
    const isOneOfSeveral = standing === 'unknown' || (standing !== 'none' && because.length > 1);
    const why = isOneOfSeveral ? `${joiningWords(joining)}: ${text}` : text;
    const assumed = (joining.assumes ?? joining.controller) === undefined ? undefined : assumptionText(joining);
    return assumed === undefined ? why : `${why}, assuming ${assumed}`;
  });
  if (reasons.length === 0) return `neither ${namespaceTitle(workload)} nor the pod template asks for a mesh`;
  return unknown ?? [...new Set(reasons)].join('; ');
}
