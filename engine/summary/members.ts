import { applicationWorkloads } from '../decision/applications';
import type { Definitions } from '../decision/evidence';
import type { Joining, Membership } from '../mesh/membership';
import type { MeshView } from '../mesh/view';

/** How a workload stands to the meshes, in the order in which a summary tells it: what is wrong first, what is known before what is not. */
export const STANDINGS = ['two-meshes', 'istio-sidecar', 'istio-ambient', 'linkerd', 'none', 'unknown'] as const;
export type Standing = (typeof STANDINGS)[number];

/** A workload with what decides how it stands. */
export interface Member {
  readonly definitions: Definitions;
  readonly standing: Standing;
  /** The joinings that make the standing what it is; for one outside all meshes, those that refuse. */
  readonly because: readonly Joining[];
}

/** The application workloads of an environment, each by its first definition: alternatives of one folder are one workload. */
export function membersOf(view: MeshView): readonly Member[] {
  return applicationWorkloads(view).flatMap((definitions) => {
    const membership = view.membership(definitions[0]);
    return membership === undefined ? [] : [{ definitions, ...standingOf(membership) }];
  });
}

function standingOf({ sidecar, ambient, linkerd }: Membership): Pick<Member, 'standing' | 'because'> {
  const istio = [sidecar, ambient].find(({ joins }) => joins === 'yes');
  if (istio !== undefined && linkerd.joins === 'yes') return { standing: 'two-meshes', because: [istio, linkerd] };
  const joined = istio ?? (linkerd.joins === 'yes' ? linkerd : undefined);
  if (joined !== undefined) return { standing: joined.mesh, because: [joined] };
  const open = [sidecar, ambient, linkerd].filter(({ joins }) => joins === 'unknown');
  if (open.length > 0) return { standing: 'unknown', because: open };
  // Of three refusals one that has evidence says more than the absence of labels.
  const refusals = [sidecar, ambient, linkerd].filter(({ evidence }) => evidence.length > 0);
  return { standing: 'none', because: refusals };
}
