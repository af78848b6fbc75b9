import { detached } from '../yaml/detached';

/** Kinds as kubectl spells them with their group: `Deployment.apps`, `Service`, `PeerAuthentication.security.istio.io`. */
export type KindName = string;

/** @returns `Kind.group`, or `Kind` alone for the core group */
export function kindName(kind: string, group: string): KindName {
  return group === '' ? kind : `${kind}.${group}`;
}

/** What an apiVersion and a kind say together. */
export interface KindParts {
  readonly group: string;
  readonly version: string;
  readonly kind: KindName;
}

/** A repository has some hundred kinds and many resources of each, which share these. One that has more than this costs only time. */
const MOST_KINDS = 1000;
const parts = new Map<string, KindParts>();

/** The group, with its alias resolved, the version and the name of a kind. */
export function kindOf(apiVersion: string, kind: string): KindParts {
  const key = [apiVersion, kind].join(' ');
  let found = parts.get(key);
  if (found === undefined) {
    const own = detached(apiVersion);
    const slash = own.indexOf('/');
    const written = own.slice(0, Math.max(0, slash));
    const group = GROUP_ALIASES.get(written) ?? written;
    found = { group, version: own.slice(slash + 1), kind: kindName(detached(kind), group) };
    if (parts.size >= MOST_KINDS) parts.clear();
    parts.set(key, found);
  }
  return found;
}

/** Where each workload kind keeps its pod template; a Pod is its own. */
export const POD_TEMPLATE_PATHS: ReadonlyMap<KindName, readonly string[]> = new Map<KindName, readonly string[]>([
  ['Pod', []],
  ['Deployment.apps', ['spec', 'template']],
  ['StatefulSet.apps', ['spec', 'template']],
  ['DaemonSet.apps', ['spec', 'template']],
  ['ReplicaSet.apps', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['Job.batch', ['spec', 'template']],
  ['CronJob.batch', ['spec', 'jobTemplate', 'spec', 'template']],
  ['Rollout.argoproj.io', ['spec', 'template']],
  ['DeploymentConfig.apps.openshift.io', ['spec', 'template']],
  ['Service.serving.knative.dev', ['spec', 'template']],
]);

/**
 * Where a custom resource keeps a pod template, if it keeps one as Kubernetes' own kinds do: as a Deployment, or as a CronJob. What stands
 * elsewhere (a list of tasks, a template within a template) is its controller's own business.
 */
export const CUSTOM_TEMPLATE_PATHS: readonly (readonly string[])[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

/** Groups that Deployments and their like were served under before `apps/v1` (removed in Kubernetes 1.16): old manifests still say so. */
export const GROUP_ALIASES: ReadonlyMap<string, string> = new Map([['extensions', 'apps']]);

const CLUSTER_SCOPED: ReadonlySet<KindName> = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'ComponentStatus',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'MutatingAdmissionPolicy.admissionregistration.k8s.io',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'CustomResourceDefinition.apiextensions.k8s.io',
  'APIService.apiregistration.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
  'IngressClass.networking.k8s.io',
  'IPAddress.networking.k8s.io',
  'ServiceCIDR.networking.k8s.io',
  'RuntimeClass.node.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'VolumeAttachment.storage.k8s.io',
  'CSIDriver.storage.k8s.io',
  'CSINode.storage.k8s.io',
  'PodSecurityPolicy.policy',
  'FlowSchema.flowcontrol.apiserver.k8s.io',
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  'GatewayClass.gateway.networking.k8s.io',
  'ClusterIssuer.cert-manager.io',
  'CiliumClusterwideNetworkPolicy.cilium.io',
  'CiliumClusterwideEnvoyConfig.cilium.io',
  'CiliumEgressGatewayPolicy.cilium.io',
  'CiliumLoadBalancerIPPool.cilium.io',
  'CiliumCIDRGroup.cilium.io',
  'ClusterPolicy.kyverno.io',
  'ClusterSPIFFEID.spire.spiffe.io',
  'ClusterFederatedTrustDomain.spire.spiffe.io',
]);

