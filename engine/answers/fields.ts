import { fieldAt } from '../fields/at';
import type { FieldText } from '../fields/field';
import { suggestionsAt } from '../fields/suggestions';
import type { Suggestions } from '../fields/suggestions';
import type { Location } from '../findings/report';
import type { Workspace } from '../workspace';

/** What Istio's schemas say of the field at an offset of a file, and where it stands; undefined where they say nothing. */
export function askField(
  workspace: Workspace,
  file: string,
  offset: number,
): { readonly field: FieldText; readonly place: Location } | undefined {
  const found = fieldAt(workspace.repository, file, offset);
  return found && { field: found.field, place: workspace.location({ node: found.node }) };
}

/** What may be written at an offset of a file by Istio's schemas; undefined where they name nothing. */
export function askSuggestions(workspace: Workspace, file: string, offset: number): Suggestions | undefined {
  return suggestionsAt(workspace.repository, file, offset);
}
