import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import { itemsOf, locate, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { Environment } from '../environment';

/** Steps that list the one below four times, each in another spelling: 4 to the power of 14 ways lead to the lowest. */
function ladder(field: string, head: string, lowest: string): Record<string, string> {
  const files: Record<string, string> = { 'k0/kustomization.yaml': lowest };
  for (let i = 0; i < 14; i++)
    files[`k${i + 1}/kustomization.yaml`] = `${head}${field}: [../k${i}, ../k${i}/., ./../k${i}, ../k${i}/]\n`;
  return files;
}

function built(files: Record<string, string>): Environment | undefined {
  const workspace = workspaceOf(files, []);
  expect(workspace.environmentNames()).toHaveLength(1);
  return workspace.view(workspace.environmentNames()[0] ?? '')?.environment();
}

const deployment = (name: string): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { ${name} }\n`;

describe('what multiplies comes to an end', () => {
  it('components that list each other several times', () => {
    const start = performance.now();
    const environment = built({
      ...ladder('components', 'kind: Component\n', 'kind: Component\ncommonLabels: { lowest: here }\n'),
      'kustomization.yaml': 'resources: [a.yaml]\ncomponents: [k14]\n',
      'a.yaml': deployment('name: cart'),
    });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(environment?.resources.map((resource) => resource.labels.get('lowest'))).toMatchObject([{ is: 'known' }]);
    expect(environment?.partial).toEqual(['more than 200 components: kustomization.yaml']);
  });

  it.each(['name: cart', 'generateName: cart-'])('bases that are used several times, with a resource that has %s', (name) => {
    const start = performance.now();
    const environment = built({ ...ladder('resources', '', 'resources: [a.yaml]\n'), 'k0/a.yaml': deployment(name) });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(environment?.resources).toHaveLength(1);
  });

  it('but a component that several list is applied by each of them', () => {
    const environment = built({
      'kustomization.yaml': 'resources: [a.yaml]\ncomponents: [one, two]\n',
      'a.yaml': deployment('name: cart'),
      'one/kustomization.yaml': 'kind: Component\ncommonLabels: { from: one }\ncomponents: [../shared]\n',
      'two/kustomization.yaml': 'kind: Component\ncommonLabels: { from: two }\ncomponents: [../shared]\n',
      'shared/kustomization.yaml': 'kind: Component\ncommonLabels: { from: shared }\n',
    });
    // A kustomization's components come before its own transformers (kustomize v5 api/internal/target/kusttarget.go).
    expect(environment?.resources.map((resource) => resource.labels.get('from'))).toMatchObject([{ value: 'two' }]);
    expect(environment?.partial).toEqual([]);
  });
});

describe('what is made stands where it was asked for', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: in-\n',
    'base/a.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart }\nspec:\n  template:\n    spec:\n      serviceAccountName: clerk\n      containers: [{ name: cart, image: "cart:1" }]\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: clerk }\n',
    'prod/kustomization.yaml':
      'resources: [../base]\nnamespace: shop\nlabels: [{ pairs: { team: red }, includeTemplates: true }]\nimages: [{ name: cart, newTag: "2" }]\nreplacements:\n  - source: { kind: ServiceAccount, name: clerk }\n    targets: [{ select: { kind: Deployment }, fieldPaths: [metadata.annotations.by], options: { create: true } }]\n',
  };
  const cart = built(files)?.resources.find(({ kind }) => kind === 'Deployment.apps');

  it.each([
    ['metadata.name', 'in-cart', 'base/kustomization.yaml: in-'],
    ['metadata.namespace', 'shop', 'prod/kustomization.yaml: shop'],
    ['spec.template.metadata.labels.team', 'red', 'prod/kustomization.yaml: red'],
    ['spec.template.spec.serviceAccountName', 'in-clerk', 'base/kustomization.yaml: in-'],
    ['spec.template.spec.containers.0.image', 'cart:2', 'prod/kustomization.yaml: "2"'],
    ['metadata.annotations.by', 'in-clerk', 'base/kustomization.yaml: in-'],
    ['spec.template.spec.containers.0.name', 'cart', 'base/a.yaml: cart'],
  ])('%s', (path, value, place) => {
    const node = path
      .split('.')
      .reduce<YamlNode | undefined>(
        (at, part) => (at?.type === 'sequence' ? at.items[Number(part)] : at?.type === 'map' ? at.get(part) : undefined),
        cart?.root,
      );
    const found = node && locate({ node });
    expect(node?.type === 'scalar' && node.value).toBe(value);
    expect(found && `${found.file}: ${(files as Record<string, string>)[found.file]?.slice(found.start, found.end)}`).toBe(place);
  });
});

describe('an edit leaves what it does not touch', () => {
  const app = (name: string, image: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    spec:\n      serviceAccountName: clerk\n      containers: [{ name: main, image: "${image}" }]\n`;
  const files = {
    'base/kustomization.yaml': 'resources: [a.yaml, b.yaml, sa.yaml]\n',
    'base/a.yaml': app('a', 'one:1'),
    'base/b.yaml': app('b', 'two:1'),
    'base/sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: clerk }\n',
    'prod/kustomization.yaml':
      'resources: [../base]\nnamespace: shop\nnamePrefix: p-\ncommonLabels: { team: red }\nimages: [{ name: one, newTag: "2" }]\npatches:\n  - path: patch.yaml\n',
    'prod/patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { replicas: 2 }\n',
  };

  /** The names of the resources that are others after an edit. */
  function othersAfter(path: keyof typeof files, from: string, to: string): string[] {
    const workspace = workspaceOf(files, []);
    const before = new Set(workspace.view('prod')?.environment().resources);
    expect(files[path]).toContain(from);
    workspace.set(path, files[path].replace(from, to));
    const after = workspace.view('prod')?.environment().resources ?? [];
    expect(after).toHaveLength(3);
    return after.filter((resource) => !before.has(resource)).map(({ title }) => title);
  }

  it.each([
    ['base/b.yaml', 'two:1', 'two:2', ['Deployment shop/p-b']],
    ['prod/patch.yaml', 'replicas: 2', 'replicas: 3', ['Deployment shop/p-a']],
    ['prod/kustomization.yaml', 'newTag: "2"', 'newTag: "3"', ['Deployment shop/p-a']],
    ['prod/kustomization.yaml', 'resources:', '# A comment.\nresources:', []],
    // Who refers to it follows.
    ['base/sa.yaml', 'clerk', 'other', ['Deployment shop/p-a', 'Deployment shop/p-b', 'ServiceAccount shop/p-other']],
  ] as const)('%s', (path, from, to, others) => {
    expect(othersAfter(path, from, to)).toEqual(others);
  });

  it('and goes to each other overlay no further than its base', () => {
    const overlays = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`o${i}/kustomization.yaml`, `resources: [../base]\nnamePrefix: o${i}-\n`]),
    );
    const workspace = workspaceOf({ ...files, ...overlays }, []);
    const build = (): unknown => workspace.environmentNames().map((name) => workspace.view(name)?.environment().resources.length);
    build();
    workspace.graph.resetRunCounts();
    workspace.set('o3/kustomization.yaml', 'resources: [../base]\nnamePrefix: x-\n');
    build();
    expect(workspace.graph.runCounts().get('kustomize.build')).toBe(1);
    expect(workspace.graph.runCounts().get('kustomize.accumulate')).toBe(1);
  });
});

