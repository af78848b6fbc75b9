import { CodeActionKind, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type {
  CancellationToken,
  ClientCapabilities,
  CodeAction,
  CodeActionContext,
  Diagnostic,
  Range,
} from 'vscode-languageserver/node';
import type { LocatedFinding } from '../engine/findings/collect';
import { FIX_ALL } from './code-actions';
import { SOURCE, toRange } from './diagnostics';
import { fixAll } from './fix-all';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { throwIfCancelled } from './guard';
import { OPEN_RULE } from './rule-pages';
import { inSlices } from './slices';
import { suppressingComments } from './suppressing-comments';
import { visible } from './visible';
import { WorkspaceEdits } from './workspace-edits';
import type { FileEdit } from './workspace-edits';

/** A finding about a comment is not silenced by another comment. */
const NEVER_DISABLED: ReadonlySet<string> = new Set(['manifest/unused-suppression']);

/** Where actions are asked for, and by whom. */
export interface Asking {
  readonly folder: Folder;
  readonly path: string;
  readonly range: Range;
  readonly context: CodeActionContext;
  readonly folders: Folders;
  readonly client: ClientCapabilities;
}

/** What can be done about the findings at a range. The folder is settled. Throws when it is changed or the request cancelled meanwhile. */
export async function actionsAt(asking: Asking, token: CancellationToken): Promise<CodeAction[]> {
  const { folder, path, range, context, folders, client } = asking;
  const edits = new WorkspaceEdits(folders, client);
  const findings = folder.findingsIn(path);
  const actions: CodeAction[] = [];
  if (wants(context, CodeActionKind.QuickFix)) {
    const here = findings.filter(({ reported }) => touch(toRange(reported.range), range));
    actions.push(...fixes(folder, here, context, edits), ...comments(folder, here, context, edits));
    if (client.window?.showDocument?.support === true) actions.push(...pages(here, context));
  }
  // Costly to make at every move of the cursor, and shown only to those who ask for it.
  if (context.only !== undefined && wants(context, FIX_ALL)) {
    const all = await everySafeFix(folder, path, token);
    if (all.length > 0) actions.push({ title: 'Fix all safe Mesh Lint findings', kind: FIX_ALL, edit: edits.of(folder, all) });
  }
  return actions;
}

/** Whoever goes on editing meanwhile is to ask again. */
async function everySafeFix(folder: Folder, path: string, token: CancellationToken): Promise<readonly FileEdit[]> {
  const text = folder.workspace.repository.peekManifest(path)?.text;
  if (text === undefined) return [];
  const { generation } = folder;
  const steps = fixAll(path, text, (other, question) => folder.asIf(path, other, question));
  const edits = await inSlices(steps, () => token.isCancellationRequested || folder.generation !== generation);
  throwIfCancelled(token);
  if (edits === undefined) throw new ResponseError(LSPErrorCodes.ContentModified, 'The files have changed.');
  return edits;
}

/** Whether a client asks for a kind: by itself or by one that it belongs to. */
function wants({ only }: CodeActionContext, kind: string): boolean {
  return only === undefined || only.some((asked) => asked === '' || kind === asked || kind.startsWith(`${asked}.`));
}

function fixes(
  folder: Folder,
  findings: readonly LocatedFinding[],
  context: CodeActionContext,
  edits: WorkspaceEdits,
): CodeAction[] {
  const actions = new Map<string, CodeAction>();
  for (const finding of findings) {
    const usable = finding.fixes.flatMap((fix) => {
      const made = fix.edits();
      return made === undefined || made.length === 0 ? [] : [{ fix, made }];
    });
    for (const { fix, made } of usable) {
      const key = `${fix.title} ${JSON.stringify(made)}`;
      if (actions.has(key)) continue;
      actions.set(key, {
        title: visible(fix.title),
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnosticsOf(finding, context),
        isPreferred: fix.preferred ?? (fix.safe && usable.length === 1),
        edit: edits.of(folder, made),
      });
    }
  }
  return [...actions.values()];
}

function comments(
  folder: Folder,
  findings: readonly LocatedFinding[],
  context: CodeActionContext,
  edits: WorkspaceEdits,
): CodeAction[] {
  const actions = new Map<string, CodeAction>();
  for (const finding of findings) {
    const { rule, file } = finding.reported;
    if (NEVER_DISABLED.has(rule)) continue;
    for (const { title, at, text, reason, after } of suppressingComments(folder.workspace, finding)) {
      const key = `${title} ${at}`;
      if (actions.has(key)) continue;
      actions.set(key, {
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnosticsOf(finding, context),
        edit: edits.insertion(folder, file, at, text, reason, after),
      });
    }
  }
  return [...actions.values()];
}

function pages(findings: readonly LocatedFinding[], context: CodeActionContext): CodeAction[] {
  const byRule = new Map(findings.map((finding) => [finding.reported.rule, finding]));
  return [...byRule].map(([rule, finding]) => {
    const title = `Open the page of ${rule}`;
    const command = { title, command: OPEN_RULE, arguments: [rule] };
    return { title, kind: CodeActionKind.QuickFix, diagnostics: diagnosticsOf(finding, context), command };
  });
}

/** The client's own diagnostics that a finding stands behind. */
function diagnosticsOf({ reported }: LocatedFinding, { diagnostics }: CodeActionContext): Diagnostic[] {
  const { start } = toRange(reported.range);
  return diagnostics.filter(
    ({ source, code, range }) =>
      source === SOURCE && code === reported.rule && range.start.line === start.line && range.start.character === start.character,
  );
}

function touch(a: Range, b: Range): boolean {
  const isBefore = (one: Range, other: Range): boolean =>
    one.end.line < other.start.line || (one.end.line === other.start.line && one.end.character < other.start.character);
  return !isBefore(a, b) && !isBefore(b, a);
}