/** Whether a kind has no namespace. Kinds that are not known count as namespaced, which most custom resources are. */
export function isClusterScoped(kind: KindName): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** The meshes' own groups, and those of what they build on: these, and any below them. */
const MESH_GROUP_ENDS = [
  '.istio.io',
  '.linkerd.io',
  '.linkerd.buoyant.io',
  '.gateway.networking.k8s.io',
  '.cilium.io',
  '.smi-spec.io',
];
const READ_GROUPS = new Set([
  'argoproj.io',
  'kustomize.toolkit.fluxcd.io',
  'helm.toolkit.fluxcd.io',
  'source.toolkit.fluxcd.io',
  'helm.cattle.io',
  'kustomize.config.k8s.io',
  'autoscaling',
  'keda.sh',
  'serving.knative.dev',
]);
const READ_KINDS = new Set<KindName>(['Service', 'Namespace', 'Ingress.networking.k8s.io', 'APIService.apiregistration.k8s.io']);

/**
 * Whether resources of a kind may be workloads by a pod template that they hold, though nothing else is known of the kind. The group of a
 * custom resource has a dot (kubernetes/apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go, v0.34.1). The meshes' own
 * kinds keep no such template; definitions of kinds are long, and speak of many.
 */
export function mayBeCustomWorkload(kind: KindName, group: string): boolean {
  if (!group.includes('.') || POD_TEMPLATE_PATHS.has(kind) || isOfMesh(group)) return false;
  return kind !== 'CustomResourceDefinition.apiextensions.k8s.io';
}

/** Whether a text has the keys of a pod template: one that has not holds none, unless it is spelt with escapes. */
function mayHoldPodTemplate(text: string): boolean {
  // Most texts lack one of the words, which is found out sooner than a pattern is tried.
  if (!text.includes('containers') || !text.includes('template')) return false;
  return /\btemplate["']?[ \t]*:/.test(text) && /\bcontainers["']?[ \t]*:/.test(text);
}

/** Asked of most resources many times, whose groups are few. */
const meshGroups = new Map<string, boolean>();

function isOfMesh(group: string): boolean {
  let found = meshGroups.get(group);
  if (found === undefined) {
    const dotted = `.${group}`;
    found = MESH_GROUP_ENDS.some((end) => dotted.endsWith(end));
    if (meshGroups.size >= MOST_KINDS) meshGroups.clear();
    meshGroups.set(detached(group), found);
  }
  return found;
}

/**
 * Kinds that matter when their text says a word, and are large and many when it does not: Istio's credentials for another cluster (istio.io,
 * "Install Multi-Primary"), and its networks.
 */
const READ_IF_SAYING: ReadonlyMap<KindName, string> = new Map([
  ['Secret', 'istio/multiCluster'],
  ['ConfigMap', 'meshNetworks'],
]);

/**
 * Whether the mesh view goes through all resources of a kind and reads more of them than their names, or may have to, for a custom resource
 * whose text looks as if it held a pod template. Documents of other kinds keep kind, namespace and name, and are parsed only when somebody
 * asks for one of them.
 * @param text what the document says
 */
export function isReadInFull(kind: string, group: string, text: string): boolean {
  const name = kindName(kind, GROUP_ALIASES.get(group) ?? group);
  if (POD_TEMPLATE_PATHS.has(name) || READ_KINDS.has(name) || READ_GROUPS.has(group)) return true;
  if (name === 'MutatingWebhookConfiguration.admissionregistration.k8s.io') return true;
  const word = READ_IF_SAYING.get(name);
  if (word !== undefined) return text.includes(word);
  return isOfMesh(group) || (mayBeCustomWorkload(name, group) && mayHoldPodTemplate(text));
}
