import { anything, int32, list, object, oneOf, text, textMap, uint32, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { targetDefinitions, targetRefs, workloadSelector } from './shared/targets';

const filter = (description: string): Schema =>
  object(description, {
    name: text("The filter's name, such as `envoy.filters.network.http_connection_manager`."),
    subFilter: object('A filter inside this one, as HTTP filters are inside the connection manager.', {
      name: text("The inner filter's name."),
    }),
  });

const portNumber: Schema = uint32('The port.');

const match: Schema = object(
  'The part of the generated configuration that is changed.',
  {
    context: word(
      'In which proxies: sidecars inbound or outbound, gateways, waypoints, or any but waypoints.',
      ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND', 'GATEWAY', 'WAYPOINT'],
      { default: 'ANY', 'x-anchor': 'EnvoyFilter-PatchContext' },
    ),
    proxy: object('Proxies of a version or with some metadata.', {
      proxyVersion: text('An RE2 expression for the Istio version of the proxy, such as `^1\\.28.*`.'),
      metadata: textMap('Metadata that the proxy must have.'),
    }),
    listener: object(
      'A listener.',
      {
        portNumber,
        portName: text('Has no effect.'),
        name: text('The name of the listener.'),
        listenerFilter: text('The name of a listener filter. For LISTENER_FILTER.'),
        filterChain: object('A filter chain of the listener.', {
          name: text('The name of the chain.'),
          sni: text('A server name that the chain matches.'),
          transportProtocol: text('The transport: `raw_buffer` or `tls`.'),
          transportSocket: text('The name of the transport socket.'),
          applicationProtocols: text('Application protocols, with commas.'),
          destinationPort: uint32('The port that the chain matches.'),
          filter: filter('A network filter of the chain.'),
        }),
      },
      { 'x-anchor': 'EnvoyFilter-ListenerMatch' },
    ),
    routeConfiguration: object(
      'A route configuration.',
      {
        portNumber,
        portName: text('The name of the port. For gateways.'),
        gateway: text('The Gateway, as `namespace/name`. For gateways.'),
        name: text('The name of the route configuration.'),
        vhost: object('A virtual host of it.', {
          name: text('The name of the virtual host, `host:port`.'),
          domainName: text('A domain that the virtual host serves.'),
          route: object('A route of it.', {
            name: text('The name of the route.'),
            action: word('What the route does.', ['ANY', 'ROUTE', 'REDIRECT', 'DIRECT_RESPONSE'], { default: 'ANY' }),
          }),
        }),
      },
      { 'x-anchor': 'EnvoyFilter-RouteConfigurationMatch' },
    ),
    cluster: object(
      'A cluster.',
      {
        portNumber,
        service: text('The full host of the service that the cluster is for.'),
        subset: text('The subset that the cluster is for.'),
        name: text('The name of the cluster.'),
      },
      { 'x-anchor': 'EnvoyFilter-ClusterMatch' },
    ),
    waypoint: object('What a waypoint has. Only with context WAYPOINT, and needed there.', {
      portNumber,
      filter: filter('A network filter.'),
      route: object('A route.', { name: text('The name of the route.') }),
    }),
  },
  { ...oneOf('listener', 'routeConfiguration', 'cluster', 'waypoint'), 'x-anchor': 'EnvoyFilter-EnvoyConfigObjectMatch' },
);

export const envoyFilter: KindSchema = {
  kind: 'EnvoyFilter',
  group: 'networking.istio.io',
  versions: ['v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/envoy-filter/',
  description: 'Changes the Envoy configuration that Istio generates. What it refers to may look different in the next release.',
  specRequired: false,
  definitions: targetDefinitions,
  spec: object(
    'The proxies and the changes.',
    {
      workloadSelector: workloadSelector(
        'The pods whose proxies are changed. Unset, all of the namespace; in the root namespace, of the mesh.',
      ),
      targetRefs,
      priority: int32('The order among EnvoyFilters: a lower number comes first.', { default: 0 }),
      configPatches: list(
        'The changes, in order.',
        object(
          'One change.',
          {
            applyTo: word(
              'What kind of configuration is changed.',
              [
                'INVALID',
                'LISTENER',
                'FILTER_CHAIN',
                'NETWORK_FILTER',
                'HTTP_FILTER',
                'ROUTE_CONFIGURATION',
                'VIRTUAL_HOST',
                'HTTP_ROUTE',
                'CLUSTER',
                'EXTENSION_CONFIG',
                'BOOTSTRAP',
                'LISTENER_FILTER',
              ],
              { 'x-anchor': 'EnvoyFilter-ApplyTo' },
            ),
            match,
            patch: object(
              'What is done to it.',
              {
                operation: word(
                  'Whether the value is merged in, added, put at a place relative to others, or takes the place of what matched; REMOVE needs no value.',
                  [
                    'INVALID',
                    'MERGE',
                    'ADD',
                    'REMOVE',
                    'INSERT_BEFORE',
                    'INSERT_AFTER',
                    'INSERT_FIRST',
                    'REPLACE',
                    'MERGE_AND_REPLACE_LIST',
                  ],
                  { 'x-anchor': 'EnvoyFilter-Patch-Operation' },
                ),
                value: anything("Envoy's own configuration, as JSON of its protobuf messages."),
                filterClass: word('Where a filter goes that is added to the chain.', ['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS'], {
                  default: 'UNSPECIFIED',
                  'x-anchor': 'EnvoyFilter-Patch-FilterClass',
                }),
              },
              { 'x-anchor': 'EnvoyFilter-Patch' },
            ),
          },
          { 'x-anchor': 'EnvoyFilter-EnvoyConfigObjectPatch' },
        ),
      ),
    },
    { 'x-anchor': 'EnvoyFilter' },
  ),
};
