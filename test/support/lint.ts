import type { LocatedFinding } from '../../engine/findings/collect';
import type { Rule } from '../../engine/findings/rule';
import { Workspace } from '../../engine/workspace';
import type { TextEdit } from '../../engine/yaml/edit';
import { SIZE_LIMIT } from '../../host';
import { rules as allRules } from '../../rules';

export const NOW = new Date('2026-11-20T00:00:00Z');

export type Files = Readonly<Record<string, string>>;

/** A workspace that has taken these files as a host would: by name first, texts that it accepts, the others asked about once more. */
export function workspaceOf(files: Files, rules: readonly Rule[] = allRules): Workspace {
  const workspace = new Workspace({ rules, now: NOW });
  const later: [string, string][] = [];
  for (const [path, text] of Object.entries(files)) {
    if (text.length > SIZE_LIMIT) workspace.tooLarge(path, text.length, SIZE_LIMIT);
    else if (workspace.wants(path) === 'text' && workspace.accepts(path, text)) workspace.set(path, text);
    else {
      workspace.name(path);
      later.push([path, text]);
    }
  }
  for (const [path, text] of later)
    if (workspace.wants(path) === 'text' && workspace.accepts(path, text)) workspace.set(path, text);
  return workspace;
}

/** The text that a finding covers. */
export function coveredText(files: Files, finding: LocatedFinding): string {
  return (files[finding.reported.file] ?? '').slice(finding.start, finding.end);
}

/** `file:line:column` of a finding's start. */
export function startOf(finding: LocatedFinding): string {
  const { file, range } = finding.reported;
  return `${file}:${range.start.line}:${range.start.column}`;
}

/** Applies edits of one or more files; overlapping edits are a fault of the fix. */
export function applyEdits(files: Files, edits: readonly TextEdit[]): Record<string, string> {
  const result = { ...files };
  const sorted = [...edits].sort((a, b) => b.start - a.start);
  sorted.forEach((edit, i) => {
    const next = sorted[i - 1];
    if (next?.file === edit.file && edit.end > next.start) throw new Error(`edits of ${edit.file} overlap`);
    const text = result[edit.file];
    if (text === undefined) throw new Error(`an edit names ${edit.file}, which is not there`);
    result[edit.file] = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  });
  return result;
}
