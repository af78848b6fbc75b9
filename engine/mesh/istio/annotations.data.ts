/** What Istio's registry says of one annotation (istio/api annotation/annotations.yaml, v1.31.1). */
export interface AnnotationFacts {
  /** Where it has an effect: kinds without their group, `Pod` for pod templates as well. None where any kind will do. */
  readonly on: readonly string[];
  readonly stage: 'alpha' | 'beta' | 'stable';
  /** What to use instead, as a clause that follows a colon; set for deprecated ones alone. */
  readonly instead?: string;
  /** The annotation that took its place under another name. */
  readonly renamed?: string;
}

const pod: AnnotationFacts = { on: ['Pod'], stage: 'alpha' };
const service: AnnotationFacts = { on: ['Service'], stage: 'alpha' };
const workloadEntry: AnnotationFacts = { on: ['WorkloadEntry'], stage: 'alpha' };
const gateway: AnnotationFacts = { on: ['Gateway'], stage: 'alpha' };
const anything: AnnotationFacts = { on: [], stage: 'alpha' };

const proxyConfigField = (field: string): AnnotationFacts => ({
  ...pod,
  instead: `set ${field} in the annotation proxy.istio.io/config`,
});
const identities: AnnotationFacts = {
  ...service,
  instead: 'the identities of virtual machines are those that WorkloadEntries name as serviceAccount',
};

/**
 * The annotations that Istio knows, by name. `enableCoreDump` and `address-type` are not in that registry; older and newer releases read
 * them (istio/istio 1.32 development).
 */
export const ANNOTATIONS: ReadonlyMap<string, AnnotationFacts> = new Map<string, AnnotationFacts>([
  ['alpha.istio.io/canonical-serviceaccounts', identities],
  ['alpha.istio.io/kubernetes-serviceaccounts', identities],
  ['ambient.istio.io/bypass-inbound-capture', pod],
  ['ambient.istio.io/dns-capture', pod],
  ['ambient.istio.io/redirection', { on: ['Pod'], stage: 'beta' }],
  ['ambient.istio.io/waypoint-inbound-binding', { on: ['GatewayClass', 'Gateway'], stage: 'alpha' }],
  ['galley.istio.io/analyze-suppress', anything],
  ['gateway.istio.io/controller-version', anything],
  ['gateway.istio.io/name-override', gateway],
  ['gateway.istio.io/service-account', gateway],
  ['inject.istio.io/templates', pod],
  ['istio.io/autoRegistrationGroup', workloadEntry],
  ['istio.io/connectedAt', workloadEntry],
  ['istio.io/disconnectedAt', workloadEntry],
  ['istio.io/dry-run', { on: ['AuthorizationPolicy'], stage: 'alpha' }],
  ['istio.io/reroute-virtual-interfaces', pod],
  ['istio.io/rev', pod],
  ['istio.io/use-waypoint-canary-weight', { on: ['Service', 'ServiceEntry', 'Namespace'], stage: 'alpha' }],
  ['istio.io/workloadController', workloadEntry],
  ['kubernetes.io/ingress.class', { on: ['Ingress'], stage: 'stable' }],
  ['networking.istio.io/address-type', gateway],
  ['networking.istio.io/exportTo', service],
  ['networking.istio.io/service-type', gateway],
  ['networking.istio.io/traffic-distribution', { on: ['Namespace', 'Service', 'ServiceEntry'], stage: 'alpha' }],
  ['prometheus.istio.io/merge-metrics', pod],
  ['proxy.istio.io/config', { on: ['Pod'], stage: 'beta' }],
  ['proxy.istio.io/overrides', pod],
  ['readiness.status.sidecar.istio.io/applicationPorts', pod],
  ['readiness.status.sidecar.istio.io/failureThreshold', pod],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', pod],
  ['readiness.status.sidecar.istio.io/periodSeconds', pod],
  ['sidecar.istio.io/agentLogLevel', pod],
  ['sidecar.istio.io/bootstrapOverride', pod],
  ['sidecar.istio.io/componentLogLevel', pod],
  ['sidecar.istio.io/discoveryAddress', proxyConfigField('discoveryAddress')],
  ['sidecar.istio.io/enableCoreDump', pod],
  ['sidecar.istio.io/extraStatTags', { ...pod, instead: 'since Istio reports metrics natively, tags need no list; remove it' }],
  ['sidecar.istio.io/inject', { on: ['Pod'], stage: 'beta', instead: 'set the label of the same name on the pods' }],
  ['sidecar.istio.io/interceptionMode', pod],
  ['sidecar.istio.io/logLevel', pod],
  ['sidecar.istio.io/nativeSidecar', pod],
  ['sidecar.istio.io/proxyCPU', pod],
  ['sidecar.istio.io/proxyCPULimit', pod],
  ['sidecar.istio.io/proxyImage', pod],
  ['sidecar.istio.io/proxyImageType', pod],
  ['sidecar.istio.io/proxyMemory', pod],
  ['sidecar.istio.io/proxyMemoryLimit', pod],
  ['sidecar.istio.io/rewriteAppHTTPProbers', pod],
  ['sidecar.istio.io/statsCompression', proxyConfigField('statsCompression')],
  ['sidecar.istio.io/statsEvictionInterval', pod],
  ['sidecar.istio.io/statsFlushInterval', pod],
  ['sidecar.istio.io/statsHistogramBins', pod],
  ['sidecar.istio.io/statsHistogramBuckets', pod],
  ['sidecar.istio.io/statsInclusionPrefixes', proxyConfigField('proxyStatsMatcher.inclusionPrefixes')],
  ['sidecar.istio.io/statsInclusionRegexps', proxyConfigField('proxyStatsMatcher.inclusionRegexps')],
  ['sidecar.istio.io/statsInclusionSuffixes', proxyConfigField('proxyStatsMatcher.inclusionSuffixes')],
  ['sidecar.istio.io/status', pod],
  ['sidecar.istio.io/userVolume', pod],
  ['sidecar.istio.io/userVolumeMount', pod],
  ['status.sidecar.istio.io/port', pod],
  ['topology.istio.io/controlPlaneClusters', { on: ['Namespace'], stage: 'alpha' }],
  ['traffic.istio.io/nodeSelector', { on: ['Service'], stage: 'stable' }],
  ['traffic.sidecar.istio.io/excludeInboundPorts', pod],
  ['traffic.sidecar.istio.io/excludeInterfaces', pod],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', pod],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', pod],
  ['traffic.sidecar.istio.io/includeInboundPorts', pod],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', pod],
  ['traffic.sidecar.istio.io/includeOutboundPorts', pod],
  [
    'traffic.sidecar.istio.io/kubevirtInterfaces',
    { ...pod, instead: 'use istio.io/reroute-virtual-interfaces', renamed: 'istio.io/reroute-virtual-interfaces' },
  ],
]);

