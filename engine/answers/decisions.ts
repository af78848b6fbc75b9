import { decisionOn, mapEvidence, neighbourOf } from '../decision/decision';
import type { Decision } from '../decision/decision';
import { EVIDENCE_LIMIT } from '../decision/environment-verdict';
import { TARGET_NAMES } from '../decision/situation';
import type { Reason } from '../decision/situation';
import { pickLeading } from '../decision/verdict';
import type { Neighbour } from '../decision/way-in';
import type { Location } from '../findings/report';
import type { MeshView } from '../mesh/view';
import { summarise } from '../summary/summary';
import type { EnvironmentSummary } from '../summary/summary';
import type { Workspace } from '../workspace';
import type { Place } from '../yaml/tree';

export { mapEvidence } from '../decision/decision';
export type { AlternativeState } from '../decision/alternative-states';
export type { Cost, OptionCosts } from '../decision/costs';
export type { Decision, Source } from '../decision/decision';
export type { GuideVerdict } from '../decision/guides/guide';
export type { Loss } from '../decision/losses';
export type { ProxyRequests } from '../decision/proxy-requests';
export type { Reason } from '../decision/situation';
export type { NextWorkload, Stage, WayIn } from '../decision/way-in';

/** What is decided on every environment, with places in files as they now are. */
export interface Decisions {
  /** The repository's: that of its leading environment; undefined when no environment holds a resource. */
  readonly leading: Decision<Location> | undefined;
  /** Those of the other environments, in the order of their names. */
  readonly others: readonly Decision<Location>[];
}

/** The decision on each environment, in full. The leading one is the one whose verdict is the repository's. */
export function askDecisions(workspace: Workspace): Decisions {
  const decisions = workspace.ask('decisions', (views) => {
    const neighbours = views.map(neighbourOf);
    return views.map((view, i) => inFull(view, neighbours.toSpliced(i, 1)));
  });
  const all = decisions.map((decision) => ({
    name: decision.environment,
    production: decision.production,
    services: decision.facts.services,
    decision: mapEvidence(decision, (place) => workspace.location(place), EVIDENCE_LIMIT),
  }));
  const leading = pickLeading(all);
  return { leading: leading?.decision, others: all.filter((one) => one !== leading).map(({ decision }) => decision) };
}

/** The decision on one environment alone; undefined when there is none of that name. */
export function askDecision(workspace: Workspace, environment: string): Decision<Location> | undefined {
  const decision = workspace.ask('decision', (views) => {
    const view = views.find((one) => one.scope().plan.name === environment);
    return view && inFull(view, views.filter((one) => one !== view).map(neighbourOf));
  });
  return decision && mapEvidence(decision, (place) => workspace.location(place), EVIDENCE_LIMIT);
}

function inFull(view: MeshView, neighbours: readonly Neighbour[]): Decision<Place> {
  const decision = decisionOn(view, neighbours);
  return { ...decision, context: [...decision.context, ...presentState(summarise(view))] };
}

/** What the summary of an environment says beyond the counts: versions, what protects traffic, and what licences ask for. */
function presentState({ meshes, mtls, licences }: EnvironmentSummary<Place>): Reason<Place>[] {
  const versions = meshes.flatMap(({ mesh, version }) =>
    version === null ? [] : [{ text: `${TARGET_NAMES[mesh]} is named in version ${version.text}.`, evidence: version.evidence }],
  );
  return [...versions, ...mtls, ...licences];
}
