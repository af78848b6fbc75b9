import type { Feature } from './features';
import type { Folder } from './folder';

/** What is done sooner needs no announcement. */
const PATIENCE_MILLISECONDS = 500;

/** Shows that a folder is being read for the first time, when that takes long enough to be noticed. */
export const indexProgress: Feature = {
  name: 'progress',
  register(connection, folders, client) {
    if (client.window?.workDoneProgress !== true) return {};
    const ready = new Promise<void>((resolve) => {
      folders.onReady(resolve);
    });
    /** What to do when a folder that is announced is read, or gone. */
    const announced = new Map<Folder, () => void>();
    const isBusy = (folder: Folder): boolean => folder.state === 'indexing' && folders.all().includes(folder);

    folders.onAdded(async (folder) => {
      await ready;
      await pause(PATIENCE_MILLISECONDS);
      if (!isBusy(folder)) return;
      const progress = await connection.window.createWorkDoneProgress();
      progress.begin('Mesh Lint', undefined, `Reading ${folder.name}`, false);
      const done = (): void => {
        progress.done();
      };
      if (isBusy(folder)) announced.set(folder, done);
      else done();
    });
    const finish = (folder: Folder): void => {
      announced.get(folder)?.();
      announced.delete(folder);
    };
    folders.onSettled(finish);
    folders.onRemoved(finish);
    return {};
  },
};

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
