/** What became of one of Istio's old API groups. */
export interface RemovedGroup {
  /** The first minor release of Istio 1 without it. */
  readonly since: number;
  /** Kinds by what took their place, as it follows "write". */
  readonly kinds: Readonly<Record<string, string>>;
}

const authorization = 'an AuthorizationPolicy';
const extension = 'a WasmPlugin, an EnvoyFilter or a Telemetry resource, after what it is there for';

/**
 * The kinds that Istio no longer reads: istio.io, upgrade notes of 1.6 (v1alpha1 security policies) and change notes of 1.8 (Mixer). Of
 * Mixer's kinds those that people write.
 */
export const REMOVED_GROUPS: Readonly<Record<string, RemovedGroup>> = {
  'rbac.istio.io': {
    since: 6,
    kinds: {
      ClusterRbacConfig: authorization,
      RbacConfig: authorization,
      ServiceRole: authorization,
      ServiceRoleBinding: authorization,
    },
  },
  'authentication.istio.io': {
    since: 6,
    kinds: {
      MeshPolicy: 'a PeerAuthentication in the root namespace',
      Policy: 'a PeerAuthentication, and a RequestAuthentication for its origins',
    },
  },
  'config.istio.io': {
    since: 8,
    kinds: {
      HTTPAPISpec: extension,
      HTTPAPISpecBinding: extension,
      QuotaSpec: 'a rate limit of Envoy',
      QuotaSpecBinding: 'a rate limit of Envoy',
      attributemanifest: extension,
      handler: extension,
      instance: extension,
      rule: extension,
    },
  },
};
