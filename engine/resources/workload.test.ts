import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { POD_TEMPLATE_PATHS } from './kinds';
import { readResources } from './read';
import type { Resource } from './resource';
import { isCustomWorkload, isWorkload, isWorkloadKind, podTemplateOf, podTemplatePath } from './workload';

function resourceIn(text: string): Resource {
  const [resource] = new Manifest('templates/a.yaml', text, true).documents.flatMap((document) => readResources(document));
  if (resource === undefined) throw new Error('the text holds no resource');
  return resource;
}

const POD = {
  metadata: { labels: { app: 'cart' }, annotations: { note: 'x' } },
  spec: { containers: [{ name: 'app', image: 'cart:1' }, { name: 'log' }, 'broken'], initContainers: [{ image: 'init:1' }] },
};

describe('podTemplateOf', () => {
  it.each([...POD_TEMPLATE_PATHS])('finds that of a %s', (kindName, path) => {
    const [kind = '', ...group] = kindName.split('.');
    const apiVersion = group.length === 0 ? 'v1' : `${group.join('.')}/v1`;
    const body = path.reduceRight<object>((inner, key) => ({ [key]: inner }), POD);
    const resource = resourceIn(JSON.stringify({ apiVersion, kind, ...body }));
    const template = podTemplateOf(resource);
    expect(isWorkloadKind(resource.kind)).toBe(true);
    expect([isWorkload(resource), isCustomWorkload(resource)]).toEqual([true, false]);
    expect(template?.path).toEqual(path);
    expect(template?.labels.get('app')).toMatchObject({ value: 'cart' });
    expect(template?.annotations.get('note')).toMatchObject({ value: 'x' });
    expect(template?.containers.map(({ name, image }) => [name, image])).toEqual([
      ['app', 'cart:1'],
      ['log', undefined],
      [undefined, undefined],
    ]);
    expect(template?.initContainers.map(({ image }) => image)).toEqual(['init:1']);
    expect(podTemplateOf(resource)).toBe(template);
  });

  it('finds that of a Deployment of old', () => {
    const resource = resourceIn(
      JSON.stringify({ apiVersion: 'extensions/v1beta1', kind: 'Deployment', spec: { template: POD } }),
    );
    expect(podTemplateOf(resource)?.containers).toHaveLength(3);
  });

  it.each([
    ['a kind that has none', 'apiVersion: v1\nkind: Service\nspec: {template: {spec: {}}}\n'],
    ['another group', 'apiVersion: example.com/v1\nkind: Deployment\nspec: {template: {spec: {}}}\n'],
    ['no spec', 'apiVersion: apps/v1\nkind: Deployment\n'],
    ['an empty spec', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n'],
    ['an empty template', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n'],
  ])('finds none in %s', (_, text) => {
    expect(podTemplateOf(resourceIn(text))).toBeUndefined();
  });

  it('knows nothing of one that a template makes', () => {
    const template = podTemplateOf(resourceIn('apiVersion: apps/v1\nkind: Deployment\nspec: {{ .x }}\n'));
    expect(template?.labels.get('app').is).toBe('unknown');
    expect(template?.spec?.type).toBe('unknown');
    expect(template?.containers).toEqual([]);
  });
});

const FLEET = 'apiVersion: games.example.com/v1\nkind: Fleet\nmetadata:\n  name: cart\n';
const CONTAINERS = 'containers: [{ name: app, image: "cart:1" }]';

describe('a custom resource', () => {
  it.each([
    ['as a Deployment keeps it', 'spec:\n  template:\n    spec:\n      containers:\n        - name: app\n', ['spec', 'template']],
    [
      'as a CronJob keeps it',
      `spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          ${CONTAINERS}\n`,
      ['spec', 'jobTemplate', 'spec', 'template'],
    ],
    ['in flow style', `spec: { template: { spec: { ${CONTAINERS} } } }\n`, ['spec', 'template']],
    [
      'with a name that a template makes',
      'spec:\n  template:\n    spec:\n      containers:\n        - name: {{ .x }}\n',
      ['spec', 'template'],
    ],
    [
      'with containers that need no name',
      'spec:\n  template:\n    spec:\n      containers:\n        - image: a\n',
      ['spec', 'template'],
    ],
  ])('with a pod template %s is a workload', (_, spec, path) => {
    const resource = resourceIn(FLEET + spec);
    expect([isWorkload(resource), isCustomWorkload(resource)]).toEqual([true, true]);
    expect(isWorkloadKind(resource.kind)).toBe(false);
    expect(podTemplatePath(resource)).toEqual(path);
    expect(podTemplateOf(resource)?.path).toEqual(path);
    expect(podTemplateOf(resource)?.containers).toHaveLength(1);
  });

  it.each([
    ['a template of something else', 'spec: { template: { spec: { image: x } } }\n'],
    ['a template within a template', `spec: { template: { spec: { template: { spec: { ${CONTAINERS} } } } } }\n`],
    ['a list of templates', `spec: { template: [{ spec: { ${CONTAINERS} } }] }\n`],
    ['containers that are none', 'spec: { template: { spec: { containers: [app] } } }\n'],
    ['containers without name and image', 'spec: { template: { spec: { containers: [{ size: 1 }] } } }\n'],
    ['no containers at all', 'spec: { template: { spec: { containers: [] } } }\n'],
    ['a count of containers', 'spec: { template: { spec: { containers: 3 } } }\n'],
    ['containers that a template makes', 'spec:\n  template:\n    spec:\n      containers: {{ .x }}\n'],
    ['a template at its root', `template: { spec: { ${CONTAINERS} } }\n`],
    ['nothing', ''],
  ])('with %s is none', (_, spec) => {
    const resource = resourceIn(FLEET + spec);
    expect([isWorkload(resource), podTemplateOf(resource), podTemplatePath(resource)]).toEqual([false, undefined, undefined]);
  });

  it.each([
    ["a mesh's own", 'networking.istio.io/v1', 'WorkloadGroup'],
    ['a definition of a kind', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['of a group of Kubernetes, which no custom resource may have', 'apps/v1', 'Fleet'],
    ['of the core', 'v1', 'PodTemplate'],
  ])('is no workload when it is %s', (_, apiVersion, kind) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\nspec: { template: { spec: { ${CONTAINERS} } } }\n`;
    expect(isWorkload(resourceIn(text))).toBe(false);
  });

  it('is read beyond its header only where its text has the keys of a pod template', () => {
    const isSkimmed = (spec: string): boolean => resourceIn(FLEET + spec).isSkimmed;
    expect(isSkimmed('spec:\n  template:\n    size: 3\n')).toBe(true);
    expect(isSkimmed('spec:\n  note: a template for containers\n')).toBe(true);
    expect(isSkimmed('spec:\n  containers: 3\n')).toBe(true);
    expect(isSkimmed(`spec:\n  template:\n    spec:\n      ${CONTAINERS}\n`)).toBe(false);
    expect(isSkimmed('spec:\n  "template" :\n    spec:\n      "containers": []\n')).toBe(false);
    // What is found in a resource that was skimmed is never asked for: its kind alone says that it makes no pods.
    expect(isWorkload(resourceIn(`${FLEET}spec:\n  template:\n    size: 3\n`))).toBe(false);
  });

  it('of a kind whose group a Deployment of another has is told by its template', () => {
    const text = `apiVersion: example.com/v1\nkind: Deployment\nspec: { template: { spec: { ${CONTAINERS} } } }\n`;
    expect(isCustomWorkload(resourceIn(text))).toBe(true);
  });
});
