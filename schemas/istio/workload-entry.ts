import { object } from './schema';
import type { KindSchema } from './schema';
import { workloadFields } from './shared/traffic';

export const workloadEntry: KindSchema = {
  kind: 'WorkloadEntry',
  group: 'networking.istio.io',
  versions: ['v1', 'v1beta1', 'v1alpha3'],
  docs: 'https://istio.io/latest/docs/reference/config/networking/workload-entry/',
  description: 'Stands for a workload that is no pod, such as a virtual machine, so that services can select it.',
  specRequired: true,
  definitions: {},
  spec: object('Where the workload is and what it is.', workloadFields, { 'x-anchor': 'WorkloadEntry' }),
};
