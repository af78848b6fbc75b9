import { splitPath } from './field-spec';
import type { FieldSpec, GvkSelector } from './field-spec';
import { NAME_REFERENCES } from './name-references.data';
import type { NameReference } from './name-references.data';

/** The fields that kustomize's transformers write, by transformer; `configurations` and `crds` add to them. */
export interface FieldTables {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  /** What every entry of `labels` writes besides: empty unless a configuration fills it. */
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
  readonly varReference: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
}

const at = (path: string, create: boolean, gvk: GvkSelector = {}): FieldSpec => ({ ...gvk, path: splitPath(path), create });

const APPS = { group: 'apps' };
const BATCH = { group: 'batch' };
const NETWORKING = { group: 'networking.k8s.io' };
const CONTROLLER = { version: 'v1', kind: 'ReplicationController' };

/** `metadata/…` of every object, and of the templates in those that have one. */
const metadataOf = (field: 'labels' | 'annotations', statefulSet: GvkSelector): FieldSpec[] => [
  at(`metadata/${field}`, true),
  ...[
    CONTROLLER,
    { kind: 'Deployment' },
    { kind: 'ReplicaSet' },
    { kind: 'DaemonSet' },
    { ...statefulSet, kind: 'StatefulSet' },
    { ...BATCH, kind: 'Job' },
  ].map((gvk) => at(`spec/template/metadata/${field}`, true, gvk)),
  at(`spec/jobTemplate/metadata/${field}`, true, { ...BATCH, kind: 'CronJob' }),
  at(`spec/jobTemplate/spec/template/metadata/${field}`, true, { ...BATCH, kind: 'CronJob' }),
];

const TEMPLATE_LABELS: readonly FieldSpec[] = [
  ...metadataOf('labels', APPS),
  at('spec/volumeClaimTemplates[]/metadata/labels', true, { ...APPS, kind: 'StatefulSet' }),
];

/** How pods choose or avoid each other's nodes: changed where it is written, for two kinds only. */
const PLACEMENT: readonly FieldSpec[] = ['Deployment', 'StatefulSet'].flatMap((kind) =>
  [
    ...['podAffinity', 'podAntiAffinity'].flatMap((affinity) => [
      `affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
      `affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
    ]),
    'topologySpreadConstraints/labelSelector/matchLabels',
  ].map((path) => at(`spec/template/spec/${path}`, false, { ...APPS, kind })),
);

const COMMON_LABELS: readonly FieldSpec[] = [
  at('spec/selector', true, { version: 'v1', kind: 'Service' }),
  at('spec/selector', true, CONTROLLER),
  ...[{ kind: 'Deployment' }, { kind: 'ReplicaSet' }, { kind: 'DaemonSet' }, { ...APPS, kind: 'StatefulSet' }].map((gvk) =>
    at('spec/selector/matchLabels', true, gvk),
  ),
  ...PLACEMENT,
  at('spec/selector/matchLabels', false, { ...BATCH, kind: 'Job' }),
  at('spec/jobTemplate/spec/selector/matchLabels', false, { ...BATCH, kind: 'CronJob' }),
  at('spec/selector/matchLabels', false, { group: 'policy', kind: 'PodDisruptionBudget' }),
  ...['podSelector', 'ingress/from/podSelector', 'egress/to/podSelector'].map((path) =>
    at(`spec/${path}/matchLabels`, false, { ...NETWORKING, kind: 'NetworkPolicy' }),
  ),
  ...TEMPLATE_LABELS,
];

const IMAGES: readonly FieldSpec[] = ['spec', 'spec/template/spec'].flatMap((base) =>
  ['containers[]/image', 'initContainers[]/image', 'volumes[]/image/reference'].map((path) => at(`${base}/${path}`, true)),
);

const VARIABLES: readonly FieldSpec[] = [
  ...(
    [
      ['Pod', 'spec'],
      ['Deployment', 'spec/template/spec'],
      ['ReplicaSet', 'spec/template/spec'],
      ['DaemonSet', 'spec/template/spec'],
      ['StatefulSet', 'spec/template/spec'],
      ['Job', 'spec/template/spec'],
      ['CronJob', 'spec/jobTemplate/spec/template/spec'],
    ] as const
  ).flatMap(([kind, base]) => [
    ...['containers', 'initContainers'].flatMap((list) =>
      ['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((field) => at(`${base}/${list}/${field}`, false, { kind })),
    ),
    ...(kind === 'StatefulSet' || kind === 'CronJob' ? [] : [at(`${base}/volumes/nfs/server`, false, { kind })]),
  ]),
  // As the table has them; neither leads to a field that the kind has.
  at('spec/jobTemplate/spec/template/volumes/nfs/server', false, { kind: 'CronJob' }),
  at('spec/volumeClaimTemplates/spec/nfs/server', false, { kind: 'StatefulSet' }),
  at('spec/template/metadata/annotations', false, { kind: 'Deployment' }),
  ...['spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName'].map((path) => at(path, false, { kind: 'Ingress' })),
  ...['spec/ports/port', 'spec/ports/targetPort'].map((path) => at(path, false, { kind: 'Service' })),
  at('spec/nfs/server', false, { kind: 'PersistentVolume' }),
  at('metadata/labels', false),
  at('metadata/annotations', false),
];

/** What kustomize has built in (v5.8.1 api/internal/konfig/builtinpluginconsts). */
export const BUILT_IN_TABLES: FieldTables = {
  namePrefix: [at('metadata/name', false)],
  nameSuffix: [at('metadata/name', false)],
  namespace: [
    at('metadata/name', true, { kind: 'Namespace' }),
    at('spec/service/namespace', true, { group: 'apiregistration.k8s.io', kind: 'APIService' }),
    at('spec/conversion/webhook/clientConfig/service/namespace', false, {
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
    }),
  ],
  commonLabels: COMMON_LABELS,
  labels: [],
  templateLabels: TEMPLATE_LABELS,
  commonAnnotations: metadataOf('annotations', {}),
  images: IMAGES,
  replicas: ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) =>
    at('spec/replicas', true, { kind }),
  ),
  varReference: VARIABLES,
  nameReference: NAME_REFERENCES,
};

/** The field that every entry of `labels` writes. */
export const OWN_LABELS: FieldSpec = at('metadata/labels', true);
