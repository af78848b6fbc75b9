import { list, object, text, texts, uint32, word } from './schema';
import type { KindSchema } from './schema';
import { workloadSelector } from './shared/targets';
import { exportTo, workloadEntryObject } from './shared/traffic';

export const serviceEntry: KindSchema = {
  kind: 'ServiceEntry',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/service-entry/',
  description: 'Adds a service to those that the mesh knows: one outside, or one of machines without Kubernetes.',
  specRequired: true,
  definitions: {},
  spec: object(
    'The service and where it is found.',
    {
      hosts: texts('The names of the service; `*.` at the start takes all below.', { minItems: 1, maxItems: 256 }),
      addresses: texts(
        'The addresses that clients use, as IP or CIDR. They tell TCP services on one port apart.',
        { maxItems: 256 },
        { maxLength: 64 },
      ),
      ports: list(
        'The ports of the service.',
        object(
          'One port.',
          {
            number: uint32('The port number, 1 to 65535.'),
            name: text('A name that no other port here has.', { maxLength: 256 }),
            protocol: text('The protocol: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP, TLS. Unset, it is detected.', { maxLength: 256 }),
            targetPort: uint32('The port that endpoints listen on. Unset, the same.'),
          },
          { required: ['number', 'name'], 'x-anchor': 'ServicePort' },
        ),
        { maxItems: 256 },
      ),
      location: word(
        'Whether the service is outside the mesh (MESH_EXTERNAL) or part of it (MESH_INTERNAL). It decides on mutual TLS.',
        ['MESH_EXTERNAL', 'MESH_INTERNAL'],
        { default: 'MESH_EXTERNAL', 'x-anchor': 'ServiceEntry-Location' },
      ),
      resolution: word(
        'How the addresses of endpoints are found: the one that the client connected to (NONE), those written here (STATIC), or by DNS.',
        ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'],
        { default: 'NONE', 'x-anchor': 'ServiceEntry-Resolution' },
      ),
      endpoints: list('The endpoints. Not together with `workloadSelector`.', workloadEntryObject('One endpoint.'), {
        maxItems: 4096,
      }),
      workloadSelector: workloadSelector('Pods and WorkloadEntries that are the endpoints. Not together with `endpoints`.'),
      exportTo: exportTo('the service'),
      subjectAltNames: texts("Names of which the service's certificate must carry one."),
    },
    { required: ['hosts'], 'x-anchor': 'ServiceEntry' },
  ),
};
