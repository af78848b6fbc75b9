import type { AdvancedFeature, Because, DecisionFacts, MeshName, Need, TeamAnswers } from './facts';
import type { Thresholds } from './thresholds';

/** Where a repository can end up. */
export type Target = 'none' | MeshName;
export type Choice = Target | 'converge';

export interface Reason<E> {
  readonly text: string;
  readonly evidence: readonly E[];
}

export const TARGET_NAMES: Readonly<Record<Target, string>> = {
  none: 'No mesh',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio ambient',
  'istio-sidecar': 'Istio with sidecars',
  cilium: 'Cilium',
};

export const NEED_NAMES: Readonly<Record<Need, string>> = {
  mtls: 'mTLS',
  routing: 'routing',
  authorization: 'authorization',
  observability: 'observability',
  multicluster: 'multi-cluster traffic',
  extension: 'proxy extension',
};

export const FEATURES: Readonly<Record<AdvancedFeature, { readonly name: string; readonly need: Need }>> = {
  'fault-injection': { name: 'fault injection', need: 'routing' },
  mirroring: { name: 'request mirroring', need: 'routing' },
  'header-routing': { name: 'header-based routing', need: 'routing' },
  'claim-routing': { name: 'claim-based routing', need: 'routing' },
  jwt: { name: 'JWT authentication', need: 'authorization' },
  'l7-authorization': { name: 'L7 authorization', need: 'authorization' },
  // A limit on traffic; Linkerd has it too, so it must not count as an extension of the proxy.
  'rate-limiting': { name: 'rate limiting', need: 'routing' },
  wasm: { name: 'Wasm', need: 'extension' },
  'envoy-filter': { name: 'EnvoyFilter', need: 'extension' },
};

/**
 * The advanced features that a mesh has no resource for. Linkerd drops a route that mirrors and knows neither faults nor tokens; a waypoint
 * reads no EnvoyFilter; of these, Cilium has what it documents of Envoy's own configuration.
 */
export const LACKS: Readonly<Record<MeshName, readonly AdvancedFeature[]>> = {
  linkerd: ['fault-injection', 'mirroring', 'claim-routing', 'jwt', 'wasm', 'envoy-filter'],
  'istio-ambient': ['envoy-filter'],
  'istio-sidecar': [],
  cilium: ['fault-injection', 'claim-routing', 'jwt', 'rate-limiting', 'wasm', 'envoy-filter'],
};

/** A feature as prose names it, in use or only asked for. */
export interface Use<E> {
  readonly feature: string;
  readonly inUse: boolean;
  readonly evidence: readonly E[];
}

/** What the rows ask, counted once. */
export interface Situation<E> {
  readonly facts: DecisionFacts<E>;
  readonly team: TeamAnswers;
  readonly limits: Thresholds;
  /** N, with what makes each need count. */
  readonly needs: ReadonlyMap<Need, readonly Because<E>[]>;
  /** Advanced features in use or asked for. */
  readonly advanced: ReadonlyMap<AdvancedFeature, Use<E>>;
  readonly mandated: boolean;
}

export function isAdvanced(text: string): text is AdvancedFeature {
  return Object.hasOwn(FEATURES, text);
}

export function needList(needs: ReadonlyMap<Need, unknown>): string {
  return list([...needs.keys()].map((need) => NEED_NAMES[need]));
}

/** A reason from an answer or a rule, which no manifest shows. */
export function said<E>(text: string): Reason<E> {
  return { text, evidence: [] };
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** Puts together what was counted, what the team says, and the numbers to hold it against. */
export function situationOf<E>(facts: DecisionFacts<E>, team: TeamAnswers, limits: Thresholds): Situation<E> {
  const advanced = new Map<AdvancedFeature, Use<E>>();
  for (const { feature, evidence } of facts.advanced) {
    const places = [...(advanced.get(feature)?.evidence ?? []), ...evidence];
    advanced.set(feature, { feature: FEATURES[feature].name, inUse: true, evidence: places });
  }
  for (const id of team.features ?? []) {
    if (isAdvanced(id) && !advanced.has(id)) advanced.set(id, { feature: FEATURES[id].name, inUse: false, evidence: [] });
  }
  const needs = new Map([...facts.needs].filter(([, causes]) => causes.length > 0));
  const add = (need: Need, because: string, evidence: readonly E[] = []): void => {
    needs.set(need, [...(needs.get(need) ?? []), { because, evidence }]);
  };
  if (team.mtlsMandated === true) add('mtls', 'it is mandated (team.mtlsMandated)');
  if (team.multicluster === true) add('multicluster', 'several clusters are a real need (team.multicluster)');
  for (const need of new Set(team.needs)) add(need, 'the team names it (team.needs)');
  for (const [id, { feature, inUse, evidence }] of advanced) {
    const { need } = FEATURES[id];
    if (!needs.has(need)) add(need, `${feature} is ${inUse ? 'in use' : 'asked for (team.features)'}`, evidence);
  }
  return { facts, team, limits, needs, advanced, mandated: team.mtlsMandated === true };
}
