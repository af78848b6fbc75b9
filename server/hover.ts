import { MarkupKind } from 'vscode-languageserver/node';
import type { Feature } from './features';
import { guarded } from './guard';
import { mayNameIstio } from './istio-text';

/** Hovers on injection labels and annotations, kinds and names, modes of mutual TLS, and the fields of Istio's kinds. */
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
        const { folder, path } = found;
        if (!mayNameIstio(folder, path)) return hoverAt(folder, path, position, kind);
        const { fieldHoverAt, together } = await import('./fields');
        // The file may have been edited while the module was loaded.
        await folder.settled(token);
        return together(hoverAt(folder, path, position, kind), fieldHoverAt(folder, path, position, kind));
      }),
    );
    return { capabilities: { hoverProvider: true } };
  },
};
