import { explainAt } from '../explain/at';
import type { Explained } from '../explain/at';
import { mapExplained } from '../explain/places';
import type { Location } from '../findings/report';
import type { Workspace } from '../workspace';

/** What the text at an offset of a file does, in every environment; undefined where there is nothing to say. */
export function askExplanation(workspace: Workspace, file: string, offset: number): Explained<Location> | undefined {
  const explained = workspace.ask('explanation', (views) => explainAt(file, offset, views, workspace.repository));
  return explained && mapExplained(explained, (place) => workspace.location(place));
}
