import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsFrom, installed, PLAIN_ANSWERS } from '../../test/support/brief';
import type { Brief } from '../../test/support/brief';
import type { TeamAnswers } from './facts';
import { flipsOf } from './flips';
import { situationOf } from './situation';
import { DEFAULT_THRESHOLDS } from './thresholds';
import type { Thresholds } from './thresholds';
import { decide } from './verdict';

const flips = (brief: Brief, team: TeamAnswers = {}, thresholds: Partial<Thresholds> = {}): string[] =>
  flipsOf(situationOf(factsFrom(brief), team, { ...DEFAULT_THRESHOLDS, ...thresholds })).map(
    ({ when, choice }) => `${when}: ${choice}`,
  );
const about = (pattern: RegExp, ...given: Parameters<typeof flips>): string[] =>
  flips(...given).filter((flip) => pattern.test(flip));

describe('flip points', () => {
  it.each<[string, Brief, TeamAnswers, RegExp, string[]]>([
    ['the next border above', { S: 25 }, {}, /services/, ['at 30 services: linkerd']],
    ['the next border that changes anything', { S: 6 }, {}, /services/, ['at 30 services: linkerd']],
    ['one below too', { S: 40 }, {}, /services/, ['at 29 services: none']],
    ['both sides', { S: 150, T: 2 }, {}, /services/, ['at 201 services: istio-ambient', 'at 29 services: none']],
    ['what a need makes of a border', { S: 12, needs: ['routing'] }, {}, /services/, ['at 9 services: none']],
    ['teams', { S: 201 }, {}, /team/, ['with 2 teams: istio-ambient']],
    ['teams downwards', { S: 201, T: 3 }, {}, /\bteam:|teams/, ['with 1 team: linkerd']],
    ['clusters', { S: 201 }, {}, /cluster:|clusters:/, ['with 2 clusters: istio-ambient']],
    ['engineers that nobody has counted', { S: 40 }, {}, /engineer/, ['with 4 engineers: none']],
    ['engineers to hire', { S: 40 }, { engineers: 3 }, /engineer/, ['with 5 engineers: linkerd']],
    ['engineers enough for both', { S: 6 }, { engineers: 3 }, /engineer/, []],
    [
      'a platform team',
      { S: 120, T: 2, advanced: ['jwt'] },
      { platformTeam: false },
      /platform/,
      ['if there were a platform team: istio-ambient'],
    ],
    ['no platform team', { S: 120, T: 2, advanced: ['jwt'] }, {}, /platform/, ['if there were no platform team: linkerd']],
    ['a mandate', { S: 25, needs: ['observability'] }, {}, /mandated/, ['if mTLS were mandated: linkerd']],
    ['the CNI', { S: 40 }, {}, /CNI/, ['if Cilium were the CNI: cilium']],
    ['another CNI', { S: 40, ciliumIsCni: true }, {}, /CNI/, ['on another CNI than Cilium: linkerd']],
    ['a broker', { S: 40 }, {}, /broker/, ['if most workloads talked through a broker: none']],
    ['a broker less', { S: 40, asynchronous: true }, {}, /directly/, ['if most workloads called each other directly: linkerd']],
    ['a feature given up', { S: 40, advanced: ['wasm'] }, {}, /without W/, ['without Wasm: linkerd']],
    [
      'either of two features',
      { S: 40, advanced: ['jwt', 'mirroring'] },
      {},
      /without [A-Zr][^ ]* /,
      ['without JWT authentication: linkerd', 'without request mirroring: linkerd'],
    ],
    ['a need given up', { S: 12, needs: ['routing'] }, {}, /without a/, ['without a need for routing: none']],
    [
      'one feature more',
      { S: 40, advanced: ['jwt'] },
      {},
      /were needed/,
      ['if proxy extension, fault injection, request mirroring or one of 4 others were needed: istio-ambient'],
    ],
    ['two meshes', { S: 6, meshes: installed('istio-sidecar', 'linkerd') }, {}, /alone/, ['once one mesh alone is left: none']],
  ])('name %s', (_, brief, team, pattern, expected) => {
    expect(about(pattern, brief, team)).toEqual(expected);
  });

  it('start with what may be so already, then what is near', () => {
    expect(flips({ S: 28, needs: ['observability'] }).slice(0, 4)).toEqual([
      'if mTLS were mandated: linkerd',
      'if several clusters were a real need: linkerd',
      'at 30 services: linkerd',
      'if routing, authorization, multi-cluster traffic or one of 7 others were needed: linkerd',
    ]);
  });

  it('put a border first that the team expects to cross within a year', () => {
    const answers = { ...PLAIN_ANSWERS, servicesInAYear: 35 };
    expect(flips({ S: 25 }, answers)[0]).toBe('at 30 services, where 35 are expected in a year: linkerd');
    expect(about(/services/, { S: 25 }, { ...PLAIN_ANSWERS, servicesInAYear: 29 })).toEqual(['at 30 services: linkerd']);
  });

  it('follow the thresholds', () => {
    expect(about(/services/, { S: 25 }, {}, { mediumServices: 27 })).toEqual(['at 27 services: linkerd']);
    expect(about(/services/, { S: 25 }, {}, { mediumServices: 26.5 })).toEqual(['at 27 services: linkerd']);
  });

  it('never name an answer that only guides read', () => {
    const every = [...flips({ S: 25 }), ...flips({ S: 150, T: 2 }), ...flips({ S: 250, T: 2 })].join('\n');
    expect(every).not.toMatch(/Envoy expert|fresh|librar/);
  });

  it('are true of numbers: one step further is another verdict, and nothing before it', () => {
    const facts = fc.record({ S: fc.nat(260), T: fc.integer({ min: 1, max: 4 }), C: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(facts, fc.constantFrom<TeamAnswers>({}, { platformTeam: true }, { mtlsMandated: true }), (brief, team) => {
        const now = decide(factsFrom(brief), team).choice;
        for (const flip of flipsOf(situationOf(factsFrom(brief), team, DEFAULT_THRESHOLDS))) {
          const at = /^at (\d+) services?$/.exec(flip.when)?.[1];
          if (at === undefined) continue;
          const step = Number(at) > brief.S ? 1 : -1;
          expect(decide(factsFrom({ ...brief, S: Number(at) }), team).choice).toBe(flip.choice);
          for (let S = brief.S; S !== Number(at); S += step) expect(decide(factsFrom({ ...brief, S }), team).choice).toBe(now);
        }
      }),
      { numRuns: 150 },
    );
  });
});
