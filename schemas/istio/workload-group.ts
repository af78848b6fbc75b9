import { int32, list, object, oneOf, text, textMap, texts, uint32 } from './schema';
import type { KindSchema, Schema } from './schema';
import { workloadEntryObject } from './shared/traffic';

const port: Schema = uint32('The port to ask, 1 to 65535.');
const count = (description: string, otherwise: number): Schema => int32(description, { minimum: 0, default: otherwise });

export const workloadGroup: KindSchema = {
  kind: 'WorkloadGroup',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/workload-group/',
  description: 'What a Deployment is to pods: the pattern after which WorkloadEntries are made when machines join.',
  specRequired: true,
  definitions: {},
  spec: object(
    'The pattern, and how health is found out.',
    {
      metadata: object(
        'Labels and annotations of the WorkloadEntries that are made.',
        {
          labels: textMap('Labels.', { maxProperties: 256 }),
          annotations: textMap('Annotations.', { maxProperties: 256 }),
        },
        { 'x-anchor': 'WorkloadGroup-ObjectMeta' },
      ),
      template: workloadEntryObject('The pattern of the WorkloadEntries.'),
      probe: object(
        'How the agent on the machine finds out whether the workload is healthy.',
        {
          initialDelaySeconds: count('How long after the start before the first question, in seconds.', 0),
          timeoutSeconds: count('How long to wait for the answer, in seconds.', 1),
          periodSeconds: count('How often to ask, in seconds.', 10),
          successThreshold: count('How many good answers in a row make the workload healthy.', 1),
          failureThreshold: count('How many bad answers in a row make it unhealthy.', 3),
          httpGet: object(
            'Asks by HTTP; 200 to 399 is healthy.',
            {
              path: text('The path to ask for.'),
              port,
              host: text('The host to ask. Unset, the machine itself.'),
              scheme: text('HTTP or HTTPS.', { default: 'HTTP' }),
              httpHeaders: list(
                'Headers to send.',
                object('One header.', { name: text('Its name.', { pattern: '^[-_A-Za-z0-9]+$' }), value: text('Its value.') }),
              ),
            },
            { required: ['port'], 'x-anchor': 'HTTPHealthCheckConfig' },
          ),
          tcpSocket: object(
            'Opens a connection; that it opens is healthy.',
            { host: text('The host to connect to. Unset, the machine itself.'), port },
            { required: ['port'], 'x-anchor': 'TCPHealthCheckConfig' },
          ),
          exec: object(
            'Runs a command; exit status 0 is healthy.',
            { command: texts('The command and its arguments. No shell reads it.', {}, { minLength: 1 }) },
            { required: ['command'], 'x-anchor': 'ExecHealthCheckConfig' },
          ),
          grpc: object("Asks by gRPC's health protocol.", { port, service: text('The name of the service to ask about.') }),
        },
        { ...oneOf('httpGet', 'tcpSocket', 'exec', 'grpc'), 'x-anchor': 'ReadinessProbe' },
      ),
    },
    { required: ['template'], 'x-anchor': 'WorkloadGroup' },
  ),
};
