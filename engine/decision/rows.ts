import type { AdvancedFeature, DecisionFacts, Need } from './facts';
import { count, FEATURES, list, NEED_NAMES, needList, said } from './situation';
import type { Reason, Situation, Target, Use } from './situation';

/** Which row of the verdict fitted. */
export type RowId = 'two-meshes' | (typeof ROWS)[number]['id'] | 'otherwise';

export interface Outcome<E> {
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
      const only = needs.size === 0 ? 'and nothing is needed that a mesh would give' : `needing only ${needList(needs)}`;
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

/** The row that decides, and what it makes of the situation. */
export function firstRow<E>(situation: Situation<E>): { readonly row: RowId; readonly outcome: Outcome<E> } {
  for (const { id, outcome } of ROWS) {
    const fits = outcome(situation);
    if (fits !== undefined) return { row: id, outcome: fits };
  }
  return { row: 'otherwise', outcome: otherwise(situation) };
}

function within(needs: ReadonlyMap<Need, unknown>, allowed: readonly Need[]): boolean {
  return [...needs.keys()].every((need) => allowed.includes(need));
}

/** Up to `most` features by name, more by number, so that a summary stays short. */
function featureCount(advanced: ReadonlyMap<AdvancedFeature, Use<unknown>>, most = 2): string {
  const names = [...advanced.values()].map(({ feature }) => feature);
  return names.length > most ? `${names.length} advanced features` : list(names);
}

function servicesAre({ services }: DecisionFacts<unknown>): string {
  return `${count(services.count, 'service')} ${services.count === 1 ? 'is' : 'are'}`;
}
