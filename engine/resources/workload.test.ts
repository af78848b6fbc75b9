import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { POD_TEMPLATE_PATHS } from './kinds';
import { readResources } from './read';
import type { Resource } from './resource';
import { isWorkloadKind, podTemplateOf } from './workload';

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
