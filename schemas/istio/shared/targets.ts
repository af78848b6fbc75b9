import { list, object, oneOf, ref, text, textMap } from '../schema';
import type { Fields, Schema } from '../schema';

/** How policies pick workloads: by labels, or by naming what they attach to. */

const LABEL_VALUE = { maxLength: 63 };

/** A selector with `matchLabels` (istio.type.v1beta1.WorkloadSelector). */
export const selector = (description: string): Schema =>
  object(
    description,
    {
      matchLabels: textMap(
        'Labels that a pod must all have to be selected. Keys and values are taken literally: no wildcards.',
        { maxProperties: 4096 },
        LABEL_VALUE,
      ),
    },
    { 'x-anchor': 'WorkloadSelector' },
  );

/** A selector with `labels` (istio.networking.v1alpha3.WorkloadSelector). */
export const workloadSelector = (description: string): Schema =>
  object(
    description,
    {
      labels: textMap(
        'Labels that a workload must all have to be selected. Keys and values are taken literally: no wildcards.',
        { maxProperties: 256 },
        LABEL_VALUE,
      ),
    },
    { 'x-anchor': 'WorkloadSelector' },
  );

/** The definition behind `targetRef` and `targetRefs`. */
export const targetDefinitions: Fields = {
  targetRef: object(
    'A resource that the policy attaches to.',
    {
      group: text('The API group of the target: empty for a Service, `gateway.networking.k8s.io` for a Gateway.', {
        maxLength: 253,
        pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
      }),
      kind: text('The kind of the target: Gateway, GatewayClass, Service or ServiceEntry.', {
        maxLength: 63,
        minLength: 1,
        pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
      }),
      name: text('The name of the target, which must live in the namespace of the policy.', { maxLength: 253, minLength: 1 }),
      namespace: text('Leave it out: targets in other namespaces are not supported.'),
    },
    { required: ['kind', 'name'], 'x-anchor': 'PolicyTargetReference' },
  ),
};

export const targetRef: Schema = ref(
  'targetRef',
  'The one resource that this attaches to, for waypoints and gateways. `targetRefs` takes several.',
);
export const targetRefs: Schema = list(
  'The resources that this attaches to, for waypoints and gateways: sidecars ignore a policy that has targets.',
  ref('targetRef'),
  { maxItems: 16 },
);

/** Whether a policy is for the client's side of a connection, the server's, or both. */
export const WORKLOAD_MODES = ['CLIENT_AND_SERVER', 'CLIENT', 'SERVER'] as const;

/** Which traffic an extension runs on (WasmPlugin and TrafficExtension). */
export const trafficSelectors: Schema = list(
  'Which traffic the extension runs on; any of the entries suffices. Empty means all.',
  object(
    'One kind of traffic.',
    {
      mode: {
        type: 'string',
        enum: ['UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER'],
        default: 'CLIENT_AND_SERVER',
        description: 'Whether the workload is the client of the traffic, its server, or either.',
      },
      ports: list(
        'The ports of the traffic. Empty means all.',
        object(
          'One port.',
          { number: { type: 'integer', minimum: 1, maximum: 65535, description: 'The port number.' } },
          {
            required: ['number'],
          },
        ),
      ),
    },
    { 'x-anchor': 'WasmPlugin-TrafficSelector' },
  ),
);

/** A string and how it is compared. */
export const stringMatchDefinition = (description: string, values: { exact: string; prefix: string; regex: string }): Schema =>
  object(
    description,
    { exact: text(values.exact), prefix: text(values.prefix), regex: text(values.regex) },
    { ...oneOf('exact', 'prefix', 'regex'), 'x-anchor': 'StringMatch' },
  );
