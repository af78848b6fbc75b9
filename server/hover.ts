import { MarkupKind } from 'vscode-languageserver/node';
import type { Hover, Position } from 'vscode-languageserver/node';
import { toRange } from './diagnostics';
import type { Feature } from './features';
import type { Folder } from './folder';
import { guarded } from './guard';
import { toMarkdown, toPlainText } from './markdown';

/**
 * What the text under a position does, in each environment; null where there is nothing to say.
 * @param kind what the client shows
 */
export function hoverAt(
  folder: Pick<Folder, 'workspace' | 'offsetAt' | 'uriOf'>,
  path: string,
  position: Position,
  kind: MarkupKind = MarkupKind.Markdown,
): Hover | null {
  const offset = folder.offsetAt(path, position);
  const explained = offset === undefined ? undefined : folder.workspace.explain(path, offset);
  if (explained === undefined) return null;
  const value =
    kind === MarkupKind.Markdown ? toMarkdown(explained.sections, (file) => folder.uriOf(file)) : toPlainText(explained.sections);
  return { contents: { kind, value }, range: toRange(explained.place.range) };
}

/** Hovers on injection labels and annotations, kinds and names, and modes of mutual TLS. */
export const hovers: Feature = {
  name: 'hover',
  register(connection, folders, client) {
    const formats = client.textDocument?.hover?.contentFormat;
    // In the client's order of preference.
    const kind = formats?.[0] ?? MarkupKind.PlainText;
    connection.onHover(
      guarded(folders, 'hover', null, async ({ textDocument, position }, token) => {
        const found = folders.find(textDocument.uri);
        if (found === undefined) return null;
        await found.folder.settled(token);
        return hoverAt(found.folder, found.path, position, kind);
      }),
    );
    return { capabilities: { hoverProvider: true } };
  },
};
