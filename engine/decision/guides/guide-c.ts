import { all, answered, needed, not, simpleSystem, under } from './circumstances';
import type { Guide } from './guide';

/** DevTools Feed, "Service Mesh Explained: Istio vs Linkerd Compared", written after Linkerd 2.15. */
export const GUIDE_C: Guide = {
  id: 'C',
  name: 'DevTools Feed, "Service Mesh Explained: Istio vs Linkerd Compared"',
  date: 'after February 2024',
  covers: [],
  corrections: ['linkerd-licence', 'mtls-default'],
  rulings: [
    { choice: 'none', when: (c) => under(c, 10), reason: 'Under 10 services it is against a mesh.' },
    {
      choice: 'none',
      when: (c) => c.facts.asynchronous.holds,
      reason: 'Most of the traffic goes through a broker, where a mesh does little, it says.',
    },
    {
      choice: 'none',
      when: (c) => all(answered(c, 'libraryResilience'), not(needed(c, 'mtls'))),
      reason: 'Retries, circuit breaking and telemetry by library leave it no reason for a mesh.',
    },
    {
      choice: null,
      when: (c) => under(c, 20),
      reason: 'Under 20 services it sees no strong sign either way; mTLS with provable identities would be its reason.',
    },
    {
      choice: null,
      when: (c) => all(under(c, 30), not(needed(c, 'observability')), not(needed(c, 'mtls'))),
      reason: 'From 20 to 29 services it takes trouble with seeing across services for a sign, and none shows.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => needed(c, 'multicluster'),
      reason: 'Across clusters it finds Istio more mature, and leaves the mode open.',
      corrections: ['mtls-default'],
    },
    {
      choice: 'linkerd',
      when: simpleSystem,
      reason: 'From 20 to 200 services with mTLS, plain traffic policy and nobody to run Envoy, it is for Linkerd.',
      corrections: ['linkerd-licence'],
    },
    { choice: null, when: () => true, reason: 'It finds a mesh justified at this size, and does not say which for these needs.' },
  ],
};
