import { CodeLensRefreshRequest, MessageType, ShowMessageNotification } from 'vscode-languageserver/node';
import type { Position, Range } from 'vscode-languageserver/node';
import type * as Explanations from './explanations';
import type { CommandHandler, Connection, Feature } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guarded, guardedEvent } from './guard';
import { isRecord } from './settings';

/** Shows a place of a file of the workspace; takes the file's URI and the range. */
export const SHOW_PLACE = 'meshLint.showPlace';

/** Tells what a hover would, as a message; takes the URI of a file of the workspace and a position. For clients that cannot be led. */
export const EXPLAIN = 'meshLint.explain';

/** So long nothing must have changed before lenses are looked at again. */
const CALM_MILLISECONDS = 200;

/** Lenses above workloads and Services; off by the setting `meshLint.codeLens`. */
export const lenses: Feature = {
  name: 'lenses',
  register(connection, folders, client) {
    const leads = client.window?.showDocument?.support === true;
    const given = new Map<string, string>();
    /** Loaded by the first request. */
    let explanations: typeof Explanations | undefined;
    connection.onCodeLens(
      guarded(folders, 'lenses', null, async ({ textDocument: { uri } }, token) => {
        const found = folders.find(uri);
        if (found === undefined) return null;
        explanations = await import('./explanations');
        await found.folder.settled(token);
        const current = explanations.lensesIn(found.folder, found.path, leads);
        given.set(uri, JSON.stringify(current));
        return current;
      }),
    );
    folders.onClosed((folder, path) => given.delete(folder.uriOf(path)));
    if (client.workspace?.codeLens?.refreshSupport === true) {
      // Whoever types waits for diagnostics, and not for this.
      let waiting: NodeJS.Timeout | undefined;
      const settled = new Set<Folder>();
      const refresh = (): void => {
        const changed = [...settled].filter((folder) => folders.all().includes(folder) && folder.state === 'ready');
        settled.clear();
        const from = explanations;
        if (from !== undefined && changed.some((folder) => isOutdated(folder, folders, given, from, leads)))
          void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      };
      folders.onSettled((folder) => {
        settled.add(folder);
        clearTimeout(waiting);
        waiting = setTimeout(guardedEvent(folders, 'renewing lenses', refresh), CALM_MILLISECONDS).unref();
      });
    }
    const commands = leads ? { [SHOW_PLACE]: showPlace(connection, folders) } : { [EXPLAIN]: explain(connection, folders) };
    return { capabilities: { codeLensProvider: {} }, commands };
  },
};

/** Whether an open file's lenses would be others now: a change elsewhere may bring its pods into a mesh. */
function isOutdated(
  folder: Folder,
  folders: Folders,
  given: ReadonlyMap<string, string>,
  { lensesIn }: typeof Explanations,
  leads: boolean,
): boolean {
  return [...given].some(([uri, answer]) => {
    const found = folders.find(uri);
    return found?.folder === folder && JSON.stringify(lensesIn(folder, found.path, leads)) !== answer;
  });
}

function showPlace(connection: Connection, folders: Folders): CommandHandler {
  return async ([uri, range]) => {
    // Nothing but files of the workspace is shown, whoever asks.
    if (typeof uri !== 'string' || !isRange(range) || folders.find(uri) === undefined) return false;
    return (await connection.window.showDocument({ uri, selection: range, takeFocus: true })).success;
  };
}

function explain(connection: Connection, folders: Folders): CommandHandler {
  return async ([uri, position], token) => {
    const found = typeof uri === 'string' && isPosition(position) ? folders.find(uri) : undefined;
    if (found === undefined || !isPosition(position)) return false;
    const { explanationAt } = await import('./explanations');
    await found.folder.settled(token);
    const message = explanationAt(found.folder, found.path, position);
    if (message === undefined) return false;
    await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message });
    return true;
  };
}

function isRange(value: unknown): value is Range {
  return isRecord(value) && isPosition(value['start']) && isPosition(value['end']);
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && isCount(value['line']) && isCount(value['character']);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}
