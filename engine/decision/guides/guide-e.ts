import { all, answered, fewerEngineers, hasEnvoy, managesTraffic, needed, severalTeams, simpleSystem } from './circumstances';
import { under, uses, within } from './circumstances';
import type { Guide } from './guide';

/** The "Istio vs Linkerd" tables of features, resources and decisions, which bear neither author nor date. */
export const GUIDE_E: Guide = {
  id: 'E',
  name: '"Istio vs Linkerd", tables of features, resources and decisions',
  date: 'undated',
  covers: ['fault-injection', 'mirroring', 'header-routing', 'jwt', 'l7-authorization', 'rate-limiting', 'wasm', 'envoy-filter'],
  corrections: ['splitting', 'circuit-breaking', 'rate-limiting', 'authorization-kinds', 'gateway-api'],
  rulings: [
    {
      choice: 'istio-ambient',
      when: (c) => uses(c, 'fault-injection', 'jwt', 'wasm', 'envoy-filter') || c.needs.has('extension'),
      reason: 'Its tables give fault injection, JWT and extensions of the proxy to Istio alone, and leave the mode open.',
    },
    {
      choice: 'istio-ambient',
      when: managesTraffic,
      reason: 'Its tables give splitting, routing by header and mirroring to Istio, and leave the mode open.',
      corrections: ['splitting'],
    },
    {
      choice: 'istio-ambient',
      when: (c) => uses(c, 'l7-authorization', 'rate-limiting'),
      reason: 'Its tables give authorization by request and rate limiting to Istio, and leave the mode open.',
      corrections: ['rate-limiting', 'authorization-kinds'],
    },
    {
      choice: 'istio-ambient',
      when: hasEnvoy,
      reason: 'Who has Envoy already should have Istio run for them, it says; the mode is left open.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => all(!under(c, 100), severalTeams(c), answered(c, 'platformTeam')),
      reason: 'From 100 services of several teams, with a platform team of their own, it is for Istio; the mode is left open.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => all(!under(c, 201), severalTeams(c), needed(c, 'multicluster')),
      reason: 'Over 200 services, several teams and real traffic between clusters, it is for Istio; the mode is left open.',
    },
    { choice: 'linkerd', when: (c) => fewerEngineers(c, 5), reason: 'A small team is better off with Linkerd, it says.' },
    {
      choice: 'linkerd',
      when: (c) => all(needed(c, 'mtls'), needed(c, 'observability'), within(c, ['mtls', 'observability'])),
      reason: 'For mTLS with observability and no more, its tables lead to Linkerd.',
    },
    {
      choice: 'linkerd',
      when: simpleSystem,
      reason: 'From 20 to 200 services with plain traffic policy and nobody to run Envoy, its tables lead to Linkerd.',
    },
  ],
};
