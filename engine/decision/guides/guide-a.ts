import {
  all,
  answered,
  between,
  fewerEngineers,
  managesTraffic,
  needed,
  severalNeeds,
  severalTeams,
  simpleSystem,
  speculative,
} from './circumstances';
import { under, uses, within } from './circumstances';
import type { Guide } from './guide';

/**
 * BIPI, "Istio vs Linkerd: When You Actually Need a Service Mesh". It calls a team small without a number; five engineers, which guide B
 * says, stand in for it. Where it says Istio and leaves the mode open, its choice is ambient, which it prefers for whoever starts now.
 */
export const GUIDE_A: Guide = {
  id: 'A',
  name: 'BIPI, "Istio vs Linkerd: When You Actually Need a Service Mesh"',
  date: '2024-07-07',
  covers: ['fault-injection', 'mirroring', 'header-routing', 'l7-authorization', 'wasm', 'envoy-filter'],
  corrections: ['ambient-date'],
  rulings: [
    { choice: 'none', when: (c) => under(c, 10), reason: 'Under 10 services it sees nothing that a mesh would repay.' },
    { choice: 'none', when: (c) => under(c, 20), reason: 'From 10 to 19 services it still advises against a mesh.' },
    { choice: 'none', when: speculative, reason: 'A need that may come some day is none to it.' },
    {
      choice: 'none',
      when: (c) => all(under(c, 30), within(c, ['mtls']), fewerEngineers(c, 5)),
      reason: 'With mTLS as the only reason, under 30 services and a small team, it finds a mesh too much.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => all(!under(c, 201), severalTeams(c), needed(c, 'multicluster')),
      reason: 'Over 200 services, several teams and real traffic between clusters are where it wants Istio, in ambient mode.',
      corrections: ['ambient-date'],
    },
    {
      choice: 'istio-ambient',
      when: (c) => needed(c, 'multicluster'),
      reason: 'A real need for several clusters takes Istio, it says, and leaves the mode open.',
      corrections: ['ambient-date'],
    },
    {
      choice: 'istio-ambient',
      when: (c) => managesTraffic(c) || uses(c, 'fault-injection'),
      reason: 'Canaries, routing by header, mirroring or fault injection take Istio, it says, and leaves the mode open.',
      corrections: ['ambient-date'],
    },
    {
      choice: 'istio-ambient',
      when: (c) => needed(c, 'extension'),
      reason: 'Proxy logic of your own takes Istio, it says, and leaves the mode open.',
      corrections: ['ambient-date'],
    },
    {
      choice: 'istio-ambient',
      when: (c) => all(!under(c, 100), severalTeams(c), severalNeeds(c)),
      reason: 'From 100 services of several teams that need different things it favours Istio, and leaves the mode open.',
      corrections: ['ambient-date'],
    },
    { choice: 'linkerd', when: (c) => between(c, 30, 150), reason: 'From 30 to 150 services Linkerd is its answer.' },
    {
      choice: 'linkerd',
      when: simpleSystem,
      reason: 'From 20 to 200 services with mTLS, plain traffic policy and nobody to run Envoy, Linkerd is its answer.',
    },
    {
      choice: null,
      when: (c) => all(between(c, 20, 200), answered(c, 'envoyExpertise')),
      reason: 'Its case for Linkerd rests on nobody knowing Envoy; it says nothing of a team that does.',
    },
  ],
};
