import type { Feature } from './features';
import { guarded } from './guard';
import { mayNameIstio } from './istio-text';

/** Fields of Istio's kinds, and the words that a field may be. */
export const completions: Feature = {
  name: 'completion',
  register(connection, folders, client) {
    connection.onCompletion(
      guarded(folders, 'completion', null, async ({ textDocument, position }, token) => {
        const found = folders.find(textDocument.uri);
        if (found === undefined) return null;
        const { folder, path } = found;
        await folder.settled(token);
        if (!mayNameIstio(folder, path)) return null;
        const { completionsAt } = await import('./fields');
        // The file may have been edited while the module was loaded.
        await folder.settled(token);
        return completionsAt(folder, path, position, client);
      }),
    );
    // A space stands before each value, and before each key: letters ask by themselves.
    return { capabilities: { completionProvider: { triggerCharacters: [' '] } } };
  },
};
