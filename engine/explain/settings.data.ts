import { ENROLMENT_LABEL } from '../mesh/cilium/enrolment-label';
import type { Mesh } from '../mesh/membership';

/** Where a label or an annotation stands: on a Namespace, in a pod's metadata, on a Service, or on what owns pods. */
export type Bearer = 'namespace' | 'pod' | 'service' | 'owner';

export interface InjectionSetting {
  readonly key: string;
  /** As which of the two it is read, and on what. */
  readonly labels: readonly Bearer[];
  readonly annotations: readonly Bearer[];
  /** Whose membership it decides; undefined for waypoints, which take traffic and no pods. */
  readonly mesh: Mesh | undefined;
  /** Whose setting it is, for sentences. */
  readonly reader: 'Istio' | 'Linkerd' | 'Cilium';
  /** Set where every other value is as good as none. */
  readonly onlyValue?: string;
}

/**
 * The labels and annotations by which pods join a mesh, and where each is read: istio/istio
 * manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml, pkg/kube/inject/inject.go,
 * cni/pkg/util/enablement_selector.go and pilot/pkg/serviceregistry/ambient/waypoints.go, 1.32 development; linkerd/linkerd2
 * charts/linkerd-control-plane/values.yaml and pkg/inject/report.go, edge-26.8.3; cilium/cilium pkg/ztunnel/table/enrolled_namespaces.go,
 * v1.20.0.
 */
export const INJECTION_SETTINGS: readonly InjectionSetting[] = [
  { key: 'istio-injection', labels: ['namespace'], annotations: [], mesh: 'istio-sidecar', reader: 'Istio' },
  { key: 'istio.io/rev', labels: ['namespace', 'pod'], annotations: [], mesh: 'istio-sidecar', reader: 'Istio' },
  { key: 'sidecar.istio.io/inject', labels: ['pod'], annotations: ['pod'], mesh: 'istio-sidecar', reader: 'Istio' },
  { key: 'istio.io/dataplane-mode', labels: ['namespace', 'pod'], annotations: [], mesh: 'istio-ambient', reader: 'Istio' },
  { key: 'istio.io/use-waypoint', labels: ['namespace', 'pod', 'service'], annotations: [], mesh: undefined, reader: 'Istio' },
  { key: 'linkerd.io/inject', labels: [], annotations: ['namespace', 'pod'], mesh: 'linkerd', reader: 'Linkerd' },
  {
    key: 'config.linkerd.io/admission-webhooks',
    labels: ['namespace'],
    annotations: [],
    mesh: 'linkerd',
    reader: 'Linkerd',
    onlyValue: 'disabled',
  },
  { key: ENROLMENT_LABEL, labels: ['namespace'], annotations: [], mesh: 'cilium', reader: 'Cilium', onlyValue: 'true' },
];
