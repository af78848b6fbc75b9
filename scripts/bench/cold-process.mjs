/** Measures linting and parsing of one repository by turns; started by `cold.mjs`. */
import { createRequire } from 'node:module';
import { Session } from 'node:inspector/promises';
import { writeFileSync } from 'node:fs';
import { bytesOf, repositoryOf } from './repositories.mjs';

process.once('message', async ({ engine, source, profile }) => {
  const { Workspace, askReport, parseAllDocuments, rules } = createRequire(import.meta.url)(engine);
  const repository = repositoryOf(source, engine);
  // A large repository averages by itself.
  const rounds = repository.files.size > 5000 ? 3 : repository.files.size > 500 ? 7 : 15;
  const now = () => Number(process.hrtime.bigint() / 1000n);
  const timed = (work) => {
    globalThis.gc();
    const start = now();
    const result = work();
    return { result, window: [start, now()] };
  };
  const lintAll = () => {
    const workspace = new Workspace({ rules, now: new Date(0) });
    for (const [path, text] of repository.files) if (workspace.accepts(path, text)) workspace.set(path, text);
    return { workspace, findings: workspace.findings().length };
  };
  const parseAll = () => {
    for (const text of repository.files.values()) parseAllDocuments(text, { logLevel: 'error' });
  };
  const session = new Session();
  if (profile !== undefined) {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
  }
  const windows = { lint: [], parse: [] };
  let last;
  for (let round = 0; round < (profile === undefined ? rounds : 2); round++) {
    // Of the last round, so that no more than one workspace is held.
    last = undefined;
    const lint = timed(lintAll);
    windows.lint.push(lint.window);
    last = lint.result;
    windows.parse.push(timed(parseAll).window);
  }
  if (profile !== undefined) {
    const { profile: taken } = await session.post('Profiler.stop');
    writeFileSync(profile, JSON.stringify(taken));
  }
  const faults = last.workspace.faults();
  if (faults.length > 0) throw new Error(`${faults[0].rule} failed on ${faults[0].subject}`, { cause: faults[0].error });
  const milliseconds = ([start, end]) => (end - start) / 1000;
  process.send(
    {
      lint: windows.lint.map(milliseconds),
      parse: windows.parse.map(milliseconds),
      windows: windows.lint,
      resources: askReport(last.workspace).stats.resources,
      bytes: bytesOf(repository),
      findings: last.findings,
    },
    () => process.exit(),
  );
});
