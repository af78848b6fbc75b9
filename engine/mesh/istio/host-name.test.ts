import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import { abbreviatedService, fullName, isOfOtherDomain, readHost, wildcardNamespace, wildcardsOver } from './host-name';

const shop = known('shop');
const other = (host: string): { is: 'other'; host: string } => ({ is: 'other', host });

describe('readHost', () => {
  it.each([
    ['cart', { is: 'service', name: 'cart', namespace: shop }],
    ['cart.pay.svc.cluster.local', { is: 'service', name: 'cart', namespace: known('pay') }],
    // The last part before "svc" is the namespace, whatever the name holds (facts 1.4, "Full name from host").
    ['a.b.pay.svc.cluster.local', { is: 'service', name: 'a.b', namespace: known('pay') }],
    // A host with any dot is taken as it is.
    ['cart.shop', other('cart.shop')],
    ['cart.shop.svc', other('cart.shop.svc')],
    ['api.example.com', other('api.example.com')],
    ['*', other('*')],
    ['*.shop.svc.cluster.local', other('*.shop.svc.cluster.local')],
    ['shop.svc.cluster.local', other('shop.svc.cluster.local')],
    ['.shop.svc.cluster.local', other('.shop.svc.cluster.local')],
    ['', other('')],
  ])('%s', (text, host) => {
    expect(readHost(text, shop)).toEqual(host);
  });
});

describe('fullName', () => {
  it.each([
    [known('pay'), 'cart.pay.svc.cluster.local'],
    [absent, 'cart.default.svc.cluster.local'],
    [unknown, undefined],
  ])('of a Service in %o', (namespace, name) => {
    expect(fullName({ is: 'service', name: 'cart', namespace })).toBe(name);
  });

  it('leaves other hosts alone', () => {
    expect(fullName(other('cart.shop'))).toBe('cart.shop');
  });
});

describe('abbreviatedService', () => {
  it.each(['cart.shop', 'cart.shop.svc', 'cart.shop.svc.cluster'])('%s', (host) => {
    expect(abbreviatedService(other(host))).toEqual({ is: 'service', name: 'cart', namespace: shop });
  });

  it.each(['cart', 'api.example.com', '*.shop', 'cart.', '.shop', ''])('not %s', (host) => {
    expect(abbreviatedService(other(host))).toBeUndefined();
  });
});

describe('isOfOtherDomain', () => {
  it.each([
    ['cart.shop.svc.corp.example', true],
    ['cart.shop.svc.clusterset.local', true],
    ['cart.shop.svc', false],
    ['cart.shop.svc.cluster', false],
    ['api.example.com', false],
  ])('%s: %s', (host, answer) => {
    expect(isOfOtherDomain(other(host))).toBe(answer);
  });
});

describe('wildcardsOver', () => {
  it.each([
    ['api.eu.example.com', ['*.eu.example.com', '*.example.com', '*.com', '*']],
    ['cart', ['*']],
    ['a.'.repeat(500), ['*']],
  ])('%s', (host, wildcards) => {
    expect(wildcardsOver(host)).toEqual(wildcards);
  });
});

describe('wildcardNamespace', () => {
  it.each([
    ['*', absent],
    ['*.local', absent],
    ['*.cluster.local', absent],
    ['*.svc.cluster.local', absent],
    ['*.shop.svc.cluster.local', shop],
    ['*.example.com', undefined],
    ['*.a.b.svc.cluster.local', undefined],
  ])('%s', (host, namespace) => {
    expect(wildcardNamespace(other(host))).toEqual(namespace);
  });
});
