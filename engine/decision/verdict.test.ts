import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configured, factsFrom as factsOf, injected, installed, PLAIN_ANSWERS } from '../../test/support/brief';
import type { Brief } from '../../test/support/brief';
import type { AdvancedFeature, MeshName, Need, TeamAnswers } from './facts';
import { DEFAULT_THRESHOLDS } from './thresholds';
import { type Choice, decide, pickLeading, QUESTIONS, type RowId, type Target } from './verdict';

const mandated: TeamAnswers = { mtlsMandated: true };
const platform: TeamAnswers = { platformTeam: true };

type Scenario = readonly [name: string, brief: Brief, team: TeamAnswers, choice: Choice, row: RowId, target?: Target];

const scenarios: readonly Scenario[] = [
  // S < 10
  ['nothing at all', { S: 0 }, {}, 'none', 'few-services'],
  ['6 services', { S: 6 }, {}, 'none', 'few-services'],
  ['9 services with routing', { S: 9, needs: ['routing'] }, {}, 'none', 'few-services'],
  ['10 services with routing', { S: 10, needs: ['routing'] }, {}, 'linkerd', 'otherwise'],
  ['9 services, mTLS mandated alone', { S: 9, needs: ['mtls'] }, mandated, 'none', 'few-services'],
  [
    '9 services, mTLS used and several clusters, not mandated',
    { S: 9, needs: ['mtls', 'multicluster'] },
    {},
    'none',
    'few-services',
  ],
  [
    '9 services, mTLS mandated with several clusters in use',
    { S: 9, needs: ['multicluster'] },
    mandated,
    'linkerd',
    'few-services',
  ],
  [
    '9 services, mTLS mandated with several clusters answered',
    { S: 9 },
    { ...mandated, multicluster: true },
    'linkerd',
    'few-services',
  ],
  [
    '9 services, mTLS mandated with several clusters among the needs',
    { S: 9 },
    { ...mandated, needs: ['multicluster'] },
    'linkerd',
    'few-services',
  ],
  [
    '3 services, mTLS mandated with L7 authorization in use',
    { S: 3, advanced: ['l7-authorization'] },
    mandated,
    'linkerd',
    'few-services',
  ],
  [
    '3 services, mTLS mandated with L7 authorization asked for',
    { S: 3 },
    { ...mandated, features: ['l7-authorization'] },
    'linkerd',
    'few-services',
  ],
  [
    '9 services, mTLS mandated with authorization that is not L7',
    { S: 9, needs: ['authorization'] },
    mandated,
    'none',
    'few-services',
  ],
  ['9 services, mTLS mandated with JWT', { S: 9, advanced: ['jwt'] }, mandated, 'none', 'few-services'],
  [
    '9 services, L7 authorization without mTLS',
    { S: 9, advanced: ['l7-authorization'] },
    { mtlsMandated: false },
    'none',
    'few-services',
  ],
  ['9 services come before 4 engineers', { S: 9 }, { ...mandated, engineers: 4 }, 'none', 'few-services'],
  ['9 services with every advanced feature', { S: 9, advanced: ['wasm', 'jwt', 'mirroring'] }, platform, 'none', 'few-services'],

  // engineers < 5
  ['40 services, 4 engineers', { S: 40 }, { engineers: 4 }, 'none', 'few-engineers'],
  ['40 services, 5 engineers', { S: 40 }, { engineers: 5 }, 'linkerd', 'otherwise'],
  ['40 services, engineers not answered', { S: 40 }, {}, 'linkerd', 'otherwise'],
  ['40 services, 4 engineers, mTLS mandated', { S: 40 }, { ...mandated, engineers: 4 }, 'linkerd', 'few-engineers'],
  ['40 services, 4 engineers, mTLS used and not mandated', { S: 40, needs: ['mtls'] }, { engineers: 4 }, 'none', 'few-engineers'],
  ['10 services, 1 engineer', { S: 10, needs: ['routing'] }, { engineers: 1 }, 'none', 'few-engineers'],
  ['10 services, 5 engineers', { S: 10, needs: ['routing'] }, { engineers: 5 }, 'linkerd', 'otherwise'],
  ['201 services of 3 teams, 4 engineers', { S: 201, T: 3 }, { engineers: 4 }, 'none', 'few-engineers'],
  ['201 services of 3 teams, 5 engineers', { S: 201, T: 3 }, { engineers: 5 }, 'istio-ambient', 'many-services'],
  [
    '40 services, extension, 4 engineers, mTLS mandated',
    { S: 40, advanced: ['wasm'] },
    { ...mandated, engineers: 4 },
    'linkerd',
    'few-engineers',
  ],

  // mostly asynchronous and no need
  ['40 asynchronous services', { S: 40, asynchronous: true }, {}, 'none', 'asynchronous'],
  ['250 asynchronous services of 4 teams', { S: 250, T: 4, asynchronous: true }, {}, 'none', 'asynchronous'],
  ['40 asynchronous services with a need', { S: 40, asynchronous: true, needs: ['observability'] }, {}, 'linkerd', 'otherwise'],
  ['40 asynchronous services, mTLS mandated', { S: 40, asynchronous: true }, mandated, 'linkerd', 'otherwise'],
  [
    '40 asynchronous services with an advanced feature',
    { S: 40, asynchronous: true, advanced: ['jwt'] },
    {},
    'linkerd',
    'otherwise',
  ],
  ['10 asynchronous services', { S: 10, asynchronous: true }, {}, 'none', 'asynchronous'],
  ['9 asynchronous services', { S: 9, asynchronous: true }, {}, 'none', 'few-services'],
  ['40 asynchronous services on Cilium', { S: 40, asynchronous: true, ciliumIsCni: true }, {}, 'none', 'asynchronous'],

  // S < 30, N within mTLS, no platform team
  ['10 services without a need', { S: 10 }, {}, 'none', 'mtls-alone'],
  ['29 services without a need', { S: 29 }, {}, 'none', 'mtls-alone'],
  ['30 services without a need', { S: 30 }, {}, 'linkerd', 'otherwise'],
  ['29 services with mTLS', { S: 29, needs: ['mtls'] }, {}, 'none', 'mtls-alone'],
  ['30 services with mTLS', { S: 30, needs: ['mtls'] }, {}, 'linkerd', 'otherwise'],
  ['29 services, mTLS mandated', { S: 29 }, mandated, 'none', 'mtls-alone'],
  ['29 services, mTLS mandated, no platform team', { S: 29 }, { ...mandated, platformTeam: false }, 'none', 'mtls-alone'],
  ['29 services on Cilium', { S: 29, ciliumIsCni: true }, {}, 'none', 'mtls-alone'],

  // S < 30, N within mTLS and observability
  ['29 services, platform team', { S: 29 }, platform, 'none', 'mtls-and-observability'],
  ['29 services with mTLS, platform team', { S: 29, needs: ['mtls'] }, platform, 'none', 'mtls-and-observability'],
  [
    '29 services, mTLS mandated, platform team',
    { S: 29 },
    { ...mandated, platformTeam: true },
    'linkerd',
    'mtls-and-observability',
  ],
  ['29 services with observability', { S: 29, needs: ['observability'] }, {}, 'none', 'mtls-and-observability'],
  ['29 services with mTLS and observability', { S: 29, needs: ['mtls', 'observability'] }, {}, 'none', 'mtls-and-observability'],
  [
    '29 services with observability, mTLS mandated',
    { S: 29, needs: ['observability'] },
    mandated,
    'linkerd',
    'mtls-and-observability',
  ],
  ['29 services, observability asked for', { S: 29 }, { needs: ['observability'] }, 'none', 'mtls-and-observability'],
  ['29 services with routing', { S: 29, needs: ['routing'] }, {}, 'linkerd', 'otherwise'],
  ['29 services, routing asked for', { S: 29 }, { needs: ['routing'] }, 'linkerd', 'otherwise'],
  ['29 services, several clusters answered', { S: 29 }, { multicluster: true }, 'linkerd', 'otherwise'],
  ['29 services with rate limiting', { S: 29, advanced: ['rate-limiting'] }, {}, 'linkerd', 'otherwise'],

  // S > 200 and (T > 1 or C > 1)
  ['200 services of 2 teams', { S: 200, T: 2 }, {}, 'linkerd', 'otherwise'],
  ['201 services of 2 teams', { S: 201, T: 2 }, {}, 'istio-ambient', 'many-services'],
  ['201 services on 2 clusters', { S: 201, C: 2 }, {}, 'istio-ambient', 'many-services'],
  ['201 services of 1 team on 1 cluster', { S: 201 }, {}, 'linkerd', 'otherwise'],
  ['201 services of 2 teams, no platform team', { S: 201, T: 2 }, { platformTeam: false }, 'istio-ambient', 'many-services'],
  ['201 services of 2 teams on Cilium', { S: 201, T: 2, ciliumIsCni: true }, {}, 'istio-ambient', 'many-services'],
  ['200 services of 2 teams with JWT', { S: 200, T: 2, advanced: ['jwt'] }, {}, 'istio-ambient', 'large-and-advanced'],

  // S >= 100, T > 1, advanced, platform team or not answered
  ['99 services of 2 teams with JWT', { S: 99, T: 2, advanced: ['jwt'] }, {}, 'linkerd', 'otherwise'],
  ['100 services of 2 teams with JWT', { S: 100, T: 2, advanced: ['jwt'] }, {}, 'istio-ambient', 'large-and-advanced'],
  [
    '100 services of 2 teams with JWT, platform team',
    { S: 100, T: 2, advanced: ['jwt'] },
    platform,
    'istio-ambient',
    'large-and-advanced',
  ],
  [
    '100 services of 2 teams with JWT, no platform team',
    { S: 100, T: 2, advanced: ['jwt'] },
    { platformTeam: false },
    'linkerd',
    'otherwise',
  ],
  ['100 services of 1 team with JWT', { S: 100, advanced: ['jwt'] }, {}, 'linkerd', 'otherwise'],
  ['100 services of 1 team on 2 clusters with JWT', { S: 100, C: 2, advanced: ['jwt'] }, {}, 'linkerd', 'otherwise'],
  ['100 services of 2 teams, nothing advanced', { S: 100, T: 2 }, {}, 'linkerd', 'otherwise'],
  [
    '100 services of 2 teams, mirroring asked for',
    { S: 100, T: 2 },
    { features: ['mirroring'] },
    'istio-ambient',
    'large-and-advanced',
  ],
  ['150 services of 2 teams', { S: 150, T: 2 }, {}, 'linkerd', 'otherwise'],
  ['151 services of 2 teams', { S: 151, T: 2 }, {}, 'linkerd', 'otherwise'],
  ['150 services of 2 teams with JWT', { S: 150, T: 2, advanced: ['jwt'] }, {}, 'istio-ambient', 'large-and-advanced'],
  ['151 services of 2 teams with JWT', { S: 151, T: 2, advanced: ['jwt'] }, {}, 'istio-ambient', 'large-and-advanced'],

  // extension or at least two advanced features
  ['10 services with Wasm', { S: 10, advanced: ['wasm'] }, {}, 'istio-ambient', 'advanced-features'],
  ['10 services with EnvoyFilter', { S: 10, advanced: ['envoy-filter'] }, {}, 'istio-ambient', 'advanced-features'],
  ['10 services, extension asked for', { S: 10 }, { needs: ['extension'] }, 'istio-ambient', 'advanced-features'],
  ['10 services, Wasm asked for', { S: 10 }, { features: ['wasm'] }, 'istio-ambient', 'advanced-features'],
  ['20 services with one advanced feature', { S: 20, advanced: ['fault-injection'] }, {}, 'linkerd', 'otherwise'],
  [
    '20 services with two advanced features',
    { S: 20, advanced: ['fault-injection', 'mirroring'] },
    {},
    'istio-ambient',
    'advanced-features',
  ],
  ['20 services with one in two places', { S: 20, advanced: ['fault-injection', 'fault-injection'] }, {}, 'linkerd', 'otherwise'],
  [
    '20 services, one in use and one asked for',
    { S: 20, advanced: ['jwt'] },
    { features: ['header-routing'] },
    'istio-ambient',
    'advanced-features',
  ],
  ['20 services, the same in use and asked for', { S: 20, advanced: ['jwt'] }, { features: ['jwt'] }, 'linkerd', 'otherwise'],
  [
    '20 services, two unheard-of features asked for',
    { S: 20, needs: ['routing'] },
    { features: ['teleport', 'toString'] },
    'linkerd',
    'otherwise',
  ],
  [
    '40 services with two advanced features on Cilium',
    { S: 40, advanced: ['jwt', 'claim-routing'], ciliumIsCni: true },
    {},
    'istio-ambient',
    'advanced-features',
  ],
  [
    '100 services of 2 teams with two, no platform team',
    { S: 100, T: 2, advanced: ['jwt', 'mirroring'] },
    { platformTeam: false },
    'istio-ambient',
    'advanced-features',
  ],

  // Cilium is the CNI
  ['40 services on Cilium', { S: 40, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],
  [
    '30 services on Cilium, mTLS and observability',
    { S: 30, ciliumIsCni: true, needs: ['mtls', 'observability'] },
    {},
    'cilium',
    'cilium-cni',
  ],
  ['40 services on Cilium, mTLS mandated', { S: 40, ciliumIsCni: true }, mandated, 'cilium', 'cilium-cni'],
  ['40 services on Cilium with routing', { S: 40, ciliumIsCni: true, needs: ['routing'] }, {}, 'linkerd', 'otherwise'],
  [
    '40 services on Cilium with one advanced feature',
    { S: 40, ciliumIsCni: true, advanced: ['l7-authorization'] },
    {},
    'linkerd',
    'otherwise',
  ],
  ['201 services of 1 team on Cilium', { S: 201, ciliumIsCni: true }, {}, 'cilium', 'cilium-cni'],

  // answers that move no row
  [
    'servicesInAYear, startingFresh, libraryResilience, envoyExpertise',
    { S: 9 },
    { servicesInAYear: 500, startingFresh: true, libraryResilience: false, envoyExpertise: true },
    'none',
    'few-services',
  ],
  [
    'the same at 40',
    { S: 40 },
    { servicesInAYear: 3, startingFresh: false, libraryResilience: true, envoyExpertise: true },
    'linkerd',
    'otherwise',
  ],

  // two meshes
  [
    'Istio and Linkerd, 6 services',
    { S: 6, meshes: installed('istio-sidecar', 'linkerd') },
    {},
    'converge',
    'two-meshes',
    'none',
  ],
  [
    'Istio and Linkerd, 40 services',
    { S: 40, meshes: installed('istio-sidecar', 'linkerd') },
    {},
    'converge',
    'two-meshes',
    'linkerd',
  ],
  [
    'Istio and Linkerd, Wasm in use',
    { S: 40, meshes: installed('istio-ambient', 'linkerd'), advanced: ['wasm'] },
    {},
    'converge',
    'two-meshes',
    'istio-ambient',
  ],
  [
    'Istio installed, Linkerd injected',
    { S: 40, meshes: [...installed('istio-sidecar'), injected('linkerd')] },
    {},
    'converge',
    'two-meshes',
    'linkerd',
  ],
  [
    'Istio configured, Linkerd installed',
    { S: 40, meshes: [configured('istio-sidecar'), ...installed('linkerd')] },
    {},
    'linkerd',
    'otherwise',
  ],
  [
    'Istio sidecar and ambient are one mesh',
    { S: 40, meshes: installed('istio-sidecar', 'istio-ambient') },
    {},
    'linkerd',
    'otherwise',
  ],
  [
    'Istio in both modes and Linkerd',
    { S: 40, meshes: installed('istio-sidecar', 'istio-ambient', 'linkerd') },
    {},
    'converge',
    'two-meshes',
    'linkerd',
  ],
  [
    'Linkerd over Cilium as the CNI',
    { S: 40, ciliumIsCni: true, needs: ['routing'], meshes: installed('linkerd', 'cilium') },
    {},
    'linkerd',
    'otherwise',
  ],
  [
    'Linkerd and Cilium with mutual authentication',
    { S: 40, ciliumIsCni: true, meshes: [...installed('linkerd'), configured('cilium')] },
    {},
    'converge',
    'two-meshes',
    'cilium',
  ],
  ['one workload with two meshes', { S: 40, doubled: 1, meshes: installed('linkerd') }, {}, 'converge', 'two-meshes', 'linkerd'],
  [
    'two meshes on a workload, mTLS mandated, 4 engineers',
    { S: 40, doubled: 2 },
    { ...mandated, engineers: 4 },
    'converge',
    'two-meshes',
    'linkerd',
  ],
  ['two meshes on a workload, 4 engineers', { S: 40, doubled: 2 }, { engineers: 4 }, 'converge', 'two-meshes', 'none'],
  [
    'two meshes, 201 services of 2 teams',
    { S: 201, T: 2, meshes: installed('istio-sidecar', 'linkerd') },
    {},
    'converge',
    'two-meshes',
    'istio-ambient',
  ],
  [
    'two meshes, asynchronous',
    { S: 40, asynchronous: true, meshes: installed('istio-sidecar', 'linkerd') },
    {},
    'converge',
    'two-meshes',
    'none',
  ],

  // one mesh that is already there never moves the row
  ['Istio installed, 6 services', { S: 6, meshes: installed('istio-sidecar') }, {}, 'none', 'few-services'],
  ['Istio installed, 40 services, nothing advanced', { S: 40, meshes: installed('istio-sidecar') }, {}, 'linkerd', 'otherwise'],
  [
    'Linkerd installed, two advanced features asked for',
    { S: 40, meshes: installed('linkerd') },
    { features: ['jwt', 'mirroring'] },
    'istio-ambient',
    'advanced-features',
  ],
];

describe('decide', () => {
  const cases = scenarios.map(([name, brief, team, choice, row, target]) => ({ name, brief, team, choice, row, target }));

  it.each(cases)('$name', ({ brief, team, choice, row, target }) => {
    const verdict = decide(factsOf(brief), team);
    expect({ choice: verdict.choice, row: verdict.row, target: verdict.target }).toEqual({ choice, row, target: target ?? null });
    expect(verdict.summary.length, verdict.summary).toBeLessThanOrEqual(80);
    expect(verdict.reasons.length).toBeGreaterThan(0);
  });

  it('tries every row', () => {
    expect(new Set(scenarios.map(([, , , , row]) => row)).size).toBe(11);
    expect(scenarios.length).toBeGreaterThanOrEqual(60);
  });

  it('takes every number from the thresholds', () => {
    const t = DEFAULT_THRESHOLDS;
    const at = (brief: Brief, thresholds: Partial<typeof t>, team: TeamAnswers = {}): Choice =>
      decide(factsOf(brief), team, { ...t, ...thresholds }).choice;
    expect(at({ S: 9, needs: ['routing'] }, { smallServices: 9 })).toBe('linkerd');
    expect(at({ S: 29 }, { mediumServices: 29 })).toBe('linkerd');
    expect(at({ S: 99, T: 2, advanced: ['jwt'] }, { largeServices: 99 })).toBe('istio-ambient');
    expect(at({ S: 100, T: 2, advanced: ['jwt'] }, { singleTeam: 2 })).toBe('linkerd');
    expect(at({ S: 200, T: 2 }, { hugeServices: 199 })).toBe('istio-ambient');
    expect(at({ S: 201, C: 2 }, { singleCluster: 2 })).toBe('linkerd');
    expect(at({ S: 40 }, { minimumEngineers: 4 }, { engineers: 4 })).toBe('linkerd');
    expect(at({ S: 40, advanced: ['jwt'] }, { advancedFeatures: 1 })).toBe('istio-ambient');
    expect(decide(factsOf({ S: 40 }), {}, { ...t, unansweredWeight: 1 }).confidence).toBe(0);
  });

  it('does not count a need that nothing shows', () => {
    const facts = { ...factsOf({ S: 29 }), needs: new Map([['routing', []]] as const) };
    expect(decide(facts, {}).row).toBe('mtls-alone');
  });
});

describe('the summary', () => {
  const summary = (brief: Brief, team: TeamAnswers = {}): string => decide(factsOf(brief), team).summary;

  it.each([
    [{ S: 6 }, {}, 'No mesh: 6 services are under the 10 where one starts to pay.'],
    [{ S: 1 }, {}, 'No mesh: 1 service is under the 10 where one starts to pay.'],
    [
      { S: 9, advanced: ['l7-authorization'] },
      { ...mandated, multicluster: true },
      'Linkerd: mTLS is mandated, with multi-cluster traffic and L7 authorization.',
    ],
    [{ S: 40 }, { engineers: 4 }, 'No mesh: 4 engineers are under the 5 it takes to run one.'],
    [{ S: 40 }, { ...mandated, engineers: 1 }, 'Linkerd: mTLS is mandated, or 1 engineer would be too few for a mesh.'],
    [{ S: 25, needs: ['mtls'] }, {}, 'No mesh: 25 services are under 30, with only mTLS needed and no platform team.'],
    [{ S: 25, needs: ['mtls', 'observability'] }, {}, 'No mesh: 25 services are under 30, needing only mTLS and observability.'],
    [{ S: 250, T: 4, C: 2 }, {}, 'Istio ambient: 250 services are over 200, across 4 teams and 2 clusters.'],
    [{ S: 120, T: 3, advanced: ['jwt'] }, {}, 'Istio ambient: 120 services of 3 teams call for JWT authentication.'],
    [
      { S: 40, advanced: ['wasm', 'envoy-filter'] },
      {},
      'Istio ambient: Wasm and EnvoyFilter are needed, and Linkerd has no extensions.',
    ],
    [{ S: 40 }, { needs: ['extension'] }, 'Istio ambient: proxy extension is needed, and Linkerd has no extensions.'],
    [{ S: 40, advanced: ['jwt', 'mirroring'] }, {}, 'Istio ambient: JWT authentication and request mirroring are needed.'],
    [{ S: 40, ciliumIsCni: true }, {}, 'Cilium: already the CNI, and no need goes beyond mTLS and observability.'],
    [{ S: 40 }, {}, 'Linkerd: 40 services reach the 30 where a mesh pays; no need asks for Istio.'],
    [{ S: 40, needs: ['mtls', 'routing'] }, {}, 'Linkerd: 40 services need mTLS and routing, and no more.'],
    [{ S: 40, needs: ['mtls', 'routing', 'multicluster'] }, {}, 'Linkerd: 40 services need 3 things of a mesh, and no more.'],
    [{ S: 40, advanced: ['jwt'] }, {}, 'Linkerd: JWT authentication alone does not call for Istio.'],
    [{ S: 6, doubled: 3 }, {}, 'Converge on no mesh: 3 workloads get two meshes at once.'],
    [
      { S: 40, meshes: installed('istio-sidecar', 'linkerd') },
      {},
      'Converge on Linkerd: Istio and Linkerd are in one environment.',
    ],
  ] satisfies [Brief, TeamAnswers, string][])('%j %j', (brief, team, expected) => {
    expect(summary(brief, team)).toBe(expected);
  });
});

describe('the reasons', () => {
  const reasons = (brief: Brief, team: TeamAnswers = {}): readonly { text: string; evidence: readonly string[] }[] =>
    decide(factsOf(brief), team).reasons;
  const texts = (brief: Brief, team: TeamAnswers = {}): string =>
    reasons(brief, team)
      .map(({ text }) => text)
      .join('\n');

  it('carry the evidence of what they name', () => {
    expect(reasons({ S: 29, needs: ['mtls'] })).toEqual([
      { text: '29 services are under 30.', evidence: ['services'] },
      {
        text: 'Whether a platform team would own the control plane is not answered (team.platformTeam), which counts as no.',
        evidence: [],
      },
      { text: 'mTLS is needed: mtls is used.', evidence: ['need mtls'] },
    ]);
    expect(reasons({ S: 201, T: 2, C: 1 })[1]).toEqual({ text: 'They spread across 2 teams.', evidence: ['teams'] });
    expect(reasons({ S: 40, asynchronous: true })[0]!.evidence).toEqual(['asynchronous']);
  });

  it('name an advanced feature once, with every place', () => {
    const uses = reasons({ S: 40, advanced: ['jwt', 'jwt'] }).filter(({ text }) => text.startsWith('Advanced feature'));
    expect(uses).toEqual([{ text: 'Advanced feature: JWT authentication is in use.', evidence: ['feature jwt', 'feature jwt'] }]);
  });

  it('name what the chosen mesh lacks', () => {
    expect(texts({ S: 40, advanced: ['jwt'] })).toContain('Linkerd has no JWT authentication of its own.');
    expect(texts({ S: 40, advanced: ['rate-limiting'] })).not.toContain('has no');
  });

  it('name what ambient mode lacks, once each', () => {
    const lacks = reasons({ S: 40, advanced: ['envoy-filter'], gaps: ['SPIRE', 'envoy-filter'] }).filter(({ text }) =>
      text.startsWith('Ambient'),
    );
    expect(lacks).toEqual([
      {
        text: 'Ambient mode lacks SPIRE: the workloads that depend on it need sidecars, and only those.',
        evidence: ['gap SPIRE'],
      },
      {
        text: 'Ambient mode lacks EnvoyFilter: the workloads that depend on it need sidecars, and only those.',
        evidence: ['gap envoy-filter'],
      },
    ]);
    expect(texts({ S: 40 }, { features: ['envoy-filter'] })).toContain('Ambient mode lacks EnvoyFilter');
    expect(texts({ S: 40, gaps: ['SPIRE'] })).not.toContain('SPIRE');
  });

  it("name the maturity of Cilium's encryption", () => {
    const text = texts({ S: 40, ciliumIsCni: true });
    expect(text).toContain('mutual authentication is beta and deprecated in 1.20');
    expect(text).toContain('ztunnel encryption, which replaces it, is beta');
    expect(text).toContain('WireGuard and IPsec encrypt from node to node');
  });

  it('name what moving from a mesh costs and gains', () => {
    const away = reasons({ S: 40, meshes: installed('istio-sidecar'), advanced: ['jwt'] }).at(-1)!;
    expect(away.text).toContain(
      'Istio with sidecars is here already (installed). Moving to Linkerd costs JWT authentication, which Linkerd lacks',
    );
    expect(away.text).toContain('it gains no feature');
    expect(away.evidence).toEqual(['istio-sidecar installed', 'feature jwt']);
    const up = texts({ S: 40, meshes: installed('linkerd') }, { features: ['jwt', 'header-routing'] });
    expect(up).toContain('Moving to Istio ambient costs no feature that is used here');
    expect(up).toContain('it gains JWT authentication.');
    const out = texts({
      S: 6,
      meshes: [...installed('istio-sidecar'), injected('istio-sidecar')],
      needs: ['mtls'],
      advanced: ['mirroring'],
    });
    expect(out).toContain(
      '(installed and injected). Removing it costs mTLS, routing and request mirroring, which must then come',
    );
    expect(texts({ S: 40, meshes: [configured('linkerd')] })).not.toContain('here already');
    expect(texts({ S: 40, needs: ['routing'], ciliumIsCni: true, meshes: installed('cilium') })).not.toContain('here already');
    const modes = texts({ S: 40, advanced: ['wasm'], meshes: installed('istio-sidecar'), gaps: ['SPIRE'] });
    expect(modes).toContain('Moving to Istio ambient costs SPIRE, which Istio ambient lacks');
    expect(texts({ S: 40, advanced: ['wasm'], meshes: installed('linkerd'), gaps: ['SPIRE'] })).toContain(
      'costs no feature that is used here',
    );
  });

  it('name, where two meshes converge, both of them, the verdict beneath and what only the other has', () => {
    const all = reasons({ S: 40, meshes: installed('istio-sidecar', 'linkerd'), advanced: ['mirroring'] });
    expect(all[0]).toEqual({
      text: 'Istio and Linkerd are in one environment.',
      evidence: ['istio-sidecar installed', 'linkerd installed'],
    });
    expect(all[1]!.text).toBe('Without that the verdict is "Linkerd: request mirroring alone does not call for Istio."');
    expect(all.at(-1)!.text).toContain('costs request mirroring, which Linkerd lacks');
  });
});

describe('the confidence', () => {
  const answered = PLAIN_ANSWERS;
  const linkerd = factsOf({ S: 40 });

  it('falls with every question left open', () => {
    expect(decide(linkerd, {})).toMatchObject({ confidence: 0.5, unanswered: QUESTIONS });
    expect(decide(linkerd, answered)).toMatchObject({ confidence: 1, unanswered: [] });
    expect(decide(linkerd, { engineers: 40 })).toMatchObject({ confidence: 0.56, unanswered: QUESTIONS.slice(1) });
    expect(decide(linkerd, { needs: ['mtls'], features: [] }).unanswered).toHaveLength(8);
  });

  it('is the share of the guides that agree, of those that opine', () => {
    const guides = (...choices: (Choice | null)[]): number =>
      decide(
        linkerd,
        answered,
        DEFAULT_THRESHOLDS,
        choices.map((choice) => ({ choice })),
      ).confidence;
    expect(guides('linkerd', 'linkerd', 'none', null, null)).toBe(0.67);
    expect(guides('none')).toBe(0);
    expect(guides(null, null)).toBe(1);
    expect(guides()).toBe(1);
    expect(decide(linkerd, {}, DEFAULT_THRESHOLDS, [{ choice: 'linkerd' }, { choice: 'none' }]).confidence).toBe(0.25);
  });

  it('counts a guide that names the target as agreeing to converge', () => {
    const both = factsOf({ S: 40, meshes: installed('istio-sidecar', 'linkerd') });
    const guides = [{ choice: 'linkerd' }, { choice: 'converge' }, { choice: 'none' }, { choice: 'istio-ambient' }] as const;
    expect(decide(both, answered, DEFAULT_THRESHOLDS, guides).confidence).toBe(0.5);
  });
});

describe('any facts', () => {
  const need = fc.constantFrom<Need>('mtls', 'routing', 'authorization', 'observability', 'multicluster', 'extension');
  const feature = fc.constantFrom<AdvancedFeature>(
    'fault-injection',
    'mirroring',
    'header-routing',
    'claim-routing',
    'jwt',
    'l7-authorization',
    'rate-limiting',
    'wasm',
    'envoy-filter',
  );
  const presence = fc.record({
    mesh: fc.constantFrom<MeshName>('istio-sidecar', 'istio-ambient', 'linkerd', 'cilium'),
    how: fc.constantFrom('installed' as const, 'injected' as const, 'configured' as const),
    evidence: fc.constant(['mesh']),
  });
  const brief = fc.record({
    S: fc.nat(400),
    T: fc.nat(5),
    C: fc.nat(3),
    pods: fc.nat(),
    asynchronous: fc.boolean(),
    meshes: fc.array(presence, { maxLength: 4 }),
    doubled: fc.oneof(fc.constant(0), fc.nat(9)),
    ciliumIsCni: fc.boolean(),
    needs: fc.array(need, { maxLength: 4 }),
    advanced: fc.array(feature, { maxLength: 4 }),
    gaps: fc.array(fc.oneof(feature, fc.string()), { maxLength: 3 }),
  });
  const team: fc.Arbitrary<TeamAnswers> = fc.record(
    {
      engineers: fc.nat(60),
      servicesInAYear: fc.nat(500),
      platformTeam: fc.boolean(),
      envoyExpertise: fc.boolean(),
      mtlsMandated: fc.boolean(),
      multicluster: fc.boolean(),
      libraryResilience: fc.boolean(),
      startingFresh: fc.boolean(),
      needs: fc.array(need),
      features: fc.array(fc.oneof(feature, fc.string())),
    },
    { requiredKeys: [] },
  );
  const guides = fc.array(
    fc.record({
      choice: fc.constantFrom<Choice | null>('none', 'linkerd', 'istio-ambient', 'istio-sidecar', 'cilium', 'converge', null),
    }),
    { maxLength: 5 },
  );

  it('get one verdict, the same every time, with a confidence from 0 to 1', () => {
    fc.assert(
      fc.property(brief, team, guides, (facts, answers, opinions) => {
        const verdict = decide(factsOf(facts), answers, DEFAULT_THRESHOLDS, opinions);
        expect(decide(factsOf(facts), answers, DEFAULT_THRESHOLDS, opinions)).toEqual(verdict);
        expect(verdict.confidence).toBeGreaterThanOrEqual(0);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
        expect(verdict.target !== null).toBe(verdict.choice === 'converge');
        expect(verdict.summary.length, verdict.summary).toBeLessThanOrEqual(80);
      }),
    );
  });

  it('never move a row by the answers that only guides read', () => {
    fc.assert(
      fc.property(brief, team, team, (facts, answers, { servicesInAYear, startingFresh, libraryResilience, envoyExpertise }) => {
        const others = Object.entries({ servicesInAYear, startingFresh, libraryResilience, envoyExpertise });
        const changed: TeamAnswers = { ...answers, ...Object.fromEntries(others.filter(([, value]) => value !== undefined)) };
        const [one, two] = [decide(factsOf(facts), answers), decide(factsOf(facts), changed)];
        expect([two.choice, two.target, two.row, two.summary]).toEqual([one.choice, one.target, one.row, one.summary]);
      }),
    );
  });

  it('keep the verdict of a single mesh that is there what it would be without it', () => {
    fc.assert(
      fc.property(brief, team, presence, (facts, answers, one) => {
        const without = decide(factsOf({ ...facts, doubled: 0, meshes: [] }), answers);
        const present = decide(factsOf({ ...facts, doubled: 0, meshes: [one] }), answers);
        expect([present.choice, present.row]).toEqual([without.choice, without.row]);
      }),
    );
  });
});

describe('pickLeading', () => {
  const environment = (
    name: string,
    services: number,
    production = false,
  ): { name: string; services: number; production: boolean } => ({
    name,
    services,
    production,
  });

  it('takes the environment with most services, then production, then the first name', () => {
    expect(pickLeading([environment('a', 3), environment('b', 12), environment('c', 5, true)])?.name).toBe('b');
    expect(pickLeading([environment('dev', 5), environment('prod', 5, true)])?.name).toBe('prod');
    expect(pickLeading([environment('west', 5), environment('east', 5), environment('north', 5)])?.name).toBe('east');
    expect(pickLeading([environment('west', 5, true), environment('east', 5, true)])?.name).toBe('east');
    expect(pickLeading<ReturnType<typeof environment>>([])).toBeUndefined();
  });

  it('does not depend on the order and leaves the list alone', () => {
    const list = Object.freeze([environment('b', 5), environment('a', 5), environment('c', 1, true)]);
    expect(pickLeading(list)).toEqual(pickLeading([...list].reverse()));
  });
});
