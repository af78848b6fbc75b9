import { describe, expect, it } from 'vitest';
import {
  deployment,
  environmentsOf,
  namespace,
  partialOf,
  planOf,
  resourceOf,
  resourcesOf,
  service,
  textAt,
} from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';
import { podTemplateOf } from '../../resources/workload';

const REPOSITORY = 'https://git.example/shop/deploy.git';

interface Spec {
  readonly name?: string;
  readonly path?: string;
  readonly source?: string;
  readonly to?: string;
  readonly rest?: string;
}

/** An Application, with a source of one path unless told otherwise. */
const application = ({ name = 'shop', path = 'shop', source = '', to = 'name: eu', rest = '' }: Spec): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  source:
    repoURL: ${REPOSITORY}
    path: ${path}
${source}  destination:
    ${to}
    namespace: shop
${rest}`;

const ALL = ['Deployment shop/cart', 'Service shop/cart'];
const shop = { 'shop/cart.yaml': deployment('cart'), 'shop/service.yaml': service('cart') };
const withApplication = (...titles: string[]): string[] => [...titles, 'Application argocd/shop'].sort();

describe('what a directory brings', () => {
  it('is an environment called like the cluster', () => {
    const files = { ...shop, 'argo/shop.yaml': application({}) };
    expect(environmentsOf(files)).toEqual({ eu: withApplication(...ALL) });
    expect(planOf(files, 'eu')).toMatchObject({ kind: 'argo-cd', root: 'shop' });
    expect(partialOf(files, 'eu')).toEqual([]);
  });

  it.each([
    ['not what lies below, unless it says so', '', ['Service shop/top']],
    ['all of it with recurse', '    directory:\n      recurse: true\n', ['Service shop/below', 'Service shop/top']],
    ['not what is excluded', '    directory:\n      recurse: true\n      exclude: "*/below.yaml"\n', ['Service shop/top']],
    ['only what is included', '    directory:\n      recurse: true\n      include: "{x/*,y}"\n', ['Service shop/below']],
    [
      'nothing that is both: exclusion is looked at first',
      '    directory:\n      recurse: true\n      exclude: "x/*"\n      include: "*"\n',
      ['Service shop/top'],
    ],
  ])('is %s', (_, source, expected) => {
    const files = {
      'shop/top.yaml': service('top'),
      'shop/x/below.yaml': service('below'),
      'a.yaml': application({ source }),
    };
    expect(environmentsOf(files)['eu']).toEqual(withApplication(...expected));
  });

  it('is not a file that asks to be left out', () => {
    const files = { ...shop, 'shop/job.yaml': `# +argocd:skip-file-rendering\n${service('job')}`, 'a.yaml': application({}) };
    expect(environmentsOf(files)['eu']).toEqual(withApplication(...ALL));
  });

  it('of what several files define is the last', () => {
    const files = {
      'shop/a.yaml': `${service('cart')}  labels:\n    from: a\n`,
      'shop/b.yaml': `${service('cart')}  labels:\n    from: b\n`,
      'a.yaml': application({}),
    };
    expect(resourceOf(files, 'eu', 'Service shop/cart').labels.get('from')).toMatchObject({ value: 'b' });
  });
});

describe('the destination', () => {
  it('gives its namespace to what has none, and to nothing else', () => {
    const files = {
      'shop/all.yaml': `${service('cart')}---\n${service('till', 'pay')}---\n${namespace('pay')}`,
      'a.yaml': application({}),
    };
    expect(environmentsOf(files)['eu']).toEqual(withApplication('Namespace pay', 'Service pay/till', 'Service shop/cart'));
    const cart = resourceOf(files, 'eu', 'Service shop/cart');
    expect(textAt(files, cart.at('metadata', 'namespace'))).toBe('a.yaml: shop');
  });

  it('is the same for Applications that name the same server', () => {
    const files = {
      ...shop,
      'mail/mail.yaml': service('mail'),
      'argo/a.yaml': application({ to: 'server: https://eu.example:6443' }),
      'argo/b.yaml': application({ name: 'mail', path: 'mail', to: 'server: https://eu.example:6443/' }),
    };
    expect(environmentsOf(files)).toEqual({
      'eu.example': withApplication(...ALL, 'Application argocd/mail', 'Service shop/mail'),
    });
  });

  it.each([['server: https://kubernetes.default.svc'], ['name: in-cluster'], ["name: in-cluster\n    server: ''"]])(
    "%s is Argo CD's own cluster, called like its Application while that is alone",
    (to) => {
      const alone = { ...shop, 'a.yaml': application({ to }) };
      expect(Object.keys(environmentsOf(alone))).toEqual(['shop']);
      const two = { ...alone, 'mail/a.yaml': service('mail'), 'b.yaml': application({ name: 'mail', path: 'mail', to }) };
      expect(Object.keys(environmentsOf(two))).toEqual(['in-cluster']);
    },
  );

  it('differs between folders that define the same Application: one Argo CD cannot have both', () => {
    const to = 'name: in-cluster';
    const files = {
      ...shop,
      'next/cart.yaml': service('cart'),
      'argo/dev/a.yaml': application({ path: 'next', to }),
      'argo/prod/a.yaml': application({ to }),
    };
    expect(environmentsOf(files)).toEqual({
      dev: withApplication('Service shop/cart'),
      prod: withApplication(...ALL),
    });
  });
});

