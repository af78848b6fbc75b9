import { conflict, present } from './conflict';
import type { DecisionFacts, Question, TeamAnswers } from './facts';
import { firstRow } from './rows';
import type { Outcome, RowId } from './rows';
import { FEATURES, isAdvanced, LACKS, list, NEED_NAMES, said, situationOf, TARGET_NAMES } from './situation';
import type { Choice, Reason, Situation, Target, Use } from './situation';
import { DEFAULT_THRESHOLDS, type Thresholds } from './thresholds';

export type { Choice, Reason, RowId, Target };

export interface Verdict<E> {
  readonly choice: Choice;
  /** Where to converge when `choice` is `converge`; else null. */
  readonly target: Target | null;
  /** The first row that fits. */
  readonly row: RowId;
  /** 0 to 1, in hundredths. */
  readonly confidence: number;
  /** One sentence; its first 80 characters hold the verdict and its reason. */
  readonly summary: string;
  readonly reasons: readonly Reason<E>[];
  readonly unanswered: readonly Question[];
}

/** The questions that a repository cannot answer, in the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  'engineers',
  'platformTeam',
  'envoyExpertise',
  'mtlsMandated',
  'multicluster',
  'servicesInAYear',
  'libraryResilience',
  'startingFresh',
];

/** Every need and advanced feature that counts, with its evidence. */
function demandReasons<E>({ needs, advanced }: Situation<E>): Reason<E>[] {
  const all = list(Object.values(NEED_NAMES));
  if (needs.size === 0)
    return [said(`Nothing is needed that a mesh would give: nothing of ${all} is used, replaced or asked for.`)];
  return [
    ...[...needs].flatMap(([need, causes]) =>
      causes.map(({ because, evidence }) => ({ text: `${capitalised(NEED_NAMES[need])} is needed: ${because}.`, evidence })),
    ),
    ...[...advanced.values()].map(({ feature, inUse, evidence }) => {
      return { text: `Advanced feature: ${feature} is ${inUse ? 'in use' : 'asked for (team.features)'}.`, evidence };
    }),
  ];
}

/** At the start of a sentence; `mTLS` keeps its small letter. */
function capitalised(name: string): string {
  return name === NEED_NAMES.mtls ? name : name.charAt(0).toUpperCase() + name.slice(1);
}

/** What a mesh that is already there means for the verdict: nothing, but what moving away from it costs and gains is named. */
function moveReasons<E>(situation: Situation<E>, target: Target): Reason<E>[] {
  return [...present(situation.facts)].flatMap(([mesh, entries]) => {
    if (mesh === target) return [];
    // The gaps are ambient mode's against sidecars; what another mesh would make of them is not known.
    const bothIstio = mesh.startsWith('istio-') && target.startsWith('istio-');
    const lackedHere = missing(situation, mesh, bothIstio);
    const lackedThere = missing(situation, target, bothIstio);
    const lost = lackedThere.filter(({ feature, inUse }) => inUse && !lackedHere.some((use) => use.feature === feature));
    const gained = lackedHere.flatMap(({ feature }) => (lackedThere.some((use) => use.feature === feature) ? [] : [feature]));
    const here = `${TARGET_NAMES[mesh]} is here already (${list([...new Set(entries.map(({ how }) => how))])}).`;
    const evidence = [...entries, ...lost].flatMap((place) => place.evidence);
    const features = lost.map(({ feature }) => feature);
    if (target === 'none') {
      const all = [...[...situation.needs.keys()].map((need) => NEED_NAMES[need]), ...features];
      const cost = all.length === 0 ? 'no feature that is used here' : `${list(all)}, which must then come from elsewhere`;
      return [{ text: `${here} Removing it costs ${cost}, and saves what its proxies and control plane take.`, evidence }];
    }
    const cost =
      features.length === 0 ? 'no feature that is used here' : `${list(features)}, which ${TARGET_NAMES[target]} lacks`;
    const gain = gained.length === 0 ? 'no feature that is used or asked for' : list(gained);
    const move = `Moving to ${TARGET_NAMES[target]} costs ${cost}, and the migration, by namespace or cluster, never with both on one pod`;
    return [{ text: `${here} ${move}; it gains ${gain}.`, evidence }];
  });
}

