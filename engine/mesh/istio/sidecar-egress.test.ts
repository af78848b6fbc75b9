import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { joined, workload } from '../../../test/support/mesh-samples';
import { egressOf } from './sidecar-egress';

const sidecar = (where: string, spec: string, name = 's'): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: ${name}, namespace: ${where} }\nspec: { ${spec} }\n`;
const hosts = (...names: readonly string[]): string => `egress: [{ hosts: [${names.map((name) => `"${name}"`).join(', ')}] }]`;
const FOR_CART = 'workloadSelector: { labels: { app: cart } }';
const operator =
  'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: mesh }\nspec: { meshConfig: { rootNamespace: infra } }\n';

/** The hosts that the sidecar of `shop/cart` knows, with the Sidecars that may say so. */
function known(...documents: readonly string[]): string {
  return ask({ 'a.yaml': joined(workload('cart', { in: 'shop' }), ...documents) }, (view) => {
    const { sidecars, hosts: listed } = egressOf(view.ofKind('Deployment.apps')[0]!, view);
    return `${sidecars.map(({ title }) => title).join(', ')}: ${listed?.map(({ text }) => text).join(' ') ?? 'all'}`;
  });
}

describe('what a sidecar knows', () => {
  it.each<[string, readonly string[], string]>([
    ['without a Sidecar', [], ': all'],
    ['by one for its namespace', [sidecar('shop', hosts('./*', 'istio-system/*'))], 'Sidecar shop/s: ./* istio-system/*'],
    ['by one for its pods', [sidecar('shop', `${FOR_CART}, ${hosts('./a')}`)], 'Sidecar shop/s: ./a'],
    [
      'by one for its pods before one for its namespace',
      [sidecar('shop', hosts('./*')), sidecar('shop', `${FOR_CART}, ${hosts('./a')}`, 't')],
      'Sidecar shop/t: ./a',
    ],
    ['by one for other pods', [sidecar('shop', `workloadSelector: { labels: { app: web } }, ${hosts('./a')}`)], ': all'],
    ['by one of the root namespace', [sidecar('istio-system', hosts('./*'))], 'Sidecar istio-system/s: ./*'],
    [
      'by one of its namespace before one of the root namespace',
      [sidecar('istio-system', hosts('./*')), sidecar('shop', hosts('./a'))],
      'Sidecar shop/s: ./a',
    ],
    [
      'by one of the root namespace behind one for other pods',
      [sidecar('istio-system', hosts('./*')), sidecar('shop', `workloadSelector: { labels: { app: web } }, ${hosts('./a')}`)],
      'Sidecar istio-system/s: ./*',
    ],
    [
      'by one with a selector in the root namespace, which is for that alone',
      [sidecar('istio-system', `${FOR_CART}, ${hosts('./*')}`)],
      ': all',
    ],
    [
      'by one of the root namespace that the mesh configuration names',
      [operator, sidecar('infra', hosts('./*'))],
      'Sidecar infra/s: ./*',
    ],
    ['by one of another namespace', [sidecar('pay', hosts('./*'))], ': all'],
    ['by one without egress', [sidecar('shop', 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }')], 'Sidecar shop/s: all'],
    ['by one that lists all', [sidecar('shop', hosts('*/*'))], 'Sidecar shop/s: all'],
    [
      'by several listeners',
      [sidecar('shop', 'egress: [{ port: { number: 80, protocol: HTTP, name: a }, hosts: ["./a"] }, { hosts: ["./b"] }]')],
      'Sidecar shop/s: ./a ./b',
    ],
    ['by one of two', [sidecar('shop', hosts('./a')), sidecar('shop', hosts('./b'), 't')], 'Sidecar shop/s, Sidecar shop/t: all'],
    [
      'by one that may be for its pods, else another',
      [sidecar('shop', `workloadSelector: { labels: { app: "{{ x }}" } }, ${hosts('./a')}`), sidecar('shop', hosts('./b'), 't')],
      'Sidecar shop/s, Sidecar shop/t: all',
    ],
    ['by hosts that a template hides', [sidecar('shop', 'egress: [{ hosts: "{{ x }}" }]')], 'Sidecar shop/s: all'],
  ])('%s', (_, documents, expected) => {
    expect(known(...documents)).toBe(expected);
  });
});
