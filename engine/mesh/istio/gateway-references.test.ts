import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { absent, known } from '../../tristate';
import { readGateway, serves } from './gateway-references';

const shop = known('shop');

describe('readGateway', () => {
  it.each([
    ['mesh', undefined],
    ['', undefined],
    ['public', { name: 'public', namespace: shop }],
    ['./public', { name: 'public', namespace: shop }],
    ['ingress/public', { name: 'public', namespace: known('ingress') }],
    // The old form: the name of the gateway up to the first dot, the namespace up to the second (facts 3.3).
    ['public.ingress', { name: 'public', namespace: known('ingress') }],
    ['public.ingress.svc.cluster.local', { name: 'public', namespace: known('ingress') }],
  ])('%s', (text, gateway) => {
    expect(readGateway(text, shop)).toEqual(gateway);
  });
});

const istio = (hosts: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: public, namespace: ingress }\nspec: { servers: [{ hosts: ${hosts} }] }\n`;
const kubernetes = (listeners: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: public, namespace: ingress }\nspec: { listeners: ${listeners} }\n`;

/** Expectations are those of istioctl's own cases for hosts on gateways (facts 1.4, virtualservice.Gateway), made smaller. */
describe('serves', () => {
  it.each([
    [istio('[a.example.com]'), 'a.example.com', 'yes'],
    [istio('[a.example.com]'), 'b.example.com', 'no'],
    [istio('["*.example.com"]'), 'a.b.example.com', 'yes'],
    [istio('["*.example.com"]'), 'example.com', 'no'],
    [istio('[a.example.com]'), '*.example.com', 'yes'],
    [istio('[a.example.com]'), '*', 'yes'],
    [istio('["*"]'), 'a.example.com', 'yes'],
    [istio('["./a.example.com"]'), 'a.example.com', 'no'],
    [istio('["shop/a.example.com"]'), 'a.example.com', 'yes'],
    [istio('["*/a.example.com"]'), 'a.example.com', 'yes'],
    [istio('["*/*"]'), 'a.example.com', 'yes'],
    [istio('["./a.example.com", "shop/*"]'), 'a.example.com', 'yes'],
    [istio('["{{ host }}"]'), 'a.example.com', 'unknown'],
    [istio('[b.example.com, "{{ host }}"]'), 'a.example.com', 'unknown'],
    [istio('[cart.shop.svc.cluster.local]'), 'cart', 'yes'],
    [istio('[]'), '*', 'no'],
    [istio('[]').replace('{ servers: [{ hosts: [] }] }', '{}'), '*', 'no'],
    [kubernetes('[{ name: http }]'), 'a.example.com', 'yes'],
    [kubernetes('[{ name: http, hostname: "*.example.com" }]'), 'a.example.com', 'yes'],
    [kubernetes('[{ name: http, hostname: b.example.com }]'), 'a.example.com', 'no'],
  ])('%s %s: %s', (text, host, answer) => {
    expect(
      ask({ 'a.yaml': text }, (view) =>
        [...view.ofKind('Gateway.networking.istio.io'), ...view.ofKind('Gateway.gateway.networking.k8s.io')].map((gateway) =>
          serves(gateway, host, shop),
        ),
      ),
    ).toEqual([answer]);
  });

  it('cannot tell of a namespace that nobody sets', () => {
    expect(
      ask({ 'a.yaml': istio('["shop/a.example.com"]') }, (view) =>
        view.ofKind('Gateway.networking.istio.io').map((gateway) => serves(gateway, 'a.example.com', absent)),
      ),
    ).toEqual(['unknown']);
  });
});
