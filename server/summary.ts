import { ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { CancellationToken } from 'vscode-languageserver/node';
import { CONFIGURATION_FILE } from '../host';
import type { Feature } from './features';
import { guarded } from './guard';
import { ANSWERS_REQUEST, RECORD_REQUEST, SUMMARY_CHANGED, SUMMARY_REQUEST } from './protocol';
import type { Summary, SummaryChangedParams } from './protocol';
import { isRecord } from './settings';
import { inSlices, PACE } from './slices';

/**
 * The summary of a folder, for the sidebar, and what its form asks for. A client is told once that the summary it has is out of date, and
 * asks again if it still cares: while nobody looks, nothing is computed and nothing is sent.
 */
export const summaries: Feature = {
  name: 'summary',
  register(connection, folders) {
    /** The folders whose summary a client has, and the generation that it is of. */
    const given = new Map<string, number>();
    connection.onRequest(
      SUMMARY_REQUEST,
      guarded(folders, 'summary', null, async (params: unknown, token: CancellationToken) => {
        const { folder: uri, environment } = isRecord(params) ? params : {};
        const folder = folders.named(typeof uri === 'string' ? uri : undefined);
        if (folder === undefined) return null;
        if (folder.state === 'indexing') {
          given.set(folder.uri, NOT_READ);
          return { ...NO_SUMMARY, folder: folder.uri, state: 'indexing' } satisfies Summary;
        }
        const { preparingSummaryOf, summaryOf } = await import('./folder-summary');
        const wanted = typeof environment === 'string' ? environment : undefined;
        await folder.settled(token);
        const { generation } = folder;
        const isOver = (): boolean => folder.generation !== generation || token.isCancellationRequested;
        await inSlices(preparingSummaryOf(folder, wanted, PACE), isOver);
        await folder.settled(token);
        given.set(folder.uri, folder.generation);
        return summaryOf(folder, wanted);
      }),
    );
    connection.onRequest(
      ANSWERS_REQUEST,
      guarded(folders, 'answers', null, async (params: unknown, token: CancellationToken) => {
        const { folder: uri, answers } = isRecord(params) ? params : {};
        const folder = typeof uri === 'string' ? folders.named(uri) : undefined;
        if (folder === undefined) return null;
        const { answersEdit, answersOf } = await import('./folder-summary');
        const checked = answersOf(answers);
        if (checked === undefined) throw new ResponseError(ErrorCodes.InvalidParams, 'These are no answers.');
        await folder.settled(token);
        return answersEdit(folder, checked, folders.versionOf(folder, CONFIGURATION_FILE));
      }),
    );
    connection.onRequest(
      RECORD_REQUEST,
      guarded(folders, 'record', null, async (params: unknown, token: CancellationToken) => {
        const { folder: uri } = isRecord(params) ? params : {};
        const folder = folders.named(typeof uri === 'string' ? uri : undefined);
        if (folder === undefined) return null;
        const { recordOf } = await import('./folder-summary');
        await folder.settled(token);
        return recordOf(folder);
      }),
    );
    folders.onSettled((folder) => {
      const generation = given.get(folder.uri);
      if (generation === undefined || generation === folder.generation) return;
      given.delete(folder.uri);
      void connection.sendNotification(SUMMARY_CHANGED, { folder: folder.uri } satisfies SummaryChangedParams);
    });
    folders.onRemoved((folder) => given.delete(folder.uri));
    return {};
  },
};

const NOT_READ = -1;

/** What is shown of a folder about which nothing is known yet. */
export const NO_SUMMARY: Omit<Summary, 'folder' | 'state'> = {
  environment: null,
  environments: [],
  scope: [],
  decision: null,
  meshes: [],
  membership: [],
  mtls: [],
  findings: [],
  licences: [],
};