it('folders side by side that bring the same namespace and roles are one Argo CD', () => {
  const shared = `${namespace('shop')}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: reader }\n`;
  const to = 'name: in-cluster';
  const files = {
    'one/s.yaml': `${service('one')}---\n${shared}`,
    'two/s.yaml': `${service('two')}---\n${shared}`,
    'argo/a/app.yaml': application({ name: 'a', path: 'one', to }),
    'argo/b/app.yaml': application({ name: 'b', path: 'two', to }),
  };
  expect(Object.keys(environmentsOf(files))).toEqual(['in-cluster']);
});

describe('kustomize', () => {
  const built = { ...shop, 'shop/kustomization.yaml': 'resources: [cart.yaml, service.yaml]\n' };

  it('is used where the path holds a kustomization, and the directory is no environment of its own', () => {
    expect(environmentsOf({ ...built, 'a.yaml': application({}) })).toEqual({ eu: withApplication(...ALL) });
  });

  it('takes overrides, which stand in the Application', () => {
    const source = `    kustomize:
      namespace: till
      commonAnnotations:
        linkerd.io/inject: enabled
      images:
        - app=registry.example:5000/cart:2
`;
    const files = { ...built, 'a.yaml': application({ source }) };
    const cart = resourceOf(files, 'eu', 'Deployment till/cart');
    const template = podTemplateOf(cart);
    const inject = template?.annotations.get('linkerd.io/inject');
    expect(inject?.is === 'known' && textAt(files, inject.node)).toBe('a.yaml: enabled');
    expect(template?.containers.map(({ image }) => image)).toEqual(['registry.example:5000/cart:2']);
  });

  it('takes patches, and says which override it does not know', () => {
    const source = `    kustomize:
      somethingNew: true
      patches:
        - target: { kind: Deployment, name: cart }
          patch: |-
            - op: add
              path: /spec/template/metadata/labels/sidecar.istio.io~1inject
              value: "true"
`;
    const files = { ...built, 'a.yaml': application({ source }) };
    const label = podTemplateOf(resourceOf(files, 'eu', 'Deployment shop/cart'))?.labels.get('sidecar.istio.io/inject');
    expect(label?.is === 'known' && textAt(files, label.node)).toBe('a.yaml: "true"');
    expect(partialOf(files, 'eu')).toEqual(['fields that are not read: kustomize.somethingNew in a.yaml']);
  });

  // gitops.md section 1, "Kustomize": `kustomize edit` in the path's own kustomization, which is then built.
  describe('writes overrides into the kustomization in the path', () => {
    const titles = (own: string, overrides: string, more: Readonly<Record<string, string>> = {}): string[] => {
      const source = `    kustomize:\n${overrides}`;
      const files = { ...shop, ...more, 'shop/kustomization.yaml': `resources: [cart.yaml]\n${own}` };
      return environmentsOf({ ...files, 'a.yaml': application({ source }) })['eu'] ?? [];
    };
    const images = (own: string, image: string): readonly unknown[] | undefined => {
      const source = `    kustomize: { images: ["${image}"] }\n`;
      const files = { ...shop, 'shop/kustomization.yaml': `resources: [cart.yaml]\nimages: [${own}]\n` };
      const cart = resourceOf({ ...files, 'a.yaml': application({ source }) }, 'eu', 'Deployment shop/cart');
      return podTemplateOf(cart)?.containers.map(({ image }) => image);
    };

    it.each([
      [
        'a prefix and a suffix take the place of those there',
        'namePrefix: a-\nnameSuffix: -y\n',
        'namePrefix: b-',
        'shop/b-cart-y',
      ],
      ['an empty one does not', 'namePrefix: a-\n', 'namePrefix: ""', 'shop/a-cart'],
      ['so does a namespace', 'namespace: old\n', 'namespace: new', 'new/cart'],
      [
        'a patch sees names as they were before',
        'namePrefix: a-\nnamespace: old\n',
        'patches: [{ patch: "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: cart }, $patch: delete }" }]',
        undefined,
      ],
    ])('%s', (_, own, overrides, deployed) => {
      const name = deployed === undefined ? [] : [`Deployment ${deployed}`];
      expect(titles(own, `      ${overrides}\n`)).toEqual(['Application argocd/shop', ...name]);
    });

    it('a component comes before the transformers there', () => {
      const component = {
        'mesh/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [s.yaml]\n',
        'mesh/s.yaml': service('mesh'),
      };
      expect(titles('namespace: old\n', '      components: [../mesh]\n', component)).toContain('Service old/mesh');
    });

    it('a component that is not here is passed by where it says so', () => {
      const files = (more: string): Record<string, string> => {
        const source = `    kustomize: { components: [../mesh, ../gone], ${more} }\n`;
        const mesh = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\n';
        return { ...built, 'mesh/kustomization.yaml': mesh, 'a.yaml': application({ source }) };
      };
      const skipped = files('ignoreMissingComponents: true');
      expect(environmentsOf(skipped)['eu']).toContain('Deployment shop/c-cart');
      expect(partialOf(skipped, 'eu')).toEqual([]);
      expect(partialOf(files(''), 'eu')).toEqual([
        'components that are not here: shop/kustomization.yaml',
        'overrides that cannot be applied: a.yaml',
      ]);
    });

    it.each([
      ['{ name: app, newName: other, newTag: "1" }', 'app:3', 'app:3'],
      ['{ name: app, newName: other, newTag: "1" }', 'app=*:3', 'other:3'],
      ['{ name: web, newTag: "1" }', 'app:3', 'app:3'],
    ])('an image %s gives way to %s', (own, image, result) => {
      expect(images(own, image)).toEqual([result]);
    });

    it('two Applications of one path have each their own', () => {
      const one = (name: string): string =>
        application({ name, source: `    kustomize: { namePrefix: ${name}- }\n`, to: `name: ${name}` });
      const files = { ...built, 'argo/a.yaml': one('a'), 'argo/b.yaml': one('b') };
      const { a, b } = environmentsOf(files);
      expect(a).toContain('Deployment shop/a-cart');
      expect(b).toContain('Deployment shop/b-cart');
    });

    it('an edit of the kustomization leaves objects that it does not touch, and the other way round', () => {
      const source = '    kustomize: { namePrefix: b- }\n';
      const files = { ...built, 'a.yaml': application({ source }) };
      const workspace = workspaceOf(files, []);
      const cart = (): unknown =>
        workspace
          .view('eu')
          ?.environment()
          .resources.find(({ kind }) => kind === 'Deployment.apps');
      const before = cart();
      expect(before).toBeDefined();
      workspace.set('shop/kustomization.yaml', 'resources: [cart.yaml]\n');
      expect(cart()).toBe(before);
      workspace.set('a.yaml', application({ source, rest: '  project: shop\n' }));
      expect(cart()).toBe(before);
    });
  });
});

