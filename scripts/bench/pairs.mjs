import { nameOf } from './repositories.mjs';
import { median, percentile } from './statistics.mjs';

/** @type {import('./context.mjs').Measurement} */
export const pairs = {
  name: 'pairs',
  title: 'What an edit makes the engine do',
  method:
    'The same edits as below, handed to the engine without a server: how many pairs of a rule and a subject run again, and the time until all findings are there.',
  async measure(context) {
    const results = await context.inProcess('./pairs-process.mjs', { engine: context.engine, source: context.largest });
    return results.flatMap(({ title, pairs, times, all }) => [
      {
        about: `${title}: pairs that run again, median`,
        value: median(pairs),
        unit: 'pairs',
        note: `the most ${Math.max(...pairs)}, of ${all.toLocaleString('en')} pairs; ${nameOf(context.largest)}`,
      },
      { about: `${title}: time in the engine, p95`, value: percentile(times, 95), unit: 'ms' },
    ]);
  },
};
