import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { pathToFileURL } from 'node:url';
import { generate } from './generate.mjs';
import { CAPABILITIES } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const TIMES = 15;
const RESOURCES = 60;

/** @type {import('./context.mjs').Measurement} */
export const start = {
  name: 'start',
  title: 'Starting',
  method: `From the start of the server's process until the diagnostics of the first file are there, in a workspace of ${RESOURCES} resources, ${TIMES} times: \`initialize\`, \`didOpen\`, the request for its diagnostics. Beside it what Node.js needs to start and to end without doing anything.`,
  async measure(context) {
    const repository = generate({ resources: RESOURCES, others: true });
    const root = await context.written(repository);
    const [{ affects }] = repository.toggles;
    const uri = pathToFileURL(join(root, affects)).href;
    const [ours, bare] = [[], []];
    for (let i = 0; i < TIMES; i++) {
      const begun = performance.now();
      const server = context.start({ probed: false });
      await server.initialize(root, CAPABILITIES.asks);
      await server.open(uri, repository.files.get(affects));
      await server.pull(uri);
      ours.push(performance.now() - begun);
      if (server.diagnostics.get(uri).length === 0) throw new Error(`no finding in ${affects}`);
      await server.stop();
      const again = performance.now();
      await once(spawn(execPath, ['--eval', '0']), 'exit');
      bare.push(performance.now() - again);
    }
    return [
      {
        about: 'spawn to first answer, median',
        value: median(ours),
        unit: 'ms',
        note: `p95 ${percentile(ours, 95).toFixed(0)} ms; Node.js alone: ${median(bare).toFixed(0)} ms`,
      },
    ];
  },
};
