/**
 * `npm run fuzz [-- --seed N] [--variants N] [--first N] [--save FOLDER]`: spoils manifests in every way that comes to mind, and shows that
 * nothing throws, hangs, points outside its file, or depends on the way in which it came about (test/fuzz/run.ts).
 *
 * Variants are numbered; the same seed and number make the same variant. Those of a round follow each other in one workspace. `--first`
 * starts at a number, `--save` writes the files of that variant, before and after, to a folder and runs nothing.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A worker that says nothing for so long hangs. Far above what fails a variant, which is measured where it runs. */
const SILENCE_MILLISECONDS = 120_000;
/** Enough for any of the variants; one that needs more has found a way to multiply. */
const MEGABYTES = 1500;
/** A multiple of a round. */
const PORTION = 100;
const MOST_FAILURES = 20;
const SLOWEST = 8;

/** The repositories in `examples/`. */
export const examples = foldersIn(join(root, 'examples'));
/** Those of the corpus, where there is one. */
export const corpus = foldersIn(join(root, '../shared/corpus'));

function foldersIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/**
 * Runs variants, on several processors.
 * @param {{ seed: number, first?: number, variants: number, folders: readonly string[], onOutcome?: (done: number) => void }} options
 * @returns {Promise<{ failures: { number: number, what: string, faults: string[] }[], slowest: object[], done: number }>} failures in the
 * order of their numbers, and the slowest variants
 */
export async function fuzz({ seed, first = 0, variants, folders, onOutcome = () => {} }) {
  const end = first + variants;
  const failures = [];
  let slowest = [];
  let done = 0;
  let next = first;
  const take = () => {
    const portion = { first: next, end: Math.min(end, (Math.floor(next / PORTION) + 1) * PORTION) };
    next = portion.end;
    return portion.first < end && failures.length < MOST_FAILURES ? portion : undefined;
  };
  const note = (outcome) => {
    done++;
    onOutcome(done);
    slowest = [...slowest, outcome].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, SLOWEST);
    if (outcome.faults.length > 0) failures.push(outcome);
  };
  await withBundle(async (module) => {
    const runPortions = async () => {
      let worker = new Worker(module);
      for (let portion = take(); portion !== undefined; portion = take()) {
        for (let from = portion.first; from < portion.end;) {
          const lost = await worker.run({ seed, folders, first: from, end: portion.end }, note);
          if (lost === undefined) break;
          note({ ...lost.at, milliseconds: 0, slowest: '', faults: [lost.reason] });
          from = lost.at.number + 1;
          worker = new Worker(module);
        }
      }
      worker.end();
    };
    const workers = Math.min(availableParallelism(), Math.ceil(variants / PORTION), 8);
    await Promise.all(Array.from({ length: workers }, runPortions));
  });
  return { failures: failures.sort((a, b) => a.number - b.number), slowest, done };
}

/** Writes the files of a variant to a folder; resolves with what the variant is. */
export async function saveVariant({ seed, number, folders, folder }) {
  let what = '';
  await withBundle(async (module) => {
    const worker = new Worker(module);
    const order = { seed, folders, first: number, end: number + 1, save: resolve(folder) };
    await worker.run(order, undefined, (saved) => {
      what = saved;
    });
    worker.end();
  });
  return what;
}

async function withBundle(work) {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-lint-fuzz-'));
  try {
    const outfile = join(folder, 'fuzz.cjs');
    await build({
      absWorkingDir: root,
      entryPoints: ['test/fuzz/worker.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.19',
      // As the bundles are built (esbuild.mjs).
      mainFields: ['module', 'main'],
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
      define: { __VERSION__: '"fuzz"' },
      logLevel: 'error',
    });
    await work(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A process that runs one order after the other. */
class Worker {
  constructor(module) {
    this.process = fork(module, { execArgv: [`--max-old-space-size=${MEGABYTES}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.said = '';
    this.process.stderr.on('data', (data) => (this.said = `${this.said}${data}`.slice(-2000)));
  }

  /** Resolves with nothing when the order was done, or with where it was when the process was lost: then there has to be another. */
  run(order, onOutcome, onSaved) {
    return new Promise((resolve) => {
      let at = { number: order.first, what: 'nothing yet' };
      let hung = false;
      const watch = () =>
        setTimeout(() => {
          hung = true;
          this.process.kill('SIGKILL');
        }, SILENCE_MILLISECONDS);
      let timer = watch();
      const settle = (lost) => {
        clearTimeout(timer);
        this.process.removeAllListeners('message').removeAllListeners('exit');
        resolve(lost);
      };
      this.process.on('message', ({ starting, outcome, saved, done }) => {
        clearTimeout(timer);
        timer = watch();
        if (starting !== undefined) at = starting;
        if (outcome !== undefined) onOutcome(outcome);
        if (saved !== undefined) onSaved(saved);
        if (done === true || saved !== undefined) settle(undefined);
      });
      this.process.on('exit', (code, signal) => {
        const silent = `did not come back within ${SILENCE_MILLISECONDS / 1000} s`;
        settle({ at, reason: hung ? silent : `ended by ${signal ?? code}: ${this.said}` });
      });
      this.process.send(order);
    });
  }

  end() {
    this.process.kill();
  }
}

async function main() {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, variants: { type: 'string' }, first: { type: 'string' }, save: { type: 'string' } },
  });
  const number = (name, fallback) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number`);
    return value;
  };
  const seed = number('seed', Math.floor(Math.random() * 2 ** 31));
  const first = number('first', 0);
  const variants = number('variants', 20_000);
  const folders = [...examples, ...corpus];
  if (values.save !== undefined) {
    stdout.write(`${await saveVariant({ seed, number: first, folders, folder: values.save })}\n`);
    return;
  }
  stdout.write(`seed ${seed}, ${variants} variants of ${folders.length} repositories\n`);
  const start = performance.now();
  const onOutcome = (done) => {
    if (done % 1000 === 0) stdout.write(`${done} after ${Math.round((performance.now() - start) / 1000)} s\n`);
  };
  const { failures, slowest, done } = await fuzz({ seed, first, variants, folders, onOutcome });
  for (const { number: at, what, faults } of failures) {
    stdout.write(`\nvariant ${at}: ${what}\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
    stdout.write(`  again:      npm run fuzz -- --seed ${seed} --first ${at} --variants 1\n`);
    stdout.write(`  its files:  npm run fuzz -- --seed ${seed} --first ${at} --save FOLDER\n`);
    if (at % 20 > 0)
      stdout.write(`  its round:  npm run fuzz -- --seed ${seed} --first ${at - (at % 20)} --variants ${(at % 20) + 1}\n`);
  }
  stdout.write('\nslowest:\n');
  for (const { number: at, what, milliseconds, slowest: call } of slowest)
    stdout.write(`  ${milliseconds.toFixed(0).padStart(5)} ms  ${call}: variant ${at}, ${what}\n`);
  stdout.write(
    `\n${done} variants in ${Math.round((performance.now() - start) / 1000)} s, ${failures.length} failed; seed ${seed}\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  await main().catch((error) => {
    stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
}
