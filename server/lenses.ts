import { CodeLensRefreshRequest } from 'vscode-languageserver/node';
import type { CodeLens, Range } from 'vscode-languageserver/node';
import { toRange } from './diagnostics';
import type { Connection, Feature } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { guarded } from './guard';
import { visible } from './markdown';
import { isRecord } from './settings';

/** Shows a place of a file of the workspace; takes the file's URI and the range. */
export const SHOW_PLACE = 'meshLint.showPlace';

/**
 * The lenses of a file: above each workload and Service its membership, its mutual TLS and its environments.
 * @param leads whether the client can be led to what decides; else the words stand alone
 */
export function lensesIn(folder: Pick<Folder, 'workspace' | 'settings' | 'uriOf'>, path: string, leads: boolean): CodeLens[] {
  if (!folder.settings.codeLens) return [];
  return folder.workspace.lenses(path).map(({ place, title, shows }) => ({
    range: toRange(place.range),
    // A lens without a command's name is mere text.
    command: {
      title: visible(title),
      command: leads ? SHOW_PLACE : '',
      ...(leads ? { arguments: [folder.uriOf(shows.file), toRange(shows.range)] } : {}),
    },
  }));
}

/** Lenses above workloads and Services; off by the setting `meshLint.codeLens`. */
export const lenses: Feature = {
  name: 'lenses',
  register(connection, folders, client) {
    const leads = client.window?.showDocument?.support === true;
    const given = new Map<string, string>();
    connection.onCodeLens(
      guarded(folders, 'lenses', null, async ({ textDocument: { uri } }, token) => {
        const found = folders.find(uri);
        if (found === undefined) return null;
        await found.folder.settled(token);
        const current = lensesIn(found.folder, found.path, leads);
        given.set(uri, JSON.stringify(current));
        return current;
      }),
    );
    folders.onClosed((folder, path) => given.delete(folder.uriOf(path)));
    if (client.workspace?.codeLens?.refreshSupport === true) {
      folders.onSettled((folder) => {
        if (isOutdated(folder, folders, given, leads))
          void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      });
    }
    return { capabilities: { codeLensProvider: {} }, ...(leads ? { commands: commandsOf(connection, folders) } : {}) };
  },
};

/** Whether an open file's lenses would be others now: a change elsewhere may bring its pods into a mesh. */
function isOutdated(folder: Folder, folders: Folders, given: ReadonlyMap<string, string>, leads: boolean): boolean {
  return [...given].some(([uri, answer]) => {
    const found = folders.find(uri);
    return found?.folder === folder && JSON.stringify(lensesIn(folder, found.path, leads)) !== answer;
  });
}

function commandsOf(connection: Connection, folders: Folders): NonNullable<ReturnType<Feature['register']>['commands']> {
  return {
    [SHOW_PLACE]: async ([uri, range]) => {
      // Nothing but files of the workspace is shown, whoever asks.
      if (typeof uri !== 'string' || !isRange(range) || folders.find(uri) === undefined) return false;
      return (await connection.window.showDocument({ uri, selection: range, takeFocus: true })).success;
    },
  };
}

function isRange(value: unknown): value is Range {
  return isRecord(value) && isPosition(value['start']) && isPosition(value['end']);
}

function isPosition(value: unknown): boolean {
  return isRecord(value) && isCount(value['line']) && isCount(value['character']);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}
