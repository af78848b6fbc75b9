import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { absent, known, unknown } from '../../tristate';
import { isSameHost, rulesFor, subsetsOf } from './destination-rules';
import { readHost } from './host-name';

const shop = known('shop');
const rule = (name: string, host: string, namespace: string, subsets = '[]'): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`} }\nspec: { host: "${host}", subsets: ${subsets} }\n`;

describe('isSameHost', () => {
  it.each([
    [readHost('cart', shop), readHost('cart', shop), 'yes'],
    [readHost('cart', shop), readHost('cart.shop.svc.cluster.local', known('pay')), 'yes'],
    [readHost('cart', shop), readHost('cart', known('pay')), 'no'],
    [readHost('cart', absent), readHost('cart', absent), 'yes'],
    [readHost('cart', absent), readHost('cart', shop), 'unknown'],
    [readHost('cart', unknown), readHost('cart', shop), 'unknown'],
    [readHost('cart', unknown), readHost('pay', shop), 'no'],
    [readHost('a.example.com', shop), readHost('a.example.com', known('pay')), 'yes'],
    [readHost('cart.shop', shop), readHost('cart', shop), 'no'],
    [readHost('cart', shop), undefined, 'unknown'],
  ] as const)('%o and %o: %s', (one, other, answer) => {
    expect(isSameHost(one, other)).toBe(answer);
  });
});

describe('rulesFor', () => {
  const files = {
    'a.yaml': [
      rule('own', 'cart', 'shop'),
      rule('full', 'cart.shop.svc.cluster.local', 'pay'),
      rule('other', 'cart', 'pay'),
      rule('unsaid', 'cart', ''),
      rule('namespace', '*.shop.svc.cluster.local', 'istio-system'),
      rule('all', '*.local', 'istio-system'),
      rule('external', 'api.example.com', 'shop'),
    ].join('---\n'),
  };
  const named = (host: string): string[] =>
    ask(files, (view) => rulesFor(view, readHost(host, shop)).rules.map(({ rule: { name }, is }) => `${name ?? ''} ${is}`));

  it.each([
    ['cart', ['own yes', 'full yes', 'unsaid unknown', 'namespace yes', 'all yes']],
    ['cart.pay.svc.cluster.local', ['other yes', 'unsaid unknown', 'all yes']],
    ['web', ['namespace yes', 'all yes']],
    ['api.example.com', ['external yes']],
    ['www.example.com', []],
  ])('%s', (host, expected) => {
    expect(named(host)).toEqual(expected);
  });

  it('tells of a rule whose host a template hides', () => {
    expect(ask(files, (view) => rulesFor(view, readHost('cart', shop)).open)).toBe(false);
    expect(ask({ 'a.yaml': rule('a', '{{ host }}', 'shop') }, (view) => rulesFor(view, readHost('cart', shop)).open)).toBe(true);
  });
});

describe('subsetsOf', () => {
  it.each([
    ['[{ name: v1 }, { name: v2 }]', ['v1', 'v2'], false],
    ['[{ name: v1 }, { name: "{{ x }}" }]', ['v1'], true],
    ['"{{ x }}"', [], true],
    ['[]', [], false],
    ['{ a: b }', [], false],
  ])('%s', (subsets, names, open) => {
    expect(
      ask({ 'a.yaml': rule('a', 'cart', 'shop', subsets) }, (view) =>
        view.ofKind('DestinationRule.networking.istio.io').map((one) => {
          const found = subsetsOf(one);
          return [found.subsets.map(({ name }) => name), found.open];
        }),
      ),
    ).toEqual([[names, open]]);
  });
});
