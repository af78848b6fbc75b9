import { describe, expect, it } from 'vitest';
import { environmentsOf, namespace, partialOf, resourceOf, service } from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';

const REPOSITORY = 'https://git.example/shop/deploy';

const set = (generators: string, template: string, rest = ''): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: all, namespace: argocd }
spec:
${rest}  generators:
${generators}  template:
${template}`;

const template = (name: string, path: string, cluster: string): string =>
  `    metadata: { name: '${name}' }
    spec:
      source: { repoURL: ${REPOSITORY}, path: '${path}' }
      destination: { name: '${cluster}', namespace: shop }
`;

const apps = { 'apps/cart/s.yaml': service('cart'), 'apps/web/s.yaml': service('web') };

describe('generators', () => {
  it('a list gives each element', () => {
    const generators =
      '    - list:\n        elements:\n          - { app: cart, cluster: eu }\n          - { app: web, cluster: us }\n';
    expect(
      environmentsOf({ ...apps, 'set.yaml': set(generators, template('{{app}}-{{cluster}}', 'apps/{{app}}', '{{cluster}}')) }),
    ).toEqual({
      eu: ['Application argocd/cart-eu', 'Service shop/cart'],
      us: ['Application argocd/web-us', 'Service shop/web'],
    });
  });

  it('directories of git do, a level deep, without those that are excluded or start with a dot', () => {
    const files = {
      ...apps,
      'apps/cart/deeper/s.yaml': service('deeper'),
      'apps/draft/s.yaml': service('draft'),
      'apps/.hidden/s.yaml': service('hidden'),
      'set.yaml': set(
        `    - git:\n        repoURL: ${REPOSITORY}.git\n        directories: [{ path: apps/* }, { path: apps/draft, exclude: true }]\n`,
        template('{{path.basename}}', '{{path}}', 'eu'),
      ),
    };
    expect(environmentsOf(files)).toEqual({
      '.': ['Service deeper', 'Service draft', 'Service hidden'],
      eu: ['Application argocd/cart', 'Application argocd/web', 'Service shop/cart', 'Service shop/web'],
    });
  });

  it.each([
    ['', '{{path.basename}}', '{{path}}', '{{cluster.name}}'],
    ['  goTemplate: true\n', '{{ .path.basename }}', '{{.path.path}}', '{{.cluster.name}}'],
    ['  goTemplate: true\n', '{{ index .path.segments 1 }}', 'apps/{{index .path.segments 1}}', '{{index .cluster "name"}}'],
  ])('files of git do, with what they hold: %s', (rest, name, path, cluster) => {
    const files = {
      ...apps,
      'apps/cart/config.json': '{"cluster": {"name": "eu"}}',
      'apps/web/config.json': '{"cluster": {"name": "us"}}',
      'set.yaml': set(
        `    - git:\n        repoURL: ${REPOSITORY}\n        files: [{ path: "apps/*/config.json" }]\n`,
        template(name, path, cluster),
        rest,
      ),
    };
    expect(environmentsOf(files)).toEqual({
      eu: ['Application argocd/cart', 'Service shop/cart'],
      us: ['Application argocd/web', 'Service shop/web'],
    });
  });

  it('a matrix gives each with each, a merge what belongs together', () => {
    const git = `{ git: { repoURL: "${REPOSITORY}", directories: [{ path: apps/* }] } }`;
    const list = '{ list: { elements: [{ cluster: eu }, { cluster: us }] } }';
    const matrix = set(
      `    - matrix: { generators: [${git}, ${list}] }\n`,
      template('{{path.basename}}-{{cluster}}', '{{path}}', '{{cluster}}'),
    );
    expect(environmentsOf({ ...apps, 'set.yaml': matrix })).toEqual({
      eu: ['Application argocd/cart-eu', 'Application argocd/web-eu', 'Service shop/cart', 'Service shop/web'],
      us: ['Application argocd/cart-us', 'Application argocd/web-us', 'Service shop/cart', 'Service shop/web'],
    });
    const base = '{ list: { elements: [{ app: cart, cluster: eu }, { app: web, cluster: eu }] } }';
    const other = '{ list: { elements: [{ app: web, cluster: us }, { app: gone, cluster: us }] } }';
    const merge = set(
      `    - merge: { mergeKeys: [app], generators: [${base}, ${other}] }\n`,
      template('{{app}}', 'apps/{{app}}', '{{cluster}}'),
    );
    expect(environmentsOf({ ...apps, 'set.yaml': merge })).toEqual({
      eu: ['Application argocd/cart', 'Service shop/cart'],
      us: ['Application argocd/web', 'Service shop/web'],
    });
  });

  it('clusters are those whose Secrets are here', () => {
    const cluster = (name: string, stage: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  labels:\n    argocd.argoproj.io/secret-type: cluster\n    stage: ${stage}\nstringData:\n  name: ${name}\n  server: https://${name}.example\n`;
    const generators = '    - clusters:\n        selector:\n          matchLabels: { stage: prod }\n';
    const files = {
      ...apps,
      'clusters.yaml': `${cluster('eu', 'prod')}---\n${cluster('us', 'dev')}`,
      'set.yaml': set(generators, template('cart-{{name}}', 'apps/cart', '{{name}}')),
    };
    expect(environmentsOf(files)).toEqual({
      '.': ['Secret eu', 'Secret us', 'Service web'],
      eu: ['Application argocd/cart-eu', 'Service shop/cart'],
    });
  });

  it('clusters that no file shows are one environment, and it says so', () => {
    const files = { ...apps, 'set.yaml': set('    - clusters: {}\n', template('cart-{{name}}', 'apps/cart', '{{name}}')) };
    expect(environmentsOf(files)).toEqual({
      '.': ['Service web'],
      all: ['Application argocd/(templated name)', 'Service shop/cart'],
    });
    expect(partialOf(files, 'all')).toEqual([
      'clusters that are not in this repository: those that ApplicationSet argocd/all selects',
    ]);
  });

  it('what is asked of a forge is not known', () => {
    const files = { ...apps, 'set.yaml': set('    - pullRequest: { github: {} }\n', template('{{number}}', 'apps/cart', 'eu')) };
    expect(environmentsOf(files)).toEqual({ '.': ['ApplicationSet argocd/all', 'Service cart', 'Service web'] });
  });
});