describe('text that wants to do harm', () => {
  const list = (count: number, item: (i: number) => string): string => Array.from({ length: count }, (_, i) => item(i)).join('');

  it('long lists are merged in time', () => {
    const start = performance.now();
    const pod = (value: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  containers:\n  - name: c\n    env:\n${list(15_000, (i) => `    - { name: V${i}, value: ${value} }\n`)}`;
    const environment = built({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: b.yaml }]\n',
      'a.yaml': pod('a'),
      'b.yaml': pod('b'),
    });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(environment?.partial).toEqual([]);
  });

  it('a list that is merged by two keys ends up unknown where it is too long', () => {
    const service = (value: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec:\n  ports:\n${list(400, (i) => `  - { port: ${i}, protocol: TCP, name: ${value}${i} }\n`)}`;
    const environment = built({
      'kustomization.yaml': 'resources: [a.yaml]\npatches: [{ path: b.yaml }]\n',
      'a.yaml': service('a'),
      'b.yaml': service('b'),
    });
    expect(environment?.resources[0]?.at('spec', 'ports')?.type).toBe('unknown');
  });

  it.each([
    [
      'kinds like properties of objects',
      'transformers: ["{ apiVersion: builtin, kind: constructor, metadata: { name: x } }"]\n',
      ['plugins: constructor of kustomization.yaml'],
    ],
    [
      'many documents in one patch',
      `patches:\n  - patch: |\n${list(60, () => '      ---\n      a: b\n')}`,
      ['patches that cannot be read: kustomization.yaml'],
    ],
    [
      'a program for a pattern',
      'patches: [{ target: { name: "((a{1000}){1000}){1000}" }, patch: "- { op: remove, path: /x }" }]\n',
      ["patterns that are not understood: a patch's target in kustomization.yaml"],
    ],
  ])('%s', (_, text, partial) => {
    const environment = built({ 'kustomization.yaml': `resources: [a.yaml]\n${text}`, 'a.yaml': deployment('name: a') });
    expect(environment?.resources).toHaveLength(1);
    expect(environment?.partial).toEqual(partial);
  });

  it('nothing of a kustomization needs to be of its type', () => {
    const fields =
      'resources bases components patches patchesStrategicMerge patchesJson6902 namespace namePrefix nameSuffix labels commonLabels commonAnnotations images replicas replacements vars configurations crds generators transformers configMapGenerator secretGenerator generatorOptions buildMetadata openapi sortOptions';
    for (const value of [
      '7',
      '{ a: [b] }',
      '[[a], { b: c }, null, 7]',
      '[{ path: 7, name: [x], target: 1, patch: {} }]',
      'null',
      '"{{ .x }}"',
    ]) {
      for (const field of fields.split(' ')) {
        const own = field === 'resources' ? '' : 'resources: [a.yaml]\n';
        const workspace = workspaceOf({ 'kustomization.yaml': `${own}${field}: ${value}\n`, 'a.yaml': deployment('name: a') });
        expect(workspace.faults(), `${field}: ${value}`).toEqual([]);
        workspace.findings();
        expect(workspace.faults(), `${field}: ${value}`).toEqual([]);
      }
    }
  });
});

it('what a variable hides in a kustomization is unknown in what it makes', () => {
  const environment = built({
    'kustomization.yaml':
      'resources: [a.yaml]\nnamespace: ${NAMESPACE}\ncommonLabels: { track: "${TRACK}" }\nimages: [{ name: cart, newTag: "${TAG}" }]\nreplicas: [{ name: cart, count: "${COUNT}" }]\n',
    'a.yaml': `${deployment('name: cart')}spec: { template: { spec: { containers: [{ name: a, image: cart }, { name: b, image: other }] } } }\n`,
  });
  const [cart] = environment?.resources ?? [];
  expect(cart?.header.namespace.is).toBe('unknown');
  expect(cart?.labels.get('track').is).toBe('unknown');
  expect(cart?.at('spec', 'replicas')?.type).toBe('unknown');
  expect(itemsOf(cart?.at('spec', 'template', 'spec', 'containers')).map((item) => lookup(item, 'image')?.type)).toEqual([
    'unknown',
    'scalar',
  ]);
  expect(environment?.partial).toEqual([]);
  const renamed = built({
    'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: ${PREFIX}\n',
    'a.yaml': deployment('name: cart'),
  });
  expect(renamed?.partial).toEqual(['fields that are filled in elsewhere: namePrefix in kustomization.yaml']);
});
