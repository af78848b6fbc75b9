import { map, object, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { selector } from './shared/targets';

const mutualTls = (description: string): Schema =>
  object(
    description,
    {
      mode: word(
        'Whether the proxy demands mutual TLS (STRICT), takes it and plain text (PERMISSIVE), takes plain text alone (DISABLE), or does as the wider policy says (UNSET). Where nothing says, PERMISSIVE.',
        ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'],
        { default: 'UNSET', 'x-anchor': 'PeerAuthentication-MutualTLS-Mode' },
      ),
    },
    { 'x-anchor': 'PeerAuthentication-MutualTLS' },
  );

export const peerAuthentication: KindSchema = {
  kind: 'PeerAuthentication',
  group: 'security.istio.io',
  versions: ['v1', 'v1beta1'],
  docs: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
  description: 'Says whether workloads demand mutual TLS of those who call them.',
  specRequired: false,
  definitions: {},
  spec: object(
    'The workloads and what they demand.',
    {
      selector: selector('The pods this is for. Unset, all of the namespace; in the root namespace, of the mesh.'),
      mtls: mutualTls('What is demanded on all ports.'),
      portLevelMtls: map(
        'What is demanded on single ports of the container. Needs a selector.',
        mutualTls('What is demanded on this port.'),
        { minProperties: 1 },
      ),
    },
    { 'x-anchor': 'PeerAuthentication' },
  ),
};
