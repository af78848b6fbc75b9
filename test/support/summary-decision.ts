import type { Claim, SummaryDecision } from '../../server/protocol';

/** A claim with its places, each the first character of a file's line. */
export const claimAt = (text: string, ...labels: readonly string[]): Claim => ({
  text,
  evidence: labels.map((label) => ({
    uri: `file:///r/${label}`,
    label,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
  })),
});

/** A decision with something in every part of it. */
export const DECISION: SummaryDecision = {
  choice: 'linkerd',
  target: null,
  sentence: 'Linkerd: mTLS and no more.',
  confidence: { value: 0.75, text: '75 % sure: every guide that decides agrees.' },
  context: [claimAt('12 services.', 'c.yaml:1')],
  reasons: [claimAt('12 services', 'a.yaml:1', 'b.yaml:2'), claimAt('Nobody said how many engineers there are')],
  guides: [
    {
      id: 'A',
      name: 'One',
      verdict: 'Linkerd',
      sentence: 'It is small.',
      asks: [],
      corrections: ['It rests on “x”; in fact y.'],
    },
    { id: 'B', name: 'Two', verdict: 'cannot tell', sentence: 'Needs an answer.', asks: ['engineers'], corrections: [] },
  ],
  uncovered: ['No guide speaks of Wasm.'],
  flips: [
    { when: 'at 30 services', verdict: 'Istio ambient' },
    ...[1, 2, 3, 4, 5].map((number) => ({ when: `with ${number} teams`, verdict: 'no mesh' })),
  ],
  costs: {
    basis: 'Reckoned for 20 pods.',
    options: [
      {
        name: 'No mesh',
        chosen: false,
        memory: { low: 0, high: 0, text: '0 MB', guides: [] },
        cpu: null,
        latency: null,
        slower: null,
        controlPlane: null,
        notes: [],
      },
      {
        name: 'Linkerd',
        chosen: true,
        memory: { low: 200, high: 400, text: '200 to 400 MB', guides: ['B', 'E'] },
        cpu: { low: 200, high: 500, text: '200 to 500 m', guides: ['E'] },
        latency: { low: 1, high: 2, text: '1 to 2 ms', guides: ['B'] },
        slower: null,
        controlPlane: { low: 200, high: 200, text: '200 MB', guides: ['E'] },
        notes: [],
      },
      {
        name: 'Istio with sidecars',
        chosen: false,
        memory: { low: 1000, high: 2000, text: '1 to 2 GB', guides: ['B', 'E'] },
        cpu: null,
        latency: null,
        slower: null,
        controlPlane: null,
        notes: ['Guide A saw more.'],
      },
    ],
    requests: [claimAt('Linkerd: the proxies of 2 workloads request 20 MB and 10 m here.', 'p.yaml:3')],
  },
  losses: [{ name: 'In Istio ambient', losses: [{ ...claimAt('rate limiting', 'x.yaml:5'), instead: 'an Envoy filter' }] }],
  alternatives: [
    { ...claimAt('cert-manager is here.', 'm.yaml:2'), purpose: 'mTLS', state: 'idle' },
    { ...claimAt('Nothing scales by itself.'), purpose: 'Autoscaling', state: 'absent' },
  ],
  wayIn: {
    stage: 'rollout',
    next: 'Take in the next one.',
    steps: [claimAt('Begin with Deployment shop/cart.', 's.yaml:4')],
    order: [claimAt('Deployment shop/cart: 1 seen to call it', 'o.yaml:4')],
  },
  unanswered: ['engineers', 'platformTeam'],
  sources: [{ id: 'A', name: 'One', date: '2026-01-01' }],
};
