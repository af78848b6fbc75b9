import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { usedOfKind } from './applications';
import { present } from './conflict';
import { query, signsIn } from './evidence';
import type { DecisionFacts, MeshName, Need } from './facts';
import { ADVANCED_SUBSTITUTES, GAP_SUBSTITUTES, OWN_FEATURES, WITHOUT_MESH } from './losses.data';
import { featuresInUse } from './mesh-features';
import { FEATURES, isAdvanced, LACKS, NEED_NAMES } from './situation';
import type { Target } from './situation';

/** Something that is in use here and that another mesh, or no mesh, would not do. */
export interface Loss<E> {
  readonly feature: string;
  /** What comes nearest there. */
  readonly instead: string;
  /** Where it is in use. */
  readonly evidence: readonly E[];
}

/**
 * What a move to `target` would take away, feature by feature; empty where no mesh is here, where the one that is here is the target, or
 * where nothing that is used would be missed. Without a mesh, every need that one meets here is to be met by something else.
 */
export function lossesTo(target: Target, facts: DecisionFacts<Place>, view: MeshView): readonly Loss<Place>[] {
  const here = [...present(facts).keys()].filter((mesh) => mesh !== target);
  if (here.length === 0) return [];
  return target === 'none'
    ? lossesWithoutMesh(facts, view)
    : [...advancedLosses(target, facts, here), ...ownLosses(target, view, here)];
}

/** What a mesh does here, by need. What something else does already, such as a controller that delivers progressively, stays. */
function lossesWithoutMesh({ advanced }: DecisionFacts<Place>, view: MeshView): Loss<Place>[] {
  const byNeed = new Map<Need, Place[]>();
  const add = (need: Need, evidence: readonly Place[]): void => {
    byNeed.set(need, [...(byNeed.get(need) ?? []), ...evidence]);
  };
  for (const [need, { evidence }] of featuresInUse(view)) add(need, evidence);
  for (const { feature, evidence } of advanced) if (!byNeed.has(FEATURES[feature].need)) add(FEATURES[feature].need, evidence);
  return [...byNeed].map(([need, evidence]) => ({ feature: NEED_NAMES[need], instead: WITHOUT_MESH[need], evidence }));
}

function advancedLosses(target: MeshName, facts: DecisionFacts<Place>, here: readonly MeshName[]): Loss<Place>[] {
  const lacked = LACKS[target];
  // What none of the meshes here can do either, no move loses.
  const had = facts.advanced.filter(({ feature }) => here.some((mesh) => !LACKS[mesh].includes(feature)));
  const advanced = had.flatMap(({ feature, evidence }) => {
    const instead = ADVANCED_SUBSTITUTES[feature][target];
    return lacked.includes(feature) && instead !== undefined ? [{ feature: FEATURES[feature].name, instead, evidence }] : [];
  });
  if (target !== 'istio-ambient' || !here.includes('istio-sidecar')) return advanced;
  const gaps = facts.ambientGaps.flatMap(({ feature, evidence }) => {
    const instead = isAdvanced(feature) ? undefined : GAP_SUBSTITUTES.get(feature);
    return instead === undefined ? [] : [{ feature, instead, evidence }];
  });
  return [...advanced, ...gaps];
}

function ownLosses(target: MeshName, view: MeshView, here: readonly MeshName[]): Loss<Place>[] {
  return ownFeaturesInUse(view).flatMap(({ feature, of, substitutes, evidence }) => {
    const instead = substitutes[target];
    return instead === undefined || !of.some((mesh) => here.includes(mesh)) ? [] : [{ feature, instead, evidence }];
  });
}

function ownFeaturesInUse(view: MeshView) {
  return query(view, 'ownFeatures', () =>
    OWN_FEATURES.flatMap((own) => {
      const evidence = own.kinds.flatMap((kind) => signsIn(usedOfKind(view, kind), own.find).evidence);
      return evidence.length === 0 ? [] : [{ ...own, evidence }];
    }),
  );
}
