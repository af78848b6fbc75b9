/** Counts what edits make the engine do; started by `pairs.mjs`. */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { applyEdit, toggling, typing } from './edit-scripts.mjs';
import { TOGGLES, TYPED } from './edits.mjs';
import { repositoryOf } from './repositories.mjs';

process.once('message', ({ engine, source }) => {
  const { PAIR_RUNS, Workspace, rules } = createRequire(import.meta.url)(engine);
  const { files, large, toggles } = repositoryOf(source, engine);
  const workspace = new Workspace({ rules, now: new Date(0) });
  for (const [path, text] of files) if (workspace.accepts(path, text)) workspace.set(path, text);
  workspace.findings();
  const all = workspace.graph.runCounts().get(PAIR_RUNS) ?? 0;
  const run = (title, path, count, nextEdit) => {
    let text = files.get(path);
    const result = { title, all, pairs: [], times: [] };
    for (let i = 0; i < count; i++) {
      text = applyEdit(text, nextEdit(text, i));
      workspace.graph.resetRunCounts();
      const start = performance.now();
      workspace.set(path, text);
      workspace.findings();
      result.times.push(performance.now() - start);
      result.pairs.push(workspace.graph.runCounts().get(PAIR_RUNS) ?? 0);
    }
    return result;
  };
  const edits = typing(files.get(large), TYPED);
  const results = [run('typing in a large file', large, TYPED, (_text, i) => edits[i])];
  for (const { title, path, texts } of toggles) results.push(run(title, path, TOGGLES, (text) => toggling(text, texts)));
  process.send(results, () => process.exit());
});
