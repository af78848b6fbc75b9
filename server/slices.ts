import { performance } from 'node:perf_hooks';
import type { Pace } from '../engine/workspace';

/** How long work may hold the loop before messages are looked at again; well below what a typist notices. */
const SLICE_MILLISECONDS = 8;

/** When the slice that runs is used up; no two run at a time. */
let end = 0;

/** The slice that runs, for steps that can be broken off themselves. */
export const PACE: Pace = { isDue: () => performance.now() >= end, now: () => performance.now() };

/**
 * Runs steps to their end, the first of them at once, and gives the loop a turn whenever a slice of time is used up.
 * @param isOver asked after each pause; true ends the work early
 * @returns what the steps return; undefined when they were ended early
 */
export async function inSlices<Result>(
  steps: Iterator<unknown, Result>,
  isOver: () => boolean = () => false,
): Promise<Result | undefined> {
  end = performance.now() + SLICE_MILLISECONDS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (!PACE.isDue()) continue;
    await nextTurn();
    if (isOver()) return undefined;
    end = performance.now() + SLICE_MILLISECONDS;
  }
}

/** Resolves once messages that wait have been looked at. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
