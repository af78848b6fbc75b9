import type { AdvancedFeature, Question } from '../facts';
import type { Choice, Situation } from '../situation';
import { list, TARGET_NAMES } from '../situation';
import { correctionsOf } from './corrections';
import type { Correction, CorrectionId } from './corrections';

/** What a guide may look at: everything that was counted, and nothing of where it stands. */
export type Circumstances = Situation<unknown>;

/** Whether something holds; the questions that it hangs on where nobody has answered them. */
export type Fits = boolean | readonly Question[];

/** One thing that a guide says. */
export interface Ruling {
  /**
   * What it comes to; null where the guide speaks of the case and names no mesh. One that says Istio and leaves the mode open is entered
   * as ambient, which every guide that compares the modes has for a new installation; its reason says that the mode is open.
   */
  readonly choice: Choice | null;
  readonly when: (circumstances: Circumstances) => Fits;
  /** One sentence, in our words. */
  readonly reason: string | ((circumstances: Circumstances) => string);
  /** What of it does not hold. */
  readonly corrections?: readonly CorrectionId[];
}

export type GuideId = 'A' | 'B' | 'C' | 'D' | 'E';

/** A published guide to choosing a mesh, as data. Its numbers are its own, and no settings. */
export interface Guide {
  readonly id: GuideId;
  /** Author and title, as the guide is cited. */
  readonly name: string;
  readonly date: string;
  /** The first that fits is the guide's verdict. */
  readonly rulings: readonly Ruling[];
  /** The advanced features that it speaks of. */
  readonly covers: readonly AdvancedFeature[];
  /** Everything in it that does not hold. */
  readonly corrections: readonly CorrectionId[];
}

/** What a guide says on one environment. */
export interface GuideVerdict {
  readonly id: GuideId;
  readonly name: string;
  readonly date: string;
  /** Null where it names no mesh, says nothing, or hangs on a question that nobody has answered. */
  readonly choice: Choice | null;
  readonly reason: string;
  /** The questions that it hangs on; empty when it has said what it has to say. */
  readonly needs: readonly Question[];
  /** What it may come to when those are answered; null stands for no verdict. */
  readonly between: readonly (Choice | null)[];
  readonly corrections: readonly Correction[];
}

/**
 * The guide's own verdict. Rulings are tried in order; one that hangs on an unanswered question stays possible, and the next one is tried.
 * Where all that remain possible come to the same, that is the verdict whatever the answers are; else the guide cannot tell.
 */
export function consult({ id, name, date, rulings }: Guide, circumstances: Circumstances): GuideVerdict {
  const open: { readonly ruling: Ruling; readonly questions: readonly Question[] }[] = [];
  let settled: Ruling = SILENT;
  for (const ruling of rulings) {
    const fits = ruling.when(circumstances);
    if (fits === false) continue;
    if (fits === true) {
      settled = ruling;
      break;
    }
    open.push({ ruling, questions: fits });
  }
  const { choice, reason, corrections = [] } = settled;
  const others = open.filter(({ ruling }) => ruling.choice !== choice);
  const said = { id, name, date };
  if (others.length === 0) {
    const text = typeof reason === 'string' ? reason : reason(circumstances);
    return { ...said, choice, reason: text, needs: [], between: [], corrections: correctionsOf(corrections) };
  }
  const needs = [...new Set(others.flatMap(({ questions }) => questions))];
  const between = [...new Set([...others.map(({ ruling }) => ruling.choice), choice])];
  const keys = list(needs.map((question) => `team.${question}`));
  const text = `Needs ${keys}, to choose between ${list(between.map(nameOf))}.`;
  return { ...said, choice: null, reason: text, needs, between, corrections: [] };
}

const SILENT: Ruling = { choice: null, when: () => true, reason: 'It says nothing that fits these facts.' };

function nameOf(choice: Choice | null): string {
  if (choice === null) return 'no verdict';
  if (choice === 'converge') return 'one mesh of the two';
  return choice === 'none' ? 'no mesh' : TARGET_NAMES[choice];
}
