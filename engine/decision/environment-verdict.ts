import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import type { Location, ReportedVerdict } from '../findings/report';
import type { DecisionFacts } from './facts';
import { judge } from './judgement';

/** The verdict on one environment, before its evidence is located. */
export interface EnvironmentVerdict {
  /** How many services it is about: the environment with most of them speaks for the repository. */
  readonly services: number;
  /** The verdict as reports show it. @param locate turns evidence into a place of a file as it now is */
  readonly report: (environment: string, locate: (place: Place) => Location) => ReportedVerdict;
}

/** Pieces of evidence that a reason carries; the counts are in its text. */
export const EVIDENCE_LIMIT = 20;

/** Counts the facts of a view's environment and decides. */
export function decideEnvironment(view: MeshView): EnvironmentVerdict {
  const { facts, guides, verdict, flips } = judge(view);
  return {
    services: facts.services.count,
    report: (environment, locate) => ({
      environment,
      choice: verdict.choice,
      target: verdict.target,
      confidence: verdict.confidence,
      summary: verdict.summary,
      reasons: verdict.reasons.map(({ text, evidence }) => ({
        text,
        evidence: evidence.slice(0, EVIDENCE_LIMIT).map(locate),
      })),
      flips,
      guides: guides.map(({ id, choice, reason }) => ({ id, choice, reason })),
      facts: shownFacts(facts),
      unanswered: verdict.unanswered,
    }),
  };
}

/** Facts by their names; what is not named here are numbers, names and lists of names. */
export type ShownFacts = Readonly<Record<string, unknown>> & { readonly services: number };

/** The facts as plain numbers and names; their evidence is with the reasons. */
export function shownFacts(facts: DecisionFacts<Place>): ShownFacts {
  return {
    services: facts.services.count,
    workloads: facts.workloads.count,
    pods: facts.pods.count,
    podsLeast: facts.pods.least,
    podsMost: facts.pods.most,
    podsUnknown: facts.pods.unknown,
    namespaces: facts.namespaces.count,
    teams: facts.teams.count,
    clusters: facts.clusters.count,
    asynchronous: facts.asynchronous.holds,
    meshes: facts.meshes.map(({ mesh, how }) => ({ mesh, how })),
    doublyInjected: facts.doublyInjected.count,
    ciliumIsCni: facts.ciliumIsCni.holds,
    needs: [...facts.needs].filter(([, because]) => because.length > 0).map(([need]) => need),
    advanced: facts.advanced.map(({ feature }) => feature),
    ambientGaps: facts.ambientGaps.map(({ feature }) => feature),
  };
}
