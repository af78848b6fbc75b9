import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from './report';

export type Tests = Readonly<Record<string, () => Promise<void>>>;

/**
 * What takes a second on an idle machine takes more than a minute on one that builds, lints and tests at once; only what will never come
 * is to fail.
 */
export const LONGEST_WAIT = 180_000;
const LONGEST_TEST = 10 * 60_000;

/** Runs tests in the order in which they are written; one that fails does not stop the next. */
export async function runTests(suite: string, tests: Tests, onFailure?: (name: string) => Promise<void>): Promise<Result[]> {
  const results: Result[] = [];
  for (const [name, test] of Object.entries(tests)) {
    const start = performance.now();
    const error = await failureOf(test);
    if (error !== undefined) await onFailure?.(name).catch(() => undefined);
    results.push({
      suite,
      name,
      milliseconds: Math.round(performance.now() - start),
      ...(error === undefined ? {} : { error }),
    });
  }
  return results;
}

async function failureOf(test: () => Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not done after ${LONGEST_TEST / 1000} s`));
    }, LONGEST_TEST);
  });
  try {
    await Promise.race([test(), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

export function saveResults(path: string, results: readonly Result[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(results));
}

/** Asks until the answer is one that `accepts` takes. A test that waits fails with the last answer, which is what its reader wants to see. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  accepts: (answer: T) => boolean = Boolean,
  longest = LONGEST_WAIT,
): Promise<T> {
  const end = performance.now() + longest;
  for (;;) {
    const answer = await ask();
    if (accepts(answer)) return answer;
    if (performance.now() > end) {
      throw new Error(`waited ${longest / 1000} s for ${what}; last seen: ${JSON.stringify(answer, undefined, 2)}`);
    }
    await pause(50);
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