describe('other sources', () => {
  it('a chart here gives its templates, unrendered', () => {
    const files = {
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
      'shop/values.yaml': 'a: 1\n',
      'shop/templates/s.yaml': service('cart'),
      'a.yaml': application({}),
    };
    expect(environmentsOf(files)).toEqual({ eu: withApplication('Service shop/cart') });
    expect(partialOf(files, 'eu')).toEqual(['templates are read without being rendered']);
  });

  it('a chart of dependencies alone is one that is installed there', () => {
    const files = {
      'shop/Chart.yaml':
        'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n  - name: istiod\n    version: 1.27.0\n    repository: https://istio-release.storage.googleapis.com/charts\n',
      'a.yaml': application({}),
    };
    expect(environmentsOf(files)).toEqual({ eu: ['Application argocd/shop'] });
    const environment = workspaceOf(files, []).view('eu')?.environment();
    expect(environment?.files).toEqual(['a.yaml', 'shop/Chart.yaml']);
    expect(environment?.partial).toEqual(['templates are read without being rendered']);
  });

  it('what is elsewhere makes the environment partial', () => {
    const several = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd }
spec:
  sources:
    - { repoURL: ${REPOSITORY}, path: shop }
    - { repoURL: "https://charts.example", chart: redis, targetRevision: 1.0.0 }
    - { repoURL: "https://git.example/other", path: gone }
    - { repoURL: "https://git.example/other", ref: values }
  destination: { name: eu, namespace: shop }
`;
    const files = { ...shop, 'a.yaml': several };
    expect(environmentsOf(files)).toEqual({ eu: withApplication(...ALL) });
    expect(partialOf(files, 'eu')).toEqual([
      'charts of elsewhere: redis of Application argocd/shop',
      'paths in other repositories: gone of Application argocd/shop (git.example/other)',
    ]);
  });

  it('of what several sources define the last one lands', () => {
    const several = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: shop, namespace: argocd }
spec:
  sources:
    - { repoURL: ${REPOSITORY}, path: one }
    - { repoURL: ${REPOSITORY}, path: two }
  destination: { name: eu, namespace: shop }
`;
    const files = {
      'one/s.yaml': `${service('cart')}  labels:\n    from: one\n`,
      'two/s.yaml': `${service('cart')}  labels:\n    from: two\n`,
      'a.yaml': several,
    };
    expect(resourceOf(files, 'eu', 'Service shop/cart').labels.get('from')).toMatchObject({ value: 'two' });
  });

  it('an Application of nothing here is a resource like others', () => {
    const files = { ...shop, 'a.yaml': application({ path: 'elsewhere' }) };
    expect(environmentsOf(files)).toEqual({ '.': ['Application argocd/shop', 'Deployment cart', 'Service cart'] });
  });

  it('a path that happens to exist is not ours where most paths of that repository do not', () => {
    const other = (name: string, path: string): string =>
      application({ name, path }).replace(REPOSITORY, 'git@git.example:other/things.git');
    const files = {
      ...shop,
      'base/b.yaml': service('base'),
      'argo/a.yaml': application({}),
      'argo/b.yaml': other('b', 'base'),
      'argo/c.yaml': other('c', 'charts/c'),
      'argo/d.yaml': other('d', 'charts/d'),
    };
    expect(environmentsOf(files)).toEqual({
      '.': ['Service base'],
      eu: withApplication(...ALL, 'Application argocd/b', 'Application argocd/c', 'Application argocd/d'),
    });
  });
});

