import { list, object, ref, text, textMap, texts } from './schema';
import type { KindSchema } from './schema';
import { serverTlsDefinitions } from './shared/tls';
import { serverPort } from './shared/traffic';

export const gateway: KindSchema = {
  kind: 'Gateway',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/gateway/',
  description: 'Opens ports on gateway pods, and says which hosts are served there and with which certificates.',
  specRequired: false,
  definitions: serverTlsDefinitions,
  spec: object(
    'The gateway pods and what they serve.',
    {
      selector: textMap('Labels that a pod must have to be such a gateway; pods of all namespaces are looked at.'),
      servers: list(
        'What is served.',
        object(
          'A port, the hosts on it, and its TLS.',
          {
            port: serverPort('The port that is opened.'),
            hosts: texts('Hosts that are served, as `host` or `namespace/host`; `*` takes all, `*.` at the start all below.'),
            tls: ref('serverTls'),
            bind: text('The address to listen on. Unset, all.'),
            defaultEndpoint: text('Not implemented.'),
            name: text('A name that no other server of the gateway has.'),
          },
          { required: ['port', 'hosts'], 'x-anchor': 'Server' },
        ),
      ),
    },
    { 'x-anchor': 'Gateway' },
  ),
};
