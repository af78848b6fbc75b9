import { deprecated, list, object, ref, text, texts, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { workloadSelector } from './shared/targets';
import { serverTlsDefinitions } from './shared/tls';
import { connectionPoolDefinitions, destinationDefinitions, sidecarPort } from './shared/traffic';

const captureMode: Schema = word(
  'How traffic comes to the listener: caught by iptables (IPTABLES), or sent there by the application itself (NONE).',
  ['DEFAULT', 'IPTABLES', 'NONE'],
  { default: 'DEFAULT', 'x-anchor': 'CaptureMode' },
);

export const sidecar: KindSchema = {
  kind: 'Sidecar',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/sidecar/',
  description: 'Narrows down what sidecars listen on and which services they know.',
  specRequired: false,
  definitions: { ...connectionPoolDefinitions, ...destinationDefinitions, ...serverTlsDefinitions },
  spec: object(
    'The sidecars and what they let in and out.',
    {
      workloadSelector: workloadSelector('The pods whose sidecars this is for. Unset, all of the namespace.'),
      ingress: list(
        'What the sidecar listens on for its application. Unset, what the pod and its Services show.',
        object(
          'One listener.',
          {
            port: sidecarPort('The port that is opened.'),
            bind: text('The address to listen on.'),
            captureMode,
            defaultEndpoint: text(
              'Where the application listens: `127.0.0.1:port`, `[::1]:port`, `0.0.0.0:port`, `[::]:port` or `unix:///path`.',
            ),
            tls: ref('serverTls', 'TLS that the sidecar ends itself, for callers outside the mesh.'),
            connectionPool: ref('connectionPool', 'Limits for what comes in on this port.'),
          },
          { required: ['port'], 'x-anchor': 'IstioIngressListener' },
        ),
      ),
      egress: list(
        'Which services the sidecar knows. Unset, all of the mesh.',
        object(
          'One listener.',
          {
            port: sidecarPort('The port that applications send to. Unset, any.'),
            bind: text('The address to listen on, or `unix:///path`.'),
            captureMode,
            hosts: texts('Services, as `namespace/host`: `./*` for those of the own namespace, `*/*` for all, `~/*` for none.'),
          },
          { required: ['hosts'], 'x-anchor': 'IstioEgressListener' },
        ),
      ),
      inboundConnectionPool: ref('connectionPool', 'Limits for all that comes in.'),
      outboundTrafficPolicy: object(
        'What happens to traffic for hosts that the sidecar does not know.',
        {
          mode: word('Whether it is let through (ALLOW_ANY) or dropped (REGISTRY_ONLY).', ['REGISTRY_ONLY', 'ALLOW_ANY'], {
            'x-anchor': 'OutboundTrafficPolicy-Mode',
          }),
          egressProxy: deprecated(
            'route through an egress gateway with a ServiceEntry and a VirtualService',
            ref('destination', 'Where such traffic is sent.'),
          ),
        },
        { 'x-anchor': 'OutboundTrafficPolicy' },
      ),
    },
    { 'x-anchor': 'Sidecar' },
  ),
};
