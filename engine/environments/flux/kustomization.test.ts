import { describe, expect, it } from 'vitest';
import {
  deployment,
  environmentsOf,
  namespace,
  partialOf,
  planOf,
  resourceOf,
  service,
  textAt,
} from '../../../test/support/environments';
import { workspaceOf } from '../../../test/support/lint';
import { podTemplateOf } from '../../resources/workload';

/** A Flux Kustomization in `flux-system` that takes a path from the repository that was bootstrapped. */
const kustomization = (name: string, path: string, rest = ''): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: flux-system
${rest}`;

const titleOf = (name: string): string => `Kustomization flux-system/${name}`;
const apps = { 'apps/cart.yaml': deployment('cart'), 'apps/inner/s.yaml': service('cart') };
const ALL = ['Deployment cart', 'Service cart'];

describe('what a path brings', () => {
  it("is all of the directory's tree, in the environment of the cluster's directory", () => {
    const files = { ...apps, 'clusters/eu/apps.yaml': kustomization('apps', './apps'), 'clusters/eu/x/ns.yaml': namespace('eu') };
    expect(environmentsOf(files)).toEqual({ eu: [...ALL, titleOf('apps'), 'Namespace eu'].sort() });
    expect(planOf(files, 'eu')).toMatchObject({ kind: 'flux', root: 'clusters/eu' });
    expect(partialOf(files, 'eu')).toEqual([]);
  });

  it('builds the directories that hold a kustomization, and reads no other files of theirs', () => {
    const files = {
      ...apps,
      'apps/web/kustomization.yaml': 'namePrefix: ""\nresources: [web.yaml]\nnamespace: web\n',
      'apps/web/web.yaml': service('web'),
      'apps/web/orphan.yaml': service('orphan'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps'),
    };
    expect(environmentsOf(files)['eu']).toEqual([...ALL, titleOf('apps'), 'Service web/web'].sort());
    expect(environmentsOf(files)['.']).toEqual(['Service orphan']);
  });

  it('is what the kustomization in the path lists, where there is one', () => {
    const files = {
      ...apps,
      'apps/kustomization.yaml': 'resources: [cart.yaml]\n',
      'clusters/eu/apps.yaml': kustomization('apps', 'apps'),
    };
    expect(environmentsOf(files)).toEqual({ '.': ['Service cart'], eu: ['Deployment cart', titleOf('apps')] });
  });

  it('leaves out JSON and what source-controller ignores', () => {
    const files = {
      ...apps,
      'apps/s.json': JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'json' } }),
      'apps/.github/s.yaml': service('workflow'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps'),
    };
    expect(environmentsOf(files)['eu']).toEqual([...ALL, titleOf('apps')].sort());
  });

  it('is not whole where the Kustomization ignores something', () => {
    const files = { ...apps, 'clusters/eu/apps.yaml': kustomization('apps', 'apps', '  ignore: "*.tmp.yaml"\n') };
    expect(partialOf(files, 'eu')).toEqual(['files that are ignored: Kustomization flux-system/apps']);
  });

  it('two clusters share what both name, each with changes of its own', () => {
    const files = {
      ...apps,
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', '  targetNamespace: eu\n'),
      'clusters/us/apps.yaml': kustomization('apps', 'apps', '  targetNamespace: us\n'),
    };
    expect(environmentsOf(files)).toEqual({
      eu: ['Deployment eu/cart', titleOf('apps'), 'Service eu/cart'],
      us: ['Deployment us/cart', titleOf('apps'), 'Service us/cart'],
    });
  });
});

describe('what is done on the way', () => {
  it('targetNamespace beats what is written, and stands where it is set', () => {
    const files = {
      'apps/s.yaml': service('cart', 'elsewhere'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', '  targetNamespace: shop\n'),
    };
    const cart = resourceOf(files, 'eu', 'Service shop/cart');
    expect(textAt(files, cart.at('metadata', 'namespace'))).toBe('clusters/eu/apps.yaml: shop');
  });

  // gitops.md section 3, "spec": overrides act on the kustomization at the path, the one that Flux makes where there is none.
  it.each([
    ['in the path', '', 'b-cart'],
    ['below it', '/inner', 'b-a-cart'],
  ])('a prefix meets that of a kustomization %s', (_, below, name) => {
    const files = {
      [`apps${below}/kustomization.yaml`]: 'namePrefix: a-\nresources: [s.yaml]\n',
      [`apps${below}/s.yaml`]: service('cart'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', '  namePrefix: b-\n'),
    };
    expect(environmentsOf(files)['eu']).toContain(`Service ${name}`);
  });

  it.each([
    ['in the path', { 'apps/kustomization.yaml': 'namespace: old\nresources: [s.yaml]\n' }, 'Service old/mesh'],
    ['that Flux makes', {}, 'Service mesh'],
  ])('components join the kustomization %s', (_, more, title) => {
    const files = {
      'apps/s.yaml': service('cart'),
      'mesh/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [s.yaml]\n',
      'mesh/s.yaml': service('mesh'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', '  components: [../mesh]\n'),
      ...more,
    };
    expect(environmentsOf(files)['eu']).toContain(title);
    expect(partialOf(files, 'eu')).toEqual([]);
  });

  it('components that are not here are passed by where it says so', () => {
    const files = (rest: string): Record<string, string> => ({
      'apps/s.yaml': service('cart'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', `  namePrefix: b-\n  components: [../mesh]\n${rest}`),
    });
    const skipped = files('  ignoreMissingComponents: true\n');
    expect(environmentsOf(skipped)['eu']).toContain('Service b-cart');
    expect(partialOf(skipped, 'eu')).toEqual([]);
    expect(partialOf(files(''), 'eu')).toContain('components that are not here: clusters/eu/apps.yaml');
  });

  it.each([
    ['newTag: "2"', 'other:2'],
    ['newName: third', 'third@sha256:0123'],
    ['digest: sha256:4567', 'other@sha256:4567'],
  ])('an image with %s keeps the rest of what the kustomization says', (wanted, image) => {
    const files = {
      'apps/kustomization.yaml': 'resources: [cart.yaml]\nimages: [{ name: app, newName: other, digest: "sha256:0123" }]\n',
      'apps/cart.yaml': deployment('cart'),
      'clusters/eu/apps.yaml': kustomization('apps', 'apps', `  images: [{ name: app, ${wanted} }]\n`),
    };
    const cart = resourceOf(files, 'eu', 'Deployment cart');
    expect(podTemplateOf(cart)?.containers.map((container) => container.image)).toEqual([image]);
  });

  it('commonMetadata reaches metadata, and no pod template', () => {
    const rest = '  commonMetadata:\n    labels: { team: books }\n    annotations: { linkerd.io/inject: enabled }\n';
    const cart = resourceOf({ ...apps, 'clusters/eu/a.yaml': kustomization('apps', 'apps', rest) }, 'eu', 'Deployment cart');
    expect(cart.labels.get('team')).toMatchObject({ value: 'books' });
    expect(cart.annotations.get('linkerd.io/inject')).toMatchObject({ value: 'enabled' });
    expect(podTemplateOf(cart)?.annotations.get('linkerd.io/inject').is).toBe('absent');
  });

  it('a patch that brings a second mesh is found in the patch, on that cluster alone', () => {
    const patch = `  patches:
    - target: { kind: Deployment, name: cart }
      patch: |
        - op: add
          path: /spec/template/metadata/labels/sidecar.istio.io~1inject
          value: "true"
