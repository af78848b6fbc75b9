import { Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { AnswersEdit } from '../server/protocol';
import { visible } from './visible';

/**
 * Makes the edit in the open document and shows it there: whoever answered reads it, undoes it or saves it. A file that is to be made is
 * made empty. What cannot be done is said, and the file shown where there is one.
 */
export async function applyAnswers(answers: AnswersEdit): Promise<void> {
  const uri = Uri.parse(answers.uri, true);
  if (answers.kind === 'refused') {
    void window.showWarningMessage(`Mesh Lint: ${visible(answers.reason)}`);
    await window.showTextDocument(uri);
    return;
  }
  const { create, version, edits } = answers;
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (version !== null && open?.version !== version) {
    void window.showWarningMessage('Mesh Lint: the configuration was changed meanwhile. Answer again.');
    return;
  }
  const edit = new WorkspaceEdit();
  if (create) edit.createFile(uri, { ignoreIfExists: true });
  for (const { range, newText } of edits) {
    const { start, end } = range;
    edit.replace(uri, new Range(start.line, start.character, end.line, end.character), newText);
  }
  if (!(await workspace.applyEdit(edit))) throw new Error('the editor did not take the edit');
  const at = edits[0]?.range.start;
  const selection = at && new Range(at.line, at.character, at.line, at.character);
  await window.showTextDocument(uri, { preview: false, ...(selection && { selection }) });
}
