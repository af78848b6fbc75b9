import type { Location } from '../findings/report';
import type { Pace } from '../incremental/pause';
import type { Claim } from '../summary/claim';
import { scopeClaims } from '../summary/scope-claims';
import { mapEvidence, summarise } from '../summary/summary';
import type { EnvironmentSummary } from '../summary/summary';
import type { Workspace } from '../workspace';

/** What the manifests of an environment say at a glance; undefined when there is none of that name. */
export function askSummary(workspace: Workspace, environment: string): EnvironmentSummary<Location> | undefined {
  const summary = workspace.recall(SUMMARY, environment, summarise);
  return summary && mapEvidence(summary, (place) => workspace.location(place));
}

/** What an environment is made of, who brings it, and why it is not known in full; nothing when there is none of that name. */
export function askScope(workspace: Workspace, environment: string): readonly Claim<Location>[] {
  // Asked apart from the summary: it counts what there is, so that any resource that comes or goes changes it.
  const claims = workspace.recall('scope', environment, scopeClaims) ?? [];
  return claims.map(({ text, evidence }) => ({ text, evidence: evidence.map((place) => workspace.location(place)) }));
}

/** Works out a summary in small steps; `askSummary` then finds it made. Who runs it stops when files change. */
export function preparingSummary(workspace: Workspace, environment: string, pace: Pace): Generator<undefined, void, undefined> {
  return workspace.recalling(SUMMARY, environment, summarise, pace);
}

const SUMMARY = 'summary';
