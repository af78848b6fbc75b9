import { DiagnosticTag } from 'vscode-languageserver/node';

/** Text that does nothing is faded. */
const UNNECESSARY: ReadonlySet<string> = new Set(['manifest/unused-suppression']);

/** Text that the mesh still reads, though it is on its way out, is struck through. */
const DEPRECATED = /\/deprecated-|\/legacy-/;

/** How an editor is to draw the text of a rule's findings, beyond its severity. */
export function tagsOf(rule: string): DiagnosticTag[] {
  if (UNNECESSARY.has(rule)) return [DiagnosticTag.Unnecessary];
  return DEPRECATED.test(rule) ? [DiagnosticTag.Deprecated] : [];
}
