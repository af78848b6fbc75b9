import { GUIDE_COSTS } from './costs.data';
import type { GuideRange } from './costs.data';
import type { Pods } from './facts';
import type { GuideId } from './guides/guide';
import { count, TARGET_NAMES } from './situation';
import type { Target } from './situation';

/** What one option takes at this repository's number of pods. */
export interface OptionCosts {
  readonly option: Target;
  readonly name: string;
  /** For one pod: MB, and thousandths of a core; null where no guide says. */
  readonly perPod: { readonly memory: Cost | null; readonly cpu: Cost | null };
  /**
   * MB of all proxies, from the fewest pods at the least to the most pods at the most; null where no guide says, and where workloads are
   * here of which none shows how many pods it has.
   */
  readonly memory: Cost | null;
  /** Thousandths of a core of all proxies. */
  readonly cpu: Cost | null;
  /** Milliseconds that each hop takes longer. */
  readonly latency: Cost | null;
  /** Per cent by which layer 4 traffic is slower. */
  readonly slower: Cost | null;
  /** MB of the control plane. */
  readonly installation: Cost | null;
  readonly notes: readonly string[];
}

export interface Cost {
  readonly low: number;
  readonly high: number;
  /** The guides that say so. */
  readonly guides: readonly GuideId[];
}

/** The order in which the options stand side by side. */
export const OPTIONS: readonly Target[] = ['none', 'linkerd', 'istio-sidecar', 'istio-ambient', 'cilium'];

/**
 * What each option takes, reckoned from the guides' ranges for one pod. Workloads that do not show how many pods they have are in none of
 * the numbers; `podsSentence` says how many those are.
 */
export function costsAt(pods: Pods): readonly OptionCosts[] {
  return OPTIONS.map((option) => {
    const { memory, cpu, latency, slower, installation, notes } = GUIDE_COSTS[option];
    return {
      option,
      name: TARGET_NAMES[option],
      perPod: { memory: memory ?? null, cpu: cpu ?? null },
      memory: times(memory, pods),
      cpu: times(cpu, pods),
      latency: latency ?? null,
      slower: slower ?? null,
      installation: installation ?? null,
      notes,
    };
  });
}

function times(range: GuideRange | undefined, { least, most, unknown }: Pods): Cost | null {
  if (range === undefined || (most === 0 && unknown > 0)) return null;
  return { ...range, low: range.low * least, high: range.high * most };
}

/** The number of pods that the costs are for, and what it leaves out. */
export function podsSentence({ count: start, least, most, unknown, open }: Pods): string {
  const range = least === most ? count(start, 'pod') : `${least} to ${count(most, 'pod')} (${start} to start with)`;
  if (most === 0 && unknown > 0) return `How many pods run, none of ${count(unknown, 'workload')} shows.`;
  const hidden = unknown === 0 ? '' : `; ${count(unknown, 'workload')} ${unknown === 1 ? 'does' : 'do'} not show how many`;
  const beyond = open === 0 ? '' : `; ${count(open, 'workload')} may grow beyond, to a bound that no file shows`;
  return `Reckoned for ${range}${hidden}${beyond}.`;
}
