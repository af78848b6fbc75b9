import { int32, object, text, textMap } from './schema';
import type { KindSchema } from './schema';
import { selector } from './shared/targets';

export const proxyConfig: KindSchema = {
  kind: 'ProxyConfig',
  group: 'networking.istio.io',
  versions: ['v1beta1'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/proxy-config/',
  description: 'Settings of the proxy itself. Pods take them when they are created.',
  specRequired: false,
  definitions: {},
  spec: object(
    'The proxies and their settings.',
    {
      selector: selector('The pods this is for. Unset, all of the namespace; in the root namespace, of the mesh.'),
      concurrency: int32(
        'How many worker threads the proxy runs; 0 is one for each core. Unset, as many as its CPU limit allows.',
        {
          minimum: 0,
        },
      ),
      environmentVariables: textMap('Environment variables of the proxy.', {}, { maxLength: 2048 }),
      image: object(
        'Which image the proxy is.',
        { imageType: text('The variant of the image: `default`, `debug` or `distroless`.') },
        { 'x-anchor': 'ProxyImage' },
      ),
    },
    { 'x-anchor': 'ProxyConfig' },
  ),
};
