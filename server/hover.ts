import { MarkupKind } from 'vscode-languageserver/node';
import type { Feature } from './features';
import { guarded } from './guard';

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
        const { hoverAt } = await import('./explanations');
        await found.folder.settled(token);
        return hoverAt(found.folder, found.path, position, kind);
      }),
    );
    return { capabilities: { hoverProvider: true } };
  },
};
