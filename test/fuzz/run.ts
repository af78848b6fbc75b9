import { answersOf, difference, faultsIn } from './answers';
import type { Answers, Spot } from './answers';
import type { ReportedFinding } from '../../engine/findings/report';
import { diskFaults } from './disk';
import { Held } from './held';
import { Random } from './random';
import type { Original, Texts } from './sources';
import { after, baseOf, extremeOf, ROUND, undoing, variantOf } from './variants';
import type { Variant } from './variants';

/** What became of one variant. */
export interface Outcome {
  readonly number: number;
  readonly what: string;
  /** The longest that one call or a row of them took without a pause for others, and which. */
  readonly milliseconds: number;
  readonly slowest: string;
  /** What is wrong, a line each; empty when all held. */
  readonly faults: readonly string[];
}

/** What nobody who waits for an editor should have to wait longer for. */
export const LONGEST = 1000;
/** Of one in so many all that can be asked is looked at; of the others the findings, which takes half the time. */
const ASKED_EVERY = 3;
/** One in so many is a folder on disk that is spoilt while it is read. */
const DISK_EVERY = 50;

/** Said before a variant runs, so that one which never ends has a name, and after it. */
export type Progress = { readonly starting: Pick<Outcome, 'number' | 'what'> } | { readonly outcome: Outcome };

/** Runs the variants of a round in their order, starting with one of them. */
export function* runRound(
  seed: number,
  first: number,
  end: number,
  originals: readonly Original[],
): Generator<Progress, void, undefined> {
  const base = baseOf(seed, Math.floor(first / ROUND), originals);
  let round: Round | undefined;
  for (let number = first; number < end; number++) {
    if (number % DISK_EVERY === 0) {
      yield { starting: { number, what: 'a folder on disk' } };
      yield { outcome: onDisk(seed, number, base) };
      continue;
    }
    const variant = variantOf(seed, number, base, originals);
    yield { starting: { number, what: variant.what } };
    round ??= new Round(base);
    let outcome = round.run(number, variant);
    // The first time much is not compiled yet, and the machine may have been busy with something else.
    for (let again = 0; again < 2 && outcome.milliseconds > LONGEST && outcome.faults.length === 0; again++) {
      round = new Round(base);
      const other = round.run(number, variant, true);
      if (other.milliseconds < outcome.milliseconds) outcome = other;
    }
    if (outcome.faults.length > 0) round = undefined;
    const late = outcome.milliseconds > LONGEST ? [`took ${Math.round(outcome.milliseconds)} ms for ${outcome.slowest}`] : [];
    const remains = number === end - 1 ? (round?.remains() ?? []) : [];
    yield { outcome: { ...outcome, faults: [...outcome.faults, ...late, ...remains] } };
  }
}

/** The files of a variant before and after, to look at. */
export function filesOf(
  seed: number,
  number: number,
  originals: readonly Original[],
): { before: Texts; after: Texts; variant: Variant } {
  const before = baseOf(seed, Math.floor(number / ROUND), originals);
  const variant = variantOf(seed, number, before, originals);
  return { before, after: after(before, variant.changes), variant };
}

function onDisk(seed: number, number: number, base: Texts): Outcome {
  const clock = new Clock(true);
  const random = new Random(seed, number, 2);
  const { what, faults } = diskFaults(base, random, clock.time);
  return { number, what, faults, ...clock.longest };
}

/** One workspace that takes variant after variant, and is put back after each. */
class Round {
  private readonly base: Texts;
  private readonly held: Held;
  private readonly spots: readonly Spot[];
  private readonly before: Answers;

  constructor(base: Texts) {
    this.base = base;
    this.held = new Held(base);
    this.spots = [...base].map(([path, text]) => ({ path, offset: text.indexOf('kind:') + 1 }));
    this.before = answersOf(this.held.workspace, this.spots);
  }

  run(number: number, { what, changes, spots }: Variant, exact = false): Outcome {
    const clock = new Clock(exact);
    const faults: string[] = [];
    try {
      faults.push(...this.check(changes, spots, clock, number % ASKED_EVERY > 0 && extremeOf(number) === undefined));
    } catch (error) {
      faults.push(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    return { number, what, faults: [...new Set(faults)], ...clock.longest };
  }

  /** What the variants have left behind of all else that can be asked: looked at in the end, as it takes long. */
  remains(): string[] {
    const left = difference(this.before, answersOf(this.held.workspace, this.spots));
    return left === undefined ? [] : [`taken back, the changes of the round leave a difference in ${left}`];
  }

  private check(changes: Variant['changes'], spots: readonly Spot[], clock: Clock, findingsAlone: boolean): string[] {
    const { held, base } = this;
    const texts = after(base, changes);
    const faults: string[] = [];
    for (const change of changes) held.apply(change, clock.time);
    held.settle(clock.time);
    const found = clock.time('findings after the changes', () => reportedBy(held));
    const changed = findingsAlone ? undefined : clock.time('answers after the changes', () => answersOf(held.workspace, spots));
    const fresh = new Held(texts, clock.time);
    fresh.settle(clock.time);
    const expected = changed && answersOf(fresh.workspace, spots);
    faults.push(...faultsIn(expected, fresh.workspace, texts));
    const wrong = difference(reportedBy(fresh), found) ?? difference(expected, changed);
    if (wrong !== undefined) faults.push(`a fresh start and the changes differ in ${wrong}`);
    for (const change of undoing(base, changes)) held.apply(change, clock.time);
    held.settle(clock.time);
    const left = difference(this.before.report.findings, reportedBy(held));
    if (left !== undefined) faults.push(`taken back, the changes leave a difference in ${left}`);
    return faults;
  }
}

function reportedBy({ workspace }: Held): readonly ReportedFinding[] {
  return workspace.findings().map(({ reported }) => reported);
}

/** Times calls, and remembers the longest. */
class Clock {
  longest = { milliseconds: 0, slowest: 'nothing' };
  private readonly exact: boolean;

  /** @param exact to ask the processor as well, and to believe whichever says less: the machine may be busy with something else */
  constructor(exact = false) {
    this.exact = exact;
  }

  readonly time = <T>(slowest: string, work: () => T): T => {
    const start = performance.now();
    const before = this.exact ? process.cpuUsage() : undefined;
    try {
      return work();
    } finally {
      const { user, system } = before === undefined ? { user: Infinity, system: 0 } : process.cpuUsage(before);
      const milliseconds = Math.min(performance.now() - start, (user + system) / 1000);
      if (milliseconds > this.longest.milliseconds) this.longest = { milliseconds, slowest };
    }
  };
}
