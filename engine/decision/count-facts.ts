import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import type { DecisionFacts } from './facts';

/** Counts the facts of an environment. */
export function countFacts(view: MeshView): DecisionFacts<Place> {
  const workloads = view.index.workloads();
  const none = { count: 0, evidence: [] };
  return {
    services: { count: view.ofKind('Service').length, evidence: [] },
    workloads: { count: workloads.length, evidence: [] },
    pods: { count: 0, unknown: 0 },
    namespaces: none,
    teams: { count: 1, evidence: [] },
    clusters: { count: 1, evidence: [] },
    asynchronous: { holds: false, evidence: [] },
    meshes: [],
    doublyInjected: none,
    ciliumIsCni: { holds: false, evidence: [] },
    needs: new Map(),
    advanced: [],
    ambientGaps: [],
  };
}
