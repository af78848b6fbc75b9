import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import {
  joined,
  marked,
  namespace,
  offsetOf,
  peerAuthentication,
  service,
  STRICT,
  workload,
} from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';

const shop = { in: 'shop' };
const injected = marked('shop', 'labels', 'istio-injection: enabled');
const cart = service('cart', shop);
const pods = workload('cart', shop);
const bare = workload('bare', { ...shop, label: 'sidecar.istio.io/inject: "false"' });
const rule = (where: string, spec: string, name = 'r'): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  host: cart.shop.svc.cluster.local\n  ${spec}\n`;
const tls = (mode: string): string => `trafficPolicy: { tls: { mode: ${mode} } }`;
const OFF = '  mtls:\n    mode: DISABLE\n';
const exception = peerAuthentication(
  'cart',
  'shop',
  '  selector: { matchLabels: { app: cart } }\n  portLevelMtls: { 8080: { mode: DISABLE } }\n',
);
const strict = peerAuthentication('cart', 'shop', `  selector: { matchLabels: { app: cart } }\n${STRICT}`);
const mesh = (text: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: mesh\nspec:\n  meshConfig: { ${text} }\n`;
const headless = cart.replace('spec:\n', 'spec:\n  clusterIP: None\n');

/** What the Service's explanation says of its clients, links as `[text]`. */
function told(...documents: readonly string[]): string[] {
  const text = joined(...documents);
  const explained = askExplanation(workspaceOf({ 'a.yaml': text }, []), 'a.yaml', offsetOf(text, 'kind: Service') + 6);
  const lines = explained?.sections.flatMap(({ statements }) =>
    statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('')),
  );
  return (lines ?? []).filter((line) => /clients/i.test(line));
}

describe('what clients send to a Service', () => {
  it.each<[string, readonly string[], string[]]>([
    ['by themselves', [injected, cart, pods], ['Sidecars of clients send mTLS by themselves (auto mTLS).']],
    [
      'under STRICT',
      [injected, cart, pods, peerAuthentication('p', 'shop', STRICT)],
      ['Sidecars of clients send mTLS by themselves (auto mTLS).'],
    ],
    [
      'to pods of which not all have a sidecar',
      [injected, cart, pods, bare],
      ['Sidecars of clients send mTLS to [Deployment shop/cart], plaintext to [Deployment shop/bare] (auto mTLS).'],
    ],
    [
      'to pods whose mode is DISABLE',
      [injected, cart, pods, exception],
      ['Sidecars of clients send plaintext to [Deployment shop/cart] (auto mTLS).'],
    ],
    [
      'where the namespace has DISABLE, even if the pods demand mTLS',
      [injected, cart, pods, peerAuthentication('p', 'shop', OFF), strict],
      ["Sidecars of clients send plaintext: the mode of the Service's namespace is DISABLE, set by [PeerAuthentication shop/p]."],
    ],
    [
      'where two policies for the namespace differ',
      [injected, cart, pods, peerAuthentication('p', 'shop', OFF), peerAuthentication('q', 'shop', STRICT)],
      [
        'Sidecars of clients send mTLS or plaintext by themselves (auto mTLS): it depends on [PeerAuthentication shop/p], [PeerAuthentication shop/q].',
      ],
    ],
    [
      'where auto mTLS is switched off',
      [injected, cart, pods, mesh('enableAutoMtls: false')],
      ['Sidecars of clients send plaintext: auto mTLS is switched off ([a.yaml:41]).'],
    ],
    [
      'to a headless Service',
      [injected, headless, pods, exception],
      ['Sidecars of clients send mTLS by themselves (auto mTLS).'],
    ],
    [
      'to a headless Service of which not all pods have a sidecar',
      [injected, headless, pods, bare],
      ['Sidecars of clients send plaintext to all 2 workloads (auto mTLS).'],
    ],
    [
      'as a rule says',
      [injected, cart, pods, rule('shop', tls('DISABLE'))],
      ['Sidecars of clients send plaintext, as [DestinationRule shop/r] says.'],
    ],
    [
      'as a rule says, in ways that others do not',
      [injected, cart, pods, rule('shop', tls('ISTIO_MUTUAL')), rule('web', tls('SIMPLE'))],
      [
        'Sidecars of clients send mTLS, to pods without a proxy as well, as [DestinationRule shop/r] says.',
        'Sidecars of clients in namespace web send TLS without a certificate of their own, as [DestinationRule web/r] says.',
      ],
    ],
    [
      'as two rules leave open',
      [injected, cart, pods, rule('shop', tls('DISABLE')), rule('shop', tls('MUTUAL'), 's')],
      ['Sidecars of clients send what these files leave open: it depends on [DestinationRule shop/r], [DestinationRule shop/s].'],
    ],
    [
      'as a template leaves open',
      [injected, cart, pods, rule('shop', tls('DISABLE')).replace('cart.shop.svc.cluster.local', '"{{ x }}"')],
      ['Sidecars of clients send what these files leave open: a template hides the host of a DestinationRule.'],
    ],
    [
      'at each port',
      [
        injected,
        cart.replace(
          '    - port: 80\n',
          '    - { name: a, port: 81, targetPort: 8081 }\n    - { name: c, port: 82, targetPort: 8082 }\n    - name: b\n      port: 80\n',
        ),
        pods,
        rule('shop', 'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }'),
      ],
      [
        'At ports 81 and 82, sidecars of clients send mTLS by themselves (auto mTLS).',
        'At port 80, sidecars of clients send plaintext, as [DestinationRule shop/r] says.',
      ],
    ],
    [
      'in ambient mode',
      [marked('shop', 'labels', 'istio.io/dataplane-mode: ambient'), cart, pods, rule('shop', tls('DISABLE'))],
      ['Clients in ambient mode send mTLS, whatever DestinationRules say.'],
    ],
    ['outside the mesh is not told', [namespace('shop'), cart, pods, rule('shop', tls('DISABLE'))], []],
    ['where the mesh is unknown is not told', [cart, pods], []],
  ])('%s', (_, documents, expected) => {
    expect(told(...documents)).toEqual(expected);
  });
});

it('what clients send follows an edit of a rule, of the mesh configuration and of a policy', () => {
  const files = {
    'a.yaml': joined(injected, cart, pods),
    'rule.yaml': rule('infra', tls('DISABLE')),
    'mesh.yaml': mesh('rootNamespace: infra'),
  };
  const workspace = workspaceOf(files, []);
  const sent = (): string => {
    const explained = askExplanation(workspace, 'a.yaml', offsetOf(files['a.yaml'], 'kind: Service') + 6);
    const lines = explained?.sections.flatMap(({ statements }) =>
      statements.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text)).join('')),
    );
    return (lines ?? []).find((line) => line.startsWith('Sidecars')) ?? '';
  };
  const AUTO = 'Sidecars of clients send mTLS by themselves (auto mTLS).';
  expect(sent()).toBe('Sidecars of clients send plaintext, as DestinationRule infra/r says.');
  workspace.set('mesh.yaml', mesh('rootNamespace: istio-system'));
  expect(sent()).toBe(AUTO);
  workspace.set('rule.yaml', rule('shop', tls('SIMPLE')));
  expect(sent()).toBe('Sidecars of clients send TLS without a certificate of their own, as DestinationRule shop/r says.');
  workspace.remove('rule.yaml');
  expect(sent()).toBe(AUTO);
  workspace.set('rule.yaml', peerAuthentication('p', 'istio-system', OFF));
  expect(sent()).toBe(
    "Sidecars of clients send plaintext: the mode of the Service's namespace is DISABLE, set by PeerAuthentication istio-system/p.",
  );
});
