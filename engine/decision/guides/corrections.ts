/** Something a guide says that does not hold, or does no longer. Primary sources win, and whoever shows the claim shows this with it. */
export interface Correction {
  readonly id: CorrectionId;
  readonly claim: string;
  readonly holds: string;
  /** The page or file that says so, with the version it was read at. */
  readonly source: string;
}

export type CorrectionId =
  | 'ambient-date'
  | 'ambient-maturity'
  | 'linkerd-licence'
  | 'linkerd-stable'
  | 'splitting'
  | 'circuit-breaking'
  | 'rate-limiting'
  | 'authorization-kinds'
  | 'mtls-default'
  | 'cilium-encryption'
  | 'gateway-api';

const CORRECTIONS: readonly Correction[] = [
  {
    id: 'ambient-date',
    claim: 'ambient mode is ready for production in Istio 1.20',
    holds: 'it was beta in 1.22 and became generally available in 1.24, in November 2024',
    source: 'istio.io, blog of November 2024 on the general availability of ambient mode in 1.24',
  },
  {
    id: 'ambient-maturity',
    claim: 'ambient mode has yet to become generally available',
    holds: 'it is, since Istio 1.24',
    source: 'istio.io, blog of November 2024 on the general availability of ambient mode in 1.24',
  },
  {
    id: 'linkerd-licence',
    claim: 'Linkerd left the Apache licence for a business source one',
    holds:
      'its source is under Apache-2.0 as ever; since 2.15 of February 2024 the project publishes edge releases alone, and stable builds come from Buoyant',
    source: 'linkerd.io/blog/2024/0221-announcing-linkerd-2.15; LICENSE of linkerd/linkerd2',
  },
  {
    id: 'linkerd-stable',
    claim: 'stable releases of Linkerd need a licence',
    holds:
      'those of Buoyant Enterprise for Linkerd do, free under 50 employees and outside production; edge releases need none, and the last free stable one is 2.14.10',
    source: 'linkerd.io/releases; buoyant.io/pricing, as cited in 2026',
  },
  {
    id: 'splitting',
    claim: 'Linkerd splits traffic by TrafficSplit, or not at all',
    holds:
      'it splits by the weights of an HTTPRoute or GRPCRoute; TrafficSplit is deprecated and does nothing without an extension',
    source: 'linkerd.io/2-edge/features/traffic-split; linkerd/linkerd2, charts/linkerd-crds',
  },
  {
    id: 'circuit-breaking',
    claim: "Linkerd's circuit breaking is its retry budget",
    holds: 'it breaks circuits by failure accrual, set by annotations since 2.13',
    source: 'linkerd.io/2-edge/reference/circuit-breaking',
  },
  {
    id: 'rate-limiting',
    claim: 'Linkerd has no rate limiting',
    holds: 'HTTPLocalRateLimitPolicy limits requests since 2.17',
    source: 'linkerd/linkerd2, charts/linkerd-crds of 2.17, HTTPLocalRateLimitPolicy',
  },
  {
    id: 'authorization-kinds',
    claim: 'Linkerd authorizes by Server and ServerAuthorization',
    holds: 'AuthorizationPolicy with MeshTLSAuthentication or NetworkAuthentication took its place, for routes as well',
    source: 'linkerd/linkerd2, charts/linkerd-crds of edge-26.8.3, AuthorizationPolicy',
  },
  {
    id: 'mtls-default',
    claim: 'Istio gives mTLS between all services by itself',
    holds: 'from mesh to mesh it does, and accepts plaintext all the same until PeerAuthentication says STRICT',
    source: 'istio.io, Mutual TLS Migration',
  },
  {
    id: 'cilium-encryption',
    claim: "Cilium's mTLS is WireGuard",
    holds:
      'WireGuard and IPsec encrypt between nodes; mutual authentication is apart from them, beta, and deprecated in 1.20 in favour of ztunnel encryption',
    source: 'docs.cilium.io 1.20, Mutual Authentication and Ztunnel Transparent Encryption',
  },
  {
    id: 'gateway-api',
    claim: 'support of the Gateway API is complete everywhere',
    holds: 'which of its kinds and fields each mesh reads differs from version to version',
    source: 'linkerd.io/2-edge/features/gateway-api; docs.cilium.io 1.20, Gateway API Support',
  },
];

/** The corrections of these ids, in the order of the ids. */
export function correctionsOf(ids: readonly CorrectionId[]): readonly Correction[] {
  return ids.flatMap((id) => CORRECTIONS.filter((correction) => correction.id === id));
}
