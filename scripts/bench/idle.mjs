import { setTimeout as pause } from 'node:timers/promises';
import { indexed } from './indexing.mjs';
import { nameOf } from './repositories.mjs';

const SECONDS = 10;
/** To be asked for the figure costs a little itself. */
const MOST = 0.1;

/** @type {import('./context.mjs').Measurement} */
export const idle = {
  name: 'idle',
  title: 'Doing nothing',
  method: `The CPU time that the server's process uses in ${SECONDS} seconds in which nobody does anything, once it has become still.`,
  async measure(context) {
    const { server } = await indexed(context);
    await server.still();
    const before = await server.probe('cpu');
    await pause(SECONDS * 1000);
    const used = ((await server.probe('cpu')) - before) / 1e6;
    return [
      {
        about: 'CPU time at rest',
        value: (100 * used) / SECONDS,
        unit: '%',
        most: MOST,
        note: `${(used * 1000).toFixed(1)} ms in ${SECONDS} s; ${nameOf(context.largest)}`,
      },
    ];
  },
};
