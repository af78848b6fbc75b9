import type { AdvancedFeature, DecisionFacts, Need, Question, TeamAnswers } from './facts';
import { NEEDS } from './facts';
import { count, FEATURES, isAdvanced, NEED_NAMES, situationOf } from './situation';
import type { Choice, Situation, Target } from './situation';
import { reach } from './verdict';

/** One thing that would have to be different for another verdict. */
export interface Flip {
  /** As a clause: `at 30 services`, `if there were a platform team`. */
  readonly when: string;
  /** What the verdict would then be; where to converge, while two meshes are here. */
  readonly choice: Choice;
}

/** A change of one input, and how far away it is: what may be so already first, then numbers, then what is otherwise today. */
interface Change {
  readonly when: string;
  readonly facts?: Partial<DecisionFacts<unknown>>;
  readonly team?: Partial<TeamAnswers>;
  readonly distance: number;
}

/** Nobody has said that it is not so. */
const OPEN = 0;
/** Numbers come by their distance in parts of what they are, which seldom reaches this. */
const OTHERWISE = 10;

/**
 * The single changes that would give another verdict, the nearest first. Every one is found by asking the verdict itself about facts or
 * answers that differ in one thing; numbers are tried at the borders that the thresholds draw, of which the nearest on each side counts.
 */
export function flipsOf(situation: Situation<unknown>): readonly Flip[] {
  const now = reach(situation);
  const found: (Flip & { readonly distance: number })[] = [];
  const outcomeOf = ({ facts, team }: Change): Target =>
    reach(situationOf({ ...situation.facts, ...facts }, { ...situation.team, ...team }, situation.limits)).target;
  const note = (change: Change): boolean => {
    const target = outcomeOf(change);
    if (target === now.target) return false;
    found.push({ when: change.when, choice: target, distance: change.distance });
    return true;
  };
  if (now.choice === 'converge') found.push({ when: 'once one mesh alone is left', choice: now.target, distance: OPEN });
  for (const side of numbers(situation)) side.some(note);
  for (const change of [...answers(situation), ...shapes(situation), ...withoutNeeds(situation)]) note(change);
  for (const { when, choice } of wished(situation, outcomeOf, now.target)) found.push({ when, choice, distance: OTHERWISE });
  return found.sort((a, b) => a.distance - b.distance).map(({ when, choice }) => ({ when, choice }));
}

/** Every number, upwards and downwards, each border from the nearest to the farthest. */
function numbers({ facts, team, limits }: Situation<unknown>): Change[][] {
  const { smallServices, mediumServices, largeServices, hugeServices, singleTeam, singleCluster, minimumEngineers } = limits;
  const services = sides(facts.services.count, [smallServices, mediumServices, largeServices, hugeServices], (value) => ({
    when: `at ${count(value, 'service')}`,
    facts: { services: { count: value, evidence: [] } },
  }));
  const expected = team.servicesInAYear;
  return [
    ...services.map((side) => side.map((change) => foreseen(change, facts.services.count, expected))),
    ...sides(facts.teams.count, [singleTeam], (value) => ({
      when: `with ${count(value, 'team')}`,
      facts: { teams: { count: value, evidence: [] } },
    })),
    ...sides(facts.clusters.count, [singleCluster], (value) => ({
      when: `with ${count(value, 'cluster')}`,
      facts: { clusters: { count: value, evidence: [] } },
    })),
    ...sides(team.engineers ?? Math.ceil(minimumEngineers), [minimumEngineers], (value) => ({
      when: `with ${count(value, 'engineer')}`,
      team: { engineers: value },
    })).map((side) => (team.engineers === undefined ? side.map((change) => ({ ...change, distance: OPEN })) : side)),
  ];
}

/** A number of services that the team expects within a year is as near as an open question. */
function foreseen(change: Change, now: number, expected: number | undefined): Change {
  const value = change.facts?.services?.count ?? now;
  if (expected === undefined || expected === now || value > Math.max(now, expected) || value < Math.min(now, expected))
    return change;
  return { ...change, when: `${change.when}, where ${expected} are expected in a year`, distance: OPEN };
}

/** The whole numbers on both sides of each border, above the present one and below it. */
function sides(now: number, borders: readonly number[], change: (value: number) => Omit<Change, 'distance'>): Change[][] {
  const values = [...new Set(borders.flatMap((border) => [Math.ceil(border) - 1, Math.ceil(border), Math.floor(border) + 1]))];
  const changes = (list: readonly number[]): Change[] =>
    list.map((value) => ({ ...change(value), distance: Math.abs(value - now) / Math.max(1, now) }));
  const up = values.filter((value) => value > now).sort((a, b) => a - b);
  const down = values.filter((value) => value < now && value >= 0).sort((a, b) => b - a);
  return [changes(up), changes(down)];
}