`;
    const files = {
      'apps/cart.yaml': deployment('cart', { 'linkerd.io/inject': 'enabled' }),
      'clusters/eu/a.yaml': kustomization('apps', 'apps', patch),
      'clusters/us/a.yaml': kustomization('apps', 'apps'),
    };
    const found = workspaceOf(files)
      .findings()
      .filter(({ reported }) => reported.rule === 'coexistence/double-injection');
    expect(
      found.map(({ reported, start, end }) => [
        reported.file,
        files[reported.file as keyof typeof files].slice(start, end),
        reported.environments.join(),
      ]),
    ).toEqual([
      ['apps/cart.yaml', 'enabled', 'eu'],
      ['clusters/eu/a.yaml', '"true"', 'eu'],
    ]);
  });
});

describe('variables', () => {
  const templated = {
    'apps/ns.yaml':
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${team}\n  labels:\n    istio-injection: ${inject:=disabled}\n',
  };
  const label = (files: Readonly<Record<string, string>>, title = 'Namespace books'): unknown => {
    const value = resourceOf(files, 'eu', title).labels.get('istio-injection');
    return value.is === 'known' ? value.value : value.is;
  };

  it('are filled in, with their defaults; a finding stands where the variable is written', () => {
    const files = {
      ...templated,
      'clusters/eu/a.yaml': kustomization('apps', 'apps', '  postBuild:\n    substitute: { team: books }\n'),
    };
    expect(label(files)).toBe('disabled');
    const made = resourceOf(files, 'eu', 'Namespace books');
    expect(textAt(files, made.at('metadata', 'name'))).toBe('apps/ns.yaml: ${team}');
  });

  it('come from a ConfigMap that is here, and substitute beats it', () => {
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: flux-system }\ndata: { team: other, inject: enabled }\n';
    const rest = '  postBuild:\n    substitute: { team: books }\n    substituteFrom: [{ kind: ConfigMap, name: settings }]\n';
    expect(label({ ...templated, 'clusters/eu/m.yaml': map, 'clusters/eu/a.yaml': kustomization('apps', 'apps', rest) })).toBe(
      'enabled',
    );
  });

  it('are unknown where a Secret may set them', () => {
    const rest = '  postBuild:\n    substitute: { team: books }\n    substituteFrom: [{ kind: Secret, name: settings }]\n';
    expect(label({ ...templated, 'clusters/eu/a.yaml': kustomization('apps', 'apps', rest) })).toBe('unknown');
  });

  it('are left alone in an object that says so, and without postBuild', () => {
    const off = templated['apps/ns.yaml'].replace(
      '  labels:',
      '  annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }\n  labels:',
    );
    const rest = '  postBuild:\n    substitute: { team: books }\n';
    expect(
      label({ 'apps/ns.yaml': off, 'clusters/eu/a.yaml': kustomization('apps', 'apps', rest) }, 'Namespace (templated name)'),
    ).toBe('unknown');
    expect(label({ ...templated, 'clusters/eu/a.yaml': kustomization('apps', 'apps') }, 'Namespace (templated name)')).toBe(
      'unknown',
    );
  });

  it('follow an edit of the text, of the value and of the ConfigMap', () => {
    const map = (inject: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: flux-system }\ndata: { inject: ${inject}, other: rev }\n`;
    const rest = '  postBuild:\n    substitute: { team: books }\n    substituteFrom: [{ kind: ConfigMap, name: settings }]\n';
    const workspace = workspaceOf(
      { ...templated, 'clusters/eu/m.yaml': map('enabled'), 'clusters/eu/a.yaml': kustomization('apps', 'apps', rest) },
      [],
    );
    const now = (): unknown =>
      workspace
        .view('eu')
        ?.environment()
        .resources.find(({ kind }) => kind === 'Namespace')
        ?.labels.get('istio-injection');
    expect(now()).toMatchObject({ value: 'enabled' });
    workspace.set('clusters/eu/m.yaml', map('disabled'));
    expect(now()).toMatchObject({ value: 'disabled' });
    workspace.set('apps/ns.yaml', templated['apps/ns.yaml'].replace('inject:=disabled', 'other'));
    expect(now()).toMatchObject({ value: 'rev' });
  });
});

