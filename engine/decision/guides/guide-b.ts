import { list, NEED_NAMES } from '../situation';
import { all, between, concreteNeed, fewerEngineers, hasEnvoy, managesTraffic, not } from './circumstances';
import { answered, simpleSystem, speculative, under, within } from './circumstances';
import type { Guide } from './guide';

/** BirJob, "Service Mesh Explained: Istio, Linkerd, and When You Don't Need One". The one that says what to do instead. */
export const GUIDE_B: Guide = {
  id: 'B',
  name: 'BirJob, "Service Mesh Explained: Istio, Linkerd, and When You Don\'t Need One"',
  date: '2025 or later',
  covers: ['mirroring', 'header-routing', 'l7-authorization'],
  corrections: ['ambient-maturity', 'linkerd-stable', 'splitting', 'cilium-encryption', 'gateway-api'],
  rulings: [
    { choice: 'none', when: (c) => under(c, 10), reason: 'Under 10 services it sends you to libraries and network policies.' },
    {
      choice: 'none',
      when: (c) => fewerEngineers(c, 5),
      reason: 'Fewer than five engineers cannot carry a mesh, it says; those who did well with one had 30 and more.',
    },
    { choice: 'none', when: speculative, reason: 'It wants a need of today before a mesh.' },
    {
      choice: 'none',
      when: (c) => all(under(c, 30), not(concreteNeed(c))),
      reason: 'Under 30 services it takes a concrete need, and none counts here.',
    },
    {
      choice: 'none',
      when: (c) => all(answered(c, 'libraryResilience'), within(c, ['routing', 'observability']), plainTraffic(c)),
      reason: 'What the applications do by library for retries and telemetry should be tried first, it says.',
    },
    {
      choice: 'cilium',
      when: (c) =>
        all(c.facts.ciliumIsCni.holds, within(c, ['mtls', 'observability']), c.advanced.size === 0, answered(c, 'startingFresh')),
      reason: 'Whoever starts fresh on Cilium should look at its own mesh before a sidecar, it says.',
      corrections: ['cilium-encryption'],
    },
    {
      choice: 'istio-ambient',
      when: hasEnvoy,
      reason: 'Who has Envoy already gets ambient mode from it.',
      corrections: ['ambient-maturity'],
    },
    {
      choice: 'linkerd',
      when: (c) => between(c, 30, 150),
      reason: 'From 30 to 150 services it would try Linkerd first.',
      corrections: ['linkerd-stable', 'splitting'],
    },
    {
      choice: 'linkerd',
      when: simpleSystem,
      reason: 'From 20 to 200 services with mTLS, plain traffic policy and nobody to run Envoy, it would take Linkerd.',
      corrections: ['linkerd-stable', 'splitting'],
    },
    {
      choice: null,
      when: (c) => under(c, 30),
      reason: ({ needs }) => {
        const named = [...needs.keys()].map((need) => NEED_NAMES[need]);
        return `It lets a mesh pass for ${named.length === 0 ? 'a concrete need' : list(named)} at this size, and names none.`;
      },
    },
  ],
};

function plainTraffic(circumstances: Parameters<typeof managesTraffic>[0]): boolean {
  return circumstances.advanced.size === 0 && !managesTraffic(circumstances);
}
