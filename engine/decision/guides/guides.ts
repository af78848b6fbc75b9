import type { AdvancedFeature } from '../facts';
import { FEATURES, list } from '../situation';
import { count } from '../situation';
import { consult } from './guide';
import type { Circumstances, Guide, GuideVerdict } from './guide';
import { GUIDE_A } from './guide-a';
import { GUIDE_B } from './guide-b';
import { GUIDE_C } from './guide-c';
import { GUIDE_D } from './guide-d';
import { GUIDE_E } from './guide-e';

/**
 * The published guides, in the order of their ids. What they say of systems outside Kubernetes, and of a wish for the lowest overhead or
 * for no sidecars, is left out: no manifest shows it and no question asks for it.
 */
export const GUIDES: readonly Guide[] = [GUIDE_A, GUIDE_B, GUIDE_C, GUIDE_D, GUIDE_E];

/** What each guide says on these facts. */
export function consultAll(circumstances: Circumstances): readonly GuideVerdict[] {
  return GUIDES.map((guide) => consult(guide, circumstances));
}

/** What is true here and no guide speaks of, a sentence each; empty when all of it is covered. */
export function uncovered(circumstances: Circumstances, opinions: readonly GuideVerdict[]): readonly string[] {
  const { facts, advanced } = circumstances;
  const covered = new Set<AdvancedFeature>(GUIDES.flatMap(({ covers }) => covers));
  const features = [...advanced.keys()].flatMap((feature) => (covered.has(feature) ? [] : [FEATURES[feature].name]));
  const silent = opinions.every(({ choice, needs }) => choice === null && needs.length === 0);
  const size = `${count(facts.services.count, 'service')} of ${count(facts.teams.count, 'team')}`;
  return [
    ...(silent ? [`No guide has a verdict on ${size} with these needs.`] : []),
    ...(features.length === 0 ? [] : [`No guide speaks of ${list(features)}.`]),
  ];
}