/** What the chosen mesh cannot do, or does only in part, where that is used or asked for. */
function limitReasons<E>(situation: Situation<E>, target: Target): Reason<E>[] {
  if (target === 'none') return [];
  if (target === 'cilium') {
    const node = "WireGuard and IPsec encrypt from node to node and prove no workload's identity";
    const text = `Cilium's mutual authentication is beta and deprecated in 1.20; ztunnel encryption, which replaces it, is beta; ${node}.`;
    return [{ text, evidence: [] }];
  }
  return missing(situation, target, true).map(({ feature, evidence }) => {
    const ambient = `Ambient mode lacks ${feature}: the workloads that depend on it need sidecars, and only those.`;
    return { text: target === 'istio-ambient' ? ambient : `${TARGET_NAMES[target]} has no ${feature} of its own.`, evidence };
  });
}

/** What is used or asked for and is not to be had there; `gaps` adds those that the caller found in ambient mode. */
function missing<E>({ facts, advanced }: Situation<E>, target: Target, gaps: boolean): Use<E>[] {
  if (target === 'none') return [...advanced.values()];
  const listed = LACKS[target].flatMap((feature) => advanced.get(feature) ?? []);
  if (target !== 'istio-ambient' || !gaps) return listed;
  const found = facts.ambientGaps.map(({ feature, evidence }) => {
    return { feature: isAdvanced(feature) ? FEATURES[feature].name : feature, inUse: true, evidence };
  });
  return [...found, ...listed.filter(({ feature }) => !found.some((gap) => gap.feature === feature))];
}

/** What the rows make of a situation, before anything is said about it. */
interface Reached<E> {
  readonly choice: Choice;
  /** Where the rows lead; where to converge when that is the choice. */
  readonly target: Target;
  readonly row: RowId;
  readonly outcome: Outcome<E>;
  readonly two: ReturnType<typeof conflict<E>>;
}

/** The verdict without its words: what other facts or answers would make of it is asked of this. */
export function reach<E>(situation: Situation<E>): Reached<E> {
  const { row, outcome } = firstRow(situation);
  const two = conflict(situation.facts);
  const target = outcome.choice;
  return two === undefined
    ? { choice: target, target, row, outcome, two }
    : { choice: 'converge', target, row: 'two-meshes', outcome, two };
}

/**
 * The product's own verdict on one environment.
 *
 * `guides` are the published guides' verdicts on the same facts; one whose choice is null has none. The confidence is
 * agreeing ÷ opining guides × (1 − weight × unanswered ÷ asked), in hundredths. While no guide opines, the first factor is 1: the confidence
 * then tells of the answers alone. A guide agrees with `converge` when it says so or names the target.
 */
export function decide<E>(
  facts: DecisionFacts<E>,
  team: TeamAnswers,
  thresholds: Thresholds = DEFAULT_THRESHOLDS,
  guides: readonly { readonly choice: Choice | null }[] = [],
): Verdict<E> {
  const situation = situationOf(facts, team, thresholds);
  const { choice, target, row, outcome, two } = reach(situation);
  const name = TARGET_NAMES[target];
  const alone = `${name}: ${outcome.because}.`;
  const unanswered = QUESTIONS.filter((question) => team[question] === undefined);
  return {
    choice,
    target: two === undefined ? null : target,
    row,
    confidence: confidence(guides, [choice, target], unanswered.length, thresholds),
    summary: two === undefined ? alone : `Converge on ${target === 'none' ? 'no mesh' : name}: ${two.because}.`,
    reasons: [
      ...(two === undefined ? [] : [...two.reasons, { text: `Without that the verdict is "${alone}"`, evidence: [] }]),
      ...outcome.reasons,
      ...demandReasons(situation),
      ...limitReasons(situation, target),
      ...moveReasons(situation, target),
    ],
    unanswered,
  };
}

function confidence(
  guides: readonly { readonly choice: Choice | null }[],
  agreed: readonly Choice[],
  unanswered: number,
  { unansweredWeight }: Thresholds,
): number {
  const opining = guides.flatMap(({ choice }) => (choice === null ? [] : [choice]));
  const agreement = opining.length === 0 ? 1 : opining.filter((choice) => agreed.includes(choice)).length / opining.length;
  const value = agreement * (1 - (unansweredWeight * unanswered) / QUESTIONS.length);
  return Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}

/**
 * The environment whose verdict is the repository's: the one with most services; among equals a production one, then the first by name.
 * Undefined when there is none.
 */
export function pickLeading<V extends { readonly services: number; readonly production: boolean; readonly name: string }>(
  environments: readonly V[],
): V | undefined {
  return [...environments].sort(
    (a, b) =>
      b.services - a.services || Number(b.production) - Number(a.production) || (a.name < b.name ? -1 : Number(a.name > b.name)),
  )[0];
}
