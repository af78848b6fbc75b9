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
  /** What is then kept of a workspace; with one in memory, collecting would make the parser slower. */
  const lintOnce = () => {
    const { result, window } = timed(lintAll);
    const [fault] = result.workspace.faults();
    if (fault !== undefined) throw new Error(`${fault.rule} failed on ${fault.subject}`, { cause: fault.error });
    return { window, findings: result.findings, resources: askReport(result.workspace).stats.resources };
  };
  if (profile !== undefined) {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 500 });
    await session.post('Profiler.start');
    const { window } = lintOnce();
    writeFileSync(profile, JSON.stringify((await session.post('Profiler.stop')).profile));
    process.send({ window }, () => process.exit());
    return;
  }
  const milliseconds = ([start, end]) => (end - start) / 1000;
  const [lint, parse] = [[], []];
  let found;
  for (let round = 0; round < rounds; round++) {
    found = lintOnce();
    lint.push(milliseconds(found.window));
    parse.push(milliseconds(timed(parseAll).window));
  }
  const { resources, findings } = found;
  process.send({ lint, parse, resources, findings, bytes: bytesOf(repository) }, () => process.exit());
});
