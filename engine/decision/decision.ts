import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { alternativeStates } from './alternative-states';
import type { AlternativeState } from './alternative-states';
import { countFacts } from './count-facts';
import { costsAt, OPTIONS, podsSentence } from './costs';
import type { OptionCosts } from './costs';
import { shownFacts } from './environment-verdict';
import type { ShownFacts } from './environment-verdict';
import type { DecisionFacts, Question } from './facts';
import type { Flip } from './flips';
import { GUIDES, uncovered } from './guides/guides';
import { correctionsOf } from './guides/corrections';
import type { Correction } from './guides/corrections';
import type { GuideId, GuideVerdict } from './guides/guide';
import { judge } from './judgement';
import { lossesTo } from './losses';
import type { Loss } from './losses';
import { proxyRequests } from './proxy-requests';
import type { ProxyRequests } from './proxy-requests';
import { count, list, NEED_NAMES, TARGET_NAMES } from './situation';
import type { Choice, Reason, Situation, Target } from './situation';
import { QUESTIONS } from './verdict';
import { runningMeshes, wayIn } from './way-in';
import type { Neighbour, WayIn } from './way-in';

/** Everything there is to say about one environment: what a decision record is written from. `E` is a piece of evidence. */
export interface Decision<E> {
  readonly environment: string;
  readonly production: boolean;
  readonly choice: Choice;
  /** Where to converge when `choice` is `converge`; else null. */
  readonly target: Target | null;
  readonly confidence: number;
  /** One sentence: verdict and reason. */
  readonly summary: string;
  /** What was counted, by name. */
  readonly facts: ShownFacts;
  /** The same, a sentence each. */
  readonly context: readonly Reason<E>[];
  readonly reasons: readonly Reason<E>[];
  readonly unanswered: readonly Question[];
  readonly guides: readonly GuideVerdict[];
  /** What no guide speaks of, a sentence each. */
  readonly uncovered: readonly string[];
  readonly flips: readonly Flip[];
  readonly costs: {
    /** The number of pods that they are for. */
    readonly pods: string;
    readonly options: readonly OptionCosts[];
    /** What the proxies here request by themselves. */
    readonly requests: readonly ProxyRequests<E>[];
  };
  /** What each option would not do that is in use here; options that lose nothing are left out. */
  readonly losses: readonly { readonly option: Target; readonly name: string; readonly losses: readonly Loss<E>[] }[];
  readonly alternatives: readonly AlternativeState<E>[];
  readonly wayIn: WayIn<E>;
  readonly sources: readonly Source[];
}

/** A guide, with everything in it that does not hold. */
export interface Source {
  readonly id: GuideId;
  readonly name: string;
  readonly date: string;
  readonly corrections: readonly Correction[];
}

/** The decision on a view's environment. @param neighbours the other environments of the repository */
export function decisionOn(view: MeshView, neighbours: readonly Neighbour[]): Decision<Place> {
  const { facts, situation, guides, verdict, flips } = judge(view);
  const { name, production } = view.environment().plan;
  const { choice, confidence, summary, reasons, unanswered } = verdict;
  const target = verdict.target ?? (choice === 'converge' ? 'none' : choice);
  const losses = OPTIONS.flatMap((option) => {
    const found = lossesTo(option, facts, view);
    return found.length === 0 ? [] : [{ option, name: TARGET_NAMES[option], losses: found }];
  });
  return {
    environment: name,
    production,
    choice,
    target: verdict.target,
    confidence,
    summary,
    facts: shownFacts(facts),
    context: contextOf(situation),
    reasons,
    unanswered,
    guides,
    uncovered: uncovered(situation, guides),
    flips,
    costs: { pods: podsSentence(facts.pods), options: costsAt(facts.pods), requests: proxyRequests(view) },
    losses,
    alternatives: alternativeStates(view, situation.team.libraryResilience),
    wayIn: wayIn(view, {
      facts,
      needs: [...situation.needs.keys()],
      target,
      unanswered: unanswered.length,
      asked: QUESTIONS.length,
      neighbours,
    }),
    sources: GUIDES.map(({ id, name: cited, date, corrections }) => ({
      id,
      name: cited,
      date,
      corrections: correctionsOf(corrections),
    })),
  };
}

/** An environment as its neighbours see it. */
export function neighbourOf(view: MeshView): Neighbour {
  const { name, production } = view.environment().plan;
  return { name, production, meshes: runningMeshes(countFacts(view)) };
}

const HOW = { installed: 'is installed', injected: 'is joined by workloads or Namespaces', configured: 'is configured' } as const;

function contextOf({ facts, needs }: Situation<Place>): Reason<Place>[] {
  const { services, workloads, namespaces, teams, clusters, asynchronous, meshes, ciliumIsCni, splits } = facts;
  const size = [
    counted(services, 'service'),
    counted(workloads, 'workload'),
    counted(namespaces, 'namespace'),
    counted(teams, 'team'),
    counted(clusters, 'cluster'),
  ];
  const present = meshes.map(({ mesh, how, evidence }) => {
    // Cilium that is installed is the network; what it is as a mesh is what is configured.
    const text = mesh === 'cilium' && how === 'installed' ? 'Cilium is the network (CNI).' : `${TARGET_NAMES[mesh]} ${HOW[how]}.`;
    return { text, evidence };
  });
  return [
    ...size,
    { text: podsSentence(facts.pods).replace(/^Reckoned for/, 'They run'), evidence: [] },
    ...(asynchronous.holds ? [{ text: 'Most workloads talk through a broker.', evidence: asynchronous.evidence }] : []),
    ...present,
    ...(ciliumIsCni.holds && present.length === 0
      ? [{ text: 'Cilium is the network (CNI).', evidence: ciliumIsCni.evidence }]
      : []),
    ...(splits.holds ? [{ text: 'Traffic is split by weight.', evidence: splits.evidence }] : []),
    {
      text:
        needs.size === 0
          ? 'Nothing is needed that a mesh would give.'
          : `Needed: ${list([...needs.keys()].map((need) => NEED_NAMES[need]))}.`,
      evidence: [],
    },
  ];
}

function counted({ count: number, evidence }: DecisionFacts<Place>['services'], noun: string): Reason<Place> {
  return { text: `${count(number, noun)}.`, evidence };
}

/** The same decision with its evidence in another form; no more than `most` pieces for one claim. */
export function mapEvidence<A, B>(decision: Decision<A>, map: (evidence: A) => B, most = Infinity): Decision<B> {
  const mapped = <T extends { readonly evidence: readonly A[] }>(
    one: T,
  ): Omit<T, 'evidence'> & { readonly evidence: readonly B[] } => ({
    ...one,
    evidence: one.evidence.slice(0, most).map(map),
  });
  const { context, reasons, costs, losses, alternatives, wayIn: way } = decision;
  return {
    ...decision,
    context: context.map(mapped),
    reasons: reasons.map(mapped),
    costs: { ...costs, requests: costs.requests.map(mapped) },
    losses: losses.map((option) => ({ ...option, losses: option.losses.map(mapped) })),
    alternatives: alternatives.map(mapped),
    wayIn: { ...way, steps: way.steps.map(mapped), order: way.order.map(mapped) },
  };
}
