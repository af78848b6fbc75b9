import type { GuideId } from './guides/guide';
import type { Target } from './situation';

/** From one number to another, as a guide gives it. */
export interface GuideRange {
  readonly low: number;
  readonly high: number;
  readonly guides: readonly GuideId[];
}

/** What the guides say that a mesh takes. Absent: none of them says. */
export interface GuideCosts {
  /** MB for each pod. */
  readonly memory?: GuideRange;
  /** Thousandths of a core for each pod. */
  readonly cpu?: GuideRange;
  /** Milliseconds that each hop takes longer. */
  readonly latency?: GuideRange;
  /** Per cent by which layer 4 traffic is slower. */
  readonly slower?: GuideRange;
  /** MB of the control plane. */
  readonly installation?: GuideRange;
  /** What else is to be known of these numbers, a sentence each. */
  readonly notes: readonly string[];
}

const nothing = (...guides: readonly GuideId[]): GuideRange => ({ low: 0, high: 0, guides });

/**
 * Costs as the guides give them. Guide E's totals for 500 pods are 25 GB in its text and 50 GB in its table for Istio, 5 and 10 GB for
 * Linkerd: its ranges for one pod explain both, and are what is kept. The slowdowns are a CNCF benchmark of 2025, told by guide B.
 */
export const GUIDE_COSTS: Readonly<Record<Target, GuideCosts>> = {
  none: { memory: nothing(), cpu: nothing(), latency: nothing(), slower: nothing(), installation: nothing(), notes: [] },
  linkerd: {
    memory: { low: 10, high: 20, guides: ['B', 'E'] },
    cpu: { low: 10, high: 25, guides: ['E'] },
    latency: { low: 1, high: 2, guides: ['B'] },
    slower: { low: 2, high: 3, guides: ['B'] },
    installation: { low: 200, high: 200, guides: ['E'] },
    notes: [],
  },
  'istio-sidecar': {
    memory: { low: 50, high: 100, guides: ['B', 'E'] },
    cpu: { low: 50, high: 100, guides: ['E'] },
    latency: { low: 2, high: 5, guides: ['B'] },
    slower: { low: 3, high: 5, guides: ['B'] },
    installation: { low: 500, high: 500, guides: ['E'] },
    notes: ['Guide A saw 80 MB for each sidecar.', 'Guide A saw a control plane of 22 pods and 8 cores in front of 14 services.'],
  },
  'istio-ambient': {
    memory: { low: 0, high: 5, guides: ['A'] },
    cpu: nothing('E'),
    notes: [
      'One ztunnel runs on each node instead, and waypoints where layer 7 is used: how many nodes there are, no manifest shows.',
    ],
  },
  cilium: {
    memory: nothing('B'),
    cpu: nothing('B'),
    latency: { low: 0, high: 1, guides: ['B'] },
    slower: { low: 0, high: 1, guides: ['B'] },
    notes: ["Its work is done by the node's agent and kernel, which are there with the CNI."],
  },
};
