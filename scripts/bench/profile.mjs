import { readFile } from 'node:fs/promises';

/** What has a smaller share is not listed. */
const SMALLEST_SHARE = 0.005;
const OURS = /^(?:engine|rules|host|server)\//;

/**
 * Prints where the time went in the windows that were measured, from `<name>.cpuprofile` in the folder of profiles.
 * @param {object} options
 * @param {readonly (readonly [number, number])[]} options.windows in microseconds of the monotonic clock
 * @param {string} options.module the bundle that ran
 */
export async function printProfile({ profiles, log }, { name, title, windows, module }) {
  const path = `${profiles}/${name}.cpuprofile`;
  const profile = JSON.parse(await readFile(path, 'utf8'));
  const sourceOf = sourcesIn(await readFile(module, 'utf8'));
  const times = timesIn(profile, windows, ({ url, lineNumber }) =>
    url.endsWith(module) ? sourceOf(lineNumber) : url === '' ? '' : url.replace(/^.*\//, ''),
  );
  const { total } = times;
  log(`\n${title}: ${(total / 1000).toFixed(0)} ms in ${windows.length} measured stretches; ${path}`);
  const list = (heading, entries, most) => {
    log(`  ${heading}`);
    const large = [...entries].filter(([, time]) => time >= total * SMALLEST_SHARE).sort(([, a], [, b]) => b - a);
    for (const [what, time] of large.slice(0, most)) log(`  ${((100 * time) / total).toFixed(1).padStart(5)} %  ${what}`);
  };
  list('by file', times.files, 15);
  list('by function, without what it calls', times.own, 25);
  const ours = [...times.whole].filter(([what]) => OURS.test(what.split('  ')[1] ?? ''));
  list('by function of ours, with what it calls', ours, 40);
}

/**
 * Adds up the samples in the windows, in microseconds.
 * @param {(frame: { url: string, lineNumber: number }) => string} fileOf
 * @returns {{ total: number, files: Map<string, number>, own: Map<string, number>, whole: Map<string, number> }} functions as `name  file`
 */
export function timesIn({ nodes, samples, timeDeltas, startTime }, windows, fileOf) {
  const byId = new Map();
  for (const { id, callFrame, children = [] } of nodes) {
    const file = fileOf(callFrame);
    const name = callFrame.functionName || '(anonymous)';
    const node = byId.get(id) ?? {};
    byId.set(id, Object.assign(node, { file: file || name, key: file === '' ? name : `${name}  ${file}` }));
    for (const child of children) byId.set(child, Object.assign(byId.get(child) ?? {}, { parent: node }));
  }
  const times = { total: 0, files: new Map(), own: new Map(), whole: new Map() };
  const add = (map, key, time) => map.set(key, (map.get(key) ?? 0) + time);
  let at = startTime;
  let window = 0;
  samples.forEach((id, i) => {
    // A delta is the time since the sample before.
    at += timeDeltas[i];
    while (window < windows.length && windows[window][1] < at) window++;
    if (window >= windows.length || at < windows[window][0]) return;
    const time = timeDeltas[i + 1] ?? 0;
    const leaf = byId.get(id);
    times.total += time;
    add(times.files, leaf.file, time);
    add(times.own, leaf.key, time);
    const seen = new Set();
    for (let node = leaf; node !== undefined; node = node.parent) {
      // One that calls itself counts once.
      if (!seen.has(node.key)) add(times.whole, node.key, time);
      seen.add(node.key);
    }
  });
  return times;
}

/** By the comments that esbuild puts above each module's code: the module of a line. */
function sourcesIn(bundle) {
  const modules = bundle.split('\n');
  let current = '';
  for (const [i, line] of modules.entries()) {
    const [, path] = /^(?: {2})?\/\/ ((?:[\w@.-]+\/)+[\w.-]+\.[cm]?[jt]s)$/.exec(line) ?? [];
    if (path !== undefined) current = path.replace(/^.*node_modules\//, '');
    modules[i] = current;
  }
  return (line) => modules[line] ?? '';
}