/** The answers of yes or no that rows read. */
type YesOrNo = Extract<Question, 'platformTeam' | 'mtlsMandated' | 'multicluster'>;

const ANSWERS: Readonly<Record<YesOrNo, readonly [yes: string, no: string]>> = {
  platformTeam: ['if there were a platform team', 'if there were no platform team'],
  mtlsMandated: ['if mTLS were mandated', 'if mTLS were not mandated'],
  multicluster: ['if several clusters were a real need', 'if several clusters were no real need'],
};

function answers({ team }: Situation<unknown>): Change[] {
  return (Object.keys(ANSWERS) as YesOrNo[]).flatMap((question) =>
    [true, false].flatMap((value) => {
      const now = team[question];
      if (now === value) return [];
      const when = ANSWERS[question][value ? 0 : 1];
      return [{ when, team: { [question]: value }, distance: now === undefined ? OPEN : OTHERWISE }];
    }),
  );
}

/** What the system is like, turned round. */
function shapes({ facts }: Situation<unknown>): Change[] {
  const { asynchronous, ciliumIsCni } = facts;
  return [
    {
      when: asynchronous.holds ? 'if most workloads called each other directly' : 'if most workloads talked through a broker',
      facts: { asynchronous: { holds: !asynchronous.holds, evidence: [] } },
      distance: OTHERWISE,
    },
    {
      when: ciliumIsCni.holds ? 'on another CNI than Cilium' : 'if Cilium were the CNI',
      facts: { ciliumIsCni: { holds: !ciliumIsCni.holds, evidence: [] } },
      distance: OTHERWISE,
    },
  ];
}

/** Needs and advanced features that count, given up one by one; with a need goes every feature that stands for it. */
function withoutNeeds(situation: Situation<unknown>): Change[] {
  const { needs, advanced } = situation;
  const one = [...advanced.keys()].map((feature) => {
    const { need } = FEATURES[feature];
    // A feature that is the only one of a need takes the need along when nothing else can stand for it: an extension is what it extends by.
    const last =
      need === 'extension' && ![...advanced.keys()].some((other) => other !== feature && FEATURES[other].need === need);
    return { when: `without ${FEATURES[feature].name}`, features: [feature], needs: last ? [need] : [] };
  });
  const whole = [...needs.keys()].map((need) => ({
    when: `without a need for ${NEED_NAMES[need]}`,
    features: [...advanced.keys()].filter((feature) => FEATURES[feature].need === need),
    needs: [need],
  }));
  return [...one, ...whole].map(({ when, features, needs: gone }) => ({
    when,
    ...without(situation, features, gone),
    distance: OTHERWISE,
  }));
}

function without(
  { facts, team }: Situation<unknown>,
  features: readonly AdvancedFeature[],
  needs: readonly Need[],
): Pick<Change, 'facts' | 'team'> {
  return {
    facts: {
      advanced: facts.advanced.filter(({ feature }) => !features.includes(feature)),
      needs: new Map([...facts.needs].filter(([need]) => !needs.includes(need))),
    },
    team: {
      needs: (team.needs ?? []).filter((need) => !needs.includes(need)),
      features: (team.features ?? []).filter((id) => !isAdvanced(id) || !features.includes(id)),
      ...(needs.includes('mtls') ? { mtlsMandated: false } : {}),
      ...(needs.includes('multicluster') ? { multicluster: false } : {}),
    },
  };
}

const MOST_NAMED = 3;

/** Needs and features that nobody has yet. Those that lead to the same verdict stand together. */
function wished({ needs, advanced, team }: Situation<unknown>, outcomeOf: (change: Change) => Target, now: Target): Flip[] {
  const byTarget = new Map<Target, string[]>();
  const tryOut = (name: string, change: Pick<Change, 'team'>): void => {
    const target = outcomeOf({ when: name, ...change, distance: OTHERWISE });
    if (target !== now) byTarget.set(target, [...(byTarget.get(target) ?? []), name]);
  };
  for (const need of NEEDS) if (!needs.has(need)) tryOut(NEED_NAMES[need], { team: { needs: [...(team.needs ?? []), need] } });
  for (const feature of Object.keys(FEATURES).filter(isAdvanced)) {
    // The need that it stands for has been tried.
    if (advanced.has(feature) || FEATURES[feature].need === 'extension') continue;
    tryOut(FEATURES[feature].name, { team: { features: [...(team.features ?? []), feature] } });
  }
  return [...byTarget].map(([choice, names]) => {
    const named =
      names.length > MOST_NAMED + 1 ? [...names.slice(0, MOST_NAMED), `one of ${names.length - MOST_NAMED} others`] : names;
    const last = named.at(-1) ?? '';
    return { when: `if ${named.length < 2 ? last : `${named.slice(0, -1).join(', ')} or ${last}`} were needed`, choice };
  });
}
