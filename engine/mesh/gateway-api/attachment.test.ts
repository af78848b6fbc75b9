import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined, marked, service } from '../../../test/support/mesh-samples';
import { attachmentsOf, ROUTE_KINDS, routesOf, routesTo } from './attachment';

const route = (spec: string, { kind = 'HTTPRoute', where = 'shop', name = 'r' } = {}): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${where === '' ? '' : `, namespace: ${where}`} }\nspec: { ${spec} }\n`;
const gateway = (...listeners: readonly string[]): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: edge, namespace: shop }\nspec: { gatewayClassName: istio, listeners: [${listeners.map((text) => `{ ${text} }`).join(', ')}] }\n`;

/** Whether the first route attaches to each parent, and by what it is refused. */
function attached(files: Files | readonly string[]): string {
  return ask(Array.isArray(files) ? { 'a.yaml': joined(...(files as readonly string[])) } : (files as Files), (view) => {
    const [first] = ROUTE_KINDS.flatMap((kind) => view.ofKind(kind));
    return attachmentsOf(first!, view)
      .map(
        ({ kind, namespace, name, attaches, refusal }) =>
          `${kind} ${namespace}/${name} ${attaches}${refusal === undefined ? '' : ` ${refusal}`}`,
      )
      .join(', ');
  });
}

const EDGE = 'parentRefs: [{ name: edge }]';
const HTTP = 'name: http, port: 80, protocol: HTTP';

describe('a route at a Gateway', () => {
  it.each<[string, string, readonly string[], string]>([
    ['by a listener for all', route(EDGE), [HTTP], 'yes'],
    ['without listeners', route(EDGE), [], 'no section'],
    ['by the name of a listener', route('parentRefs: [{ name: edge, sectionName: http }]'), [HTTP], 'yes'],
    ['by the name of another', route('parentRefs: [{ name: edge, sectionName: https }]'), [HTTP], 'no section'],
    ['by a name that a template hides', route('parentRefs: [{ name: edge, sectionName: "{{ x }}" }]'), [HTTP], 'unknown'],
    ['by the port of a listener', route('parentRefs: [{ name: edge, port: 80 }]'), [HTTP], 'yes'],
    ['by another port', route('parentRefs: [{ name: edge, port: 443 }]'), [HTTP], 'no section'],
    ['by a hostname', route(`${EDGE}, hostnames: [a.example.com]`), [`${HTTP}, hostname: a.example.com`], 'yes'],
    [
      'by a wildcard of the listener',
      route(`${EDGE}, hostnames: [a.example.com]`),
      [`${HTTP}, hostname: "*.example.com"`],
      'yes',
    ],
    ['by a wildcard of its own', route(`${EDGE}, hostnames: ["*.example.com"]`), [`${HTTP}, hostname: a.example.com`], 'yes'],
    ['by another hostname', route(`${EDGE}, hostnames: [a.example.org]`), [`${HTTP}, hostname: "*.example.com"`], 'no hostname'],
    [
      'by one of several hostnames',
      route(`${EDGE}, hostnames: [a.example.org, a.example.com]`),
      [`${HTTP}, hostname: a.example.com`],
      'yes',
    ],
    [
      'by a hostname that a template hides',
      route(`${EDGE}, hostnames: ["{{ x }}"]`),
      [`${HTTP}, hostname: a.example.com`],
      'unknown',
    ],
    ['of a kind that the protocol does not know', route(EDGE, { kind: 'TCPRoute' }), [HTTP], 'no kind'],
    [
      'of a kind that implementations decide about',
      route(EDGE, { kind: 'TLSRoute' }),
      ['name: tls, port: 443, protocol: TLS'],
      'unknown',
    ],
    [
      'of a kind that is listed',
      route(EDGE, { kind: 'GRPCRoute' }),
      [`${HTTP}, allowedRoutes: { kinds: [{ kind: GRPCRoute }] }`],
      'yes',
    ],
    ['of a kind that is not listed', route(EDGE), [`${HTTP}, allowedRoutes: { kinds: [{ kind: GRPCRoute }] }`], 'no kind'],
    [
      'by the second listener',
      route(`${EDGE}, hostnames: [b.example]`),
      [`${HTTP}, hostname: a.example`, 'name: b, port: 80, protocol: HTTP, hostname: b.example'],
      'yes',
    ],
    [
      'by a listener that may take it',
      route(`${EDGE}, hostnames: [b.example]`),
      [`${HTTP}, hostname: a.example`, 'name: b, port: 80, protocol: HTTP, hostname: "{{ x }}"'],
      'unknown',
    ],
    ['of another namespace', route('parentRefs: [{ name: edge, namespace: shop }]', { where: 'pay' }), [HTTP], 'no namespace'],
    [
      'of another namespace that it lets attach',
      route('parentRefs: [{ name: edge, namespace: shop }]', { where: 'pay' }),
      [`${HTTP}, allowedRoutes: { namespaces: { from: All } }`],
      'yes',
    ],
    [
      'of a namespace by its label',
      route('parentRefs: [{ name: edge, namespace: shop }]', { where: 'pay' }),
      [`${HTTP}, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { team: a } } } }`],
      'yes',
    ],
  ])('%s', (_, text, listeners, expected) => {
    expect(attached([text, gateway(...listeners), marked('pay', 'labels', 'team: a')])).toBe(`Gateway shop/edge ${expected}`);
  });

  it('may attach to one that no file defines', () => {
    expect(attached([route(EDGE)])).toBe('Gateway shop/edge unknown');
  });

  it('is open where alternatives of the Gateway differ', () => {
    const files = {
      'r.yaml': route(`${EDGE}, hostnames: [a.example]`),
      'a.yaml': gateway(HTTP),
      'b.yaml': gateway(`${HTTP}, hostname: b.example`),
    };
    expect(attached(files)).toBe('Gateway shop/edge unknown');
  });

  it('may have several parents, of which some are none of the Gateway API', () => {
    const refs =
      'parentRefs: [{ name: edge }, { kind: Service, group: "", name: cart }, { kind: Gateway, group: example.com, name: x }, { kind: Service, name: cart, namespace: pay }]';
    expect(attached([route(refs), gateway(HTTP), service('cart', { in: 'shop' })])).toBe(
      'Gateway shop/edge yes, Service shop/cart yes, Service pay/cart unknown',
    );
  });
});

describe('the routes of a Service', () => {
  const backend = (ref: string): string => `${EDGE}, rules: [{ backendRefs: [{ ${ref} }] }]`;
  const files = {
    'a.yaml': joined(
      service('cart', { in: 'shop' }),
      route(backend('name: cart, port: 80'), { name: 'own' }),
      route(backend('name: cart, namespace: shop, port: 80'), { name: 'far', where: 'pay', kind: 'GRPCRoute' }),
      route(backend('name: cart, port: 80'), { name: 'other', where: 'pay' }),
      route(backend('name: cart, kind: Bucket, group: example.com'), { name: 'bucket' }),
      route('parentRefs: [{ kind: Service, group: "", name: cart }], rules: [{ backendRefs: [{ name: v1 }, { name: v2 }] }]', {
        name: 'mesh',
      }),
    ),
  };
  it('are those that send requests to it, and those that it is a parent of', () => {
    const names = ask(files, (view) => {
      const [cart] = view.ofKind('Service');
      return [routesTo(cart!, view), routesOf(cart!, view)].map((routes) => routes.map(({ name }) => name));
    });
    expect(names).toEqual([['own', 'far'], ['mesh']]);
  });
});
