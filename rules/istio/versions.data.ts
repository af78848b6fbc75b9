import type { IstioVersion } from '../../engine/mesh/istio/control-plane';

const at = (major: number, minor: number): IstioVersion => ({ major, minor });

/**
 * The release of Istio from which on `v1` of a kind is served. AuthorizationPolicy, RequestAuthentication: 1.15
 * (istio.io/latest/news/releases/1.15.x/announcing-1.15). The others: 1.22 (istio.io/latest/blog/2024/v1-apis).
 */
export const V1_SINCE: ReadonlyMap<string, IstioVersion> = new Map([
  ['AuthorizationPolicy', at(1, 15)],
  ['RequestAuthentication', at(1, 15)],
  ['PeerAuthentication', at(1, 22)],
  ['DestinationRule', at(1, 22)],
  ['Gateway', at(1, 22)],
  ['ServiceEntry', at(1, 22)],
  ['Sidecar', at(1, 22)],
  ['Telemetry', at(1, 22)],
  ['VirtualService', at(1, 22)],
  ['WorkloadEntry', at(1, 22)],
  ['WorkloadGroup', at(1, 22)],
]);
