/** Opens many overlays and edits one of them; started by `overlays.mjs`. */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const EDITS = 40;

/** A base, and overlays that each patch one workload of it. */
function repositoryOf(overlays, resources) {
  const files = new Map();
  const names = Array.from({ length: resources / 2 }, (_, i) => `app-${i}`);
  for (const name of names) files.set(`base/${name}.yaml`, appOf(name));
  files.set('base/kustomization.yaml', `resources:\n${names.map((name) => `  - ${name}.yaml\n`).join('')}`);
  for (let i = 0; i < overlays; i++) {
    const folder = `overlays/site-${i}`;
    files.set(
      `${folder}/kustomization.yaml`,
      `namespace: site-${i}\nlabels:\n  - pairs:\n      site: site-${i}\nresources:\n  - ../../base\n  - namespace.yaml\npatches:\n  - path: patch.yaml\n`,
    );
    files.set(
      `${folder}/namespace.yaml`,
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: site-${i}\n  labels:\n    istio-injection: enabled\n`,
    );
    files.set(`${folder}/patch.yaml`, patchOf('true'));
  }
  return files;
}

const appOf = (name) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - name: http\n      port: 80\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    matchLabels:\n      app: ${name}\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: registry.example/${name}:1\n          ports:\n            - containerPort: 80\n`;

const patchOf = (inject) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-0\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "${inject}"\n`;

process.once('message', ({ engine, overlays, resources }) => {
  const { Workspace, rules } = createRequire(import.meta.url)(engine);
  const touched = new Set();
  const watched = rules.map((rule) => ({
    ...rule,
    check: (subject, view) => {
      const { name } = view.scope().plan;
      if (name !== '') touched.add(name);
      return rule.check(subject, view);
    },
  }));
  const files = repositoryOf(overlays, resources);
  const workspace = new Workspace({ rules: watched, now: new Date(0) });
  const start = performance.now();
  for (const [path, text] of files) if (workspace.accepts(path, text)) workspace.set(path, text);
  workspace.findings();
  const open = performance.now() - start;
  const built = workspace.views().reduce((sum, view) => sum + view.environment().resources.length, 0);
  const edited = (path, texts) => {
    const result = { times: [], environments: [] };
    for (let i = 0; i < EDITS; i++) {
      touched.clear();
      const from = performance.now();
      workspace.set(path, texts[i % texts.length]);
      workspace.findings();
      result.times.push(performance.now() - from);
      result.environments.push(touched.size);
    }
    return result;
  };
  const own = edited('overlays/site-7/patch.yaml', [patchOf('false'), patchOf('true')]);
  const base = files.get('base/app-3.yaml');
  const shared = edited('base/app-3.yaml', [base.replace('containerPort: 80', 'containerPort: 81'), base]);
  process.send({ open, resources: built, own, shared }, () => process.exit());
});
