/**
 * The oldest release of the Gateway API whose CustomResourceDefinition of a kind istiod reads, as major and minor version
 * (istio/istio pkg/config/schema/gatewayapi, 1.32 development).
 */
export const MINIMUMS: ReadonlyMap<string, readonly [major: number, minor: number]> = new Map([
  ['grpcroutes.gateway.networking.k8s.io', [1, 1]],
  ['backendtlspolicies.gateway.networking.k8s.io', [1, 4]],
  ['tlsroutes.gateway.networking.k8s.io', [1, 5]],
  ['tcproutes.gateway.networking.k8s.io', [1, 6]],
]);

/** The release of Istio that the table is read from. */
export const READ_FROM = { major: 1, minor: 32 };
