import { applicationWorkloads } from '../decision/applications';
import type { Definitions } from '../decision/evidence';
import { joiningsOf } from '../explain/membership';
import type { Joining, Membership } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { YamlNode } from '../yaml/tree';

/** How a workload stands to the meshes, in the order in which a summary tells it: what is wrong first, what is known before what is not. */
export const STANDINGS = ['two-meshes', 'istio-sidecar', 'istio-ambient', 'linkerd', 'cilium', 'none', 'unknown'] as const;
export type Standing = (typeof STANDINGS)[number];

/** A workload with what decides how it stands. */
export interface Member {
  readonly definitions: Definitions;
  readonly standing: Standing;
  /** The joinings that make the standing what it is; for one outside all meshes, those that something refuses, rather than nothing asks for. */
  readonly because: readonly Joining[];
  /** What decides, the Namespaces that lack a label included. */
  readonly evidence: readonly YamlNode[];
}

/** The application workloads of an environment, each by its first definition: alternatives of one folder are one workload. */
export function membersOf(view: MeshView): readonly Member[] {
  return applicationWorkloads(view).flatMap((definitions) => {
    const [workload] = definitions;
    const membership = view.membership(workload);
    if (membership === undefined) return [];
    const namespaces = workload.namespace === undefined ? [] : view.namespacePlaces(workload.namespace);
    return [{ definitions, ...standingOf(membership, new Set(namespaces)) }];
  });
}

/** @param namespaces the evidence of joinings that nothing asks for */
function standingOf(membership: Membership, namespaces: ReadonlySet<YamlNode>): Omit<Member, 'definitions'> {
  const { sidecar, ambient, linkerd, ztunnel } = membership;
  const all = joiningsOf(membership);
  const istio = [sidecar, ambient].find(({ joins }) => joins === 'yes');
  if (istio !== undefined && linkerd.joins === 'yes') return standing('two-meshes', [istio, linkerd]);
  const joined = istio ?? (linkerd.joins === 'yes' ? linkerd : undefined);
  const enrolled = ztunnel?.joins === 'yes' ? [ztunnel] : [];
  // Whether Cilium's ztunnel goes with another mesh nothing says: those pods stand where their proxy puts them, and both are told.
  if (joined !== undefined) return standing(joined.mesh, [joined, ...enrolled]);
  if (enrolled.length > 0) return standing('cilium', enrolled);
  const open = all.filter(({ joins }) => joins === 'unknown');
  if (open.length > 0) return standing('unknown', open);
  const refused = all.filter(({ evidence }) => evidence.some((node) => !namespaces.has(node)));
  return standing('none', refused, all);
}

function standing(name: Standing, because: readonly Joining[], decided = because): Omit<Member, 'definitions'> {
  return { standing: name, because, evidence: decided.flatMap(({ evidence }) => evidence) };
}