describe('where it lands', () => {
  it('a bootstrapped cluster brings its own directory, itself included', () => {
    const files = {
      ...apps,
      'clusters/eu/flux-system/gotk-sync.yaml': kustomization('flux-system', './clusters/eu'),
      'clusters/eu/flux-system/kustomization.yaml': 'resources: [gotk-sync.yaml]\n',
      'clusters/eu/apps.yaml': kustomization('apps', './apps'),
    };
    expect(environmentsOf(files)).toEqual({ eu: [...ALL, titleOf('apps'), titleOf('flux-system')].sort() });
  });

  it('Kustomizations that bring Kustomizations are followed', () => {
    const files = {
      ...apps,
      'fleet/more/apps.yaml': kustomization('apps', './apps'),
      'clusters/eu/fleet.yaml': kustomization('fleet', './fleet'),
    };
    expect(environmentsOf(files)).toEqual({ eu: [...ALL, titleOf('apps'), titleOf('fleet')].sort() });
  });

  it('a kubeConfig leads to a cluster of its own', () => {
    const rest = '  kubeConfig: { secretRef: { name: far } }\n';
    const files = {
      ...apps,
      'near/s.yaml': service('near'),
      'clusters/hub/a.yaml': `${kustomization('apps', 'apps', rest)}---\n${kustomization('near', 'near')}`,
    };
    expect(environmentsOf(files)).toEqual({ far: [...ALL, titleOf('apps')].sort(), hub: [titleOf('near'), 'Service near'] });
  });

  it('without a directory for clusters, folders that say the same are different ones', () => {
    const files = {
      ...apps,
      'next/s.yaml': service('cart'),
      'dev/a.yaml': kustomization('apps', 'next'),
      'prod/a.yaml': kustomization('apps', 'apps'),
    };
    expect(environmentsOf(files)).toEqual({ dev: [titleOf('apps'), 'Service cart'], prod: [...ALL, titleOf('apps')].sort() });
  });

  it('another repository is told from this one by its address', () => {
    const git = (name: string, url: string): string =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`;
    const other = kustomization('other', './apps').replace(/name: flux-system\n$/, 'name: podinfo\n');
    const files = {
      ...apps,
      'base/s.yaml': service('base'),
      'clusters/eu/a.yaml': `${kustomization('base', 'base')}---\n${other}`,
      'clusters/eu/git.yaml': `${git('flux-system', 'ssh://git@git.example/shop/fleet')}---\n${git('podinfo', 'https://git.example/podinfo')}`,
    };
    expect(environmentsOf(files)['eu']).not.toContain('Deployment cart');
    expect(environmentsOf(files)['eu']).toContain('Service base');
    expect(partialOf(files, 'eu')).toEqual([
      'paths in other repositories: ./apps of Kustomization flux-system/other (GitRepository/podinfo)',
    ]);
  });

  it.each([['../apps'], ['/../apps'], ['apps/../../x'], ['nowhere']])('path %s reads nothing', (path) => {
    expect(Object.keys(environmentsOf({ ...apps, 'fleet/a.yaml': kustomization('apps', path) }))).toEqual(['.']);
  });

  it('text of any kind does not throw', () => {
    for (const broken of [
      'spec:',
      'spec: []',
      'spec: { path: apps, postBuild: { substitute: 1, substituteFrom: [1] }, patches: 1, commonMetadata: 1, kubeConfig: 1 }',
    ]) {
      const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: x }\n${broken}\n`;
      const workspace = workspaceOf({ ...apps, 'a.yaml': text });
      workspace.findings();
      expect(workspace.faults()).toEqual([]);
    }
  });
});

describe('a HelmRelease', () => {
  const release = (rest = ''): string =>
    `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/shop
      sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
${rest}`;
  const chart = {
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'charts/shop/templates/s.yaml': service('cart'),
  };

  it('brings the templates of a chart here, to its namespace', () => {
    const files = { ...chart, 'clusters/eu/r.yaml': release() };
    expect(environmentsOf(files)).toEqual({ eu: ['HelmRelease shop/shop', 'Service shop/cart'] });
    expect(partialOf(files, 'eu')).toEqual(['templates are read without being rendered']);
  });

  it('or to its targetNamespace', () => {
    expect(environmentsOf({ ...chart, 'clusters/eu/r.yaml': release('  targetNamespace: pay\n') })['eu']).toContain(
      'Service pay/cart',
    );
  });

  it('of a chart elsewhere makes no environment', () => {
    const files = { 'clusters/eu/r.yaml': release().replace('GitRepository', 'HelmRepository'), 's.yaml': service('cart') };
    expect(Object.keys(environmentsOf(files))).toEqual(['.']);
  });
});
