import { DidChangeConfigurationNotification } from 'vscode-languageserver/node';
import type { Feature } from './features';
import type { Folder } from './folder';
import { guardedEvent } from './guard';
import { isRecord, readSettings, SECTION } from './settings';

/** A client that does not answer must not keep its diagnostics waiting. */
const PATIENCE_MILLISECONDS = 2000;

/** The client's settings: asked for each folder by itself, and anew when it says that they changed. */
export const configuration: Feature = {
  name: 'settings',
  register(connection, folders, client) {
    const canAsk = client.workspace?.configuration === true;
    let isReady: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      isReady = resolve;
    });
    const ask = async (folder: Folder): Promise<void> => {
      await ready;
      const scope = folder.kind === 'workspace' ? { scopeUri: folder.uri, section: SECTION } : { section: SECTION };
      const section: unknown = await connection.workspace.getConfiguration(scope);
      folder.settings = readSettings(section);
    };
    const askGuarded = guardedEvent(folders, 'asking for settings', ask);

    folders.onReady(() => {
      isReady();
      if (canAsk && client.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
        return connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
      }
      return undefined;
    });
    let pushed: unknown;
    folders.onAdded((folder) => {
      if (!canAsk) folder.settings = readSettings(pushed);
      else folder.awaitSettings(withPatience(ask(folder)));
    });
    connection.onDidChangeConfiguration(
      guardedEvent(folders, 'workspace/didChangeConfiguration', ({ settings }: { settings?: unknown }) => {
        if (canAsk) {
          for (const folder of folders.all()) askGuarded(folder);
          return;
        }
        pushed = isRecord(settings) ? settings[SECTION] : undefined;
        for (const folder of folders.all()) folder.settings = readSettings(pushed);
      }),
    );
    return {};
  },
};

/** Resolves at the latest when patience ends, whatever becomes of the work. */
function withPatience(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MILLISECONDS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
