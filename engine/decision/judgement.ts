import type { TeamFacts } from '../configuration/configuration';
import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { countFacts } from './count-facts';
import { NEEDS } from './facts';
import type { DecisionFacts, Need, TeamAnswers } from './facts';
import { flipsOf } from './flips';
import type { Flip } from './flips';
import type { GuideVerdict } from './guides/guide';
import { consultAll } from './guides/guides';
import { situationOf } from './situation';
import type { Situation } from './situation';
import { DEFAULT_THRESHOLDS } from './thresholds';
import { decide } from './verdict';
import type { Verdict } from './verdict';
import { withoutServices } from './without-services';

/** What an environment comes to: facts, what the guides and the rows make of them, and what would change that. */
export interface Judgement {
  readonly facts: DecisionFacts<Place>;
  readonly situation: Situation<Place>;
  readonly guides: readonly GuideVerdict[];
  readonly verdict: Verdict<Place>;
  readonly flips: readonly Flip[];
}

/** Counts the facts of a view's environment, and decides by the configured answers and thresholds. */
export function judge(view: MeshView): Judgement {
  const facts = countFacts(view);
  const { team, thresholds } = view.configuration();
  const answers = answersOf(team);
  const limits = { ...DEFAULT_THRESHOLDS, ...thresholds };
  const situation = situationOf(facts, answers, limits);
  const guides = consultAll(situation);
  const verdict = decide<Place>(facts, answers, limits, guides);
  // Two meshes, or a mandate, are to be told of whatever else there is.
  const without = verdict.choice === 'none' ? withoutServices(view, facts) : undefined;
  const worded = {
    ...verdict,
    summary: without?.summary ?? verdict.summary,
    reasons: without?.reasons ?? verdict.reasons,
  };
  return { facts, situation, guides, verdict: worded, flips: flipsOf(situation) };
}

/** The configured answers; what a schema of another version let through as a need is none. */
function answersOf({ needs, ...rest }: TeamFacts): TeamAnswers {
  return needs === undefined ? rest : { ...rest, needs: needs.filter(isNeed) };
}

function isNeed(text: string): text is Need {
  return NEEDS.some((need) => need === text);
}
