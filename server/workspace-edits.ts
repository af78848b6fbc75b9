import type { ClientCapabilities, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import type { Fix } from '../engine/findings/rule';
import type { Folder } from './folder';
import type { Folders } from './folders';

/** An edit as fixes make it: offsets in a file, by its path. */
export type FileEdit = NonNullable<ReturnType<Fix['edits']>>[number];

/** Puts edits of a folder's files as the client understands them: bound to the documents' versions where it can. */
export class WorkspaceEdits {
  private readonly folders: Folders;
  private readonly versioned: boolean;
  /** Whether an edit may leave the cursor in a text to be replaced. */
  readonly snippets: boolean;

  constructor(folders: Folders, { workspace }: ClientCapabilities) {
    this.folders = folders;
    this.versioned = workspace?.workspaceEdit?.documentChanges === true;
    this.snippets = this.versioned && workspace?.workspaceEdit?.snippetEditSupport === true;
  }

  /** The edits of fixes, which may reach into several files. */
  of(folder: Folder, edits: readonly FileEdit[]): WorkspaceEdit {
    const byPath = new Map<string, TextEdit[]>();
    for (const { file, start, end, newText } of edits) {
      const list = byPath.get(file) ?? [];
      list.push({ range: folder.rangeOf(file, start, end), newText });
      byPath.set(file, list);
    }
    const files = [...byPath];
    if (!this.versioned) return { changes: Object.fromEntries(files.map(([path, list]) => [folder.uriOf(path), list])) };
    return { documentChanges: files.map(([path, list]) => ({ textDocument: this.document(folder, path), edits: list })) };
  }

  /** Inserts a text that ends with one to be replaced. */
  insertion(folder: Folder, path: string, at: number, text: string, replaced: string, after: string): WorkspaceEdit {
    if (!this.snippets) return this.of(folder, [{ file: path, start: at, end: at, newText: `${text}${replaced}${after}` }]);
    const value = `${escapeSnippet(text)}\${1:${escapeSnippet(replaced)}}${escapeSnippet(after)}`;
    const range = folder.rangeOf(path, at, at);
    return {
      documentChanges: [{ textDocument: this.document(folder, path), edits: [{ range, snippet: { kind: 'snippet', value } }] }],
    };
  }

  private document(folder: Folder, path: string): { uri: string; version: number | null } {
    return { uri: folder.uriOf(path), version: this.folders.versionOf(folder, path) };
  }
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
