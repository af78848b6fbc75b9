/**
 * How the lists of built-in kinds are merged by a strategic merge patch: the `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key`
 * and `x-kubernetes-list-map-keys` of the API that kustomize carries (kyaml v0.21.1 openapi/kubernetesapi/v1_21_2, of Kubernetes 1.21),
 * without what no such list lies below. A list that is not here is replaced.
 */
export interface Shape {
  readonly fields?: Readonly<Record<string, Shape>>;
  /** The keys that tell the items of a list apart; none for a list of single values, which is merged as a set. */
  readonly keys?: readonly string[];
  /** What the items of a list look like. */
  readonly item?: Shape;
}

const listBy = (keys: readonly string[], item: Shape = {}): Shape => ({ keys, item });
const conditions: Shape = { fields: { conditions: listBy(['type']) } };

const metadata: Shape = { fields: { finalizers: listBy([]), ownerReferences: listBy(['uid']) } };

const ephemeralContainer: Readonly<Record<string, Shape>> = {
  env: listBy(['name']),
  volumeDevices: listBy(['devicePath']),
  volumeMounts: listBy(['mountPath']),
};
const container: Shape = { fields: { ...ephemeralContainer, ports: listBy(['containerPort', 'protocol']) } };
const volume: Shape = { fields: { ephemeral: { fields: { volumeClaimTemplate: { fields: { metadata } } } } } };
const podSpec: Shape = {
  fields: {
    containers: listBy(['name'], container),
    initContainers: listBy(['name'], container),
    ephemeralContainers: listBy(['name'], { fields: ephemeralContainer }),
    hostAliases: listBy(['ip']),
    imagePullSecrets: listBy(['name']),
    topologySpreadConstraints: listBy(['topologyKey', 'whenUnsatisfiable']),
    volumes: listBy(['name'], volume),
  },
};
const template: Shape = { fields: { metadata, spec: podSpec } };
const job: Shape = { fields: { template } };
const workload: Shape = { fields: { metadata, spec: { fields: { template } }, status: conditions } };
const cronJob: Shape = { fields: { metadata, spec: { fields: { jobTemplate: { fields: { metadata, spec: job } } } } } };
const webhooks: Shape = { fields: { metadata, webhooks: listBy(['name']) } };
const withStatus: Shape = { fields: { metadata, status: conditions } };
const drivers: Shape = { fields: { metadata, spec: { fields: { drivers: listBy(['name']) } } } };
const plain: Shape = { fields: { metadata } };

const KINDS: readonly (readonly [apiVersion: string, shape: Shape, ...kinds: readonly string[]])[] = [
  ['apps/v1', workload, 'DaemonSet', 'Deployment', 'ReplicaSet'],
  [
    'apps/v1',
    {
      fields: {
        metadata,
        spec: { fields: { template, volumeClaimTemplates: { item: withStatus } } },
        status: conditions,
      },
    },
    'StatefulSet',
  ],
  ['batch/v1', workload, 'Job'],
  ['batch/v1', cronJob, 'CronJob'],
  ['batch/v1beta1', cronJob, 'CronJob'],
  [
    'v1',
    {
      fields: {
        metadata,
        spec: podSpec,
        status: { fields: { conditions: listBy(['type']), podIPs: listBy(['ip']) } },
      },
    },
    'Pod',
  ],
  ['v1', { fields: { metadata, template } }, 'PodTemplate'],
  ['v1', workload, 'ReplicationController'],
  ['v1', { fields: { metadata, spec: { fields: { ports: listBy(['port', 'protocol']) } }, status: conditions } }, 'Service'],
  ['v1', { fields: { metadata, secrets: listBy(['name']) } }, 'ServiceAccount'],
  ['v1', { fields: { metadata, conditions: listBy(['type']) } }, 'ComponentStatus'],
  [
    'v1',
    {
      fields: {
        metadata,
        spec: { fields: { podCIDRs: listBy([]) } },
        status: { fields: { addresses: listBy(['type']), conditions: listBy(['type']) } },
      },
    },
    'Node',
  ],
  ['v1', withStatus, 'Namespace', 'PersistentVolumeClaim'],
  ['v1', plain, 'Binding', 'ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'PersistentVolume', 'ResourceQuota', 'Secret'],
  ['admissionregistration.k8s.io/v1', webhooks, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1beta1', webhooks, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ['apiextensions.k8s.io/v1', plain, 'CustomResourceDefinition'],
  ['apiextensions.k8s.io/v1beta1', plain, 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/v1', withStatus, 'APIService'],
  ['apiregistration.k8s.io/v1beta1', withStatus, 'APIService'],
  ['apps/v1', plain, 'ControllerRevision'],
  ['autoscaling/v1', plain, 'HorizontalPodAutoscaler', 'Scale'],
  ['autoscaling/v2beta1', plain, 'HorizontalPodAutoscaler'],
  ['autoscaling/v2beta2', plain, 'HorizontalPodAutoscaler'],
  ['certificates.k8s.io/v1', plain, 'CertificateSigningRequest'],
  ['certificates.k8s.io/v1beta1', plain, 'CertificateSigningRequest'],
  ['coordination.k8s.io/v1', plain, 'Lease'],
  ['coordination.k8s.io/v1beta1', plain, 'Lease'],
  ['discovery.k8s.io/v1', plain, 'EndpointSlice'],
  ['discovery.k8s.io/v1beta1', plain, 'EndpointSlice'],
  ['events.k8s.io/v1', plain, 'Event'],
  ['events.k8s.io/v1beta1', plain, 'Event'],
  ['extensions/v1beta1', plain, 'Ingress'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', plain, 'FlowSchema', 'PriorityLevelConfiguration'],
  ['networking.k8s.io/v1', plain, 'Ingress', 'IngressClass', 'NetworkPolicy'],
  ['networking.k8s.io/v1beta1', plain, 'Ingress', 'IngressClass'],
  ['node.k8s.io/v1', plain, 'RuntimeClass'],
  ['node.k8s.io/v1beta1', plain, 'RuntimeClass'],
  ['policy/v1', withStatus, 'PodDisruptionBudget'],
  ['policy/v1beta1', withStatus, 'PodDisruptionBudget'],
  ['policy/v1beta1', plain, 'Eviction', 'PodSecurityPolicy'],
  ['rbac.authorization.k8s.io/v1', plain, 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1beta1', plain, 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  ['scheduling.k8s.io/v1', plain, 'PriorityClass'],
  ['scheduling.k8s.io/v1beta1', plain, 'PriorityClass'],
  ['storage.k8s.io/v1', drivers, 'CSINode'],
  ['storage.k8s.io/v1beta1', drivers, 'CSINode'],
  ['storage.k8s.io/v1', plain, 'CSIDriver', 'StorageClass', 'VolumeAttachment'],
  ['storage.k8s.io/v1beta1', plain, 'CSIDriver', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment'],
];

const BY_KIND: ReadonlyMap<string, Shape> = new Map(
  KINDS.flatMap(([apiVersion, shape, ...kinds]) => kinds.map((kind) => [`${apiVersion} ${kind}`, shape] as const)),
);

/** The shape of a kind; undefined for one that is not built in, such as a custom resource. */
export function shapeOf(apiVersion: string, kind: string): Shape | undefined {
  return BY_KIND.get(`${apiVersion} ${kind}`);
}
