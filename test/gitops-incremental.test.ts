import fc from 'fast-check';
import { it } from 'vitest';
import { editOf, expectSameAsFresh } from './support/edits';

const application = (name: string, path: string, cluster: string, more = ''): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  source: { repoURL: "https://git.example/x", path: ${path} }\n  destination: { name: ${cluster}, namespace: shop }\n${more}`;
const kustomization = (name: string, path: string, more: string): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec:\n  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n${more}`;

/** Pieces that bring each other, themselves, and what others bring too. */
const PIECES = [
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: ${inject:=enabled}\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n    spec:\n      containers:\n        - name: app\n          image: app:1\n',
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  selector: { app: cart }\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: flux-system }\ndata: { inject: disabled }\n',
  application('a', 'apps', 'in-cluster'),
  application(
    'b',
    'argo',
    'eu',
    '  syncPolicy:\n    syncOptions: [CreateNamespace=true]\n    managedNamespaceMetadata: { labels: { istio-injection: enabled } }\n',
  ),
  application('c', 'apps', 'eu').replace('path: apps }', 'path: apps, directory: { recurse: true } }'),
  "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: set, namespace: argocd }\nspec:\n  generators:\n    - list: { elements: [{ to: eu, what: apps }, { to: us, what: argo }] }\n    - git: { repoURL: 'https://git.example/x', files: [{ path: 'apps/*.json' }] }\n  template:\n    metadata: { name: 'x-{{to}}' }\n    spec:\n      source: { repoURL: 'https://git.example/x', path: '{{what}}' }\n      destination: { name: '{{to}}', namespace: shop }\n",
  kustomization(
    'apps',
    './apps',
    '  postBuild:\n    substitute: { other: x }\n    substituteFrom: [{ kind: ConfigMap, name: settings }]\n',
  ),
  kustomization('argo', 'argo', '  targetNamespace: shop\n'),
  kustomization('self', 'clusters/eu', ''),
  'resources:\n  - a.yaml\n',
  'resources:\n  - ../apps\nnamespace: shop\n',
  'environments:\n  mine:\n    include: ["apps/b.yaml"]\n',
  '{ "to": "us", "what": "apps" }\n',
  'apiVersion: v2\nname: apps\nversion: 1.0.0\n',
  'inject: enabled\n',
  'inject: disabled\nother: x\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {{ .Release.Namespace | default "shop" }}\n  labels:\n    istio-injection: {{ .Values.inject }}\n    other: "a-{{ .Values.other }}"\n',
  application('d', 'apps', 'eu').replace(
    'path: apps }',
    'path: apps, helm: { valueFiles: [values-prod.yaml], values: "other: y" } }',
  ),
  'namePrefix: a-\nnamespace: old\nimages: [{ name: app, newName: other }]\nresources:\n  - a.yaml\n',
  'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - a.yaml\n',
  application('e', 'apps', 'eu').replace(
    'path: apps }',
    'path: apps, kustomize: { namePrefix: b-, images: ["app:2"], components: [../argo] } }',
  ),
  kustomization('layered', 'apps', '  namePrefix: c-\n  components: [../argo]\n  images: [{ name: app, newTag: "2" }]\n'),
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: r, namespace: shop }\nspec:\n  chart: { spec: { chart: apps, sourceRef: { kind: GitRepository, name: flux-system } } }\n  values: { inject: enabled }\n',
];

const PATHS = [
  'apps/a.yaml',
  'apps/b.yaml',
  'apps/kustomization.yaml',
  'apps/x.json',
  'apps/Chart.yaml',
  'apps/values.yaml',
  'apps/values-prod.yaml',
  'apps/templates/t.yaml',
  'argo/a.yaml',
  'argo/kustomization.yaml',
  'clusters/eu/a.yaml',
  'clusters/us/a.yaml',
  'top.yaml',
  '.mesh-lint.yaml',
];

const INSERTS = ['', 'x', '\n', 'apps', 'argo', 'eu', '${inject}', '{{to}}', 'other', '# note\n', '---\n'];

it('with objects that deploy, equals a fresh start after any sequence of edits', () => {
  const edit = editOf({ paths: PATHS, pieces: PIECES, inserts: INSERTS });
  fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), expectSameAsFresh), { numRuns: 100 });
});
