import type { Feature } from './features';
import type { Folder } from './folder';
import { inSlices } from './slices';

/** Longer than a pause in typing: what rests has to be parsed again. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * Has a folder let go of the trees of its documents when nobody has changed anything for a while. Files that are open keep theirs.
 * What is left of a tree can be freed when its nodes were collected, which is when a node of it that nobody holds is reported as gone.
 */
export const resting: Feature = {
  name: 'resting',
  register(_connection, folders) {
    const timers = new Map<Folder, NodeJS.Timeout>();
    const quietly = <Result>(folder: Folder, steps: Iterator<unknown, Result>): Promise<Result | undefined> => {
      const { generation } = folder;
      return inSlices(steps, () => folder.generation !== generation || !folders.all().includes(folder));
    };
    const collected = new FinalizationRegistry<WeakRef<Folder>>((reference) => {
      const folder = reference.deref();
      if (folder !== undefined) void quietly(folder, folder.workspace.sweeping());
    });
    const rest = async (folder: Folder): Promise<void> => {
      const witness = await quietly(
        folder,
        folder.workspace.resting((path) => folder.isOpen(path)),
      );
      if (witness !== undefined) collected.register(witness, new WeakRef(folder));
    };
    const forget = (folder: Folder): void => {
      clearTimeout(timers.get(folder));
      timers.delete(folder);
    };
    folders.onSettled((folder) => {
      forget(folder);
      timers.set(folder, setTimeout(() => void rest(folder), PATIENCE_MILLISECONDS).unref());
    });
    folders.onRemoved(forget);
    return {};
  },
};
