import {
  decimal,
  deprecated,
  duration,
  flag,
  int32,
  list,
  map,
  moved,
  object,
  oneOf,
  ref,
  text,
  textMap,
  texts,
  uint32,
  word,
} from './schema';
import type { Fields, KindSchema, Schema } from './schema';
import { stringMatchDefinition } from './shared/targets';
import { destinationDefinitions, exportTo } from './shared/traffic';

const percentage = (description: string): Schema =>
  object(description, { value: decimal('Per cent, 0 to 100; fractions down to 0.0001 count.') }, { 'x-anchor': 'Percent' });

const headerOperations = (of: string): Schema =>
  object(
    `Changes headers of ${of}.`,
    {
      set: textMap('Headers that are set, in place of what is there.'),
      add: textMap('Headers that are added to what is there.'),
      remove: texts('Headers that are removed.'),
    },
    { 'x-anchor': 'Headers-HeaderOperations' },
  );

/** What narrows down a match besides the request itself. */
const matchBase: Fields = {
  port: uint32('The port that the client addressed.'),
  sourceLabels: textMap('Labels that the pod of the client must have. Not for traffic through a gateway.'),
  gateways: texts('The gateways that the match holds for, in place of those of the VirtualService.'),
  sourceNamespace: text('The namespace that the client must be in. Not for traffic through a gateway.'),
};

const httpMatch: Schema = object(
  'What a request must be like: all that is set must hold.',
  {
    name: text('A name for logs and metrics.'),
    uri: ref('stringMatch', 'The path, as it comes, without the query.'),
    scheme: ref('stringMatch', 'The scheme: http or https.'),
    method: ref('stringMatch', 'The method.'),
    authority: ref('stringMatch', 'The host that the request names.'),
    headers: map(
      'Headers and what they must be. `{}` only asks that the header is there. Keys are in lower case.',
      ref('stringMatch'),
    ),
    withoutHeaders: map('Headers and what they must not be.', ref('stringMatch')),
    queryParams: map('Query parameters and what they must be. `{}` only asks that the parameter is there.', ref('stringMatch')),
    ignoreUriCase: flag('Compares the path without regard to case. For exact and prefix.', { default: false }),
    statPrefix: text('The prefix of metrics of their own for requests that match.'),
    ...matchBase,
  },
  { 'x-anchor': 'HTTPMatchRequest' },
);

const routeDestinations = (items: Schema): Schema => list('Where the traffic goes; several share it by weight.', items);

const weight: Schema = int32('The share of the traffic, relative to the other weights. Not needed for a single destination.');

const tcpDestination: Schema = object(
  'A destination and its share.',
  { destination: ref('destination'), weight },
  { required: ['destination'], 'x-anchor': 'RouteDestination' },
);

const httpDestination: Schema = object(
  'A destination, its share, and changes to headers.',
  { destination: ref('destination'), weight, headers: ref('headers') },
  { required: ['destination'], 'x-anchor': 'HTTPRouteDestination' },
);

const mirrorPercent = moved('mirrorPercentage.value', uint32('The share of requests that is mirrored, in per cent.'));

