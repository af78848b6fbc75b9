import type { Spot } from './answers';
import { EXTREMES } from './extremes';
import type { Extreme } from './extremes';
import type { Change } from './held';
import { Random } from './random';
import { REPOSITORY_CHANGES } from './repositories';
import { cutWorkspace } from './sources';
import type { Original, Texts } from './sources';
import { TEXT_CHANGES } from './texts';

/** Files, and what is done to them. */
export interface Variant {
  readonly what: string;
  readonly changes: readonly Change[];
  /** Where explanations are asked for, in the files as they are then. */
  readonly spots: readonly Spot[];
}

/** Variants of one workspace follow each other in one process, so that what an earlier one left behind can show. */
export const ROUND = 20;
/** One in so many is extreme, which costs a hundred others; `EXTREMES` take their turns, each once among the first of all. */
const [EXTREME_EVERY, EXTREME_LATER] = [20, 100];

/** The files that the variants of a round start from. */
export function baseOf(seed: number, round: number, originals: readonly Original[]): Texts {
  const random = new Random(seed, round);
  return cutWorkspace(random.pick(originals), random);
}

/** The variant of a number: the same for the same seed and originals, whatever ran before. */
export function variantOf(seed: number, number: number, texts: Texts, originals: readonly Original[]): Variant {
  const random = new Random(seed, number, 1);
  const extreme = extremeOf(number);
  if (extreme !== undefined) {
    const changes = extreme.changes(random);
    return { what: extreme.name, changes, spots: spotsIn(after(texts, changes), changes, random) };
  }
  const said: string[] = [];
  let current = texts;
  const changes: Change[] = [];
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0 && current.size > 0; i--) {
    const made = random.once(5) ? ofRepository(current, random) : ofText(current, random, originals);
    said.push(made.what);
    changes.push(...made.changes);
    current = after(current, made.changes);
  }
  return { what: said.join(', '), changes, spots: spotsIn(current, changes, random) };
}

/** What is extreme about the variant of a number; undefined for the many that are not. */
export function extremeOf(number: number): Extreme | undefined {
  const every = number < EXTREMES.length * EXTREME_EVERY ? EXTREME_EVERY : EXTREME_LATER;
  return number % every === every - 1 ? EXTREMES[Math.floor(number / every) % EXTREMES.length] : undefined;
}

/** The files once they are changed. */
export function after(texts: Texts, changes: readonly Change[]): Texts {
  const result = new Map(texts);
  for (const { path, text } of changes) {
    if (text === undefined) result.delete(path);
    else result.set(path, text);
  }
  return result;
}

/** What takes the changes back, the last first. */
export function undoing(texts: Texts, changes: readonly Change[]): Change[] {
  return changes.map(({ path }) => ({ path, text: texts.get(path) })).reverse();
}

type Made = Omit<Variant, 'spots'>;

function ofText(texts: Texts, random: Random, originals: readonly Original[]): Made {
  const path = random.pick([...texts.keys()]);
  const { name, change } = random.pick(TEXT_CHANGES);
  const donor = (): string => random.pick([...(random.once(2) ? texts : random.pick(originals).texts).values()]);
  return { what: `${path} ${name}`, changes: [{ path, text: change(texts.get(path) ?? '', random, donor) }] };
}

function ofRepository(texts: Texts, random: Random): Made {
  const { name, change } = random.pick(REPOSITORY_CHANGES);
  return { what: `the files ${name}`, changes: change(texts, random) };
}

function spotsIn(texts: Texts, changes: readonly Change[], random: Random): Spot[] {
  const changed = changes.map(({ path }) => path).filter((path) => texts.has(path));
  const paths = [...changed, ...changed, ...texts.keys()];
  if (paths.length === 0) return [];
  return Array.from({ length: 4 }, () => {
    const path = random.pick(paths);
    return { path, offset: random.below((texts.get(path)?.length ?? 0) + 2) - 1 };
  });
}
