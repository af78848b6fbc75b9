import { anything, list, object, text, word } from '../schema';
import type { Fields, Schema } from '../schema';

/** A WebAssembly module and how it is run: the same in a WasmPlugin and in a TrafficExtension. */

const environment: Schema = list(
  'Environment variables of the virtual machine.',
  object(
    'One variable.',
    {
      name: text('Its name, unique in the list.', { minLength: 1, maxLength: 256 }),
      valueFrom: word(
        "Where its value comes from: written here (INLINE) or the proxy's own environment (HOST).",
        ['INLINE', 'HOST'],
        {
          default: 'INLINE',
        },
      ),
      value: text('Its value. Not with HOST.', { maxLength: 2048 }),
    },
    { required: ['name'], 'x-anchor': 'EnvVar' },
  ),
  { maxItems: 256 },
);

export const wasmFields: Fields = {
  url: text(
    'Where the module is: `oci://` (assumed where no scheme is given), `https://`, `http://`, or `file://` for one in the proxy.',
    { minLength: 1 },
  ),
  sha256: text('The SHA-256 of the module or image, 64 hexadecimal digits in lower case.', { pattern: '(^$|^[a-f0-9]{64}$)' }),
  imagePullPolicy: word(
    'When an image is fetched again. Unset: Always for the tag `latest`, else IfNotPresent.',
    ['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always'],
    { default: 'UNSPECIFIED_POLICY' },
  ),
  imagePullSecret: text('The Secret, in the same namespace, with the credentials for fetching the image.', {
    minLength: 1,
    maxLength: 253,
  }),
  verificationKey: text('The key to check the signature of the image with. Istio does not do so yet.'),
  pluginConfig: anything('What the module is configured with: it sees it as JSON.'),
  pluginName: text('The name of the plugin inside the module: some modules hold several.', { minLength: 1, maxLength: 256 }),
  failStrategy: word(
    'What happens to traffic when the module cannot be loaded or crashes: refused (FAIL_CLOSE), let through (FAIL_OPEN), or the virtual machine is started anew (FAIL_RELOAD).',
    ['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD'],
    { default: 'FAIL_CLOSE' },
  ),
  type: word('Whether the module filters HTTP requests or TCP connections.', ['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK'], {
    default: 'HTTP',
  }),
  vmConfig: object('The virtual machine that runs the module.', { env: environment }, { 'x-anchor': 'VmConfig' }),
};
