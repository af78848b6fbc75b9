import { describe, expect, it } from 'vitest';
import { costsAt, OPTIONS, podsSentence } from './costs';
import type { OptionCosts } from './costs';
import type { Pods } from './facts';
import type { Target } from './situation';

const pods = (least: number, most = least, more: Partial<Pods> = {}): Pods => ({
  count: least,
  least,
  most,
  unknown: 0,
  open: 0,
  ...more,
});
const at = (option: Target, given: Pods): OptionCosts => {
  const found = costsAt(given).find((costs) => costs.option === option);
  if (found === undefined) throw new Error(option);
  return found;
};

describe('the costs', () => {
  it('of every option stand side by side', () => {
    expect(costsAt(pods(1)).map(({ option }) => option)).toEqual(OPTIONS);
  });

  // The guides' ranges for one pod, times the pods.
  it.each<[Target, Pods, [number, number] | null, [number, number] | null]>([
    ['none', pods(500), [0, 0], [0, 0]],
    ['linkerd', pods(500), [5000, 10_000], [5000, 12_500]],
    ['istio-sidecar', pods(500), [25_000, 50_000], [25_000, 50_000]],
    ['istio-ambient', pods(500), [0, 2500], [0, 0]],
    ['cilium', pods(500), [0, 0], [0, 0]],
    ['linkerd', pods(10, 40), [100, 800], [100, 1000]],
    ['istio-sidecar', pods(0), [0, 0], [0, 0]],
  ])('of %s at %j', (option, given, memory, cpu) => {
    const costs = at(option, given);
    expect(costs.memory && [costs.memory.low, costs.memory.high]).toEqual(memory);
    expect(costs.cpu && [costs.cpu.low, costs.cpu.high]).toEqual(cpu);
  });

  it('bear the guides that they are from', () => {
    expect(at('istio-sidecar', pods(1)).memory?.guides).toEqual(['B', 'E']);
    expect(at('istio-ambient', pods(1)).memory?.guides).toEqual(['A']);
    expect(at('cilium', pods(1)).cpu?.guides).toEqual(['B']);
  });

  it('are those of one pod where no number of pods is shown', () => {
    const hidden = at('linkerd', pods(0, 0, { unknown: 3 }));
    expect([hidden.memory, hidden.cpu]).toEqual([null, null]);
    expect(hidden.perPod).toEqual({
      memory: { low: 10, high: 20, guides: ['B', 'E'] },
      cpu: { low: 10, high: 25, guides: ['E'] },
    });
    expect(at('linkerd', pods(0)).memory).toMatchObject({ low: 0, high: 0 });
  });

  it('say nothing where no guide does', () => {
    expect(at('istio-ambient', pods(9))).toMatchObject({ latency: null, slower: null, installation: null });
    expect(at('cilium', pods(9)).installation).toBeNull();
  });
});

it.each([
  [pods(9), 'Reckoned for 9 pods.'],
  [pods(1), 'Reckoned for 1 pod.'],
  [pods(0, 0, { unknown: 4 }), 'How many pods run, none of 4 workloads shows.'],
  [pods(4, 12, { count: 6 }), 'Reckoned for 4 to 12 pods (6 to start with).'],
  [
    pods(4, 4, { unknown: 2, open: 1 }),
    'Reckoned for 4 pods; 2 workloads do not show how many; 1 workload may grow beyond, to a bound that no file shows.',
  ],
])('the pods of %j', (given, sentence) => {
  expect(podsSentence(given)).toBe(sentence);
});
