import { lensesOf } from '../explain/lenses';
import type { Lens } from '../explain/lenses';
import { mapLens } from '../explain/places';
import type { Location } from '../findings/report';
import type { Workspace } from '../workspace';

/** A few words above each workload and Service of a file, from top to bottom; none for a file that there is not. */
export function askLenses(workspace: Workspace, file: string): readonly Lens<Location>[] {
  const lenses = workspace.ask('lenses', (views) => lensesOf(file, views));
  return lenses.map((lens) => mapLens(lens, (place) => workspace.location(place)));
}
