/**
 * The kinds that kustomize holds for cluster-scoped, by exact API version: those of the API that it carries (kyaml v0.21.1
 * openapi/openapi.go, of Kubernetes 1.21). All others get a namespace, whatever a cluster makes of it.
 */
const CERTAINLY_CLUSTER_SCOPED: readonly (readonly [apiVersion: string, ...kinds: readonly string[]])[] = [
  ['v1', 'ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1beta1', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/v1', 'APIService'],
  ['apiregistration.k8s.io/v1beta1', 'APIService'],
  ['certificates.k8s.io/v1', 'CertificateSigningRequest'],
  ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', 'PriorityLevelConfiguration'],
  ['networking.k8s.io/v1', 'IngressClass'],
  ['networking.k8s.io/v1beta1', 'IngressClass'],
  ['node.k8s.io/v1', 'RuntimeClass'],
  ['node.k8s.io/v1beta1', 'RuntimeClass'],
  ['policy/v1beta1', 'PodSecurityPolicy'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', 'ClusterRoleBinding'],
  ['scheduling.k8s.io/v1', 'PriorityClass'],
  ['scheduling.k8s.io/v1beta1', 'PriorityClass'],
  ['storage.k8s.io/v1', 'CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
  ['storage.k8s.io/v1beta1', 'CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
];

const VERSIONS_BY_KIND = new Map<string, Set<string>>();
for (const [apiVersion, ...kinds] of CERTAINLY_CLUSTER_SCOPED) {
  for (const kind of kinds) VERSIONS_BY_KIND.set(kind, new Set([...(VERSIONS_BY_KIND.get(kind) ?? []), apiVersion]));
}

/** Whether kustomize is certain that a kind has no namespace. */
export function isCertainlyScopeless(apiVersion: string, kind: string): boolean {
  return VERSIONS_BY_KIND.get(kind)?.has(apiVersion) === true;
}
