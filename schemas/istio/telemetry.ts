import { decimal, duration, flag, list, map, object, oneOf, text, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { WORKLOAD_MODES, selector, targetDefinitions, targetRef, targetRefs } from './shared/targets';

const mode: Schema = word('Whether this is for the reports of clients, of servers, or of both.', WORKLOAD_MODES, {
  default: 'CLIENT_AND_SERVER',
});

const providers: Schema = list(
  "Where it is sent: names of the mesh configuration's extension providers. Unset, its defaults.",
  object('One provider.', { name: text('Its name.', { minLength: 1 }) }, { required: ['name'], 'x-anchor': 'ProviderRef' }),
);

const tracing: Schema = object(
  'How requests are traced.',
  {
    match: object('Which spans.', { mode }),
    providers,
    randomSamplingPercentage: decimal('The share of requests that is traced where the caller has not decided, in per cent.', {
      minimum: 0,
      maximum: 100,
    }),
    disableSpanReporting: flag('Whether no spans are reported.', { default: false }),
    disableContextPropagation: flag('Whether the headers that carry the trace on are left out.'),
    enableIstioTags: flag("Whether Istio's own tags are on the spans.", { default: true }),
    useRequestIdForTraceSampling: flag('Whether the request id decides if a request is traced.', { default: true }),
    customTags: map(
      'Tags on the spans, by name.',
      object(
        'Where the value of the tag comes from.',
        {
          literal: object('A fixed text.', { value: text('The text.', { minLength: 1 }) }, { required: ['value'] }),
          environment: object(
            'An environment variable of the proxy.',
            {
              name: text('Its name.', { minLength: 1 }),
              defaultValue: text('The value where it is not set.'),
            },
            { required: ['name'] },
          ),
          header: object(
            'A header of the request.',
            {
              name: text('Its name.', { minLength: 1 }),
              defaultValue: text('The value where the request has none.'),
            },
            { required: ['name'] },
          ),
          formatter: object(
            "A text with Envoy's `%…%` commands.",
            { value: text('The text.', { minLength: 1 }) },
            { required: ['value'] },
          ),
        },
        { ...oneOf('literal', 'environment', 'header', 'formatter'), 'x-anchor': 'Tracing-CustomTag' },
      ),
    ),
  },
  { 'x-anchor': 'Tracing' },
);

const metrics: Schema = object(
  'How metrics are made.',
  {
    providers,
    reportingInterval: duration('How often metrics are sent to providers that take them for TCP.'),
    overrides: list(
      'Changes to single metrics; later ones win.',
      object(
        'One change.',
        {
          match: object(
            'Which metrics.',
            {
              metric: word("One of Istio's own metrics.", [
                'ALL_METRICS',
                'REQUEST_COUNT',
                'REQUEST_DURATION',
                'REQUEST_SIZE',
                'RESPONSE_SIZE',
                'TCP_OPENED_CONNECTIONS',
                'TCP_CLOSED_CONNECTIONS',
                'TCP_SENT_BYTES',
                'TCP_RECEIVED_BYTES',
                'GRPC_REQUEST_MESSAGES',
                'GRPC_RESPONSE_MESSAGES',
              ]),
              customMetric: text('The name of another metric.', { minLength: 1 }),
              mode,
            },
            { ...oneOf('metric', 'customMetric'), 'x-anchor': 'MetricSelector' },
          ),
          disabled: flag('Whether the metric is not made at all.'),
          tagOverrides: map(
            'Changes to tags of the metric, by name.',
            object(
              'One change.',
              {
                operation: word('Whether the tag is set (UPSERT) or taken away (REMOVE).', ['UPSERT', 'REMOVE'], {
                  default: 'UPSERT',
                }),
                value: text('What it is set to: an expression in CEL. Only with UPSERT.'),
              },
              { 'x-anchor': 'MetricsOverrides-TagOverride' },
            ),
          ),
        },
        { 'x-anchor': 'MetricsOverrides' },
      ),
    ),
  },
  { 'x-anchor': 'Metrics' },
);

export const telemetry: KindSchema = {
  kind: 'Telemetry',
  group: 'telemetry.istio.io',
  versions: ['v1', 'v1alpha1'],
  docs: 'https://istio.io/latest/docs/reference/config/telemetry/',
  description: 'Says which metrics, traces and access logs proxies make, and where they go.',
  specRequired: false,
  definitions: targetDefinitions,
  spec: object(
    'The proxies and what they report.',
    {
      selector: selector('The pods this is for. Unset, all of the namespace; in the root namespace, of the mesh.'),
      targetRef,
      targetRefs,
      tracing: list('How requests are traced. Istio reads one entry.', tracing),
      metrics: list('How metrics are made.', metrics),
      accessLogging: list(
        'How access is logged.',
        object(
          'One way of logging.',
          {
            match: object('Which logs.', { mode }),
            providers,
            disabled: flag('Whether nothing is logged.'),
            filter: object(
              'Which requests are logged.',
              { expression: text('An expression in CEL that must be true, such as `response.code >= 400`.') },
              { 'x-anchor': 'AccessLogging-Filter' },
            ),
          },
          { 'x-anchor': 'AccessLogging' },
        ),
      ),
    },
    { 'x-anchor': 'Telemetry' },
  ),
};