it('a directory called alike is not ours where far more is taken from another address', () => {
  const files = {
    ...shop,
    'base/b.yaml': service('base'),
    ...Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].flatMap((name) => [
        [`apps/${name}/s.yaml`, service(name)],
        [`argo/${name}.yaml`, application({ name, path: `apps/${name}` })],
      ]),
    ),
    'argo/other.yaml': application({ name: 'other', path: 'base' }).replace(REPOSITORY, 'https://git.example/other'),
  };
  expect(environmentsOf(files)['eu']).not.toContain('Service shop/base');
  expect(partialOf(files, 'eu')).toEqual(['paths in other repositories: base of Application argocd/other (git.example/other)']);
});

describe('managedNamespaceMetadata', () => {
  const managed = (option: string): string => `  syncPolicy:
    syncOptions: [${option}]
    managedNamespaceMetadata:
      labels:
        istio-injection: enabled
`;

  it('makes a Namespace whose labels stand in the Application', () => {
    const files = { ...shop, 'a.yaml': application({ rest: managed('CreateNamespace=true') }) };
    const made = resourceOf(files, 'eu', 'Namespace shop');
    const label = made.labels.get('istio-injection');
    expect(label.is === 'known' && textAt(files, label.node)).toBe('a.yaml: enabled');
    expect(textAt(files, made.titlePlace)).toBe('a.yaml: shop');
  });

  it('makes none without CreateNamespace=true, and none beside one that is brought', () => {
    const without = { ...shop, 'a.yaml': application({ rest: managed('PruneLast=true') }) };
    expect(environmentsOf(without)['eu']).toEqual(withApplication(...ALL));
    const brought = { 'shop/ns.yaml': namespace('shop'), 'a.yaml': application({ rest: managed('CreateNamespace=true') }) };
    expect(resourceOf(brought, 'eu', 'Namespace shop').labels.get('istio-injection').is).toBe('absent');
  });

  it('decides injection: two meshes are found, on both sides', () => {
    const files = {
      'shop/cart.yaml': deployment('cart', { 'linkerd.io/inject': 'enabled' }),
      'a.yaml': application({ rest: managed('CreateNamespace=true') }),
    };
    const found = workspaceOf(files)
      .findings()
      .filter(({ reported }) => reported.rule === 'coexistence/double-injection');
    expect(found.map(({ reported }) => `${reported.file} ${reported.environments.join()}`)).toEqual([
      'a.yaml eu',
      'shop/cart.yaml eu',
    ]);
    expect(found.map(({ start, end, reported }) => files[reported.file as keyof typeof files].slice(start, end))).toEqual([
      'enabled',
      'enabled',
    ]);
  });
});

