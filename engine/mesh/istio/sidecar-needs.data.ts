/**
 * What Istio does with sidecars and not in ambient mode: the names, the reasons and where each is said. Code references are to istio/istio,
 * 1.32 development; pages are those of istio.io.
 */
export interface SidecarFeature {
  /** As prose names it: "ambient mode lacks …". */
  readonly feature: string;
  /** A clause without a full stop. */
  readonly why: string;
  readonly source: string;
}

export type SidecarFeatureId =
  | 'envoy-filter'
  | 'spire'
  | 'virtual-machines'
  | 'primary-remote'
  | 'mtls-disabled'
  | 'sidecar-resource'
  | 'source-routing'
  | 'client-routing'
  | 'headless-routing';

export const SIDECAR_FEATURES: Readonly<Record<SidecarFeatureId, SidecarFeature>> = {
  'envoy-filter': {
    feature: 'EnvoyFilter',
    why: 'ztunnel is no Envoy, and a waypoint does not support an EnvoyFilter',
    source: 'istio.io, documentation of waypoints; pkg/config/validation/envoyfilter.go skips patches of context WAYPOINT',
  },
  spire: {
    feature: 'SPIRE',
    why: 'ambient mode does not work with identities that SPIRE issues',
    source: 'istio.io, limits of ambient mode',
  },
  'virtual-machines': {
    feature: 'virtual machines',
    why: 'a machine outside Kubernetes joins the mesh with a proxy of its own, which ambient mode does not take in',
    source: 'istio.io, limits of ambient mode',
  },
  'primary-remote': {
    feature: 'primary-remote clusters',
    why: "ambient mode has no clusters that use another cluster's control plane",
    source: 'istio.io, limits of ambient mode',
  },
  'mtls-disabled': {
    feature: 'PeerAuthentication mode DISABLE',
    why: 'ztunnel reads DISABLE as PERMISSIVE: mutual TLS between pods in ambient mode cannot be switched off',
    source: 'pilot/pkg/serviceregistry/ambient/authorization.go; architecture/ambient/peer-authentication.md',
  },
  'sidecar-resource': {
    feature: 'listeners and egress control of a Sidecar',
    why: 'a Sidecar has no effect in ambient mode; one that only limits what proxies are told is not missed, one that opens listeners or blocks unknown hosts is',
    source: 'pkg/config/analysis/msg/messages.yaml, IST0167',
  },
  'source-routing': {
    feature: 'routing by the caller (sourceLabels, sourceNamespace)',
    why: 'a waypoint drops HTTP matches by sourceLabels, and TLS and TCP matches by source never apply there',
    source: 'pilot/pkg/networking/core/listener_waypoint.go; istio/istio issue 51565',
  },
  'client-routing': {
    feature: "VirtualServices in a client's namespace",
    why: "a waypoint reads VirtualServices of the Service's namespace and of its own alone, so one in a client's namespace is ignored",
    source: 'pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint',
  },
  'headless-routing': {
    feature: 'routing for headless Services',
    why: 'a Service without a cluster IP cannot use a waypoint, and without one a VirtualService has no effect',
    source: 'istio.io, documentation of waypoints; architecture/ambient/ztunnel.md',
  },
};
