import { int32, object, word } from './schema';
import type { KindSchema } from './schema';
import { selector, targetDefinitions, targetRef, targetRefs, trafficSelectors } from './shared/targets';
import { wasmFields } from './shared/wasm';

export const wasmPlugin: KindSchema = {
  kind: 'WasmPlugin',
  group: 'extensions.istio.io',
  versions: ['v1alpha1'],
  docs: 'https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/',
  description: 'Runs a WebAssembly module in proxies.',
  specRequired: true,
  definitions: targetDefinitions,
  spec: object(
    'The module, and the proxies and traffic it runs on.',
    {
      selector: selector(
        'The pods whose proxies run the module. Unset, all of the namespace; in the root namespace, of the mesh.',
      ),
      targetRef,
      targetRefs,
      ...wasmFields,
      phase: word('Where in the chain of filters the module runs. Unset, at its end, before the router.', [
        'UNSPECIFIED_PHASE',
        'AUTHN',
        'AUTHZ',
        'STATS',
      ]),
      priority: int32('The order among modules of one phase: a higher number runs earlier.', { default: 0 }),
      match: trafficSelectors,
    },
    { required: ['url'], 'x-anchor': 'WasmPlugin' },
  ),
};
