import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined, service } from '../../../test/support/mesh-samples';
import { clientTls } from './client-tls';

const shop = { in: 'shop' };
/** @param spec flow YAML without its braces, behind the host */
const rule = (where: string, spec: string, { name = 'r', host = 'cart.shop.svc.cluster.local' } = {}): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}${where === '' ? '' : `, namespace: ${where}`} }\nspec: { host: "${host}"${spec === '' ? '' : `, ${spec}`} }\n`;
const tls = (text: string): string => `trafficPolicy: { tls: { ${text} } }`;
const ISTIO = tls('mode: ISTIO_MUTUAL');
const OFF = tls('mode: DISABLE');

/** `all: plaintext`, and entries for namespaces whose clients send something else; ports where they differ. */
function sent(files: Files | string): string {
  return ask(typeof files === 'string' ? { 'a.yaml': files } : files, (view) => {
    const [cart] = view.index.named('Service', 'shop', 'cart');
    return clientTls(cart!, view)
      .map(({ namespace, ports }) => {
        const texts = [...new Set(ports.map(({ sends }) => sends))];
        return `${namespace ?? 'all'}: ${texts.length === 1 ? (texts[0] ?? '') : ports.map(({ port, sends }) => `${port} ${sends}`).join(' ')}`;
      })
      .join(', ');
  });
}

const cart = service('cart', shop);
const after = (...rules: readonly string[]): string => sent(joined(cart, ...rules));

describe('what one rule makes of a port', () => {
  it.each<[string, string, string]>([
    ['no rule', '', 'auto'],
    ['DISABLE', OFF, 'plaintext'],
    ['SIMPLE', tls('mode: SIMPLE'), 'tls'],
    ['MUTUAL', tls('mode: MUTUAL, clientCertificate: /a, privateKey: /b'), 'mutual'],
    ['ISTIO_MUTUAL', ISTIO, 'istio-mutual'],
    ['an empty block', tls(''), 'plaintext'],
    ['a name alone', tls('sni: a'), 'plaintext'],
    ['no block', 'trafficPolicy: { loadBalancer: { simple: RANDOM } }', 'auto'],
    ['null', 'trafficPolicy: { tls: }', 'auto'],
    ['another mode', tls('mode: STRICT'), 'unknown'],
    ['a mode that a template hides', tls('mode: "{{ x }}"'), 'unknown'],
    ['a block that a template hides', 'trafficPolicy: { tls: "{{ x }}" }', 'unknown'],
    ['a Secret', tls('mode: SIMPLE, credentialName: c'), 'plaintext'],
    ['a Secret with MUTUAL', tls('mode: MUTUAL, credentialName: c'), 'plaintext'],
    ['a ConfigMap', tls('mode: SIMPLE, credentialName: configmap://c'), 'tls'],
    ['a Secret of ISTIO_MUTUAL', tls('mode: ISTIO_MUTUAL, credentialName: c'), 'istio-mutual'],
    ['subsets alone', 'subsets: [{ name: a, trafficPolicy: { tls: { mode: DISABLE } } }]', 'auto'],
    ['the port itself', 'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }', 'tls'],
    [
      'another port',
      'trafficPolicy: { tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 81 }, tls: { mode: DISABLE } }] }',
      'tls',
    ],
    [
      'the port over the host',
      'trafficPolicy: { tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }',
      'plaintext',
    ],
    [
      'the port without tls over nothing',
      'trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, loadBalancer: {} }] }',
      'auto',
    ],
    [
      'the port without tls over ISTIO_MUTUAL',
      'trafficPolicy: { tls: { mode: ISTIO_MUTUAL }, portLevelSettings: [{ port: { number: 80 } }] }',
      'auto',
    ],
    [
      'the port without tls over DISABLE',
      'trafficPolicy: { tls: { mode: DISABLE }, portLevelSettings: [{ port: { number: 80 } }] }',
      'unknown',
    ],
    [
      'a port that a template hides',
      'trafficPolicy: { portLevelSettings: [{ port: { number: "{{ x }}" }, tls: { mode: SIMPLE } }] }',
      'unknown',
    ],
    ['workloads that it selects', `workloadSelector: { matchLabels: { app: a } }, ${OFF}`, 'auto, shop: unknown'],
    [
      'workloads that it selects, without tls',
      'workloadSelector: { matchLabels: { app: a } }, trafficPolicy: { loadBalancer: {} }',
      'auto',
    ],
  ])('%s', (_, spec, expected) => {
    expect(after(rule('shop', spec))).toBe(`all: ${expected}`);
  });

  it('differs by port', () => {
    const two = cart.replace('    - port: 80\n', '    - { name: a, port: 81 }\n    - port: 80\n');
    const spec =
      'trafficPolicy: { tls: { mode: ISTIO_MUTUAL }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: DISABLE } }] }';
    expect(sent(joined(two, rule('shop', spec)))).toBe('all: 81 istio-mutual 80 plaintext');
  });
});

describe('which rule a client takes', () => {
  const wild = { name: 'w', host: '*.shop.svc.cluster.local' };
  it.each<[string, readonly string[], string]>([
    ['of the Service by its short name', [rule('shop', OFF, { host: 'cart' })], 'all: plaintext'],
    ['of another Service', [rule('shop', OFF, { host: 'web' }), rule('pay', OFF, { host: 'cart' })], 'all: auto'],
    ['of a wildcard', [rule('shop', OFF, wild)], 'all: plaintext'],
    [
      'of the host before that of a wildcard, from which it takes nothing',
      [rule('shop', ISTIO, wild), rule('shop', 'trafficPolicy: { loadBalancer: {} }')],
      'all: auto',
    ],
    ['of the narrowest wildcard', [rule('shop', OFF, { host: '*.local' }), rule('shop', ISTIO, wild)], 'all: istio-mutual'],
    ['of its own namespace first', [rule('shop', OFF), rule('web', ISTIO)], 'all: plaintext, web: istio-mutual'],
    [
      'of its own namespace, be it for a wildcard',
      [rule('shop', OFF), rule('web', ISTIO, wild)],
      'all: plaintext, web: istio-mutual',
    ],
    ['of the root namespace last', [rule('istio-system', OFF)], 'all: plaintext'],
    ['of the Service before the root namespace', [rule('istio-system', OFF), rule('shop', ISTIO)], 'all: istio-mutual'],
    ['of a third namespace never', [rule('web', OFF)], 'all: auto, web: plaintext'],
    ['that is exported to no other namespace', [rule('shop', `exportTo: ["."], ${OFF}`)], 'all: auto, shop: plaintext'],
    [
      'of its own namespace that says the same',
      [rule('shop', OFF), rule('web', 'trafficPolicy: { loadBalancer: {} }')],
      'all: plaintext, web: auto',
    ],
    ['of two for a host that agree', [rule('shop', OFF), rule('shop', OFF, { name: 'b' })], 'all: plaintext'],
    ['of two for a host that differ', [rule('shop', OFF), rule('shop', ISTIO, { name: 'b' })], 'all: unknown'],
    [
      'of two for a host of which one has no policy',
      [rule('shop', 'subsets: [{ name: a }]'), rule('shop', ISTIO, { name: 'b' })],
      'all: istio-mutual',
    ],
    [
      'for selected clients before one for all',
      [rule('shop', `workloadSelector: { matchLabels: { app: a } }, ${OFF}`), rule('shop', OFF, wild)],
      'all: plaintext, shop: plaintext',
    ],
    [
      'for selected clients before another one for all',
      [rule('shop', `workloadSelector: { matchLabels: { app: a } }, ${OFF}`), rule('shop', ISTIO, wild)],
      'all: istio-mutual, shop: unknown',
    ],
    ['whose host a template hides', [rule('shop', OFF, { host: '{{ x }}' })], 'all: unknown'],
    [
      'for the host rather than one whose host a template hides',
      [rule('shop', OFF, { host: '{{ x }}' }), rule('shop', ISTIO)],
      'all: istio-mutual',
    ],
    [
      'of another namespace for the host that it does not see, and so none for a wildcard there',
      [rule('shop', `exportTo: [pay], ${OFF}`), rule('shop', ISTIO, wild), rule('istio-system', tls('mode: SIMPLE'))],
      'all: tls, shop: istio-mutual, pay: plaintext',
    ],
    [
      'for workloads that it selects in its own namespace, whatever it is exported to',
      [rule('shop', `workloadSelector: { matchLabels: { app: a } }, exportTo: ["*"], ${OFF}`)],
      'all: auto, shop: unknown',
    ],
    ['that sets no namespace', [rule('', OFF)], 'all: auto, default: plaintext'],
  ])('%s', (_, rules, expected) => {
    expect(after(...rules)).toBe(expected);
  });

  it('of the root namespace that the mesh configuration names', () => {
    const operator =
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: mesh }\nspec: { meshConfig: { rootNamespace: infra } }\n';
    expect(after(operator, rule('infra', OFF))).toBe('all: plaintext');
    expect(after(operator, rule('istio-system', OFF))).toBe('all: auto, istio-system: plaintext');
  });
});
