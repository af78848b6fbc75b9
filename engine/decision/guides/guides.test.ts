import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsFrom, installed, PLAIN_ANSWERS } from '../../../test/support/brief';
import type { Brief } from '../../../test/support/brief';
import type { Question, TeamAnswers } from '../facts';
import { situationOf } from '../situation';
import type { Choice } from '../situation';
import { DEFAULT_THRESHOLDS } from '../thresholds';
import { correctionsOf } from './corrections';
import type { GuideId, GuideVerdict } from './guide';
import { consultAll, GUIDES, uncovered } from './guides';

const ask = (brief: Brief, team: TeamAnswers = {}): readonly GuideVerdict[] =>
  consultAll(situationOf(factsFrom(brief), team, DEFAULT_THRESHOLDS));
const of = (id: GuideId, brief: Brief, team: TeamAnswers = PLAIN_ANSWERS): GuideVerdict => {
  const found = ask(brief, team).find((verdict) => verdict.id === id);
  if (found === undefined) throw new Error(`there is no guide ${id}`);
  return found;
};
const answers = (more: TeamAnswers): TeamAnswers => ({ ...PLAIN_ANSWERS, ...more });

/** Every question answered but one. */
const without = (open: Question): TeamAnswers =>
  Object.fromEntries(Object.entries(PLAIN_ANSWERS).filter(([question]) => question !== open));

const ISTIO = 'istio-ambient';
type Expected = Choice | null | readonly Question[];

/** What the table of published thresholds and factors says in each guide's column: A, B, C, D, E. A list stands for the answers it needs. */
const SCENARIOS: readonly [name: string, brief: Brief, team: TeamAnswers, expected: readonly Expected[]][] = [
  ['6 services, nothing answered', { S: 6 }, {}, ['none', 'none', 'none', ['multicluster', 'mtlsMandated'], ['engineers']]],
  ['6 services', { S: 6 }, PLAIN_ANSWERS, ['none', 'none', 'none', null, null]],
  ['9 services with JWT', { S: 9, advanced: ['jwt'] }, PLAIN_ANSWERS, ['none', 'none', 'none', null, ISTIO]],
  ['15 services without a need', { S: 15 }, PLAIN_ANSWERS, ['none', 'none', null, null, null]],
  ['15 services, mTLS mandated', { S: 15 }, answers({ mtlsMandated: true }), ['none', null, null, 'linkerd', null]],
  ['19 services with mTLS', { S: 19, needs: ['mtls'] }, PLAIN_ANSWERS, ['none', null, null, 'linkerd', null]],
  ['20 services with mTLS', { S: 20, needs: ['mtls'] }, PLAIN_ANSWERS, ['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd']],
  [
    '25 services with mTLS, 4 engineers',
    { S: 25, needs: ['mtls'] },
    answers({ engineers: 4 }),
    ['none', 'none', 'linkerd', 'linkerd', 'linkerd'],
  ],
  ['25 services without a need', { S: 25 }, PLAIN_ANSWERS, ['linkerd', 'none', null, 'linkerd', 'linkerd']],
  [
    '25 services in want of observability',
    { S: 25, needs: ['observability'] },
    PLAIN_ANSWERS,
    ['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd'],
  ],
  [
    '40 services, nothing answered',
    { S: 40 },
    {},
    [
      ['multicluster'],
      ['engineers', 'libraryResilience', 'mtlsMandated', 'multicluster'],
      ['libraryResilience', 'mtlsMandated', 'multicluster', 'envoyExpertise'],
      ['multicluster', 'mtlsMandated', 'envoyExpertise'],
      ['engineers', 'envoyExpertise'],
    ],
  ],
  ['40 services', { S: 40 }, PLAIN_ANSWERS, ['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd']],
  ['40 services, a need for some day', { S: 40 }, answers({ needs: [] }), ['none', 'none', 'linkerd', 'linkerd', 'linkerd']],
  ['40 services with canaries', { S: 40, splits: true }, PLAIN_ANSWERS, [ISTIO, 'linkerd', 'linkerd', ISTIO, ISTIO]],
  ['40 services with Wasm', { S: 40, advanced: ['wasm'] }, PLAIN_ANSWERS, [ISTIO, 'linkerd', null, ISTIO, ISTIO]],
  ['40 services with JWT', { S: 40, advanced: ['jwt'] }, PLAIN_ANSWERS, ['linkerd', 'linkerd', null, null, ISTIO]],
  [
    '40 services with authorization by path',
    { S: 40, advanced: ['l7-authorization'] },
    PLAIN_ANSWERS,
    ['linkerd', 'linkerd', null, ISTIO, ISTIO],
  ],
  [
    '40 services with rate limits',
    { S: 40, advanced: ['rate-limiting'] },
    PLAIN_ANSWERS,
    ['linkerd', 'linkerd', null, null, ISTIO],
  ],
  [
    '120 services of 3 teams, platform team',
    { S: 120, T: 3, needs: ['mtls', 'routing'] },
    answers({ platformTeam: true }),
    [ISTIO, 'linkerd', 'linkerd', ISTIO, ISTIO],
  ],
  [
    '120 services of 3 teams, no platform team',
    { S: 120, T: 3, needs: ['mtls', 'routing'] },
    PLAIN_ANSWERS,
    [ISTIO, 'linkerd', 'linkerd', ISTIO, 'linkerd'],
  ],
  [
    '250 services of 4 teams across clusters',
    { S: 250, T: 4 },
    answers({ multicluster: true }),
    [ISTIO, null, ISTIO, ISTIO, ISTIO],
  ],
  [
    '100 services of 2 teams with routing, mTLS not answered',
    { S: 100, T: 2, needs: ['routing'] },
    without('mtlsMandated'),
    [['mtlsMandated'], 'linkerd', 'linkerd', ['mtlsMandated'], 'linkerd'],
  ],
  ['250 services of 1 team', { S: 250 }, PLAIN_ANSWERS, [null, null, null, null, null]],
  [
    '40 asynchronous services',
    { S: 40, asynchronous: true },
    PLAIN_ANSWERS,
    ['linkerd', 'linkerd', 'none', 'linkerd', 'linkerd'],
  ],
  [
    '40 services whose libraries retry',
    { S: 40 },
    answers({ libraryResilience: true }),
    ['linkerd', 'none', 'none', 'linkerd', 'linkerd'],
  ],
  [
    '40 services whose libraries retry, mTLS mandated',
    { S: 40 },
    answers({ libraryResilience: true, mtlsMandated: true }),
    ['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd'],
  ],
  [
    '40 services with both meshes',
    { S: 40, meshes: installed('istio-sidecar', 'linkerd') },
    PLAIN_ANSWERS,
    ['linkerd', ISTIO, 'linkerd', 'converge', ISTIO],
  ],
  [
    '40 services on Cilium, starting fresh',
    { S: 40, ciliumIsCni: true },
    answers({ startingFresh: true }),
    ['linkerd', 'cilium', 'linkerd', 'linkerd', 'linkerd'],
  ],
  ['150 services of Envoy experts', { S: 150 }, answers({ envoyExpertise: true }), ['linkerd', 'linkerd', null, null, null]],
  ['151 services of Envoy experts', { S: 151 }, answers({ envoyExpertise: true }), [null, null, null, null, null]],
  ['200 services', { S: 200 }, PLAIN_ANSWERS, ['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd']],
  ['201 services', { S: 201 }, PLAIN_ANSWERS, [null, null, null, null, null]],
];

