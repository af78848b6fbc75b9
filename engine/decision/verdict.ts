import type { AdvancedFeature, Because, DecisionFacts, MeshName, MeshPresence, Need, Question, TeamAnswers } from './facts';
import { DEFAULT_THRESHOLDS, type Thresholds } from './thresholds';

/** Where a repository can end up. */
export type Target = 'none' | MeshName;
export type Choice = Target | 'converge';

/** Which row of the verdict fitted. */
export type RowId = 'two-meshes' | (typeof ROWS)[number]['id'] | 'otherwise';

export interface Reason<E> {
  readonly text: string;
  readonly evidence: readonly E[];
}

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

const TARGET_NAMES: Readonly<Record<Target, string>> = {
  none: 'No mesh',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio ambient',
  'istio-sidecar': 'Istio with sidecars',
  cilium: 'Cilium',
};

const NEED_NAMES: Readonly<Record<Need, string>> = {
  mtls: 'mTLS',
  routing: 'routing',
  authorization: 'authorization',
  observability: 'observability',
  multicluster: 'multi-cluster traffic',
  extension: 'proxy extension',
};

const FEATURES: Readonly<Record<AdvancedFeature, { readonly name: string; readonly need: Need }>> = {
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
 * reads no EnvoyFilter; Cilium leaves these to raw Envoy configuration.
 */
const LACKS: Readonly<Record<MeshName, readonly AdvancedFeature[]>> = {
  linkerd: ['fault-injection', 'mirroring', 'claim-routing', 'jwt', 'wasm', 'envoy-filter'],
  'istio-ambient': ['envoy-filter'],
  'istio-sidecar': [],
  cilium: ['fault-injection', 'claim-routing', 'jwt', 'rate-limiting', 'wasm', 'envoy-filter'],
};

/** A feature as prose names it, in use or only asked for. */
interface Use<E> {
  readonly feature: string;
  readonly inUse: boolean;
  readonly evidence: readonly E[];
}

/** What the rows ask, counted once. */
interface Situation<E> {
  readonly facts: DecisionFacts<E>;
  readonly team: TeamAnswers;
  readonly limits: Thresholds;
  /** N, with what makes each need count. */
  readonly needs: ReadonlyMap<Need, readonly Because<E>[]>;
  /** Advanced features in use or asked for. */
  readonly advanced: ReadonlyMap<AdvancedFeature, Use<E>>;
  readonly mandated: boolean;
}

interface Outcome<E> {
  readonly choice: Target;
  /** The clause that stands behind the verdict's name in the summary. */
  readonly because: string;
  /** What the row itself looked at; needs and features are added to every row's. */
  readonly reasons: readonly Reason<E>[];
}

interface Row {
  readonly id: string;
  readonly outcome: <E>(situation: Situation<E>) => Outcome<E> | undefined;
}

/** The first row that fits decides; two meshes come before all of these and take their target from them. */
const ROWS = [
  {
    id: 'few-services',
    outcome: ({ facts, limits, needs, advanced, mandated }) => {
      if (facts.services.count >= limits.smallServices) return undefined;
      const because = `${servicesAre(facts)} under the ${limits.smallServices} where one starts to pay`;
      const size = { text: `${because}.`, evidence: facts.services.evidence };
      const company = [
        ...(needs.has('multicluster') ? [NEED_NAMES.multicluster] : []),
        ...(advanced.has('l7-authorization') ? [FEATURES['l7-authorization'].name] : []),
      ];
      if (!mandated || company.length === 0) return { choice: 'none', because, reasons: [size] };
      const text = `Mandated mTLS together with ${list(company)} needs a mesh at any size.`;
      return { choice: 'linkerd', because: `mTLS is mandated, with ${list(company)}`, reasons: [size, said(text)] };
    },
  },
  {
    id: 'few-engineers',
    outcome: ({ team, limits, mandated }) => {
      if (team.engineers === undefined || team.engineers >= limits.minimumEngineers) return undefined;
      const engineers = count(team.engineers, 'engineer');
      const under = `${engineers} ${team.engineers === 1 ? 'is' : 'are'} under the ${limits.minimumEngineers} it takes to run`;
      const reasons = [{ text: `${under} a mesh (team.engineers).`, evidence: [] }];
      if (!mandated) return { choice: 'none', because: `${under} one`, reasons };
      return { choice: 'linkerd', because: `mTLS is mandated, or ${engineers} would be too few for a mesh`, reasons };
    },
  },
  {
    id: 'asynchronous',
    outcome: ({ facts, needs }) => {
      if (!facts.asynchronous.holds || needs.size > 0) return undefined;
      const text =
        'Over half of the workloads have no Service and name a broker: a mesh sees little of what they say to each other.';
      const because = 'most workloads talk through a broker, and nothing needs a mesh';
      return { choice: 'none', because, reasons: [{ text, evidence: facts.asynchronous.evidence }] };
    },
  },
  {
    id: 'mtls-alone',
    outcome: ({ facts, team, limits, needs }) => {
      const fits = facts.services.count < limits.mediumServices && within(needs, ['mtls']) && team.platformTeam !== true;
      if (!fits) return undefined;
      const because = `${servicesAre(facts)} under ${limits.mediumServices}`;
      const owner =
        team.platformTeam === false
          ? 'No platform team would own the control plane (team.platformTeam).'
          : 'Whether a platform team would own the control plane is not answered (team.platformTeam), which counts as no.';
      return {
        choice: 'none',
        because: `${because}, with ${needs.size === 0 ? 'no need' : 'only mTLS needed'} and no platform team`,
        reasons: [{ text: `${because}.`, evidence: facts.services.evidence }, said(owner)],
      };
    },
  },
  {
    id: 'mtls-and-observability',
    outcome: ({ facts, limits, needs, mandated }) => {
      if (facts.services.count >= limits.mediumServices || !within(needs, ['mtls', 'observability'])) return undefined;
      const size = `${servicesAre(facts)} under ${limits.mediumServices}`;
      const reasons = [{ text: `${size}.`, evidence: facts.services.evidence }];
      if (mandated) return { choice: 'linkerd', because: 'mTLS is mandated, and no need goes beyond observability', reasons };
      const only = needs.size === 0 ? 'and no need counts' : `needing only ${needList(needs)}`;
      return { choice: 'none', because: `${size}, ${only}`, reasons };
    },
  },
  {
    id: 'many-services',
    outcome: ({ facts, limits }) => {
      const reach = [
        ...(facts.teams.count > limits.singleTeam ? [{ noun: 'team', ...facts.teams }] : []),
        ...(facts.clusters.count > limits.singleCluster ? [{ noun: 'cluster', ...facts.clusters }] : []),
      ];
      if (facts.services.count <= limits.hugeServices || reach.length === 0) return undefined;
      const size = `${servicesAre(facts)} over ${limits.hugeServices}`;
      const across = `across ${list(reach.map((several) => count(several.count, several.noun)))}`;
      const spread = { text: `They spread ${across}.`, evidence: reach.flatMap(({ evidence }) => evidence) };
      const reasons = [{ text: `${size}.`, evidence: facts.services.evidence }, spread];
      return { choice: 'istio-ambient', because: `${size}, ${across}`, reasons };
    },
  },
  {
    id: 'large-and-advanced',
    outcome: ({ facts, team, limits, advanced }) => {
      const large = facts.services.count >= limits.largeServices && facts.teams.count > limits.singleTeam;
      if (!large || advanced.size === 0 || team.platformTeam === false) return undefined;
      const owner =
        team.platformTeam === true
          ? 'A platform team owns the control plane (team.platformTeam).'
          : 'Whether a platform team owns the control plane is not answered (team.platformTeam); at this size one is assumed.';
      const [size, teams] = [count(facts.services.count, 'service'), count(facts.teams.count, 'team')];
      return {
        choice: 'istio-ambient',
        because: `${size} of ${teams} call for ${featureCount(advanced, 1)}`,
        reasons: [
          { text: `${size} reach the ${limits.largeServices} of a large system.`, evidence: facts.services.evidence },
          { text: `${teams} own them, over ${limits.singleTeam}.`, evidence: facts.teams.evidence },
          said(owner),
        ],
      };
    },
  },
  {
    id: 'advanced-features',
    outcome: ({ limits, needs, advanced }) => {
      if (needs.has('extension')) {
        const named = [...advanced.keys()].filter((feature) => FEATURES[feature].need === 'extension');
        const names = named.length === 0 ? [NEED_NAMES.extension] : named.map((feature) => FEATURES[feature].name);
        const because = `${list(names)} ${names.length > 1 ? 'are' : 'is'} needed, and Linkerd has no extensions`;
        return { choice: 'istio-ambient', because, reasons: [] };
      }
      if (advanced.size < limits.advancedFeatures) return undefined;
      const text = `Different advanced features in use or asked for: ${advanced.size}, where ${limits.advancedFeatures} call for Istio.`;
      const because = `${featureCount(advanced)} ${advanced.size === 1 ? 'is' : 'are'} needed`;
      return { choice: 'istio-ambient', because, reasons: [said(text)] };
    },
  },
  {
    id: 'cilium-cni',
    outcome: ({ facts, needs, advanced }) => {
      if (!facts.ciliumIsCni.holds || !within(needs, ['mtls', 'observability']) || advanced.size > 0) return undefined;
      const reasons = [{ text: 'Cilium is already the CNI here.', evidence: facts.ciliumIsCni.evidence }];
      return { choice: 'cilium', because: 'already the CNI, and no need goes beyond mTLS and observability', reasons };
    },
  },
] as const satisfies readonly Row[];

/** What is left when no row fits. */
function otherwise<E>({ facts, limits, needs, advanced }: Situation<E>): Outcome<E> {
  const size = count(facts.services.count, 'service');
  const reasons = [{ text: `Services that select a workload here: ${facts.services.count}.`, evidence: facts.services.evidence }];
  if (advanced.size > 0) {
    const text = `Different advanced features in use or asked for: ${advanced.size}, under the ${limits.advancedFeatures} that call for Istio.`;
    const because = `${featureCount(advanced)} alone ${advanced.size === 1 ? 'does' : 'do'} not call for Istio`;
    return { choice: 'linkerd', because, reasons: [...reasons, said(text)] };
  }
  const because =
    needs.size === 0
      ? `${size} reach the ${limits.mediumServices} where a mesh pays; no need asks for Istio`
      : `${size} ${facts.services.count === 1 ? 'needs' : 'need'} ${needs.size > 2 ? `${needs.size} things of a mesh` : needList(needs)}, and no more`;
  return { choice: 'linkerd', because, reasons };
}

/** Every need and advanced feature that counts, with its evidence. */
function demandReasons<E>({ needs, advanced }: Situation<E>): Reason<E>[] {
  const all = list(Object.values(NEED_NAMES));
  if (needs.size === 0) return [said(`No need counts: nothing of ${all} is used, replaced or asked for.`)];
  return [
    ...[...needs].flatMap(([need, causes]) =>
      causes.map(({ because, evidence }) => ({ text: `A need for ${NEED_NAMES[need]} counts: ${because}.`, evidence })),
    ),
    ...[...advanced.values()].map(({ feature, inUse, evidence }) => {
      return { text: `An advanced feature counts: ${feature} is ${inUse ? 'in use' : 'asked for (team.features)'}.`, evidence };
    }),
  ];
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
      return [{ text: `${here} Taking it out costs ${cost}; it gains what its proxies and control plane take.`, evidence }];
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

/** Why the environment must converge, before it is asked on what; undefined when it has one mesh or none. */
function conflict<E>(facts: DecisionFacts<E>): { readonly because: string; readonly reasons: readonly Reason<E>[] } | undefined {
  // Where a mesh's configuration alone is here, it may be gone, or be no more than a gateway; Cilium has no other sign of being one.
  const running = [...present(facts).values()].flat().filter(({ mesh, how }) => mesh === 'cilium' || how !== 'configured');
  const names = new Set(running.map(({ mesh }) => (mesh.startsWith('istio-') ? 'Istio' : TARGET_NAMES[mesh])));
  const { count: doubled, evidence } = facts.doublyInjected;
  const get = `${count(doubled, 'workload')} ${doubled === 1 ? 'gets' : 'get'} two meshes at once`;
  const run = `${list([...names])} are in one environment`;
  const reasons = [
    ...(doubled > 0 ? [{ text: `${get}.`, evidence }] : []),
    ...(names.size > 1 ? [{ text: `${run}.`, evidence: running.flatMap((entry) => entry.evidence) }] : []),
  ];
  return reasons.length === 0 ? undefined : { because: doubled > 0 ? get : run, reasons };
}

/** The meshes that are there, by name; Cilium as no more than the CNI is none. */
function present<E>(facts: DecisionFacts<E>): ReadonlyMap<MeshName, readonly MeshPresence<E>[]> {
  const byName = new Map<MeshName, MeshPresence<E>[]>();
  for (const entry of facts.meshes) {
    if (entry.mesh !== 'cilium' || entry.how !== 'installed') byName.set(entry.mesh, [...(byName.get(entry.mesh) ?? []), entry]);
  }
  return byName;
}

function situationOf<E>(facts: DecisionFacts<E>, team: TeamAnswers, limits: Thresholds): Situation<E> {
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
  const { row, outcome } = firstRow(situation);
  const two = conflict(facts);
  const target = outcome.choice;
  const name = TARGET_NAMES[target];
  const alone = `${name}: ${outcome.because}.`;
  const choice = two === undefined ? target : 'converge';
  const unanswered = QUESTIONS.filter((question) => team[question] === undefined);
  return {
    choice,
    target: two === undefined ? null : target,
    row: two === undefined ? row : 'two-meshes',
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

function firstRow<E>(situation: Situation<E>): { readonly row: RowId; readonly outcome: Outcome<E> } {
  for (const { id, outcome } of ROWS) {
    const fits = outcome(situation);
    if (fits !== undefined) return { row: id, outcome: fits };
  }
  return { row: 'otherwise', outcome: otherwise(situation) };
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

function within(needs: ReadonlyMap<Need, unknown>, allowed: readonly Need[]): boolean {
  return [...needs.keys()].every((need) => allowed.includes(need));
}

function isAdvanced(text: string): text is AdvancedFeature {
  return Object.hasOwn(FEATURES, text);
}

/** Up to `most` features by name, more by number, so that a summary stays short. */
function featureCount(advanced: ReadonlyMap<AdvancedFeature, Use<unknown>>, most = 2): string {
  const names = [...advanced.values()].map(({ feature }) => feature);
  return names.length > most ? `${names.length} advanced features` : list(names);
}

function servicesAre({ services }: DecisionFacts<unknown>): string {
  return `${count(services.count, 'service')} ${services.count === 1 ? 'is' : 'are'}`;
}

function needList(needs: ReadonlyMap<Need, unknown>): string {
  return list([...needs.keys()].map((need) => NEED_NAMES[need]));
}

/** A reason from an answer or a rule, which no manifest shows. */
function said<E>(text: string): Reason<E> {
  return { text, evidence: [] };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
