import { expect, it } from 'vitest';

interface FuzzScript {
  readonly corpus: readonly string[];
  readonly fuzz: (
    options: object,
  ) => Promise<{ readonly failures: readonly { number: number; what: string; faults: string[] }[]; readonly done: number }>;
}

const { corpus, fuzz } = (await import(new URL('../../scripts/fuzz.mjs', import.meta.url).href)) as FuzzScript;

/** As over the examples (test/fuzz/fuzz.test.ts): always the same. */
const SEED = 20_261_121;
const VARIANTS = 2000;

it(`nothing throws, hangs, leaves its file or depends on what was before, in ${VARIANTS} variants of real repositories`, async () => {
  expect(corpus.length).toBeGreaterThan(0);
  // Behind the first of all numbers, where each extreme has its turn: those are the same for any repository.
  const { failures, done } = await fuzz({ seed: SEED, first: 2000, variants: VARIANTS, folders: corpus });
  expect(
    failures.map(({ number, what, faults }) => [`variant ${number} of seed ${SEED}: ${what}`, ...faults].join('\n')),
  ).toEqual([]);
  expect(done).toBe(VARIANTS);
}, 600_000);
