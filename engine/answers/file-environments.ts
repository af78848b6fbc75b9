import { isInside } from '../environments/paths';
import type { MeshView } from '../mesh/view';
import type { Workspace } from '../workspace';

/**
 * Which environments are made of a file, by their names: it is one of theirs, or belongs to their chart. A function, so that whoever asks
 * about many files has the lists of the environments made ready once. None for what is told of the repository as a whole.
 */
export function askFileEnvironments(workspace: Workspace): (file: string) => readonly string[] {
  const all = workspace.views().map((view) => ({ name: view.environment().plan.name, uses: usesOf(view) }));
  return (file) => all.filter(({ uses }) => uses(file)).map(({ name }) => name);
}

function usesOf(view: MeshView): (file: string) => boolean {
  const { plan, files } = view.environment();
  const own = new Set(files);
  return (file) => own.has(file) || (plan.kind === 'helm' && isInside(file, plan.root));
}
