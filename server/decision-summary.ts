import { mapEvidence } from '../engine/answers/decisions';
import type { AlternativeState, Cost, Decision, GuideVerdict, NextWorkload, OptionCosts } from '../engine/answers/decisions';
import type { Location } from '../engine/findings/report';
import {
  choiceText,
  confidenceText,
  guideText,
  hasSomethingToDecide,
  memoryText,
  plainText,
  proxiesText,
  requestsText,
} from '../engine/record/words';
import { TEAM_QUESTIONS } from './protocol';
import type { Claim, CostOption, CostRange, Evidence, GuideOpinion, SummaryDecision, TeamQuestion } from './protocol';

type Question = Decision<unknown>['unanswered'][number];

/** The engine's questions, each with what answers it: the compiler holds the protocol's list against them. */
const ASKED: Readonly<Record<Question, (typeof TEAM_QUESTIONS)[TeamQuestion]>> = TEAM_QUESTIONS;

/** The decision on an environment as the protocol has it, in words that need nothing of the engine to be shown. */
export function decisionSummary(decision: Decision<Location>, toEvidence: (location: Location) => Evidence): SummaryDecision {
  const { choice, target, summary, context, reasons, guides, uncovered, flips, costs, losses, alternatives, wayIn, sources } =
    mapEvidence(decision, toEvidence);
  return {
    choice,
    target,
    sentence: summary,
    confidence: hasSomethingToDecide(decision) ? { value: decision.confidence, text: sureness(decision) } : null,
    context: context.map(claim),
    reasons: reasons.map(claim),
    guides: guides.map(opinion),
    uncovered,
    flips: flips.map(({ when, choice: other }) => ({ when, verdict: choiceText(other) })),
    costs: {
      basis: costs.pods,
      options: costs.options.map((option) => costOption(option, option.option === (target ?? choice))),
      requests: costs.requests.map((request) => ({ text: requestsText(request), evidence: request.evidence })),
    },
    losses: losses.map(({ option, name, losses: lost }) => ({
      name: option === 'none' ? 'Without a mesh' : `In ${name}`,
      losses: lost.map(({ feature, instead, evidence }) => ({ text: feature, instead, evidence })),
    })),
    alternatives: alternatives.map(({ purpose, state, text, evidence }) => ({
      purpose: PURPOSES[purpose],
      state,
      text,
      evidence,
    })),
    wayIn: {
      stage: wayIn.stage.replaceAll('-', ' '),
      next: wayIn.next,
      steps: wayIn.steps.map(claim),
      order: wayIn.order.map(workloadClaim),
    },
    unanswered: decision.unanswered.filter(isAsked),
    sources: sources.map(({ id, name, date }) => ({ id, name, date })),
  };
}

/** What a thing other than a mesh is for, as a heading has it. */
const PURPOSES: Readonly<Record<AlternativeState<unknown>['purpose'], string>> = {
  mtls: 'mTLS',
  routing: 'Routing',
  authorization: 'Authorization',
  observability: 'Observability',
  multicluster: 'Multi-cluster traffic',
  extension: 'Proxy extension',
  isolation: 'Isolation',
  gateway: 'Gateway',
  autoscaling: 'Autoscaling',
  resilience: 'Resilience',
};

/** How sure the verdict is, and what that number is made of. */
function sureness({ choice, target, confidence, guides, unanswered }: Decision<unknown>): string {
  const opining = guides.filter((guide) => guide.choice !== null);
  const agreeing = opining.filter((guide) => guide.choice === choice || guide.choice === target);
  const agreement =
    opining.length === 0
      ? 'no guide decides'
      : `${agreeing.length} of ${opining.length} ${opining.length === 1 ? 'guide that decides' : 'guides that decide'} ${agreeing.length === 1 ? 'agrees' : 'agree'}`;
  const asked = Object.keys(ASKED).length;
  const open = unanswered.length === 0 ? 'every question is answered' : `${unanswered.length} of ${asked} questions are open`;
  return `${confidenceText(confidence)} sure: ${agreement}, ${open}.`;
}

function isAsked(question: Question): question is Question & TeamQuestion {
  return Object.hasOwn(ASKED, question);
}

function claim({ text, evidence }: Claim): Claim {
  return { text, evidence };
}

function opinion(guide: GuideVerdict): GuideOpinion {
  const { id, name, reason, needs, corrections } = guide;
  return {
    id,
    name,
    verdict: guideText(guide),
    sentence: reason,
    asks: needs.filter(isAsked),
    corrections: corrections.map(({ claim: said, holds }) => `It rests on “${said}”; in fact ${holds}.`),
  };
}

function costOption(option: OptionCosts, chosen: boolean): CostOption {
  const { name, memory, cpu, perPod, latency, slower, installation, notes } = option;
  const proxies = proxiesText(option);
  return {
    name,
    chosen,
    memory: rangeOf(memory ?? perPod.memory, proxies.memory),
    cpu: rangeOf(cpu ?? perPod.cpu, proxies.cpu),
    latency: rangeOf(latency, plainText(latency, 'ms')),
    slower: rangeOf(slower, plainText(slower, '%')),
    controlPlane: rangeOf(installation, memoryText(installation)),
    notes,
  };
}

function rangeOf(cost: Cost | null, text: string): CostRange | null {
  return cost === null ? null : { low: cost.low, high: cost.high, text, guides: cost.guides };
}

function workloadClaim({ workload, callers, fromOutside, evidence }: NextWorkload<Evidence>): Claim {
  const called = callers === 0 ? 'nobody is seen to call it' : `${callers} seen to call it`;
  return { text: `${workload}: ${called}${fromOutside ? ', reached from outside' : ''}`, evidence };
}
