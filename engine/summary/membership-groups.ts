import type { Place } from '../yaml/tree';
import { claim } from './claim';
import type { Claim } from './claim';
import { STANDINGS } from './members';
import type { Member, Standing } from './members';

/** Workloads that stand alike. */
export interface MembershipGroup<E> {
  readonly standing: Standing;
  readonly title: string;
  /** How many there are; `workloads` names the first of them. */
  readonly count: number;
  readonly workloads: readonly Claim<E>[];
}

/** Workloads that a group names: beyond that nobody reads on, and a message to the editor stays small. */
const WORKLOAD_LIMIT = 100;

const TITLES: Readonly<Record<Standing, string>> = {
  'two-meshes': 'Two meshes at once',
  'istio-sidecar': 'Istio sidecar',
  'istio-ambient': 'Istio ambient mode',
  linkerd: 'Linkerd',
  none: 'No mesh',
  unknown: 'Not to be told from these files',
};

/** The workloads grouped by how their pods join a mesh; groups without any are left out. */
export function membershipGroups(members: readonly Member[]): readonly MembershipGroup<Place>[] {
  return STANDINGS.flatMap((standing) => {
    const alike = members.filter((member) => member.standing === standing);
    if (alike.length === 0) return [];
    return [{ standing, title: TITLES[standing], count: alike.length, workloads: alike.slice(0, WORKLOAD_LIMIT).map(describe) }];
  });
}

function describe({ definitions: [workload], because, evidence }: Member): Claim<Place> {
  const reasons = because.map(({ reason, assumes }) => (assumes === undefined ? reason : `${reason}, assuming that ${assumes}`));
  const text = reasons.length === 0 ? workload.title : `${workload.title}: ${[...new Set(reasons)].join('; ')}`;
  return claim(text, [workload.titlePlace, ...evidence]);
}