describe('templates', () => {
  it('fill a namespace and its labels', () => {
    const generators = '    - list: { elements: [{ team: books, inject: enabled }] }\n';
    const text = set(
      generators,
      `    metadata: { name: '{{team}}' }
    spec:
      source: { repoURL: ${REPOSITORY}, path: apps/cart }
      destination: { name: eu, namespace: '{{team}}' }
      syncPolicy:
        syncOptions: [CreateNamespace=true]
        managedNamespaceMetadata: { labels: { istio-injection: '{{inject}}', other: '{{nobody}}' } }
`,
    );
    const files = { ...apps, 'set.yaml': text };
    const made = resourceOf(files, 'eu', 'Namespace books');
    expect(made.labels.get('istio-injection')).toMatchObject({ is: 'known', value: 'enabled' });
    expect(made.labels.get('other').is).toBe('unknown');
    expect(environmentsOf(files)['eu']).toContain('Service books/cart');
  });

  it('with functions stay unknown', () => {
    const generators = '    - list: { elements: [{ app: cart }] }\n';
    const text = set(generators, template('{{ .app | upper }}', 'apps/{{ .app }}', 'eu'), '  goTemplate: true\n');
    expect(environmentsOf({ ...apps, 'set.yaml': text })['eu']).toEqual([
      'Application argocd/(templated name)',
      'Service shop/cart',
    ]);
  });

  it('follow an edit of a text in braces, and of a file that a generator reads', () => {
    const generators = `    - git: { repoURL: "${REPOSITORY}", files: [{ path: "apps/*/config.json" }] }\n`;
    const text = set(generators, template('{{path.basename}}', '{{path}}', '{{first}}'));
    const files: Record<string, string> = {
      ...apps,
      'apps/cart/config.json': '{"first": "eu", "second": "us"}',
      'set.yaml': text,
    };
    const workspace = workspaceOf(files, []);
    expect(workspace.environmentNames()).toEqual(['.', 'eu']);
    workspace.set('set.yaml', text.replace('{{first}}', '{{second}}'));
    expect(workspace.environmentNames()).toEqual(['.', 'us']);
    workspace.set('apps/cart/config.json', '{"first": "eu", "second": "ap"}');
    expect(workspace.environmentNames()).toEqual(['.', 'ap']);
  });
});

it('text of any kind does not throw', () => {
  for (const broken of [
    'spec:',
    'spec: { generators: 1, template: [] }',
    'spec: { generators: [1, {}, { list: 1 }, { git: { directories: [1], files: {} } }, { matrix: { generators: [{}] } }], template: { metadata: 1, spec: { source: 1 } } }',
    "spec: { generators: [{ list: { elements: [&a { x: *a }] } }], template: { metadata: { name: '{{' } } }",
    `spec: { generators: [{ git: { repoURL: x, directories: [{ path: "[" }] } }], template: { spec: {} } }`,
  ]) {
    const text = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: x }\n${broken}\n`;
    const workspace = workspaceOf({ ...apps, 'ns.yaml': namespace('x'), 'a.yaml': text });
    workspace.findings();
    expect(workspace.faults()).toEqual([]);
  }
});
