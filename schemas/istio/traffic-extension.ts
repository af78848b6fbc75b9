import { int32, object, oneOf, text, word } from './schema';
import type { KindSchema } from './schema';
import { selector, targetDefinitions, targetRefs, trafficSelectors } from './shared/targets';
import { wasmFields } from './shared/wasm';

export const trafficExtension: KindSchema = {
  kind: 'TrafficExtension',
  group: 'extensions.istio.io',
  versions: ['v1alpha1'],
  docs: 'https://istio.io/latest/docs/reference/config/proxy_extensions/',
  description: 'Runs a WebAssembly module or a Lua script in proxies.',
  specRequired: true,
  definitions: targetDefinitions,
  spec: object(
    'The extension, and the proxies and traffic it runs on. Exactly one of `wasm` and `lua` is needed.',
    {
      selector: selector(
        'The pods whose proxies run the extension. Unset, all of the namespace; in the root namespace, of the mesh.',
      ),
      targetRefs,
      phase: word('Where in the chain of filters the extension runs. Unset, at its end, before the router.', [
        'UNSPECIFIED',
        'AUTHN',
        'AUTHZ',
        'STATS',
      ]),
      priority: int32('The order among extensions of one phase: a higher number runs earlier.', { default: 0 }),
      match: trafficSelectors,
      wasm: object('A WebAssembly module.', wasmFields, { required: ['url'] }),
      lua: object(
        'A Lua script.',
        { inlineCode: text('The script, with `envoy_on_request` or `envoy_on_response`.', { minLength: 1, maxLength: 65536 }) },
        { required: ['inlineCode'] },
      ),
    },
    oneOf('wasm', 'lua'),
  ),
};