const httpRoute: Schema = object(
  'One rule for HTTP. The first whose match fits the request counts.',
  {
    name: text('A name for logs and metrics.'),
    match: list('What the request must be like; any of the entries suffices. Empty fits all requests.', httpMatch),
    route: routeDestinations(httpDestination),
    redirect: object(
      'Answers with a redirect.',
      {
        uri: text('The path in place of that of the request.'),
        prefixRewrite: text('What takes the place of the prefix that matched.'),
        authority: text('The host in place of that of the request.'),
        port: uint32('The port of the new location.'),
        derivePort: word('Where the port comes from: the one usual for the scheme, or that of the request.', [
          'FROM_PROTOCOL_DEFAULT',
          'FROM_REQUEST_PORT',
        ]),
        scheme: text('The scheme: http or https.'),
        redirectCode: uint32('The status of the answer.', { default: 301 }),
      },
      { ...oneOf('port', 'derivePort'), 'x-anchor': 'HTTPRedirect' },
    ),
    directResponse: object(
      'Answers with a fixed response.',
      {
        status: uint32('The status of the answer.'),
        body: object(
          'The body of the answer.',
          { string: text('As text.'), bytes: text('As base64 of the bytes.') },
          { ...oneOf('string', 'bytes'), 'x-anchor': 'HTTPBody' },
        ),
      },
      { required: ['status'], 'x-anchor': 'HTTPDirectResponse' },
    ),
    delegate: object(
      'Hands the requests to another VirtualService, one without hosts.',
      { name: text('Its name.'), namespace: text('Its namespace. Unset, that of this resource.') },
      { 'x-anchor': 'Delegate' },
    ),
    rewrite: object(
      'Changes path or host before the request is sent on.',
      {
        uri: text('The new path, or what takes the place of the prefix that matched.'),
        authority: text('The new host.'),
        uriRegexRewrite: object(
          'Changes the path by a regular expression.',
          {
            match: text('The RE2 expression.'),
            rewrite: text('What takes the place of what it matched; `\\1` is its first group.'),
          },
          { 'x-anchor': 'RegexRewrite' },
        ),
      },
      { 'x-anchor': 'HTTPRewrite' },
    ),
    timeout: duration('How long a request may take, retries included. Unset, for ever.'),
    retries: object(
      'When a request is tried again. Unset, the mesh tries twice.',
      {
        attempts: int32('How often it is tried again; 0 turns retries off, and so does leaving it out here.', { default: 0 }),
        perTryTimeout: duration('How long one try may take. Unset, as long as the request.'),
        retryOn: text("On which faults: Envoy's conditions or status codes, with commas.", {
          default: 'connect-failure,refused-stream,unavailable,cancelled',
        }),
        retryRemoteLocalities: flag('Whether other localities are tried as well.'),
        retryIgnorePreviousHosts: flag('Whether endpoints that failed are left out.', { default: true }),
        backoff: duration('The shortest pause before a retry; it grows with each.', { default: '25ms' }),
      },
      { 'x-anchor': 'HTTPRetry' },
    ),
    fault: object(
      'Faults that are injected to see what callers do.',
      {
        delay: object(
          'Delays requests.',
          {
            fixedDelay: duration('For how long.'),
            exponentialDelay: duration('Not implemented; Istio refuses it.'),
            percentage: percentage('Which share of the requests.'),
            percent: moved('percentage.value', int32('Which share of the requests, in per cent.')),
          },
          { ...oneOf('fixedDelay', 'exponentialDelay'), 'x-anchor': 'HTTPFaultInjection-Delay' },
        ),
        abort: object(
          'Answers requests with an error.',
          {
            httpStatus: int32('The HTTP status of the error.'),
            grpcStatus: text('The gRPC status of the error, such as UNAVAILABLE.'),
            http2Error: text('Not implemented; Istio refuses it.'),
            percentage: percentage('Which share of the requests.'),
          },
          { ...oneOf('httpStatus', 'grpcStatus', 'http2Error'), 'x-anchor': 'HTTPFaultInjection-Abort' },
        ),
      },
      { 'x-anchor': 'HTTPFaultInjection' },
    ),
    mirror: ref('destination', 'Where a copy of each request goes; its answer is dropped.'),
    mirrors: list(
      'Several places that get a copy of requests. Not together with `mirror`.',
      object(
        'One place.',
        { destination: ref('destination'), percentage: percentage('Which share of the requests. Unset, all.') },
        { required: ['destination'], 'x-anchor': 'HTTPMirrorPolicy' },
      ),
    ),
    mirrorPercentage: percentage('Which share of the requests is mirrored. Unset, all.'),
    mirrorPercent,
    mirror_percent: mirrorPercent,
    corsPolicy: object(
      "Answers browsers' questions about other origins (CORS).",
      {
        allowOrigins: list('Origins that may call.', ref('stringMatch')),
        allowOrigin: deprecated('use `allowOrigins`', texts('Origins that may call.')),
        allowMethods: texts('Methods that may be used.'),
        allowHeaders: texts('Headers that may be sent.'),
        exposeHeaders: texts('Headers that scripts may read.'),
        maxAge: duration('How long a browser may remember the answer; whole seconds.'),
        allowCredentials: flag('Whether credentials may be sent.'),
        unmatchedPreflights: word('Whether questions of unknown origins are sent on.', ['UNSPECIFIED', 'FORWARD', 'IGNORE'], {
          default: 'FORWARD',
        }),
      },
      { 'x-anchor': 'CorsPolicy' },
    ),
    headers: ref('headers'),
  },
  { 'x-anchor': 'HTTPRoute' },
);

const tlsRoute: Schema = object(
  'One rule for TLS that is not ended here. The first whose match fits counts.',
  {
    match: list(
      'What the connection must be like; any of the entries suffices.',
      object(
        'All that is set must hold.',
        {
          sniHosts: texts('Server names that the client asks for; each must be covered by a host of the VirtualService.'),
          destinationSubnets: texts('Addresses that the client connects to, as IP or CIDR.'),
          ...matchBase,
        },
        { required: ['sniHosts'], 'x-anchor': 'TLSMatchAttributes' },
      ),
    ),
    route: routeDestinations(tcpDestination),
  },
  { required: ['match'], 'x-anchor': 'TLSRoute' },
);

const tcpRoute: Schema = object(
  'One rule for TCP. The first whose match fits counts.',
  {
    match: list(
      'What the connection must be like; any of the entries suffices. Empty fits all.',
      object(
        'All that is set must hold.',
        {
          destinationSubnets: texts('Addresses that the client connects to, as IP or CIDR.'),
          sourceSubnet: text('Has no effect: Istio does not match on it.'),
          ...matchBase,
        },
        { 'x-anchor': 'L4MatchAttributes' },
      ),
    ),
    route: routeDestinations(tcpDestination),
  },
  { 'x-anchor': 'TCPRoute' },
);

export const virtualService: KindSchema = {
  kind: 'VirtualService',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
  description: 'Says where requests to a host go, and what happens to them on the way.',
  specRequired: false,
  definitions: {
    ...destinationDefinitions,
    stringMatch: stringMatchDefinition('A string and how it is compared.', {
      exact: 'The whole string.',
      prefix: 'How it must begin.',
      regex: 'An RE2 expression that the whole string must fit.',
    }),
    headers: object(
      'Changes headers on the way.',
      { request: headerOperations('the request'), response: headerOperations('the response') },
      { 'x-anchor': 'Headers' },
    ),
  },
  spec: object(
    'The hosts and the rules for their traffic.',
    {
      hosts: texts(
        'What clients address: Services, hosts of ServiceEntries, or names that a gateway serves; `*.` at the start takes all below. None: the VirtualService is one that others delegate to.',
      ),
      gateways: texts(
        'The gateways that the rules hold for, as `name` or `namespace/name`; `mesh` stands for all sidecars. Unset, `mesh`.',
      ),
      http: list('Rules for HTTP, in order.', httpRoute),
      tls: list('Rules for TLS by server name, in order.', tlsRoute),
      tcp: list('Rules for TCP, in order.', tcpRoute),
      exportTo: exportTo('this VirtualService'),
    },
    { 'x-anchor': 'VirtualService' },
  ),
};
