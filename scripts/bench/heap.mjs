import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { indexed } from './indexing.mjs';
import { bytesOf, nameOf } from './repositories.mjs';
import { CAPABILITIES } from './server.mjs';

const MOST = 6;

/** @type {import('./context.mjs').Measurement} */
export const heap = {
  name: 'heap',
  title: 'Memory at rest',
  method:
    'What the server holds after it has read the repository and has been left alone until it does nothing any more: after collection, on the heap of V8 and outside of it, less what a server holds whose workspace is empty, for each MB of YAML.',
  async measure(context) {
    const { server } = await indexed(context);
    await server.still();
    // What the collector finds may let the server free more.
    await server.probe('heap');
    await server.still();
    const full = await server.probe('heap');
    const folder = await mkdtemp(join(context.temporary, 'empty-'));
    const idle = context.start();
    await idle.initialize(folder, CAPABILITIES.asks);
    idle.stream();
    await idle.quiet(pathToFileURL(join(folder, 'none.yaml')).href);
    const empty = await idle.probe('heap');
    await idle.stop();
    const megabytes = bytesOf(context.repository()) / 1e6;
    return [
      {
        about: 'memory for each MB of YAML',
        value: (full.used - empty.used) / 1e6 / megabytes,
        unit: 'MB',
        most: context.folder === undefined ? MOST : undefined,
        note: `${(full.used / 1e6).toFixed(0)} MB for ${megabytes.toFixed(1)} MB; ${nameOf(context.largest)}`,
      },
      { about: 'memory of an empty server', value: empty.used / 1e6, unit: 'MB' },
      { about: 'resident memory of the process', value: full.resident / 1e6, unit: 'MB' },
    ];
  },
};
