import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { joined, offsetOf, service } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';

const route = (spec: string, { kind = 'HTTPRoute', where = 'shop', name = 'r' } = {}): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec: { ${spec} }\n`;
const gateway = (listener = 'name: http, port: 80, protocol: HTTP'): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: edge\n  namespace: shop\nspec: { gatewayClassName: istio, listeners: [{ ${listener} }] }\n`;
const cart = service('cart', { in: 'shop' });
const TO_CART = 'rules: [{ backendRefs: [{ name: cart, namespace: shop, port: 80 }] }]';
const EDGE = `parentRefs: [{ name: edge, namespace: shop }], ${TO_CART}`;

function told(...documents: readonly string[]): string[] {
  const text = joined(cart, ...documents);
  const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', offsetOf(text, 'kind: Service') + 6);
  const lines = explained?.sections.flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('')),
  );
  return (lines ?? []).filter((line) => !line.startsWith('No workload'));
}

describe('the routes of a Service', () => {
  it.each<[string, readonly string[], string[]]>([
    ['none', [gateway()], []],
    ['from a Gateway', [gateway(), route(EDGE)], ['Reached from [Gateway shop/edge] by [HTTPRoute shop/r].']],
    [
      'several from a Gateway',
      [gateway(), route(EDGE), route(EDGE, { name: 's', kind: 'GRPCRoute' })],
      ['Reached from [Gateway shop/edge] by [HTTPRoute shop/r], [GRPCRoute shop/s].'],
    ],
    [
      'from a Gateway that is elsewhere',
      [route(EDGE)],
      ['Reached from Gateway shop/edge, which no file here defines, by [HTTPRoute shop/r].'],
    ],
    [
      'from a Gateway that leaves it open',
      [
        gateway('name: "{{ x }}", port: 80, protocol: HTTP'),
        route(EDGE.replace('name: edge,', 'name: edge, sectionName: http,')),
      ],
      ['Perhaps reached from [Gateway shop/edge] by [HTTPRoute shop/r].'],
    ],
    [
      'from a Gateway without such a listener',
      [gateway(), route(EDGE.replace('name: edge,', 'name: edge, sectionName: https,'))],
      ['Not reached from [Gateway shop/edge], which [HTTPRoute shop/r] names: it has no listener of that name and port.'],
    ],
    [
      'from a Gateway of another hostname',
      [gateway('name: http, port: 80, protocol: HTTP, hostname: a.example'), route(`hostnames: [b.example], ${EDGE}`)],
      [
        'Not reached from [Gateway shop/edge], which [HTTPRoute shop/r] names: no listener has a hostname in common with the route.',
      ],
    ],
    [
      'from a Gateway of another namespace',
      [gateway(), route(EDGE, { where: 'pay' })],
      [
        "Not reached from [Gateway shop/edge], which [HTTPRoute pay/r] names: its listener does not let the route's namespace attach.",
      ],
    ],
    [
      'from a Gateway for other kinds',
      [gateway(), route(EDGE, { kind: 'TCPRoute' })],
      ['Not reached from [Gateway shop/edge], which [TCPRoute shop/r] names: its listener takes no routes of that kind.'],
    ],
    [
      'within the mesh',
      [route('parentRefs: [{ kind: Service, group: "", name: cart }], rules: [{ backendRefs: [{ name: cart-v2, port: 80 }] }]')],
      ['Sidecars and waypoints send its requests where [HTTPRoute shop/r] says.'],
    ],
  ])('%s', (_, documents, expected) => {
    expect(told(...documents)).toEqual(expected);
  });
});

it('tells of an alias which Service it stands for', () => {
  const alias = (host: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: alias, namespace: pay }\nspec: { type: ExternalName, externalName: ${host} }\n`;
  const of = (host: string): string[] => {
    const text = joined(alias(host), cart);
    const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', offsetOf(text, 'kind: Service') + 6);
    return (explained?.sections ?? []).flatMap(({ statements }) =>
      statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('')),
    );
  };
  expect(of('cart.shop.svc.cluster.local')).toEqual([
    'Another name for cart.shop.svc.cluster.local, [Service shop/cart]: it selects no pods.',
  ]);
  expect(of('cart.example.com')).toEqual(['Another name for cart.example.com: it selects no pods.']);
});
