import { splitPath } from './field-spec';
import type { FieldSpec, GvkSelector } from './field-spec';

/** The fields by which objects are referred to by name. */
export interface NameReference {
  /** What is referred to. */
  readonly target: GvkSelector;
  /** The fields that hold its name, or a map with its name and namespace. */
  readonly referrers: readonly FieldSpec[];
}

/** Where the kinds with pods keep their spec. */
const POD_SPECS: readonly (readonly [kind: string, path: string])[] = [
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ['Deployment', 'spec/template/spec'],
  ['ReplicaSet', 'spec/template/spec'],
  ['DaemonSet', 'spec/template/spec'],
  ['StatefulSet', 'spec/template/spec'],
  ['ReplicationController', 'spec/template/spec'],
  ['Job', 'spec/template/spec'],
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
];

/** Which of them kustomize has in mind differs by what is referred to. */
const WITH_CONFIGURATION = POD_SPECS.filter(([kind]) => kind !== 'ReplicationController');
const WITH_ACCOUNT = POD_SPECS.filter(([kind]) => kind !== 'PodTemplate' && kind !== 'ReplicaSet');

const inPods = (specs: typeof POD_SPECS, ...paths: readonly string[]): FieldSpec[] =>
  specs.flatMap(([kind, base]) =>
    paths.map((path) => field(kind, `${base}/${path}`, kind === 'Pod' && specs === WITH_CONFIGURATION ? { version: 'v1' } : {})),
  );

function field(kind: string, path: string, gvk: GvkSelector = {}): FieldSpec {
  return { kind, ...gvk, path: splitPath(path), create: false };
}

const RBAC = { group: 'rbac.authorization.k8s.io' };
const ADMISSION = { group: 'admissionregistration.k8s.io' };
const annotation = (name: string): string => `metadata/annotations/${name.replace('/', '\\/')}`;

/**
 * What follows when an object gets another name (kustomize v5.8.1 api/internal/konfig/builtinpluginconsts/namereference.go). What is not
 * here keeps the name that is written: the hosts of a VirtualService, the backends of a route, a Rollout's pods. The table's entry for
 * IngressClass names a group that no kind has, so that nothing follows; it is left out.
 */
export const NAME_REFERENCES: readonly NameReference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
    target: { kind },
    referrers: [field('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name')],
  })),
  {
    target: { version: 'v1', kind: 'ConfigMap' },
    referrers: [
      ...inPods(
        WITH_CONFIGURATION,
        'volumes/configMap/name',
        'volumes/projected/sources/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
      ),
      field('Node', 'spec/configSource/configMap'),
      field('Role', 'rules/resourceNames'),
      field('ClusterRole', 'rules/resourceNames'),
      field('Ingress', annotation('nginx.ingress.kubernetes.io/fastcgi-params-configmap')),
    ],
  },
  {
    target: { version: 'v1', kind: 'Secret' },
    referrers: [
      ...inPods(
        WITH_CONFIGURATION,
        'volumes/secret/secretName',
        'volumes/projected/sources/secret/name',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
      ),
      field('Ingress', 'spec/tls/secretName'),
      field('Ingress', annotation('ingress.kubernetes.io/auth-secret')),
      field('Ingress', annotation('nginx.ingress.kubernetes.io/auth-secret')),
      field('Ingress', annotation('nginx.ingress.kubernetes.io/auth-tls-secret')),
      field('ServiceAccount', 'imagePullSecrets/name'),
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((name) =>
        field('StorageClass', `parameters/${name}`),
      ),
      field('Role', 'rules/resourceNames'),
      field('ClusterRole', 'rules/resourceNames'),
      field('Service', 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name', {
        group: 'serving.knative.dev',
        version: 'v1',
      }),
      field('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    target: { version: 'v1', kind: 'Service' },
    referrers: [
      field('StatefulSet', 'spec/serviceName', { group: 'apps' }),
      field('Ingress', 'spec/rules/http/paths/backend/serviceName'),
      field('Ingress', 'spec/backend/serviceName'),
      field('Ingress', 'spec/rules/http/paths/backend/service/name'),
      field('Ingress', 'spec/defaultBackend/service/name'),
      field('APIService', 'spec/service/name', { group: 'apiregistration.k8s.io' }),
      field('ValidatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
      field('MutatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
    ],
  },
  { target: { ...RBAC, kind: 'Role' }, referrers: [field('RoleBinding', 'roleRef/name', RBAC)] },
  {
    target: { ...RBAC, kind: 'ClusterRole' },
    referrers: [field('RoleBinding', 'roleRef/name', RBAC), field('ClusterRoleBinding', 'roleRef/name', RBAC)],
  },
  {
    target: { version: 'v1', kind: 'ServiceAccount' },
    referrers: [
      field('RoleBinding', 'subjects', RBAC),
      field('ClusterRoleBinding', 'subjects', RBAC),
      ...inPods(WITH_ACCOUNT, 'serviceAccountName'),
    ],
  },
  {
    target: { version: 'v1', kind: 'PersistentVolumeClaim' },
    referrers: inPods(WITH_ACCOUNT, 'volumes/persistentVolumeClaim/claimName'),
  },
  {
    target: { version: 'v1', kind: 'PersistentVolume' },
    referrers: [field('PersistentVolumeClaim', 'spec/volumeName'), field('ClusterRole', 'rules/resourceNames')],
  },
  {
    target: { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass' },
    referrers: [
      field('PersistentVolume', 'spec/storageClassName'),
      field('PersistentVolumeClaim', 'spec/storageClassName'),
      field('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  {
    target: { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' },
    referrers: inPods(WITH_ACCOUNT, 'priorityClassName'),
  },
  {
    target: { ...ADMISSION, kind: 'ValidatingAdmissionPolicy' },
    referrers: [field('ValidatingAdmissionPolicyBinding', 'spec/policyName', ADMISSION)],
  },
];