/**
 * Istio's labels that people set, with the kinds that Istio reads them on: as annotations they say nothing (istio/api label/labels.yaml,
 * v1.31.1). `sidecar.istio.io/inject`, which is both, stands above.
 */
export const LABELS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['istio-injection', ['Namespace']],
  ['istio.io/dataplane-mode', ['Namespace', 'Pod']],
  ['istio.io/ingress-use-waypoint', ['Namespace', 'Service', 'ServiceEntry']],
  ['istio.io/rev', ['Namespace', 'Pod']],
  ['istio.io/use-waypoint', ['Namespace', 'Pod', 'Service', 'ServiceEntry', 'WorkloadEntry']],
  ['istio.io/use-waypoint-canary', ['Namespace', 'Service', 'ServiceEntry']],
  ['istio.io/use-waypoint-canary-namespace', ['Namespace', 'Service', 'ServiceEntry']],
  ['istio.io/use-waypoint-namespace', ['Namespace', 'Pod', 'Service', 'ServiceEntry', 'WorkloadEntry']],
  ['istio.io/waypoint-for', ['Gateway', 'GatewayClass']],
  ['networking.istio.io/enable-autoallocate-ip', ['ServiceEntry']],
  ['networking.istio.io/gatewayPort', ['Service']],
  ['security.istio.io/tlsMode', ['Pod', 'WorkloadEntry']],
  ['service.istio.io/canonical-name', ['Pod', 'WorkloadEntry']],
  ['service.istio.io/canonical-revision', ['Pod', 'WorkloadEntry']],
  ['service.istio.io/workload-name', ['Pod', 'WorkloadEntry']],
  ['topology.istio.io/cluster', ['Pod', 'WorkloadEntry']],
  ['topology.istio.io/network', ['Namespace', 'Pod', 'Service', 'WorkloadEntry']],
]);
