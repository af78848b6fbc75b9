import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import type { Claim } from './claim';
import { licenceClaims } from './licence-claims';
import { membersOf } from './members';
import { membershipGroups } from './membership-groups';
import type { MembershipGroup } from './membership-groups';
import { meshClaims } from './mesh-claims';
import type { MeshClaim } from './mesh-claims';
import { mtlsClaims } from './mtls-claims';

/** What an environment's manifests say about its meshes, at a glance. `E` is a piece of evidence: a node here, a line of a file in an editor. */
export interface EnvironmentSummary<E> {
  readonly meshes: readonly MeshClaim<E>[];
  readonly membership: readonly MembershipGroup<E>[];
  readonly mtls: readonly Claim<E>[];
  readonly licences: readonly Claim<E>[];
}

/** Sums up the environment of a view. Pure: every answer comes from the view's queries, so that the sum is a query itself. */
export function summarise(view: MeshView): EnvironmentSummary<Place> {
  const members = membersOf(view);
  return {
    meshes: meshClaims(view),
    membership: membershipGroups(members, view),
    mtls: mtlsClaims(view, members),
    licences: licenceClaims(view),
  };
}

/** The same claims with their evidence in another form. */
export function mapEvidence<A, B>(summary: EnvironmentSummary<A>, map: (evidence: A) => B): EnvironmentSummary<B> {
  const mapped = ({ text, evidence }: Claim<A>): Claim<B> => ({ text, evidence: evidence.map(map) });
  return {
    meshes: summary.meshes.map(({ mesh, version, ...rest }) => ({
      mesh,
      ...mapped(rest),
      version: version === null ? null : mapped(version),
    })),
    membership: summary.membership.map((group) => ({
      ...group,
      reasons: group.reasons.map(({ reason, workloads }) => ({
        reason: reason === null ? null : mapped(reason),
        workloads: workloads.map(mapped),
      })),
    })),
    mtls: summary.mtls.map(mapped),
    licences: summary.licences.map(mapped),
  };
}
