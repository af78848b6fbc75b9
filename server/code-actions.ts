import { CodeActionKind } from 'vscode-languageserver/node';
import type { Feature } from './features';
import { guarded } from './guard';

/** All safe fixes of a file; editors can apply them on every save. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.meshLint`;

/** Fixes, suppressing comments, and the way to a rule's page, for the findings at a range. */
export const codeActions: Feature = {
  name: 'code actions',
  register(connection, folders, client) {
    // Commands are all that older clients take, and they would have to come back as edits of ours.
    if (client.textDocument?.codeAction?.codeActionLiteralSupport === undefined) return {};
    connection.onCodeAction(
      guarded(folders, 'textDocument/codeAction', [], async ({ textDocument, range, context }, token) => {
        const found = folders.find(textDocument.uri);
        if (found === undefined) return [];
        const { actionsAt } = await import('./actions');
        await found.folder.settled(token);
        return actionsAt({ ...found, range, context, folders, client }, token);
      }),
    );
    return { capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] } } };
  },
};