describe('app of apps', () => {
  const root = application({ name: 'root', path: 'argo', to: 'name: in-cluster' }).replace(
    'namespace: shop',
    'namespace: argocd',
  );

  it('is followed: each Application counts where it deploys to', () => {
    const files = { ...shop, 'argo/shop.yaml': application({}), 'root.yaml': root };
    expect(environmentsOf(files)).toEqual({ eu: withApplication(...ALL), root: ['Application argocd/root'] });
  });

  it('goes round in circles without end', () => {
    const self = root.replace('path: argo', 'path: argo\n    directory: { recurse: true }');
    const files = {
      ...shop,
      'argo/root.yaml': self,
      'argo/shop.yaml': application({}),
      'argo/x/again.yaml': self.replace('name: root', 'name: again'),
    };
    expect(environmentsOf(files)).toEqual({
      eu: withApplication(...ALL),
      'in-cluster': ['Application argocd/again', 'Application argocd/root'],
    });
  });

  it('brings Applications with a chart of elsewhere to an environment of their own', () => {
    const chart = application({ name: 'istiod', to: 'name: us' }).replace('path: shop', 'chart: istiod');
    expect(environmentsOf({ 'argo/istiod.yaml': chart, 'root.yaml': root })).toEqual({
      root: ['Application argocd/root'],
      us: ['Application argocd/istiod'],
    });
  });
});

describe('what an Application cannot do', () => {
  it.each([['/etc'], ['../shop'], ['shop/../../etc'], ['"\\0"'], ['C:/shop']])('path %s reads nothing', (path) => {
    const files = { ...shop, 'a.yaml': application({ path }) };
    expect(Object.keys(environmentsOf(files))).toEqual(['.']);
  });

  it('configuration comes first', () => {
    const files = {
      ...shop,
      '.mesh-lint.yaml': 'environments:\n  mine:\n    include: ["shop/cart.yaml"]\n',
      'a.yaml': application({}),
    };
    expect(environmentsOf(files)).toEqual({ eu: withApplication('Service shop/cart'), mine: ['Deployment cart'] });
  });

  it('text of any kind does not throw', () => {
    for (const broken of [
      'spec:',
      'spec: []',
      'spec: { source: 1, sources: [1, {}], destination: [] }',
      'spec: { source: { path: {}, kustomize: 1, helm: [] } }',
    ]) {
      const text = `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: x }\n${broken}\n`;
      expect(workspaceOf({ ...shop, 'a.yaml': text }).faults()).toEqual([]);
    }
  });
});

it.each([
  ['a directory', {}],
  ['a build', { 'shop/kustomization.yaml': 'resources: [cart.yaml, service.yaml]\n' }],
  ['a bootstrap that is built', { 'argo/kustomization.yaml': 'resources: [../a.yaml]\n' }],
])('an edit that changes nothing of where things go plans nothing anew: %s', (_, more) => {
  const files = { ...shop, ...more, 'a.yaml': application({}) };
  const workspace = workspaceOf(files);
  workspace.findings();
  const before = workspace.view('eu')?.environment().plan;
  expect(before).toBeDefined();
  workspace.graph.resetRunCounts();
  workspace.set('shop/cart.yaml', deployment('cart', { team: 'books' }));
  const after = workspace.view('eu')?.environment();
  expect(after?.plan).toBe(before);
  expect(workspace.graph.runCounts().get('plans')).toBeUndefined();
  const changed = { ...files, 'shop/cart.yaml': deployment('cart', { team: 'books' }) };
  expect(after?.resources.map(({ title }) => title)).toEqual(resourcesOf(changed, 'eu').map(({ title }) => title));
});
