import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { alternativesInPlace } from './alternatives';
import { query } from './evidence';
import type { Because, Need } from './facts';
import { featuresInUse } from './mesh-features';

/** The needs that an environment shows, each with why it counts: a mesh feature in use, or an alternative in place. */
export function countNeeds(view: MeshView): ReadonlyMap<Need, readonly Because<Place>[]> {
  return query(view, 'needs', () => {
    const needs = new Map<Need, Because<Place>[]>();
    for (const [need, because] of [...featuresInUse(view), ...alternativesInPlace(view)]) {
      needs.set(need, [...(needs.get(need) ?? []), because]);
    }
    return needs;
  });
}
