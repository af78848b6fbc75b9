import { deployersOf } from '../environments/environment';
import type { EnvironmentKind } from '../environments/environment';
import { toldTogether } from '../environments/lacking';
import { environmentPlace } from '../mesh/environment-place';
import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { claim, counted } from './claim';
import type { Claim } from './claim';

/** How an environment comes to be one. */
const MADE: Readonly<Record<EnvironmentKind, string>> = {
  configured: 'As configured',
  'argo-cd': 'Brought by Argo CD',
  flux: 'Brought by Flux',
  kustomize: 'Built by kustomize',
  helm: 'A Helm chart',
  folder: 'Files of a folder',
};

/** Objects that are named; the evidence leads to more of them. */
const NAMED = 3;

/** What an environment is made of, who brings it, and why it is not known in full. */
export function scopeClaims(view: MeshView): readonly Claim<Place>[] {
  const { plan, files, partial, resources } = view.environment();
  const place = environmentPlace(view);
  const where = plan.root === '' ? '' : `, ${plan.root}`;
  const counts = `${counted(files.length, 'file')}, ${counted(resources.length, 'resource')}`;
  const deployers = deployersOf(plan);
  const more = deployers.length - NAMED;
  const named = deployers.slice(0, NAMED).map(({ title }) => title);
  const brought = `Brought by ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
  return [
    { text: `${MADE[plan.kind]}${where}: ${counts}.`, evidence: place === undefined ? [] : [place] },
    ...(deployers.length === 0
      ? []
      : [
          claim(
            brought,
            deployers.map(({ titlePlace }) => titlePlace),
          ),
        ]),
    ...toldTogether(partial).map((reason) => claim(`Known only in part: ${reason}.`, [])),
  ];
}
