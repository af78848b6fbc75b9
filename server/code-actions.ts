import { CodeActionKind } from 'vscode-languageserver/node';
import type { CodeAction, CodeActionContext, Diagnostic, Range } from 'vscode-languageserver/node';
import type { LocatedFinding } from '../engine/findings/collect';
import { SOURCE, toRange } from './diagnostics';
import type { Feature } from './features';
import { fixAllEdits } from './fix-all';
import type { Folder } from './folder';
import { guarded } from './guard';
import { OPEN_RULE } from './rule-pages';
import { suppressingComments } from './suppressing-comments';
import { WorkspaceEdits } from './workspace-edits';

/** All safe fixes of a file; editors can apply them on every save. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.meshLint`;

/** A finding about a comment is not silenced by another comment. */
const NEVER_DISABLED: ReadonlySet<string> = new Set(['manifest/unused-suppression']);

/** Fixes, suppressing comments, and the way to a rule's page, for the findings at a range. */
export const codeActions: Feature = {
  name: 'code actions',
  register(connection, folders, client) {
    // Commands are all that older clients take, and they would have to come back as edits of ours.
    if (client.textDocument?.codeAction?.codeActionLiteralSupport === undefined) return {};
    const edits = new WorkspaceEdits(folders, client);
    const opensPages = client.window?.showDocument?.support === true;

    connection.onCodeAction(
      guarded(folders, 'textDocument/codeAction', [], async ({ textDocument, range, context }, token) => {
        const found = folders.find(textDocument.uri);
        if (found === undefined) return [];
        const { folder, path } = found;
        await folder.settled(token);
        const findings = folder.findings().get(path) ?? [];
        const actions: CodeAction[] = [];
        if (wants(context, CodeActionKind.QuickFix)) {
          const here = findings.filter(({ reported }) => touch(toRange(reported.range), range));
          actions.push(...fixes(folder, here, context, edits), ...comments(folder, here, context, edits));
          if (opensPages) actions.push(...pages(here, context));
        }
        // Costly to make at every move of the cursor, and shown only to those who ask for it.
        if (context.only !== undefined && wants(context, FIX_ALL)) {
          const all = fixAllEdits(path, findings);
          if (all.length > 0)
            actions.push({ title: 'Fix all safe Mesh Lint findings', kind: FIX_ALL, edit: edits.of(folder, all) });
        }
        return actions;
      }),
    );
    return { capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] } } };
  },
};

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
        title: fix.title,
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
