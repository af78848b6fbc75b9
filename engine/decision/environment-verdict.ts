import type { TeamFacts } from '../configuration/configuration';
import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import type { Location, ReportedVerdict } from '../findings/report';
import { countFacts } from './count-facts';
import { NEEDS } from './facts';
import type { Need, TeamAnswers } from './facts';
import { DEFAULT_THRESHOLDS } from './thresholds';
import { decide } from './verdict';

/** The verdict on one environment, before its evidence is located. */
export interface EnvironmentVerdict {
  /** How many services it is about: the environment with most of them speaks for the repository. */
  readonly services: number;
  /** The verdict as reports show it. @param locate turns evidence into a place of a file as it now is */
  readonly report: (environment: string, locate: (place: Place) => Location) => ReportedVerdict;
}

/** Pieces of evidence that a reason carries; the counts are in its text. */
const EVIDENCE_LIMIT = 20;

/** Counts the facts of a view's environment and decides. */
export function decideEnvironment(view: MeshView): EnvironmentVerdict {
  const facts = countFacts(view);
  const { team, thresholds } = view.configuration();
  const verdict = decide<Place>(facts, answersOf(team), { ...DEFAULT_THRESHOLDS, ...thresholds });
  return {
    services: facts.services.count,
    report: (environment, locate) => ({
      environment,
      choice: verdict.choice,
      target: verdict.target,
      confidence: verdict.confidence,
      summary: verdict.summary,
      reasons: verdict.reasons.map(({ text, evidence }) => ({ text, evidence: evidence.slice(0, EVIDENCE_LIMIT).map(locate) })),
      flips: [],
      guides: [],
      facts: shownFacts(facts),
      unanswered: verdict.unanswered,
    }),
  };
}

/** The configured answers; what a schema of another version let through as a need is none. */
function answersOf({ needs, ...rest }: TeamFacts): TeamAnswers {
  return needs === undefined ? rest : { ...rest, needs: needs.filter(isNeed) };
}

function isNeed(text: string): text is Need {
  return NEEDS.some((need) => need === text);
}

/** The facts as plain numbers and names; their evidence is with the reasons. */
function shownFacts(facts: ReturnType<typeof countFacts>): Readonly<Record<string, unknown>> {
  return {
    services: facts.services.count,
    workloads: facts.workloads.count,
    pods: facts.pods.count,
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
