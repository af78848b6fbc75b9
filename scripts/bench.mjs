/**
 * Measures what linting costs, in time and in memory, and holds it against limits:
 *
 *   npm run bench [-- FOLDER] [--only NAME…] [--sizes 300,3000,30000] [--edits N] [--json FILE] [--markdown FILE] [--profile FOLDER]
 *
 * FOLDER is a repository to measure on instead of generated ones. `--only neighbour` also downloads what is compared with. `--profile`
 * takes CPU profiles instead of judging, and prints where the time goes. Exit code 1: a limit does not hold.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process, { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { cold } from './bench/cold.mjs';
import { Context } from './bench/context.mjs';
import { edits } from './bench/edits.mjs';
import { growth } from './bench/growth.mjs';
import { heap } from './bench/heap.mjs';
import { idle } from './bench/idle.mjs';
import { indexing } from './bench/indexing.mjs';
import { busyness, machine } from './bench/machine.mjs';
import { neighbour } from './bench/neighbour.mjs';
import { overlays } from './bench/overlays.mjs';
import { pairs } from './bench/pairs.mjs';
import { failures, line, page } from './bench/report.mjs';
import { sizes } from './bench/sizes.mjs';
import { start } from './bench/start.mjs';

/** In this order: what edits follows what must be measured before, and V8 tidies up on its own some time after it was made to collect. */
const MEASUREMENTS = [cold, pairs, overlays, start, indexing, idle, heap, edits, neighbour, growth, sizes];
const PROFILED = new Set([cold, indexing, edits]);

/** Percent of the machine: from there on it is told. */
const MUCH = 10;

const log = (text) => stdout.write(`${text}\n`);

async function main() {
  const { folder, chosen, options } = read();
  const context = new Context({
    sizes: options.sizes,
    folder,
    profiles: options.profile === undefined ? undefined : resolve(options.profile),
    edits: options.edits,
    installs: options.only.includes(neighbour.name),
    log,
  });
  const results = [];
  let busy;
  try {
    busy = await busyness();
    if (busy > MUCH) log(`Others take ${busy.toFixed(0)} % of this machine: times will be too long.`);
    await context.prepare();
    for (const measurement of chosen) {
      log(measurement.title);
      const rows = await measurement.measure(context);
      results.push({ measurement, rows });
      if (context.profiles === undefined) for (const row of rows) log(line(row));
    }
  } finally {
    await context.close();
  }
  // The sampler takes time itself.
  if (context.profiles !== undefined) return;
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  if (options.json !== undefined) {
    const rows = results.flatMap(({ measurement, rows }) => rows.map((row) => ({ measurement: measurement.name, ...row })));
    await writeFile(options.json, `${JSON.stringify({ version, machine: { ...machine(), busy }, rows }, undefined, 2)}\n`);
  }
  const isWhole = folder === undefined && chosen.length === MEASUREMENTS.length;
  if (options.markdown !== undefined)
    await writeFile(options.markdown, page(results, { version, busy, sizes: options.sizes, isWhole }));
  const failed = failures(results);
  log(failed.length === 0 ? '\nAll limits hold.' : `\nLimits that do not hold:\n${failed.map(line).join('\n')}`);
  if (failed.length > 0) process.exitCode = 1;
}

/** The command line; ends the process where it is wrong. */
function read() {
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(2),
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        sizes: { type: 'string', default: '300,3000,30000' },
        edits: { type: 'string', default: '100000' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        profile: { type: 'string' },
      },
    });
    const names = MEASUREMENTS.map(({ name }) => name);
    // Names may follow one `--only`, and a folder is none of them.
    const only = [...values.only, ...(values.only.length > 0 ? positionals.filter((word) => names.includes(word)) : [])];
    const unknown = only.filter((name) => !names.includes(name));
    if (unknown.length > 0) throw new Error(`no measurement ${unknown.join(', ')}; there are ${names.join(', ')}`);
    const folders = positionals.filter((word) => !only.includes(word));
    if (folders.length > 1) throw new Error(`more than one folder: ${folders.join(', ')}`);
    const numbers = values.sizes
      .split(',')
      .map(whole)
      .sort((a, b) => a - b);
    const chosen = MEASUREMENTS.filter((measurement) => values.profile === undefined || PROFILED.has(measurement)).filter(
      ({ name }) => only.length === 0 || only.includes(name),
    );
    if (chosen.length === 0) throw new Error(`profiles are taken of ${[...PROFILED].map(({ name }) => name).join(', ')}`);
    return {
      folder: folders[0] === undefined ? undefined : resolve(folders[0]),
      chosen,
      options: { ...values, only, sizes: numbers, edits: whole(values.edits) },
    };
  } catch (error) {
    stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

function whole(text) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${text} is no number of things`);
  return Number(text);
}

await main();
