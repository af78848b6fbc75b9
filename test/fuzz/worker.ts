import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf, runRound } from './run';
import { readOriginals } from './sources';
import type { Original } from './sources';
import { ROUND } from './variants';

/** What a worker is told: to run rounds, one after the other, or to save a variant's files. */
export interface Order {
  readonly seed: number;
  readonly folders: readonly string[];
  readonly first: number;
  readonly end: number;
  readonly save?: string;
}

let originals: readonly Original[] | undefined;

const send = (message: object): void => {
  process.send?.(message);
};

/** Runs what it is told, round by round, and says before each variant that it is still there. */
process.on('message', ({ seed, folders, first, end, save }: Order) => {
  originals ??= readOriginals(folders);
  if (save !== undefined) {
    const files = filesOf(seed, first, originals);
    for (const name of ['before', 'after'] as const) {
      for (const [path, text] of files[name]) {
        const place = join(save, name, path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, text);
      }
    }
    send({ saved: files.variant.what });
    return;
  }
  for (let number = first; number < end;) {
    const roundEnd = Math.min(end, (Math.floor(number / ROUND) + 1) * ROUND);
    for (const progress of runRound(seed, number, roundEnd, originals)) send(progress);
    number = roundEnd;
  }
  send({ done: true });
});
