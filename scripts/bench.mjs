/**
 * `npm run bench [-- FOLDER]`: what linting costs, as ratios within one run, so that machines can be compared. Without a folder it
 * generates repositories of growing size. Timings vary with the machine; the ratios hardly do.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = join(root, 'dist', 'bench.cjs');
await build({
  absWorkingDir: root,
  stdin: {
    contents: "export { Workspace } from './engine/workspace'; export { load } from './host'; export { rules } from './rules';",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  outfile,
  // As the bundles are built (esbuild.mjs).
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'error',
});
const { Workspace, load, rules } = createRequire(import.meta.url)(outfile);

const print = (text) => stdout.write(`${text}\n`);
const milliseconds = (work) => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const percentile = (values, p) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];

/** Half of the bytes are kinds that no rule reads, as in real repositories. */
function generate(resources) {
  const files = new Map();
  for (let i = 0; files.size * 4 < resources; i++) {
    const namespace = `shop-${i % 50}`;
    if (i < 50) {
      files.set(
        `namespaces/${namespace}.yaml`,
        `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n  labels:\n    istio-injection: ${i % 3 === 0 ? 'disabled' : 'enabled'}\n`,
      );
    }
    files.set(
      `apps/${namespace}/app-${i}.yaml`,
      [
        `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${i}\n  namespace: ${namespace}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: app-${i}\n  template:\n    metadata:\n      labels:\n        app: app-${i}\n        version: v1\n    spec:\n      containers:\n        - name: app\n          image: example.com/app-${i}:1.0.${i}\n          ports:\n            - containerPort: 8080\n          env:\n            - name: LEVEL\n              value: info\n`,
        `apiVersion: v1\nkind: Service\nmetadata:\n  name: app-${i}\n  namespace: ${namespace}\nspec:\n  selector:\n    app: app-${i}\n  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n`,
        `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: app-${i}\n  namespace: ${namespace}\nspec:\n  selector:\n    matchLabels:\n      app: app-${i}\n  mtls:\n    mode: PERMISSIVE\n`,
        `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app-${i}\n  namespace: ${namespace}\nstringData:\n${Array.from({ length: 24 }, (_, n) => `  key-${n}: ${'v'.repeat(20)}\n`).join('')}`,
      ].join('---\n'),
    );
  }
  return files;
}

function measure(title, files) {
  const texts = [...files.values()];
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const baseline = median(
    [1, 2, 3].map(() => milliseconds(() => texts.forEach((text) => parseAllDocuments(text, { logLevel: 'error' })))),
  );
  let workspace;
  let findings = 0;
  const cold = median(
    [1, 2, 3].map(() =>
      milliseconds(() => {
        workspace = new Workspace({ rules, now: new Date(0) });
        for (const [path, text] of files) if (workspace.accepts(path, text)) workspace.set(path, text);
        findings = workspace.findings().length;
      }),
    ),
  );
  const resources = workspace.report().stats.resources;
  print(`${title}: ${resources} resources, ${(bytes / 1e6).toFixed(1)} MB, ${findings} findings`);
  print(`  cold lint ${cold.toFixed(0)} ms = ${(cold / baseline).toFixed(2)} × parseAllDocuments (${baseline.toFixed(0)} ms)`);
  const paths = [...files.keys()].filter((path) => files.get(path).includes('kind: Deployment'));
  if (paths.length === 0) return;
  const edits = Array.from({ length: 30 }, (_, i) => {
    const path = paths[(i * 7919) % paths.length];
    workspace.graph.resetRunCounts();
    const time = milliseconds(() => {
      workspace.set(path, files.get(path).replace(/replicas: \d+/, `replicas: ${i + 3}`));
      workspace.findings();
    });
    return { time, pairs: workspace.graph.runCounts().get('pair') ?? 0 };
  });
  const times = edits.map(({ time }) => time);
  print(
    `  edit to findings p50 ${median(times).toFixed(1)} ms, p95 ${percentile(times, 95).toFixed(1)} ms, pairs run again ${median(edits.map(({ pairs }) => pairs))}`,
  );
}

const folder = argv[2];
if (folder === undefined) for (const size of [300, 3000, 30000]) measure(`generated ${size}`, generate(size));
else {
  const files = new Map();
  load(folder, {
    wants: (path) => (/\.ya?ml$/.test(path) ? 'text' : 'nothing'),
    accepts: () => true,
    set: (path, text) => files.set(path, text),
    name: () => {},
    tooLarge: () => {},
  });
  measure(folder, files);
}
