import type { LocatedFinding } from '../engine/findings/collect';
import type { Fix } from '../engine/findings/rule';
import type { FileEdit } from './workspace-edits';

/**
 * The edits of all safe fixes within one file. Of two that touch the same text the first is taken: what is left is fixed the next time.
 * A fix that reaches into other files is left out, as whoever saves one file expects no other to change.
 */
export function fixAllEdits(file: string, findings: readonly LocatedFinding[]): FileEdit[] {
  const taken: FileEdit[] = [];
  for (const { fixes } of findings) {
    const edits = chosen(fixes)?.edits() ?? [];
    if (edits.some((edit) => edit.file !== file)) continue;
    const fresh = edits.filter((edit) => !taken.some((other) => same(edit, other)));
    if (fresh.every((edit) => taken.every((other) => !meet(edit, other)))) taken.push(...fresh);
  }
  return taken.sort((a, b) => a.start - b.start);
}

/** Where several safe fixes differ, the choice is the reader's unless one is preferred. */
function chosen(fixes: readonly Fix[]): Fix | undefined {
  const safe = fixes.filter((fix) => fix.safe);
  return safe.find(({ preferred }) => preferred === true) ?? (safe.length === 1 ? safe[0] : undefined);
}

function same(a: FileEdit, b: FileEdit): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

/** Insertions at one place meet as well: which comes first would be chance. */
function meet(a: FileEdit, b: FileEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
