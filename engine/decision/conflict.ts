import type { DecisionFacts, MeshName, MeshPresence } from './facts';
import { count, list, TARGET_NAMES } from './situation';
import type { Reason } from './situation';

/** Why the environment must converge, before it is asked on what; undefined when it has one mesh or none. */
export function conflict<E>(
  facts: DecisionFacts<E>,
): { readonly because: string; readonly reasons: readonly Reason<E>[] } | undefined {
  // Where a mesh's configuration alone is here, it may be gone, or be no more than a gateway; Cilium has no other sign of being one.
  const running = [...present(facts).values()].flat().filter(({ mesh, how }) => mesh === 'cilium' || how !== 'configured');
  const names = new Set(running.map(({ mesh }) => (mesh.startsWith('istio-') ? 'Istio' : TARGET_NAMES[mesh])));
  const { count: doubled, evidence } = facts.doublyInjected;
  const get = `${count(doubled, 'workload')} ${doubled === 1 ? 'gets' : 'get'} two meshes at once`;
  const run = `${list([...names])} are in one environment`;
  const reasons = [
    ...(doubled > 0 ? [{ text: `${get}.`, evidence }] : []),
    ...(names.size > 1 ? [{ text: `${run}.`, evidence: running.flatMap((entry) => entry.evidence) }] : []),
  ];
  return reasons.length === 0 ? undefined : { because: doubled > 0 ? get : run, reasons };
}

/** The meshes that are there, by name; Cilium as no more than the CNI is none. */
export function present<E>(facts: DecisionFacts<E>): ReadonlyMap<MeshName, readonly MeshPresence<E>[]> {
  const byName = new Map<MeshName, MeshPresence<E>[]>();
  for (const entry of facts.meshes) {
    if (entry.mesh !== 'cilium' || entry.how !== 'installed') byName.set(entry.mesh, [...(byName.get(entry.mesh) ?? []), entry]);
  }
  return byName;
}
