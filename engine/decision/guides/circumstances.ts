import type { AdvancedFeature, Need, Question } from '../facts';
import { conflict } from '../conflict';
import type { Circumstances, Fits } from './guide';

/** All of them: false as soon as one is, open while one is. */
export function all(...parts: readonly Fits[]): Fits {
  return parts.includes(false) ? false : settle(parts, true);
}

/** One of them: true as soon as one is, open while one is. */
export function any(...parts: readonly Fits[]): Fits {
  return parts.includes(true) ? true : settle(parts, false);
}

export function not(part: Fits): Fits {
  return typeof part === 'boolean' ? !part : part;
}

function settle(parts: readonly Fits[], otherwise: boolean): Fits {
  const questions = parts.flatMap((part) => (typeof part === 'boolean' ? [] : part));
  return questions.length === 0 ? otherwise : [...new Set(questions)];
}

/** The answers that are yes or no. */
type YesOrNo = Exclude<Question, 'engineers' | 'servicesInAYear'>;

/** A question that only the team can answer. */
export function answered({ team }: Circumstances, question: YesOrNo): Fits {
  return team[question] ?? [question];
}

/** Whether there are fewer services than a number. */
export function under({ facts }: Circumstances, services: number): boolean {
  return facts.services.count < services;
}

/** Whether the number of services lies within these, both included. */
export function between({ facts }: Circumstances, least: number, most: number): boolean {
  return facts.services.count >= least && facts.services.count <= most;
}

export function fewerEngineers({ team }: Circumstances, engineers: number): Fits {
  return team.engineers === undefined ? ['engineers'] : team.engineers < engineers;
}

export function severalTeams({ facts }: Circumstances): boolean {
  return facts.teams.count > 1;
}

/** The needs that an answer may add to those that the repository shows. */
const ASKED: Partial<Record<Need, YesOrNo>> = { mtls: 'mtlsMandated', multicluster: 'multicluster' };

/** Whether a need counts. */
export function needed(circumstances: Circumstances, need: Need): Fits {
  if (circumstances.needs.has(need)) return true;
  const question = ASKED[need];
  return question === undefined ? false : answered(circumstances, question);
}

/** Whether more than one thing is needed. */
export function severalNeeds(circumstances: Circumstances): Fits {
  const { size } = circumstances.needs;
  if (size > 1) return true;
  const [mtls, multicluster] = [needed(circumstances, 'mtls'), needed(circumstances, 'multicluster')];
  return size === 1 ? any(...[mtls, multicluster].filter((part) => part !== true)) : all(mtls, multicluster);
}

/** Whether anything at all is needed today. */
export function concreteNeed(circumstances: Circumstances): Fits {
  if (circumstances.needs.size > 0) return true;
  return any(needed(circumstances, 'mtls'), needed(circumstances, 'multicluster'));
}

/** Whether the team was asked what it needs, and needs nothing: a mesh for some day. */
export function speculative(circumstances: Circumstances): Fits {
  return circumstances.team.needs === undefined ? false : not(concreteNeed(circumstances));
}

/** Whether no need goes beyond these. */
export function within(circumstances: Circumstances, allowed: readonly Need[]): Fits {
  if ([...circumstances.needs.keys()].some((need) => !allowed.includes(need))) return false;
  const open = (['mtls', 'multicluster'] as const).filter((need) => !allowed.includes(need));
  return not(any(...open.map((need) => needed(circumstances, need))));
}

/** Whether one of these features is in use or asked for. */
export function uses({ advanced }: Circumstances, ...features: readonly AdvancedFeature[]): boolean {
  return features.some((feature) => advanced.has(feature));
}

/** Traffic that is split by weight, routed by header or mirrored: what the guides call traffic management. */
export function managesTraffic(circumstances: Circumstances): boolean {
  return circumstances.facts.splits.holds || uses(circumstances, 'header-routing', 'mirroring');
}

/** Whether somebody here has Envoy already: Istio's pods, or configuration of the proxy itself. */
export function hasEnvoy({ facts, advanced }: Circumstances): boolean {
  const runsIstio = facts.meshes.some(({ mesh, how }) => mesh.startsWith('istio-') && how !== 'configured');
  return runsIstio || advanced.get('envoy-filter')?.inUse === true;
}

/**
 * What four of the guides call Linkerd's home: 20 to 200 services, mTLS and plain traffic policy wanted, nobody who reads Envoy's
 * configuration. Real needs across clusters are for the ruling before.
 */
export function simpleSystem(circumstances: Circumstances): Fits {
  if (!between(circumstances, 20, 200) || circumstances.advanced.size > 0) return false;
  return not(answered(circumstances, 'envoyExpertise'));
}

export function hasTwoMeshes({ facts }: Circumstances): boolean {
  return conflict(facts) !== undefined;
}
