import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './routes-bypassed-at-gateway';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const virtualService = (name: string, hosts: string, destinations: string, more = '', namespace = 'shop'): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { hosts: [${hosts}], http: [{ route: [${destinations}] }]${more} }\n`;
const ATTACHED = ', gateways: [ingress/public]';
const divided = virtualService(
  'cart',
  'cart',
  '{ destination: { host: cart, subset: v1 } }, { destination: { host: cart, subset: v2 } }',
);
const plain = '{ destination: { host: cart } }';

describe('a gateway', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['past the subsets', divided, virtualService('p', 'a.com', plain, ATTACHED), ['warning cart IST0140']],
    [
      'past the subsets, by the full name',
      divided,
      virtualService('p', 'a.com', '{ destination: { host: cart.shop.svc.cluster.local } }', ATTACHED, 'pay'),
      ['warning cart.shop.svc.cluster.local IST0140'],
    ],
    [
      'past one subset',
      virtualService('cart', 'cart', '{ destination: { host: cart, subset: v1 } }'),
      virtualService('p', 'a.com', plain, ATTACHED),
      ['info cart IST0140'],
    ],
    [
      'with a subset of its own',
      divided,
      virtualService('p', 'a.com', '{ destination: { host: cart, subset: v1 } }', ATTACHED),
      [],
    ],
    [
      'with a subset that a template writes',
      divided,
      virtualService('p', 'a.com', '{ destination: { host: cart, subset: "{{ v }}" } }', ATTACHED),
      [],
    ],
    ['for the mesh alone', divided, virtualService('p', 'a.com', plain, ', gateways: [mesh]'), []],
    ['without any', divided, virtualService('p', 'a.com', plain), []],
    ['to a host of another namespace', divided, virtualService('p', 'a.com', plain, ATTACHED, 'pay'), []],
    [
      'past subsets of another host',
      virtualService('cart', 'web', '{ destination: { host: cart, subset: v1 } }'),
      virtualService('p', 'a.com', plain, ATTACHED),
      [],
    ],
    ['in another version of the same resource', divided, virtualService('cart', 'cart', plain, ATTACHED), []],
  ])('%s', (_title, other, own, expected) => {
    expect(told({ 'a.yaml': other, 'b.yaml': own })).toEqual(expected);
  });
});
