import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from './features';
import type { Folder } from './folder';
import type { Folders } from './folders';
import { resting } from './resting';

/** A folder that counts what is asked of it, and the folders around it as the feature sees them. */
class Stage {
  readonly asked: string[] = [];
  generation = 1;
  readonly folder: Folder;
  private settled: ((folder: Folder) => unknown) | undefined;
  private removed: ((folder: Folder) => unknown) | undefined;
  private all: readonly Folder[];

  constructor(steps = 1) {
    const { asked } = this;
    const generation = (): number => this.generation;
    this.folder = {
      get generation() {
        return generation();
      },
      isOpen: (path: string) => path === 'open.yaml',
      workspace: {
        *resting(isKept: (path: string) => boolean): Generator<undefined, object | undefined, undefined> {
          asked.push(`open ${String(isKept('open.yaml'))}, closed ${String(isKept('closed.yaml'))}`);
          for (let step = 0; step < steps; step++) {
            for (const start = performance.now(); performance.now() < start + 10;);
            asked.push(`step ${step}`);
            yield;
          }
          return undefined;
        },
      },
    } as unknown as Folder;
    this.all = [this.folder];
    const folders = {
      all: () => this.all,
      onSettled: (listener: (folder: Folder) => unknown) => (this.settled = listener),
      onRemoved: (listener: (folder: Folder) => unknown) => (this.removed = listener),
    } as unknown as Folders;
    resting.register({} as Connection, folders, {});
  }

  settle(): void {
    this.settled?.(this.folder);
  }

  remove(): void {
    this.all = [];
    this.removed?.(this.folder);
  }
}

describe('trees rest', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('ten seconds after the last change, but for those of open files', () => {
    const stage = new Stage();
    stage.settle();
    vi.advanceTimersByTime(9000);
    stage.settle();
    vi.advanceTimersByTime(9000);
    expect(stage.asked).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(stage.asked).toEqual(['open true, closed false', 'step 0']);
  });

  it('in slices, which an edit ends', async () => {
    const stage = new Stage(5);
    stage.settle();
    vi.advanceTimersByTime(10_000);
    expect(stage.asked).toEqual(['open true, closed false', 'step 0']);
    stage.generation++;
    await turns();
    expect(stage.asked).toEqual(['open true, closed false', 'step 0']);
  });

  it('not in a folder that is gone', async () => {
    const [early, late] = [new Stage(), new Stage(5)];
    early.settle();
    early.remove();
    late.settle();
    vi.advanceTimersByTime(10_000);
    late.remove();
    await turns();
    expect(early.asked).toEqual([]);
    expect(late.asked).toEqual(['open true, closed false', 'step 0']);
  });
});
