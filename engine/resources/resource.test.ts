import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import { Manifest } from '../yaml/manifest';
import { locate } from '../yaml/tree';
import type { Answer } from './labels';
import { readResources } from './read';
import { headerOf, sameNamespace, sameNamespaceName } from './resource';
import type { Resource } from './resource';

function resourcesIn(text: string): readonly Resource[] {
  return new Manifest('templates/a.yaml', text, true).documents.flatMap((document) => readResources(document));
}

function resourceIn(text: string): Resource {
  const [resource] = resourcesIn(text);
  if (resource === undefined) throw new Error('the text holds no resource');
  return resource;
}

const service = (metadata: string): Resource => resourceIn(`apiVersion: v1\nkind: Service\nmetadata: ${metadata}\n`);

describe('a resource', () => {
  it('is identified by group, kind, namespace and name', () => {
    const gateway = resourceIn('apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: main, namespace: shop}\n');
    expect(gateway).toMatchObject({
      kind: 'Gateway.networking.istio.io',
      group: 'networking.istio.io',
      version: 'v1',
      file: 'templates/a.yaml',
    });
    expect([gateway.name, gateway.namespace, gateway.key]).toEqual(['main', 'shop', 'Gateway.networking.istio.io shop/main']);
    expect(gateway.title).toBe('Gateway shop/main');
  });

  it('of an old group counts as of the one that took its place', () => {
    const old = resourceIn('apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: cart}\n');
    expect([old.kind, old.version, old.header.apiVersion]).toEqual(['Deployment.apps', 'v1beta1', 'extensions/v1beta1']);
  });

  it.each<[metadata: string, namespace: string | undefined, key: string | undefined, title: string]>([
    ['{name: a}', 'default', 'Service default/a', 'Service a'],
    ['{name: a, namespace: }', 'default', 'Service default/a', 'Service a'],
    ['{name: a, namespace: ""}', 'default', 'Service default/a', 'Service a'],
    ['{name: a, namespace: default}', 'default', 'Service default/a', 'Service default/a'],
    ['{name: a, namespace: 5}', undefined, undefined, 'Service a'],
    ['{name: a, namespace: "{{ .x }}"}', undefined, undefined, 'Service a'],
    ['{name: "{{ .x }}"}', 'default', undefined, 'Service (templated name)'],
    ['{generateName: a-}', 'default', undefined, 'Service (templated name)'],
    ['[]', 'default', undefined, 'Service (templated name)'],
  ])('with metadata %s', (metadata, namespace, key, title) => {
    const resource = service(metadata);
    expect([resource.namespace, resource.key, resource.title]).toEqual([namespace, key, title]);
  });

  it('of the whole cluster has no namespace, whatever its text says', () => {
    const role = resourceIn(
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a, namespace: shop}\n',
    );
    expect([role.namespace, role.header.namespace, role.key]).toEqual([
      undefined,
      absent,
      'ClusterRole.rbac.authorization.k8s.io /a',
    ]);
    expect([role.isClusterScoped, role.title]).toEqual([true, 'ClusterRole a']);
  });

  it.each([
    ['metadata: {name: here}', 'here'],
    ['metadata: {}', 'Service'],
    ['metadata: {name: [x]}', 'Service'],
  ])('stands at its name, else at its kind: %s', (metadata, text) => {
    const whole = `apiVersion: v1\nkind: Service\n${metadata}\n`;
    const node = resourceIn(whole).titlePlace;
    expect(node && whole.slice(locate({ node }).start, locate({ node }).end)).toBe(text);
  });

  it.each([
    'kind: A\n',
    'apiVersion: v1\n',
    'apiVersion: 1\nkind: A\n',
    'apiVersion: v1\nkind: {{ .k }}\n',
    '- a\n',
    'text\n',
    '',
    '# c\n',
  ])('is nothing without apiVersion and kind: %j', (text) => {
    expect(resourcesIn(text)).toEqual([]);
  });

  it('has a header even where metadata is none', () => {
    const { root } = new Manifest('a.yaml', 'apiVersion: v1\nkind: A\nmetadata: 5\n', false).documents[0] ?? {};
    expect(root?.type === 'map' && headerOf(root)).toEqual({ apiVersion: 'v1', kind: 'A', name: absent, namespace: absent });
  });
});

describe('sameNamespace', () => {
  it.each<[a: Tristate<string>, b: Tristate<string>, answer: Answer]>([
    [known('a'), known('a'), 'yes'],
    [known('a'), known('b'), 'no'],
    [absent, absent, 'yes'],
    [absent, known('default'), 'yes'],
    [absent, known('a'), 'unknown'],
    [unknown, known('a'), 'unknown'],
    [unknown, absent, 'unknown'],
    [unknown, unknown, 'unknown'],
    [known('default'), known('a'), 'no'],
  ])('%j and %j: %s', (a, b, answer) => {
    expect(sameNamespaceName(a, b)).toBe(answer);
    expect(sameNamespaceName(b, a)).toBe(answer);
  });

  it('compares what the headers say', () => {
    expect(sameNamespace(service('{name: a}'), service('{name: b, namespace: default}'))).toBe('yes');
    expect(sameNamespace(service('{name: a}'), service('{name: b, namespace: shop}'))).toBe('unknown');
  });
});