describe('the guides', () => {
  it.each(SCENARIOS.map(([name, brief, team, expected]) => ({ name, brief, team, expected })))(
    '$name',
    ({ brief, team, expected }) => {
      const said = ask(brief, team).map(({ choice, needs }) => (needs.length > 0 ? needs : choice));
      expect(said).toEqual(expected);
    },
  );

  it('each have a verdict of every kind that they can come to', () => {
    const seen = GUIDES.map((_, i) => new Set(SCENARIOS.flatMap(([, , , expected]) => [expected[i]].flat())));
    const possible = GUIDES.map(({ rulings }) => rulings.map(({ choice }) => choice));
    possible.forEach((choices, i) => {
      for (const choice of choices) expect(seen[i], `guide ${GUIDES[i]?.id ?? ''}`).toContain(choice);
    });
  });

  it('say which answers they lack, and what between', () => {
    const { choice, reason, needs, between } = of('A', { S: 40 }, {});
    expect({ choice, needs, between }).toEqual({ choice: null, needs: ['multicluster'], between: [ISTIO, 'linkerd'] });
    expect(reason).toBe('Needs team.multicluster, to choose between Istio ambient and Linkerd.');
  });

  it('do not ask for an answer that would change nothing', () => {
    expect(of('A', { S: 25, needs: ['mtls', 'observability'] }, { multicluster: false, envoyExpertise: false }).choice).toBe(
      'linkerd',
    );
    expect(of('E', { S: 40 }, { envoyExpertise: false }).choice).toBe('linkerd');
  });

  it('come, whatever the answers turn out to be, to what they said or said it may be', () => {
    const brief = fc.record({
      S: fc.constantFrom(9, 10, 19, 20, 29, 30, 100, 150, 151, 200, 201),
      T: fc.integer({ min: 1, max: 3 }),
      asynchronous: fc.boolean(),
      ciliumIsCni: fc.boolean(),
      splits: fc.boolean(),
      needs: fc.subarray(['mtls', 'routing', 'authorization', 'observability', 'multicluster'] as const),
      advanced: fc.subarray(['mirroring', 'jwt', 'l7-authorization', 'rate-limiting', 'wasm'] as const),
    });
    const flag = fc.boolean();
    const answer = fc.record({
      engineers: fc.constantFrom(3, 4, 5, 40),
      platformTeam: flag,
      envoyExpertise: flag,
      mtlsMandated: flag,
      multicluster: flag,
      libraryResilience: flag,
      startingFresh: flag,
    });
    const kept = fc.subarray([
      'engineers',
      'platformTeam',
      'envoyExpertise',
      'mtlsMandated',
      'multicluster',
      'startingFresh',
    ] as const);
    fc.assert(
      fc.property(brief, answer, kept, (facts, all, given) => {
        const some: TeamAnswers = Object.fromEntries(given.map((question) => [question, all[question]]));
        ask(facts, some).forEach((before, i) => {
          const after = ask(facts, all)[i];
          expect(after?.needs).toEqual([]);
          if (before.needs.length === 0) expect(after?.choice).toBe(before.choice);
          else expect(before.between).toContain(after?.choice);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('do not depend on the settings of the verdict', () => {
    const situation = situationOf(factsFrom({ S: 6 }), PLAIN_ANSWERS, { ...DEFAULT_THRESHOLDS, smallServices: 2 });
    expect(consultAll(situation).map(({ choice }) => choice)).toEqual(['none', 'none', 'none', null, null]);
  });

  it('bear the corrections of what they claim', () => {
    const ids = (id: GuideId, brief: Brief, team?: TeamAnswers): string[] => of(id, brief, team).corrections.map((one) => one.id);
    expect(ids('A', { S: 40 }, answers({ multicluster: true }))).toEqual(['ambient-date']);
    expect(ids('B', { S: 40 })).toEqual(['linkerd-stable', 'splitting']);
    expect(ids('B', { S: 40, ciliumIsCni: true }, answers({ startingFresh: true }))).toEqual(['cilium-encryption']);
    expect(ids('B', { S: 40, meshes: installed('istio-sidecar') })).toEqual(['ambient-maturity']);
    expect(ids('C', { S: 40 })).toEqual(['linkerd-licence']);
    expect(ids('C', { S: 40 }, answers({ multicluster: true }))).toEqual(['mtls-default']);
    expect(ids('E', { S: 40, advanced: ['rate-limiting'] })).toEqual(['rate-limiting', 'authorization-kinds']);
    expect(ids('E', { S: 40, splits: true })).toEqual(['splitting']);
    expect(ids('A', { S: 6 })).toEqual([]);
  });

  it('are corrected in everything they list, each with what holds and who says so', () => {
    for (const { corrections, rulings, id } of GUIDES) {
      const listed = correctionsOf(corrections);
      expect(listed).toHaveLength(corrections.length);
      for (const ruling of rulings) for (const one of ruling.corrections ?? []) expect(corrections, id).toContain(one);
      for (const { claim, holds, source } of listed) for (const text of [claim, holds, source]) expect(text).not.toBe('');
    }
    // The rows of section 6 that speak of a guide: A has 1, B 5, C 2, E 5.
    expect(GUIDES.map(({ corrections }) => corrections.length)).toEqual([1, 5, 2, 0, 5]);
  });

  it('give a sentence each', () => {
    for (const [, brief, team] of SCENARIOS) {
      for (const { reason } of ask(brief, team)) expect(reason).toMatch(/^[A-Z][^\n]*\.$/);
    }
  });
});

describe('what no guide covers', () => {
  const gaps = (brief: Brief, team: TeamAnswers = PLAIN_ANSWERS): readonly string[] => {
    const situation = situationOf(factsFrom(brief), team, DEFAULT_THRESHOLDS);
    return uncovered(situation, consultAll(situation));
  };

  it('is said', () => {
    expect(gaps({ S: 250 })).toEqual(['No guide has a verdict on 250 services of 1 team with these needs.']);
    expect(gaps({ S: 40, advanced: ['claim-routing'] })).toEqual(['No guide speaks of claim-based routing.']);
    expect(gaps({ S: 40 })).toEqual([]);
  });

  it('is nothing as long as an answer may bring a verdict', () => {
    expect(gaps({ S: 250 }, {})).toEqual([]);
  });
});
