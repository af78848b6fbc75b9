import {
  all,
  hasTwoMeshes,
  managesTraffic,
  needed,
  severalNeeds,
  severalTeams,
  simpleSystem,
  under,
  uses,
} from './circumstances';
import type { Guide } from './guide';

/** kubernetes.ae, "Istio vs Linkerd (2026): Which Service Mesh to Pick". It asks which, never whether. */
export const GUIDE_D: Guide = {
  id: 'D',
  name: 'kubernetes.ae, "Istio vs Linkerd (2026): Which Service Mesh to Pick"',
  date: '2026-06-26',
  covers: ['fault-injection', 'mirroring', 'header-routing', 'l7-authorization', 'wasm', 'envoy-filter'],
  corrections: [],
  rulings: [
    {
      choice: 'converge',
      when: hasTwoMeshes,
      reason: 'Two meshes are a bridge to it: apart by namespace or cluster, for a time, and then one.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => managesTraffic(c) || uses(c, 'fault-injection'),
      reason: 'Canaries, routing by header, mirroring or fault injection decide for Istio, it says, and leaves the mode open.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => uses(c, 'l7-authorization') || c.needs.has('extension'),
      reason: 'Authorization by path or method, or an extension of the proxy, decides for Istio, it says; the mode is left open.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => needed(c, 'multicluster'),
      reason: 'Several clusters decide for Istio, it says, and leaves the mode open.',
    },
    {
      choice: 'istio-ambient',
      when: (c) => all(!under(c, 100), severalTeams(c), severalNeeds(c)),
      reason: 'Many services of several teams that need different things decide for Istio, it says; the mode is left open.',
    },
    {
      choice: 'linkerd',
      when: (c) => needed(c, 'mtls'),
      reason: 'Either mesh gives mTLS, and Linkerd gives it without configuration.',
    },
    {
      choice: 'linkerd',
      when: (c) => needed(c, 'observability'),
      reason: 'Linkerd is the shorter way to metrics of every service, it says.',
    },
    {
      choice: 'linkerd',
      when: simpleSystem,
      reason: 'From 20 to 200 services with plain traffic policy and nobody to run Envoy, it picks Linkerd.',
    },
  ],
};
