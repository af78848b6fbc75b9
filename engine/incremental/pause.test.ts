import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from './graph';
import type { Computed } from './graph';
import { AT_ONCE } from './pause';
import type { Pace } from './pause';

const ALWAYS: Pace = { ...AT_ONCE, isDue: () => true };

/** How many attempts a cell takes when a pause is always due. */
function attemptsOf(graph: Graph, cell: Computed<unknown>): number {
  let attempts = 1;
  while (!graph.attempt(cell, ALWAYS)) attempts++;
  return attempts;
}

function finish(work: Iterator<undefined>): void {
  while (work.next().done !== true);
}

describe('a cell that may pause', () => {
  it('goes on from what was answered, and runs nothing below it twice', () => {
    const graph = new Graph();
    const part = graph.family('part', (i: number) => i * 2);
    const sum = graph.computed('sum', () => [1, 2, 3].map(part).reduce((a, b) => a + b));
    const top = graph.computed('top', () => sum.get() + 1);
    expect(attemptsOf(graph, top)).toBe(3);
    expect(graph.runCounts().get('part')).toBe(3);
    expect(top.get()).toBe(13);
    expect(graph.runCounts().get('sum')).toBe(3);
  });

  it('is not news to those who read it when it answers as before', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const [odd, small] = [graph.computed('odd', () => input.get() % 2), graph.computed('small', () => input.get() < 10)];
    const both = graph.computed('both', () => `${odd.get()} ${small.get()}`);
    const told: string[] = [];
    const watched = graph.watched('watched', { compute: () => both.get(), answered: (text) => told.push(text) });
    watched.refresh();
    input.set(3);
    expect(attemptsOf(graph, watched)).toBe(2);
    expect([watched.get(), told]).toEqual(['1 true', ['1 true']]);
    expect(graph.runCounts().get('watched')).toBe(1);
  });

  it('sees what has changed meanwhile', () => {
    const graph = new Graph();
    const [first, second] = [graph.input('a'), graph.input('b')];
    const read = graph.family('read', (i: number) => [first, second][i]?.get());
    const both = graph.computed('both', () => `${read(0)}${read(1)}`);
    expect(graph.attempt(both, ALWAYS)).toBe(false);
    first.set('c');
    expect(attemptsOf(graph, both)).toBe(2);
    expect(both.get()).toBe('cb');
  });

  it('is among the stale until it is done, started or refreshed', () => {
    const graph = new Graph();
    const input = graph.input(1);
    const parts = graph.family('part', (i: number) => i * input.get());
    const pair = graph.started('pair', { compute: () => parts(1) + parts(2) + parts(3) }, ALWAYS);
    for (const value of [1, 5]) {
      input.set(value);
      expect([...graph.refreshingStale(ALWAYS)].length).toBeGreaterThan(1);
      expect([pair?.get(), graph.takeStale()]).toEqual([6 * value, []]);
    }
  });

  it('does not pause within what cannot be taken up again, but before it', () => {
    const graph = new Graph();
    const part = graph.family('part', (i: number) => i);
    let works = 0;
    const cell = graph.computed('cell', () => {
      const before = part(0);
      return graph.whole(() => {
        works++;
        return before + part(1) + part(2);
      });
    });
    expect([attemptsOf(graph, cell), works, cell.get()]).toEqual([2, 1, 3]);
  });

  it('does not spend more time on coming to where it was than on going on', () => {
    const graph = new Graph();
    let time = 0;
    const part = graph.family('part', (i: number) => {
      time++;
      return i;
    });
    const sum = graph.computed('sum', () => {
      time += 3;
      return Array.from({ length: 12 }, (_, i) => part(i)).length;
    });
    let attempts = 1;
    while (!graph.attempt(sum, { isDue: () => true, now: () => time })) attempts++;
    expect(attempts).toBe(4);
  });

  it('passes on what is thrown', () => {
    const graph = new Graph();
    const cell = graph.computed('cell', () => {
      throw new Error('no');
    });
    expect(() => graph.attempt(cell, ALWAYS)).toThrow('no');
  });

  it('lets nobody pause who did not ask for it', () => {
    const graph = new Graph();
    const part = graph.family('part', (i: number) => i);
    const cell = graph.computed('cell', () => part(1) + part(2));
    graph.attempt(cell, ALWAYS);
    expect(cell.get()).toBe(3);
  });
});

describe('any graph of cells with pauses', () => {
  const INPUTS = 3;
  const plans = fc.array(fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
  const step = fc.record({ input: fc.nat(INPUTS - 1), value: fc.nat(5), attempts: fc.nat(4), cell: fc.nat(1000) });

  it('answers as a fresh evaluation does, whatever changes between two attempts', () => {
    fc.assert(
      fc.property(plans, fc.array(step, { maxLength: 20 }), fc.infiniteStream(fc.boolean()), (cellPlans, steps, due) => {
        const graph = new Graph();
        const inputs = Array.from({ length: INPUTS }, () => graph.input(0));
        const sumOf = (plan: readonly number[], i: number, read: (at: number) => number): number =>
          plan.reduce((sum, n) => sum + read(n % (INPUTS + i)), 0) % 4;
        const told = new Map<number, number[]>();
        const cells: Computed<number>[] = cellPlans.map((plan, i) =>
          graph.watched('cell', {
            compute: () => sumOf(plan, i, (at) => (at < INPUTS ? inputs[at]! : cells[at - INPUTS]!).get()),
            answered: (value) => told.set(i, [...(told.get(i) ?? []), value]),
          }),
        );
        const fresh = (at: number): number =>
          at < INPUTS ? inputs[at]!.peek() : sumOf(cellPlans[at - INPUTS]!, at - INPUTS, fresh);
        const pace = { ...AT_ONCE, isDue: () => due.next().value === true };
        for (const { input, value, attempts, cell } of steps) {
          inputs[input]!.set(value);
          const at = cell % cells.length;
          for (let i = 0; i < attempts; i++)
            if (graph.attempt(cells[at]!, pace)) expect(cells[at]!.get()).toBe(fresh(INPUTS + at));
        }
        finish(graph.refreshingStale(pace));
        cells.forEach((one, i) => {
          expect(one.get()).toBe(fresh(INPUTS + i));
          // Those that read it are told of differences alone.
          const values = told.get(i) ?? [];
          expect(values.every((value, j) => j === 0 || value !== values[j - 1])).toBe(true);
          expect(values.at(-1)).toBe(one.get());
        });
      }),
      { numRuns: 300 },
    );
  });
});
