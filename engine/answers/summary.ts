import type { Location } from '../findings/report';
import { mapEvidence, summarise } from '../summary/summary';
import type { EnvironmentSummary } from '../summary/summary';
import type { Workspace } from '../workspace';

/** What the manifests of an environment say at a glance; undefined when there is none of that name. */
export function askSummary(workspace: Workspace, environment: string): EnvironmentSummary<Location> | undefined {
  const summary = workspace.recall('summary', environment, summarise);
  return summary && mapEvidence(summary, (place) => workspace.location(place));
}
