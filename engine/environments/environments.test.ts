import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { locate, lookup } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';

const service = (name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`;

const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: app\n          image: app:1\n        - name: helper\n          image: helper:1\n`;

/** Environments by name, with the titles of what they hold. */
function environmentsOf(files: Files): Record<string, string[]> {
  const workspace = workspaceOf(files, []);
  return Object.fromEntries(
    workspace.environmentNames().map((name) => [name, resourcesOf(files, name).map((resource) => resource.title)]),
  );
}

function resourcesOf(files: Files, environment: string): readonly Resource[] {
  return workspaceOf(files, []).view(environment)?.environment().resources ?? [];
}

function textAt(files: Files, node: YamlNode | undefined): string {
  if (node === undefined) return '(nothing)';
  const { file, start, end } = locate({ node });
  return `${file}: ${(files[file] ?? '').slice(start, end)}`;
}

describe('folders', () => {
  it('without conflict are one environment', () => {
    expect(environmentsOf({ 'a/cart.yaml': service('cart'), 'b/web.yaml': service('web') })).toEqual({
      '.': ['Service cart', 'Service web'],
    });
  });

  it('that define the same resource are different environments, each with the files above it', () => {
    const files = {
      'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n',
      'dev/cart.yaml': service('cart'),
      'prod/cart.yaml': service('cart'),
    };
    expect(environmentsOf(files)).toEqual({
      '.': ['Namespace shop'],
      dev: ['Namespace shop', 'Service cart'],
      prod: ['Namespace shop', 'Service cart'],
    });
  });

  it('that define it in different namespaces are not', () => {
    expect(
      Object.keys(environmentsOf({ 'dev/cart.yaml': service('cart', 'dev'), 'prod/cart.yaml': service('cart', 'prod') })),
    ).toEqual(['.']);
  });

  it('keep alternatives of one folder together', () => {
    expect(environmentsOf({ 'v1.yaml': service('cart'), 'v2.yaml': service('cart') })).toEqual({
      '.': ['Service cart', 'Service cart'],
    });
  });

  it('are named by the shortest unique suffix', () => {
    const files = {
      'shop/dev/a.yaml': service('a'),
      'shop/prod/a.yaml': service('a'),
      'bank/dev/b.yaml': service('b'),
      'bank/prod/b.yaml': service('b'),
    };
    expect(Object.keys(environmentsOf(files))).toEqual(['bank/dev', 'bank/prod', 'shop/dev', 'shop/prod']);
  });
});

describe('charts and configuration', () => {
  it('a chart is an environment of its own, and partial', () => {
    const files = {
      'chart/Chart.yaml': 'apiVersion: v2\nname: cart\nversion: 1.0.0\n',
      'chart/templates/s.yaml': service('cart'),
      'web.yaml': service('web'),
    };
    expect(environmentsOf(files)).toEqual({ '.': ['Service web'], chart: ['Service cart'] });
    const workspace = workspaceOf(files, []);
    expect(workspace.view('chart')?.environment()).toMatchObject({
      plan: { kind: 'helm' },
      partial: ['templates are read without being rendered'],
    });
  });

  it('configured environments come first and claim their files', () => {
    const files = {
      '.mesh-lint.yaml':
        'environments:\n  live:\n    include: ["apps/**"]\n    exclude: ["apps/draft/**"]\n    complete: true\n  overlay:\n    root: overlays/eu\n',
      'apps/a.yaml': service('a'),
      'apps/draft/b.yaml': service('b'),
      'overlays/eu/kustomization.yaml': 'namespace: eu\nresources: [c.yaml]\n',
      'overlays/eu/c.yaml': service('c'),
    };
    expect(environmentsOf(files)).toEqual({ '.': ['Service b'], live: ['Service a'], overlay: ['Service eu/c'] });
    const plan = workspaceOf(files, []).view('live')?.environment().plan;
    expect(plan).toMatchObject({ kind: 'configured', complete: true, production: true });
  });
});

describe('kustomize', () => {
  const base = { 'base/kustomization.yaml': 'resources: [cart.yaml]\n', 'base/cart.yaml': deployment('cart') };

  it('only the directories that no other uses are environments', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml': 'namespace: shop\nresources: [../base]\n',
      'dev/kustomization.yaml': 'resources: [../base]\n',
    };
    expect(environmentsOf(files)).toEqual({ dev: ['Deployment cart'], prod: ['Deployment shop/cart'] });
  });

  it('a namespace stands where it is set', () => {
    const files = { ...base, 'prod/kustomization.yaml': 'resources: [../base]\nnamespace: shop\n' };
    const [cart] = resourcesOf(files, 'prod');
    expect(textAt(files, cart?.at('metadata', 'namespace'))).toBe('prod/kustomization.yaml: shop');
    expect(cart?.file).toBe('base/cart.yaml');
  });

  it('renames a Namespace and leaves cluster-scoped kinds alone', () => {
    const files = {
      'kustomization.yaml': 'namespace: shop\nresources: [all.yaml]\n',
      'all.yaml': `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: other\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: reader\n---\n${service('cart', 'elsewhere')}`,
    };
    expect(environmentsOf(files)).toEqual({ '.': ['Namespace shop', 'ClusterRole reader', 'Service shop/cart'] });
  });

  it('merges patches, each value standing where it was written', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: patch.yaml\n',
      'prod/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n    spec:\n      containers:\n        - name: helper\n          image: helper:2\n',
    };
    const [cart] = resourcesOf(files, 'prod');
    const template = cart && podTemplateOf(cart);
    expect(template?.containers.map(({ image }) => image)).toEqual(['helper:2', 'app:1']);
    expect(textAt(files, lookup(template?.containers[0]?.node, 'image'))).toBe('prod/patch.yaml: helper:2');
    expect(textAt(files, lookup(template?.containers[1]?.node, 'image'))).toBe('base/cart.yaml: app:1');
    const inject = template?.annotations.get('linkerd.io/inject');
    expect(inject?.is === 'known' && textAt(files, inject.node)).toBe('prod/patch.yaml: enabled');
    const app = template?.labels.get('app');
    expect(app?.is === 'known' && textAt(files, app.node)).toBe('base/cart.yaml: cart');
  });

  it('applies inline patches with ranges of the outer file, JSON patches, and deletions', () => {
    const files = {
      ...base,
      'base/kustomization.yaml': 'resources: [cart.yaml, web.yaml]\n',
      'base/web.yaml': deployment('web'),
      'prod/kustomization.yaml':
        'resources:\n  - ../base\npatches:\n  - target:\n      kind: Deployment\n      name: cart\n    patch: |-\n      - op: add\n        path: /spec/template/metadata/labels/istio.io~1dataplane-mode\n        value: none\n  - patch: |-\n      $patch: delete\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: web\n',
    };
    const resources = resourcesOf(files, 'prod');
    expect(resources.map((resource) => resource.title)).toEqual(['Deployment cart']);
    const mode = resources[0] && podTemplateOf(resources[0])?.labels.get('istio.io/dataplane-mode');
    expect(mode?.is === 'known' && textAt(files, mode.node)).toBe('prod/kustomization.yaml: none');
  });

  it('takes what stands under "patch" for the patch itself, on one line as well', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml':
        'resources: [../base]\npatches:\n  - target: { kind: Deployment, name: cart }\n    patch: \'[{"op": "add", "path": "/metadata/annotations", "value": {"team": "books"}}]\'\n',
    };
    const [cart] = resourcesOf(files, 'prod');
    expect(cart?.annotations.get('team')).toMatchObject({ is: 'known', value: 'books' });
  });

  it('puts labels and annotations into pod templates', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml':
        'resources: [../base]\ncommonAnnotations:\n  linkerd.io/inject: enabled\nlabels:\n  - pairs:\n      team: books\n    includeTemplates: true\n  - pairs:\n      tier: back\n',
    };
    const [cart] = resourcesOf(files, 'prod');
    const template = cart && podTemplateOf(cart);
    expect(template?.annotations.get('linkerd.io/inject')).toMatchObject({ is: 'known', value: 'enabled' });
    expect(template?.labels.get('team')).toMatchObject({ is: 'known', value: 'books' });
    expect(template?.labels.get('tier').is).toBe('absent');
    expect(cart?.labels.get('tier')).toMatchObject({ is: 'known', value: 'back' });
  });

  it('sets replicas and images where they are changed', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml':
        'resources: [../base]\nreplicas:\n  - name: cart\n    count: 5\nimages:\n  - name: app\n    newName: registry.example:5000/app\n    newTag: "2"\n  - name: other\n    newTag: "9"\n',
    };
    const [cart] = resourcesOf(files, 'prod');
    expect(cart?.at('spec', 'replicas')).toMatchObject({ value: 5 });
    const template = cart && podTemplateOf(cart);
    expect(template?.containers.map(({ image }) => image)).toEqual(['registry.example:5000/app:2', 'helper:1']);
    expect(textAt(files, lookup(template?.containers[0]?.node, 'image'))).toBe('prod/kustomization.yaml: "2"');
  });

  it('runs components on what their user has', () => {
    const files = {
      'kustomization.yaml': 'resources: [cart.yaml]\ncomponents: [mesh]\n',
      'cart.yaml': deployment('cart'),
      'mesh/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [policy.yaml]\npatches:\n  - path: patch.yaml\n',
      'mesh/policy.yaml': 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n',
      'mesh/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "true"\n',
    };
    const resources = resourcesOf(files, '.');
    expect(resources.map((resource) => resource.title)).toEqual(['Deployment cart', 'PeerAuthentication default']);
    expect(resources[0] && podTemplateOf(resources[0])?.labels.get('sidecar.istio.io/inject')).toMatchObject({ value: 'true' });
  });

  it('names what it does not build', () => {
    const files = {
      'kustomization.yaml': 'helmCharts: []\nresources: [cart.yaml, "https://github.com/example/base?ref=v1"]\n',
      'cart.yaml': service('cart'),
    };
    expect(workspaceOf(files, []).view('.')?.environment().partial).toEqual([
      'fields that are not built: helmCharts in kustomization.yaml',
      'remote bases: https://github.com/example/base?ref=v1 in kustomization.yaml',
    ]);
  });

  it('keeps the objects that an edit does not touch', () => {
    const files = {
      ...base,
      'prod/kustomization.yaml': 'namespace: shop\nresources: [../base, web.yaml]\n',
      'prod/web.yaml': service('web'),
    };
    const workspace = workspaceOf(files, []);
    const before = workspace.view('prod')?.environment().resources ?? [];
    workspace.set('prod/web.yaml', service('web').replace('name: web', 'name: web2'));
    const after = workspace.view('prod')?.environment().resources ?? [];
    expect(after.map((resource) => resource.title)).toEqual(['Deployment shop/cart', 'Service shop/web2']);
    expect(after[0]).toBe(before[0]);
  });
});
