import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { waypointUses } from './waypoint-uses';

const resource = (apiVersion: string, kind: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: it\n  namespace: shop\nspec:\n${spec}`;
const authorization = (spec: string): string => resource('security.istio.io/v1', 'AuthorizationPolicy', spec);
const rules = (rule: string): string => authorization(`  rules:\n    - ${rule}\n`);

const usesOf = (text: string, namespace = 'shop'): string[] =>
  ask({ 'it.yaml': text }, (view) => waypointUses(view, namespace).map(({ kind, resources }) => `${resources.length} ${kind}`));

describe('waypointUses', () => {
  it.each([
    ['a VirtualService', resource('networking.istio.io/v1', 'VirtualService', '  hosts: [cart]\n'), '1 VirtualService'],
    ['a DestinationRule', resource('networking.istio.io/v1', 'DestinationRule', '  host: cart\n'), '1 DestinationRule'],
    [
      'a token',
      resource('security.istio.io/v1', 'RequestAuthentication', '  selector: { matchLabels: { app: cart } }\n'),
      '1 RequestAuthentication',
    ],
    ['a Wasm module', resource('extensions.istio.io/v1alpha1', 'WasmPlugin', '  url: oci://a/b\n'), '1 WasmPlugin'],
    ['Telemetry', resource('telemetry.istio.io/v1', 'Telemetry', '  tracing: []\n'), '1 Telemetry'],
    [
      'a route in the mesh',
      resource('gateway.networking.k8s.io/v1', 'HTTPRoute', '  parentRefs: [{ kind: Service, name: cart }]\n'),
      '1 HTTPRoute',
    ],
    ['a method', rules('to: [{ operation: { methods: [GET] } }]'), '1 AuthorizationPolicy'],
    ['a path that is left out', rules('to: [{ operation: { notPaths: [/admin] } }]'), '1 AuthorizationPolicy'],
    ["a token's principal", rules('from: [{ source: { requestPrincipals: ["*"] } }]'), '1 AuthorizationPolicy'],
    ['a header', rules('when: [{ key: "request.headers[x]", values: [y] }]'), '1 AuthorizationPolicy'],
    ['an external authorizer', authorization('  action: CUSTOM\n'), '1 AuthorizationPolicy'],
  ])('%s', (_title, text, use) => {
    expect(usesOf(text)).toEqual([use]);
    expect(usesOf(text, 'other')).toEqual([]);
  });

  it.each([
    [
      'a VirtualService for a gateway',
      resource('networking.istio.io/v1', 'VirtualService', '  hosts: [cart]\n  gateways: [web]\n'),
    ],
    [
      'a token at a gateway',
      resource('security.istio.io/v1', 'RequestAuthentication', '  selector: { matchLabels: { istio: ingressgateway } }\n'),
    ],
    ['a policy with a target', authorization('  targetRefs: [{ kind: Service, name: cart }]\n  action: CUSTOM\n')],
    [
      'a policy on connections',
      rules(
        'from: [{ source: { principals: ["a"] } }]\n      to: [{ operation: { ports: ["80"] } }]\n      when: [{ key: source.ip, values: [10.0.0.0/8] }]',
      ),
    ],
    ['a route at a gateway', resource('gateway.networking.k8s.io/v1', 'HTTPRoute', '  parentRefs: [{ name: web }]\n')],
  ])('not %s', (_title, text) => {
    expect(usesOf(text)).toEqual([]);
  });
});
