import { explainAt } from '../explain/at';
import type { Explained } from '../explain/at';
import type { Section } from '../explain/across';
import { explainNamed } from '../explain/named';
import type { Wanted } from '../explain/named';
import { mapExplained, mapSections } from '../explain/places';
import type { Location } from '../findings/report';
import type { Workspace } from '../workspace';

export type { Section } from '../explain/across';
export type { Wanted } from '../explain/named';

/** What the text at an offset of a file does, in every environment; undefined where there is nothing to say. */
export function askExplanation(workspace: Workspace, file: string, offset: number): Explained<Location> | undefined {
  const explained = workspace.ask('explanation', (views) => explainAt(file, offset, views, workspace.repository));
  return explained && mapExplained(explained, (place) => workspace.location(place));
}

/**
 * What meshes make of the resources of a name; undefined when there is none, an empty list when nothing can be said of its kind.
 * @param environment the one to look in; all of them where undefined
 */
export function askAboutResource(
  workspace: Workspace,
  wanted: Wanted,
  environment: string | undefined,
): readonly Section<Location>[] | undefined {
  const sections = workspace.ask('resource', (all) => {
    const views = environment === undefined ? all : all.filter((view) => view.scope().plan.name === environment);
    return explainNamed(wanted, views, all);
  });
  return sections && mapSections(sections, (place) => workspace.location(place));
}
