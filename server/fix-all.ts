import type { LocatedFinding } from '../engine/findings/collect';
import type { Fix } from '../engine/findings/rule';
import { EditedText } from './edited-text';
import type { FileEdit } from './workspace-edits';

/** Fixes that one request applies at most. No file needs as many; rules that kept making work for each other would. */
export const MOST_FIXES = 200;

/** Asks something about the findings of a file as they would be if it had another text. The fixes' edits hold until it is answered. */
export type AsIf = <Answer>(text: string, question: (findings: readonly LocatedFinding[]) => Answer) => Answer;

/**
 * The edits that make of a text what its safe fixes, applied one after another from top to bottom, make of it: what a fix takes away or
 * brings about counts for those after it. In the result nothing is left to fix, but beyond `MOST_FIXES`. Fixes that undo each other are
 * left out, so that a second run changes nothing either. So are fixes that reach into other files: whoever saves one expects no other to
 * change.
 *
 * A step applies one fix; between two, nothing is as if.
 */
export function* fixAll(file: string, text: string, asIf: AsIf): Generator<undefined, readonly FileEdit[], undefined> {
  /** Each text with the number of fixes that led to it. */
  const seen = new Map([[text, 0]]);
  const steps: (readonly FileEdit[])[] = [];
  let current = text;
  while (steps.length < MOST_FIXES) {
    const before = current;
    const edits = asIf(before, (findings) => firstFix(file, before, findings));
    if (edits === undefined) break;
    current = edited(before, edits);
    const earlier = seen.get(current);
    if (earlier !== undefined) {
      steps.length = earlier;
      break;
    }
    steps.push(edits);
    seen.set(current, steps.length);
    yield;
  }
  const whole = new EditedText(text.length);
  for (const edits of steps) whole.apply(edits);
  return whole.edits().map((edit) => ({ file, ...edit }));
}

/** The edits of the first safe fix that stays within the file and changes it. */
function firstFix(file: string, text: string, findings: readonly LocatedFinding[]): readonly FileEdit[] | undefined {
  for (const { fixes } of findings) {
    const edits = chosen(fixes)?.edits() ?? [];
    const staysHere = edits.every((edit) => edit.file === file);
    if (edits.length > 0 && staysHere && !overlap(edits) && edited(text, edits) !== text) return edits;
  }
  return undefined;
}

/** Where several safe fixes differ, the choice is the reader's unless one is preferred. */
function chosen(fixes: readonly Fix[]): Fix | undefined {
  const safe = fixes.filter((fix) => fix.safe);
  return safe.find(({ preferred }) => preferred === true) ?? (safe.length === 1 ? safe[0] : undefined);
}

/** Edits of one fix that overlap have no meaning: a fault of the rule, which nobody's text is to suffer from. */
function overlap(edits: readonly FileEdit[]): boolean {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return ordered.some(({ start }, i) => start < (ordered[i - 1]?.end ?? 0));
}

function edited(text: string, edits: readonly FileEdit[]): string {
  const whole = new EditedText(text.length);
  whole.apply(edits);
  return whole.of(text);
}
