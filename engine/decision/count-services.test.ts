import { describe, expect, it } from 'vitest';
import { cited, deployment, documents, factsOf, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askReport } from '../answers/report';

const servicesOf = (files: Files, environment?: string): number => factsOf(files, environment).services.count;

describe('what counts as a service', () => {
  it('a Service that selects a workload, cited by its name', () => {
    const files = { 'shop.yaml': documents(service('cart'), deployment('cart')) };
    const { services } = factsOf(files);
    expect(services.count).toBe(1);
    expect(cited(files, services.evidence)).toEqual(['shop.yaml:4 cart']);
  });

  it('one set of workloads once: a stable and a canary Service over it', () => {
    const files = {
      'shop.yaml': documents(
        service('cart'),
        service('cart-canary', 'cart'),
        service('pay'),
        deployment('cart'),
        deployment('pay'),
      ),
    };
    const { services } = factsOf(files);
    expect(services.count).toBe(2);
    expect(cited(files, services.evidence)).toEqual(['shop.yaml:4 cart', 'shop.yaml:20 pay']);
  });

  it('overlapping sets each', () => {
    const versioned = (version: string): string =>
      deployment(`reviews-${version}`).replace(`app: reviews-${version}`, `app: reviews\n        version: ${version}`);
    const files = {
      'shop.yaml': documents(
        service('reviews'),
        service('reviews-v1', 'reviews', '    version: v1\n'),
        versioned('v1'),
        versioned('v2'),
      ),
    };
    expect(servicesOf(files)).toBe(2);
  });

  it('a headless Service, and one of every kind of workload', () => {
    const stateful = deployment('db').replace('Deployment', 'StatefulSet');
    const headless = service('db', 'db', '  clusterIP: None\n');
    expect(servicesOf({ 'a.yaml': documents(headless, stateful) })).toBe(1);
  });

  it.each<[string, string]>([
    ['no selector', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  ports:\n    - port: 80\n'],
    ['an empty selector', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  selector: {}\n'],
    ['another selector', service('cart', 'basket')],
    ['type ExternalName', service('cart', 'cart', '  type: ExternalName\n  externalName: example.org\n')],
    ['another namespace', service('cart').replace('name: cart\n', 'name: cart\n  namespace: elsewhere\n')],
  ])('not one with %s', (_, text) => {
    expect(servicesOf({ 'a.yaml': documents(text, deployment('cart', { namespace: 'shop' })) })).toBe(0);
    expect(servicesOf({ 'b.yaml': text })).toBe(0);
  });

  it('the namespace that is not written is `default`', () => {
    const written = service('cart').replace('name: cart\n', 'name: cart\n  namespace: default\n');
    expect(servicesOf({ 'a.yaml': written, 'b.yaml': deployment('cart') })).toBe(1);
  });

  it('a Service without a namespace beside the workload that it matches in one file', () => {
    const inShop = deployment('cart', { namespace: 'shop' });
    expect(servicesOf({ 'a.yaml': documents(service('cart'), inShop) })).toBe(1);
    expect(servicesOf({ 'a.yaml': service('cart'), 'b.yaml': inShop })).toBe(0);
  });

  it('nothing of a mesh, an add-on or an operator', () => {
    const files = {
      'a.yaml': documents(
        service('istiod'),
        deployment('istiod'),
        service('grafana'),
        deployment('grafana'),
        service('cert-manager'),
        deployment('cert-manager'),
        service('metrics', 'istiod'),
      ),
    };
    const facts = factsOf(files);
    expect(facts.services.count).toBe(0);
    expect(facts.workloads.count).toBe(0);
  });
});

describe('alternatives', () => {
  const files = {
    'bookinfo.yaml': documents(service('reviews'), deployment('reviews'), service('ratings'), deployment('ratings')),
    'bookinfo-mysql.yaml': documents(service('reviews'), deployment('reviews')),
    'ratings-only.yaml': service('ratings'),
  };

  it('several definitions of one object in one folder count once', () => {
    const facts = factsOf(files);
    expect(facts.services.count).toBe(2);
    expect(facts.workloads.count).toBe(2);
    expect(facts.pods).toMatchObject({ count: 2, unknown: 0 });
  });

  it('a Service selects when one of its definitions does', () => {
    expect(servicesOf({ 'a.yaml': documents(service('cart', 'basket'), deployment('cart')), 'b.yaml': service('cart') })).toBe(1);
  });
});

describe('Services that controllers make', () => {
  const canary = (more: string): string =>
    `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  name: cart\nspec:\n  targetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: cart\n${more}`;

  it('those of a Flagger Canary', () => {
    const files = { 'a.yaml': documents(canary('  service:\n    port: 80\n'), deployment('cart')) };
    const { services } = factsOf(files);
    expect(services.count).toBe(1);
    expect(cited(files, services.evidence)).toEqual(['a.yaml:4 cart']);
    expect(servicesOf({ ...files, 'b.yaml': service('cart') })).toBe(1);
    expect(servicesOf({ 'a.yaml': documents(canary(''), deployment('cart')) })).toBe(0);
    expect(servicesOf({ 'a.yaml': canary('  service:\n    port: 80\n') })).toBe(0);
  });

  it('that of a Knative Service', () => {
    const knative =
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata:\n  name: cart\nspec:\n  template:\n    spec:\n      containers:\n        - image: cart:1\n';
    expect(servicesOf({ 'a.yaml': knative })).toBe(1);
  });
});

describe('a chart', () => {
  const chart = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n' };
  const templated = (text: string, name: string): string =>
    text
      .replaceAll(`app: ${name}`, '{{- include "shop.selectorLabels" . | nindent 8 }}')
      .replace(`name: ${name}\n`, 'name: {{ .Release.Name }}\n');

  it('labels that are written tell Services apart, whatever the release is called', () => {
    const files = {
      ...chart,
      'chart/templates/services.yaml': documents(
        service('cart').replace('name: cart', 'name: {{ .Release.Name }}-cart'),
        service('pay').replace('name: pay\n', 'name: {{ .Release.Name }}-pay\n  namespace: {{ .Release.Namespace }}\n'),
      ),
      'chart/templates/workloads.yaml': documents(deployment('cart'), deployment('pay')),
    };
    expect(servicesOf(files, 'chart')).toBe(2);
  });

  it('a hidden selector may select the workload of the same file', () => {
    const files = {
      ...chart,
      'chart/templates/cart.yaml': documents(templated(service('cart'), 'cart'), templated(deployment('cart'), 'cart')),
      'chart/templates/pay.yaml': documents(templated(service('pay'), 'pay'), templated(deployment('pay'), 'pay')),
    };
    expect(servicesOf(files, 'chart')).toBe(2);
  });

  it('or those of the same chart, up to the number of them', () => {
    const files = {
      ...chart,
      'chart/templates/service.yaml': templated(service('cart'), 'cart'),
      'chart/templates/headless.yaml': templated(service('cart'), 'cart'),
      'chart/templates/deployment.yaml': templated(deployment('cart'), 'cart'),
    };
    expect(servicesOf(files, 'chart')).toBe(1);
    const more = { ...files, 'chart/templates/worker.yaml': templated(deployment('worker'), 'worker') };
    expect(servicesOf(more, 'chart')).toBe(2);
  });

  it('not a workload whose labels say otherwise', () => {
    const files = {
      ...chart,
      'chart/templates/service.yaml': service('cart', 'cart', '    {{- include "shop.selectorLabels" . | nindent 4 }}\n'),
      'chart/templates/deployment.yaml': deployment('pay'),
    };
    expect(servicesOf(files, 'chart')).toBe(0);
  });
});

describe('kustomize', () => {
  const files = {
    'base/kustomization.yaml': 'resources:\n  - shop.yaml\n',
    'base/shop.yaml': documents(service('cart'), deployment('cart')),
    'overlays/prod/kustomization.yaml':
      'resources:\n  - ../../base\n  - pay.yaml\nnamespace: shop-prod\npatches:\n  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata:\n        name: cart\n      spec:\n        selector:\n          app: pay\n',
    'overlays/prod/pay.yaml': documents(service('pay'), deployment('pay')),
    'overlays/dev/kustomization.yaml': 'resources:\n  - ../../base\n',
  };

  it('counts what each overlay builds, cited where the text stands', () => {
    const prod = factsOf(files, 'prod').services;
    expect(prod.count).toBe(1);
    expect(cited(files, prod.evidence)).toEqual(['base/shop.yaml:4 cart']);
    expect(servicesOf(files, 'dev')).toBe(1);
    expect(factsOf(files, 'prod').namespaces.count).toBe(1);
  });
});

describe('the verdict', () => {
  const shop = (count: number): Files =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}.yaml`, documents(service(`s${i}`), deployment(`s${i}`))]));

  it('speaks of the services counted, with where they are', () => {
    const { verdict } = askReport(workspaceOf(shop(6), []));
    expect(verdict).toMatchObject({ choice: 'none', facts: { services: 6, workloads: 6, pods: 6 } });
    const sized = verdict?.reasons.find(({ text }) => text.includes('6 services'));
    expect(sized?.evidence).toHaveLength(6);
    expect(sized?.evidence[0]).toEqual({
      file: 's0.yaml',
      range: { start: { line: 4, column: 9 }, end: { line: 4, column: 11 } },
    });
  });

  it('follows every edit as a fresh start would', () => {
    const files: Record<string, string> = { ...shop(30) };
    const workspace = workspaceOf(files, []);
    expect(askReport(workspace).verdict?.choice).toBe('linkerd');
    files['s3.yaml'] = documents(service('s3', 'gone'), deployment('s3'));
    files['s4.yaml'] = documents(service('s4', 's5'), deployment('s4'));
    for (const path of ['s3.yaml', 's4.yaml']) workspace.set(path, files[path] ?? '');
    expect(askReport(workspace).verdict).toEqual(askReport(workspaceOf(files, [])).verdict);
    expect(askReport(workspace).verdict).toMatchObject({ choice: 'none', facts: { services: 28 } });
  });
});
