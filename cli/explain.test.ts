import { describe, expect, test } from 'vitest';
import { TestFolder } from '../test/support/command';
import type { Ran } from '../test/support/command';
import { parseArguments } from './arguments';

const folder = new TestFolder('explain');

const CART = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: cart
    spec:
      containers:
        - name: cart
          image: cart:1
`;
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n';
const POLICIES = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: shop
spec:
  mtls:
    mode: STRICT
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: of-cart
  namespace: shop
spec:
  selector:
    matchLabels:
      app: cart
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: of-mail
  namespace: shop
spec:
  selector:
    matchLabels:
      app: mail
`;
const SHOP = { 'cart.yaml': CART, 'namespace.yaml': NAMESPACE, 'policies.yaml': POLICIES };

function explained(files: Readonly<Record<string, string>>, ...argv: string[]): Ran {
  folder.write(files);
  return folder.run(['explain', ...argv]);
}

describe('explain', () => {
  test('tells membership, mutual TLS and policies, with the places that decide them', () => {
    const { code, out, err } = explained(SHOP, 'Deployment/shop/cart');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`Deployment shop/cart
  - Istio sidecar: Namespace shop has label istio-injection=enabled (namespace.yaml:6).
  - No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject (namespace.yaml:4).
  - mTLS STRICT, set for the namespace by PeerAuthentication shop/strict.
      policies.yaml:8
  - No Service here selects these pods.
  - Policies for these pods: AuthorizationPolicy shop/of-cart, PeerAuthentication shop/strict.
      policies.yaml:13
      policies.yaml:4
`);
  });

  test('takes a resource whatever its namespace, and its kind in any case', () => {
    expect(explained(SHOP, 'deployment/cart').out).toMatch(/^Deployment shop\/cart\n/);
    expect(explained({}, 'namespace/shop').out).toMatch(/^Namespace shop\n/);
  });

  test('gives JSON with paths from the root', () => {
    const { out } = explained({ 'x/a.yaml': NAMESPACE + '---\n' + CART }, 'Deployment/cart', '--format', 'json', 'x');
    const printed = JSON.parse(out) as { version: number; subjects: { title: string; statements: { text: string }[] }[] };
    expect(printed).toMatchObject({ version: 1, subjects: [{ title: 'Deployment shop/cart' }] });
    expect(printed.subjects[0]?.statements[0]).toEqual({
      environments: [],
      text: 'Istio sidecar: Namespace shop has label istio-injection=enabled (a.yaml:6).',
      evidence: [{ file: 'a.yaml', range: { start: { line: 6, column: 22 }, end: { line: 6, column: 29 } } }],
    });
  });

  test('for people, paths are from where they are', () => {
    expect(explained({ 'x/a.yaml': NAMESPACE + '---\n' + CART }, 'Deployment/cart', 'x').out).toContain('(x/a.yaml:6)');
  });

  test('looks in one environment, or names those that differ', () => {
    const overlay = (label: string): string => NAMESPACE.replace('enabled', label);
    const kustomization = 'resources: [../base, namespace.yaml]\n';
    const files = {
      'base/kustomization.yaml': 'resources: [cart.yaml]\n',
      'base/cart.yaml': CART,
      'dev/kustomization.yaml': kustomization,
      'dev/namespace.yaml': overlay('disabled'),
      'prod/kustomization.yaml': kustomization,
      'prod/namespace.yaml': overlay('enabled'),
    };
    const all = explained(files, 'Deployment/shop/cart').out;
    expect(all).toContain('prod: Istio sidecar: ');
    expect(all).toContain('(dev/namespace.yaml:6)');
    const prod = explained(files, 'Deployment/shop/cart', '--environment', 'prod').out;
    expect(prod).toContain('  - Istio sidecar: ');
    expect(prod).not.toContain('dev');
  });

  test.each([
    [['Deployment/shop/mail'], 'no Deployment/shop/mail here'],
    [['Deployment/other/cart'], 'no Deployment/other/cart here'],
    [['Deployment/cart', '--environment', 'prod'], 'no environment prod; those here: .'],
    [
      ['AuthorizationPolicy/of-cart'],
      'nothing to say of AuthorizationPolicy/of-cart: meshes are explained for workloads, Services, Namespaces and PeerAuthentications',
    ],
  ])('says what is not there: %j', (argv, problem) => {
    expect(explained(SHOP, ...argv)).toEqual({ code: 2, out: '', err: `mesh-lint: ${problem}\n` });
  });

  test('shows what is hidden in names', () => {
    const { out } = explained({ 'a.yaml': CART.replace('name: cart\n', 'name: "c\\e[31m"\n') }, 'Deployment/shop/c\u001b[31m');
    expect(out).not.toContain('\u001b');
    expect(out).toContain('Deployment shop/c');
  });
});

test.each([[[]], [['cart']], [['Deployment/']], [['/cart']], [['a/b/c/d']], [['a//b']]])('explain refuses %j', (argv) => {
  expect(parseArguments(['explain', ...argv])).toMatchObject({ do: 'refuse' });
});

test('only explain takes an environment', () => {
  expect(parseArguments(['--environment', 'prod'])).toEqual({ do: 'refuse', reason: '--environment goes with explain' });
});
