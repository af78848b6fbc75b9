import fc from 'fast-check';
import { expect } from 'vitest';
import { askReport } from '../../engine/answers/report';
import type { Workspace } from '../../engine/workspace';
import { workspaceOf } from './lint';
import type { Files } from './lint';

/** A change of one file. */
export type Edit = { readonly path: string } & (
  | { readonly do: 'remove' }
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'splice'; readonly at: number; readonly cut: number; readonly insert: string }
);

/** What edits are made of. */
export interface Material {
  readonly paths: readonly string[];
  /** Whole documents, of which files are put together. */
  readonly pieces: readonly string[];
  /** What comes in the middle of a text. */
  readonly inserts: readonly string[];
}

/** Any edit: most of them within a file, or of all of it. */
export function editOf({ paths, pieces, inserts }: Material): fc.Arbitrary<Edit> {
  const path = fc.constantFrom(...paths);
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((chosen) => chosen.join('---\n'));
  const splice = { path, do: fc.constant('splice' as const), at: fc.nat(700), cut: fc.nat(12) };
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ path, do: fc.constant('write' as const), text }) },
    { weight: 3, arbitrary: fc.record({ ...splice, insert: fc.constantFrom(...inserts) }) },
    { weight: 1, arbitrary: fc.record({ path, do: fc.constant('remove' as const) }) },
  );
}

/** The files after some edits, in the order of their names. */
export function edited(edits: readonly Edit[]): Files {
  const files = new Map<string, string>();
  for (const edit of edits) apply(files, edit);
  return sorted(files);
}

/** Expects a workspace that goes through some edits to say, after each of them, what a fresh one says. */
export function expectSameAsFresh(edits: readonly Edit[]): void {
  const compared = comparing();
  for (const edit of edits) compared(edit);
}

/** The same an edit at a time. @returns what takes the next one, and answers with the workspace as it then is */
export function comparing(): (edit: Edit) => Workspace {
  const files = new Map<string, string>();
  const workspace = workspaceOf({});
  return (edit) => {
    apply(files, edit);
    update(workspace, files, edit.path);
    expect(askReport(workspace)).toEqual(askReport(workspaceOf(sorted(files))));
    expect(workspace.faults()).toEqual([]);
    return workspace;
  };
}

/** Makes an edit in files. */
export function apply(files: Map<string, string>, edit: Edit): void {
  const text = files.get(edit.path) ?? '';
  if (edit.do === 'remove') files.delete(edit.path);
  else if (edit.do === 'write') files.set(edit.path, edit.text);
  else files.set(edit.path, text.slice(0, edit.at) + edit.insert + text.slice(edit.at + edit.cut));
}

/** Brings a workspace from one state of the files to the next, as a host would. */
export function update(workspace: Workspace, files: ReadonlyMap<string, string>, changed: string): void {
  if (!files.has(changed)) workspace.remove(changed);
  // What a kustomization or a generator names is read whatever it holds: each change may name more files, or fewer.
  for (const path of [changed, ...files.keys()]) {
    const text = files.get(path);
    if (text === undefined) continue;
    if (workspace.accepts(path, text)) workspace.set(path, text);
    else workspace.name(path);
  }
}

/** Files in the order of their names. */
export function sorted(files: ReadonlyMap<string, string>): Files {
  return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
