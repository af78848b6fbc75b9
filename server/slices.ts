import { performance } from 'node:perf_hooks';

/** How long work may hold the loop before messages are looked at again; well below what a typist notices. */
const SLICE_MILLISECONDS = 8;

/**
 * Runs steps to their end, the first of them at once, and gives the loop a turn whenever a slice of time is used up.
 * @param isOver asked after each pause; true ends the work early
 * @returns what the steps return; undefined when they were ended early
 */
export async function inSlices<Result>(
  steps: Iterator<unknown, Result>,
  isOver: () => boolean = () => false,
): Promise<Result | undefined> {
  let end = performance.now() + SLICE_MILLISECONDS;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value;
    if (performance.now() < end) continue;
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
