import type { AdvancedFeature, DecisionFacts, MeshName, MeshPresence, Need, TeamAnswers } from '../../engine/decision/facts';

/** An environment in letters: services, teams, clusters, and what else tells. */
export interface Brief {
  readonly S: number;
  readonly T?: number;
  readonly C?: number;
  readonly pods?: number;
  readonly asynchronous?: boolean;
  readonly meshes?: readonly MeshPresence<string>[];
  readonly doubled?: number;
  readonly ciliumIsCni?: boolean;
  readonly splits?: boolean;
  readonly needs?: readonly Need[];
  readonly advanced?: readonly AdvancedFeature[];
  readonly gaps?: readonly string[];
}

/** Facts from their letters; the evidence for each is its own name. */
export function factsFrom(brief: Brief): DecisionFacts<string> {
  return {
    services: { count: brief.S, evidence: ['services'] },
    workloads: { count: brief.S, evidence: ['workloads'] },
    pods: { count: brief.pods ?? brief.S * 2, least: brief.S, most: brief.S * 4, unknown: 0, open: 0 },
    namespaces: { count: 1, evidence: ['namespaces'] },
    teams: { count: brief.T ?? 1, evidence: ['teams'] },
    clusters: { count: brief.C ?? 1, evidence: ['clusters'] },
    asynchronous: { holds: brief.asynchronous ?? false, evidence: ['asynchronous'] },
    meshes: brief.meshes ?? [],
    doublyInjected: { count: brief.doubled ?? 0, evidence: ['doubled'] },
    ciliumIsCni: { holds: brief.ciliumIsCni ?? false, evidence: ['cni'] },
    needs: new Map((brief.needs ?? []).map((need) => [need, [{ because: `${need} is used`, evidence: [`need ${need}`] }]])),
    splits: { holds: brief.splits ?? false, evidence: ['splits'] },
    advanced: (brief.advanced ?? []).map((feature) => ({ feature, evidence: [`feature ${feature}`] })),
    ambientGaps: (brief.gaps ?? []).map((feature) => ({ feature, evidence: [`gap ${feature}`] })),
  };
}

export const installed = (...meshes: MeshName[]): MeshPresence<string>[] =>
  meshes.map((mesh) => ({ mesh, how: 'installed', evidence: [`${mesh} installed`] }));
export const injected = (mesh: MeshName): MeshPresence<string> => ({ mesh, how: 'injected', evidence: [`${mesh} injected`] });
export const configured = (mesh: MeshName): MeshPresence<string> => ({
  mesh,
  how: 'configured',
  evidence: [`${mesh} configured`],
});

/** Every question answered, and none of the answers asking for anything. */
export const PLAIN_ANSWERS: TeamAnswers = {
  engineers: 40,
  platformTeam: false,
  envoyExpertise: false,
  mtlsMandated: false,
  multicluster: false,
  servicesInAYear: 50,
  libraryResilience: false,
  startingFresh: false,
};
