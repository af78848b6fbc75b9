import { describe, expect, it } from 'vitest';
import { factsFrom, installed, PLAIN_ANSWERS } from '../../test/support/brief';
import type { Brief } from '../../test/support/brief';
import type { TeamAnswers } from './facts';
import { decide, QUESTIONS } from './verdict';
import type { Choice, RowId, Target } from './verdict';
import { DEFAULT_THRESHOLDS } from './thresholds';

/**
 * The borders of the verdict's table, each from both sides and in company: what lies on one side of one border must not decide what the
 * row before has decided already.
 */
type Line = readonly [brief: Brief, team: TeamAnswers, choice: Choice, row: RowId];

const mandated: TeamAnswers = { mtlsMandated: true };
const platform: TeamAnswers = { platformTeam: true };
const noPlatform: TeamAnswers = { platformTeam: false };

const LINES: Readonly<Record<string, readonly Line[]>> = {
  '9 and 10 services': [
    [{ S: 9, needs: ['routing', 'observability'] }, {}, 'none', 'few-services'],
    [{ S: 10, needs: ['routing', 'observability'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 9, needs: ['authorization'] }, {}, 'none', 'few-services'],
    [{ S: 10, needs: ['authorization'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 9, advanced: ['envoy-filter'] }, {}, 'none', 'few-services'],
    [{ S: 10, advanced: ['envoy-filter'] }, {}, 'istio-ambient', 'advanced-features'],
    [{ S: 9, needs: ['multicluster'] }, {}, 'none', 'few-services'],
    [{ S: 10, needs: ['multicluster'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 9, T: 4, C: 3 }, platform, 'none', 'few-services'],
    [{ S: 9, ciliumIsCni: true }, {}, 'none', 'few-services'],
    [{ S: 10, ciliumIsCni: true }, {}, 'none', 'mtls-alone'],
    [{ S: 9, advanced: ['l7-authorization'] }, { ...mandated, engineers: 2 }, 'linkerd', 'few-services'],
    [{ S: 10, advanced: ['l7-authorization'] }, { ...mandated, engineers: 2 }, 'linkerd', 'few-engineers'],
    [{ S: 0 }, { ...mandated, multicluster: true }, 'linkerd', 'few-services'],
    [{ S: 9 }, { mtlsMandated: false, multicluster: true }, 'none', 'few-services'],
    [{ S: 10 }, { mtlsMandated: false, multicluster: true }, 'linkerd', 'otherwise'],
  ],
  '4 and 5 engineers': [
    [{ S: 30 }, { engineers: 4 }, 'none', 'few-engineers'],
    [{ S: 30 }, { engineers: 5 }, 'linkerd', 'otherwise'],
    [{ S: 30 }, { engineers: 0 }, 'none', 'few-engineers'],
    [{ S: 10, advanced: ['wasm'] }, { engineers: 4 }, 'none', 'few-engineers'],
    [{ S: 10, advanced: ['wasm'] }, { engineers: 5 }, 'istio-ambient', 'advanced-features'],
    [{ S: 40, ciliumIsCni: true }, { engineers: 4 }, 'none', 'few-engineers'],
    [{ S: 40, ciliumIsCni: true }, { engineers: 5 }, 'cilium', 'cilium-cni'],
    [{ S: 40, asynchronous: true }, { engineers: 4 }, 'none', 'few-engineers'],
    [{ S: 40, asynchronous: true }, { engineers: 5 }, 'none', 'asynchronous'],
    [{ S: 29 }, { ...mandated, engineers: 4 }, 'linkerd', 'few-engineers'],
    [{ S: 29 }, { ...mandated, engineers: 5 }, 'none', 'mtls-alone'],
    [{ S: 250, T: 9 }, { ...mandated, engineers: 4 }, 'linkerd', 'few-engineers'],
  ],
  '29 and 30 services': [
    [{ S: 29 }, noPlatform, 'none', 'mtls-alone'],
    [{ S: 30 }, noPlatform, 'linkerd', 'otherwise'],
    [{ S: 29 }, platform, 'none', 'mtls-and-observability'],
    [{ S: 30 }, platform, 'linkerd', 'otherwise'],
    [{ S: 29, needs: ['observability'] }, {}, 'none', 'mtls-and-observability'],
    [{ S: 30, needs: ['observability'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 29, needs: ['mtls', 'observability'] }, mandated, 'linkerd', 'mtls-and-observability'],
    [{ S: 30, needs: ['mtls', 'observability'] }, mandated, 'linkerd', 'otherwise'],
    [{ S: 29, ciliumIsCni: true, needs: ['observability'] }, {}, 'none', 'mtls-and-observability'],
    [{ S: 30, ciliumIsCni: true, needs: ['observability'] }, {}, 'cilium', 'cilium-cni'],
    [{ S: 29, needs: ['mtls', 'authorization'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 29, needs: ['multicluster'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 29, ciliumIsCni: true, needs: ['authorization'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 29, asynchronous: true }, {}, 'none', 'asynchronous'],
    [{ S: 29, asynchronous: true, needs: ['mtls'] }, {}, 'none', 'mtls-alone'],
    [{ S: 30, asynchronous: true, needs: ['mtls'] }, {}, 'linkerd', 'otherwise'],
  ],
  '99 and 100 services': [
    [{ S: 99, T: 2, advanced: ['mirroring'] }, platform, 'linkerd', 'otherwise'],
    [{ S: 100, T: 2, advanced: ['mirroring'] }, platform, 'istio-ambient', 'large-and-advanced'],
    [{ S: 100, T: 1, advanced: ['mirroring'] }, platform, 'linkerd', 'otherwise'],
    [{ S: 100, T: 2, advanced: ['mirroring'] }, noPlatform, 'linkerd', 'otherwise'],
    [{ S: 99, T: 2, advanced: ['mirroring', 'jwt'] }, {}, 'istio-ambient', 'advanced-features'],
    [{ S: 100, T: 2, advanced: ['mirroring', 'jwt'] }, {}, 'istio-ambient', 'large-and-advanced'],
    [{ S: 99, T: 2, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
    [{ S: 100, T: 2, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
    [{ S: 100, T: 2 }, { features: ['rate-limiting'] }, 'istio-ambient', 'large-and-advanced'],
    [{ S: 99, T: 2 }, { features: ['rate-limiting'] }, 'linkerd', 'otherwise'],
  ],
  '150 and 151 services, which change nothing': [
    [{ S: 150 }, {}, 'linkerd', 'otherwise'],
    [{ S: 151 }, {}, 'linkerd', 'otherwise'],
    [{ S: 150, C: 2, needs: ['multicluster'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 151, C: 2, needs: ['multicluster'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 150, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
    [{ S: 151, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
  ],
  '200 and 201 services': [
    [{ S: 200, T: 1, C: 1 }, {}, 'linkerd', 'otherwise'],
    [{ S: 201, T: 1, C: 1 }, {}, 'linkerd', 'otherwise'],
    [{ S: 200, C: 2 }, {}, 'linkerd', 'otherwise'],
    [{ S: 201, C: 2 }, {}, 'istio-ambient', 'many-services'],
    [{ S: 201, T: 2, C: 2, needs: ['mtls'] }, noPlatform, 'istio-ambient', 'many-services'],
    [{ S: 200, T: 2, needs: ['mtls', 'routing'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 201, T: 2, needs: ['mtls', 'routing'] }, {}, 'istio-ambient', 'many-services'],
    [{ S: 200, T: 2, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
    [{ S: 201, T: 2, ciliumIsCni: true }, {}, 'istio-ambient', 'many-services'],
    [{ S: 201, T: 2, asynchronous: true, needs: ['mtls'] }, {}, 'istio-ambient', 'many-services'],
    [{ S: 201, advanced: ['jwt'] }, {}, 'linkerd', 'otherwise'],
    [{ S: 201, advanced: ['jwt', 'claim-routing'] }, {}, 'istio-ambient', 'advanced-features'],
  ],
};

const TWO: readonly [brief: Brief, team: TeamAnswers, target: Target][] = [
  [{ S: 9 }, {}, 'none'],
  [{ S: 9, advanced: ['l7-authorization'] }, mandated, 'linkerd'],
  [{ S: 29, needs: ['mtls'] }, {}, 'none'],
  [{ S: 30, needs: ['mtls'] }, {}, 'linkerd'],
  [{ S: 30, advanced: ['envoy-filter'] }, {}, 'istio-ambient'],
  [{ S: 30, ciliumIsCni: true }, {}, 'cilium'],
  [{ S: 200, T: 2 }, {}, 'linkerd'],
  [{ S: 201, T: 2 }, {}, 'istio-ambient'],
];

describe.each(Object.entries(LINES))('%s', (_, lines) => {
  it.each(lines.map(([brief, team, choice, row]) => ({ brief, team, choice, row })))(
    '$brief $team: $choice',
    ({ brief, team, choice, row }) => {
      const verdict = decide(factsFrom(brief), team);
      expect({ choice: verdict.choice, row: verdict.row }).toEqual({ choice, row });
    },
  );
});

it.each(TWO.map(([brief, team, target]) => ({ brief, team, target })))(
  'two meshes with $brief $team: converge on $target',
  ({ brief, team, target }) => {
    const meshes = installed('istio-sidecar', 'linkerd');
    expect(decide(factsFrom({ ...brief, meshes }), team)).toMatchObject({ choice: 'converge', target, row: 'two-meshes' });
  },
);

it('there are enough of them, and the tables of verdict.test.ts beside', () => {
  expect(Object.values(LINES).flat().length + TWO.length).toBeGreaterThanOrEqual(80);
});

describe('the confidence', () => {
  const guides = (...choices: (Choice | null)[]): { choice: Choice | null }[] => choices.map((choice) => ({ choice }));
  const answering = (number: number): TeamAnswers =>
    Object.fromEntries(QUESTIONS.slice(0, number).map((question) => [question, PLAIN_ANSWERS[question]]));

  // agreeing ÷ opining × (1 − 0.5 × unanswered ÷ 8), in hundredths.
  it.each([
    [['linkerd', 'linkerd', 'linkerd', 'linkerd', 'linkerd'], 8, 1],
    [['linkerd', 'linkerd', 'linkerd', 'linkerd', 'none'], 8, 0.8],
    [['linkerd', 'linkerd', 'linkerd', 'linkerd', 'none'], 4, 0.6],
    [['linkerd', 'linkerd', 'linkerd', 'linkerd', 'none'], 0, 0.4],
    [['linkerd', null, null, null, 'none'], 8, 0.5],
    [['linkerd', null, null, null, 'none'], 2, 0.31],
    [['none', null, null, null, 'none'], 8, 0],
    [[null, null, null, null, null], 8, 1],
    [[null, null, null, null, null], 0, 0.5],
    [['linkerd', 'linkerd', 'none', null, null], 7, 0.63],
  ] satisfies [(Choice | null)[], number, number][])('%j with %d answers is %d', (choices, number, confidence) => {
    const verdict = decide(factsFrom({ S: 40 }), answering(number), DEFAULT_THRESHOLDS, guides(...choices));
    expect(verdict).toMatchObject({ choice: 'linkerd', confidence });
  });
});
