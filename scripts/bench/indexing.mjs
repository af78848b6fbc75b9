import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printProfile } from './profile.mjs';
import { nameOf } from './repositories.mjs';
import { CAPABILITIES, monotonic } from './server.mjs';

/** What a person notices. */
const LONG_TURN = 50_000;

/** @type {import('./context.mjs').Measurement} */
export const indexing = {
  name: 'indexing',
  title: 'Reading a repository for the first time',
  method:
    'The same server, from `initialize` until it has read every file, run every rule and told about every finding. A chain of immediates in its process takes the time of each turn of the event loop: a message that arrives waits for the end of a turn.',
  async measure(context) {
    const { turns, window } = await indexed(context);
    const long = turns.long.filter(({ start, end }) => end - start > LONG_TURN);
    if (context.profiles !== undefined) {
      const profile = { name: 'indexing', module: context.serverModule };
      await printProfile(context, { ...profile, title: 'Indexing as a whole', windows: [window] });
      const windows = long.map(({ start, end }) => [start, end]);
      await printProfile(context, { ...profile, title: 'Its turns over 50 ms', windows });
    }
    const longest = long.reduce((most, { start, end }) => Math.max(most, end - start), 0);
    const busy = long.filter(({ cpu }) => cpu > LONG_TURN).length;
    const which = long.length === 0 ? '' : `the longest ${(longest / 1000).toFixed(0)} ms; ${busy} with as much CPU time; `;
    return [
      {
        about: 'turns of the event loop over 50 ms',
        value: long.length,
        unit: 'turns',
        most: 0,
        note: `${which}${nameOf(context.largest)}`,
      },
      { about: 'until every finding is told', value: (window[1] - window[0]) / 1e6, unit: 's' },
    ];
  },
};

/** The server that has just read the repository, for what is measured on it afterwards. */
export function indexed(context) {
  return context.once('indexed', async () => {
    const root = await context.root();
    const { files } = context.repository();
    const server = context.start();
    if (context.profiles !== undefined) await server.probe('startProfile');
    await server.probe('watchTurns');
    const start = monotonic();
    await server.initialize(root, CAPABILITIES.asks);
    server.stream();
    await server.quiet(pathToFileURL(join(root, files.keys().next().value)).href);
    const window = [start, server.heard];
    const turns = await server.probe('turns');
    if (context.profiles !== undefined) await server.probe('stopProfile', `${context.profiles}/indexing.cpuprofile`);
    return { server, turns, window };
  });
}
