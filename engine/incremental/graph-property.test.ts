import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from './graph';
import type { Input } from './graph';

/** A cell reads earlier cells and inputs; which ones can depend on the first value that it reads. */
interface CellPlan {
  readonly reads: readonly number[];
  readonly readsWhenOdd: readonly number[];
  readonly modulo: number;
}

const INPUTS = 4;

const plans = fc.array(
  fc.record({
    reads: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
    readsWhenOdd: fc.array(fc.nat(1000), { maxLength: 3 }),
    modulo: fc.integer({ min: 2, max: 5 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const steps = fc.array(
  fc.record({ input: fc.nat(INPUTS - 1), value: fc.nat(6), ask: fc.array(fc.nat(1000), { maxLength: 3 }) }),
  { maxLength: 15 },
);

/** What a cell answers when `read` gives the value at an index: inputs first, then cells. */
function evaluate(plan: CellPlan, index: number, read: (at: number) => number): number {
  const pick = (n: number): number => n % (INPUTS + index);
  let sum = plan.reads.reduce((total, n) => total + read(pick(n)), 0);
  if (sum % 2 === 1) sum += plan.readsWhenOdd.reduce((total, n) => total + read(pick(n)), 0);
  return sum % plan.modulo;
}

describe('any graph of cells', () => {
  it('answers as a fresh evaluation does, and runs no cell whose sources are unchanged', () => {
    fc.assert(
      fc.property(plans, steps, fc.boolean(), (cellPlans, changes, useFamily) => {
        const graph = new Graph();
        const inputs: Input<number>[] = Array.from({ length: INPUTS }, () => graph.input(0));
        // How often the value at an index has changed; a run is needless when nothing that the last one read has changed since.
        const changed = new Map<number, number>();
        const lastRead = new Map<number, ReadonlyMap<number, number>>();
        const last = new Map<number, number>();
        const needless: number[] = [];
        const noteValue = (at: number, value: number): void => {
          if (last.get(at) !== value) changed.set(at, (changed.get(at) ?? 0) + 1);
          last.set(at, value);
        };
        const read = (at: number): number => (at < INPUTS ? inputs[at]!.get() : cells[at - INPUTS]!());
        const run = (i: number): number => {
          const before = lastRead.get(i);
          if (before !== undefined && [...before].every(([at, count]) => changed.get(at) === count)) needless.push(i);
          const sources = new Map<number, number>();
          const value = evaluate(cellPlans[i]!, i, (at) => {
            const answer = read(at);
            sources.set(at, changed.get(at) ?? 0);
            return answer;
          });
          lastRead.set(i, sources);
          noteValue(INPUTS + i, value);
          return value;
        };
        const family = graph.family('cell', run);
        const cells: (() => number)[] = cellPlans.map((_, i) => {
          if (useFamily) return () => family(i);
          const cell = graph.computed('cell', () => run(i));
          return () => cell.get();
        });
        inputs.forEach((input, at) => {
          noteValue(at, input.peek());
        });
        const fresh = (at: number): number =>
          at < INPUTS ? inputs[at]!.peek() : evaluate(cellPlans[at - INPUTS]!, at - INPUTS, fresh);
        for (const { input, value, ask } of changes) {
          inputs[input]!.set(value);
          noteValue(input, value);
          for (const n of ask) {
            const i = n % cells.length;
            expect(cells[i]!()).toBe(fresh(INPUTS + i));
          }
        }
        // A family's cells come and go when asked from outside, so they run more.
        if (!useFamily) expect(needless).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
