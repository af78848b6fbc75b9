import { expect, it } from 'vitest';
import { Random } from './random';
import { baseOf, variantOf } from './variants';
import { readOriginals } from './sources';

interface FuzzScript {
  readonly examples: readonly string[];
  readonly fuzz: (
    options: object,
  ) => Promise<{ readonly failures: readonly Failure[]; readonly slowest: readonly Outcome[]; readonly done: number }>;
}
interface Outcome {
  readonly number: number;
  readonly what: string;
  readonly milliseconds: number;
}
interface Failure extends Outcome {
  readonly faults: readonly string[];
}

const { examples, fuzz } = (await import(new URL('../../scripts/fuzz.mjs', import.meta.url).href)) as FuzzScript;

/** Always the same, so that a change which did no harm does not fail by chance; `npm run fuzz` takes another one each time. */
const SEED = 20_261_120;
const VARIANTS = 2000;

it(`nothing throws, hangs, leaves its file or depends on what was before, in ${VARIANTS} variants of the examples`, async () => {
  const { failures, slowest, done } = await fuzz({ seed: SEED, variants: VARIANTS, folders: examples });
  expect(
    failures.map(({ number, what, faults }) => [`variant ${number} of seed ${SEED}: ${what}`, ...faults].join('\n')),
  ).toEqual([]);
  expect(done).toBe(VARIANTS);
  expect(slowest.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
}, 600_000);

it('the same seed and number make the same variant', () => {
  const originals = readOriginals(examples);
  for (const number of [0, 7, 19, 77, 1039, 5099]) {
    const made = [1, 2].map(() => variantOf(3, number, baseOf(3, 0, originals), originals));
    expect(made[0]).toEqual(made[1]);
  }
  expect(new Random(1, 2).below(1e9)).toBe(new Random(1, 2).below(1e9));
  expect(new Random(1, 2).below(1e9)).not.toBe(new Random(2, 1).below(1e9));
});
