import { authorizationPolicy } from './authorization-policy';
import { destinationRule } from './destination-rule';
import { envoyFilter } from './envoy-filter';
import { gateway } from './gateway';
import { peerAuthentication } from './peer-authentication';
import { proxyConfig } from './proxy-config';
import { requestAuthentication } from './request-authentication';
import type { KindSchema } from './schema';
import { serviceEntry } from './service-entry';
import { sidecar } from './sidecar';
import { telemetry } from './telemetry';
import { trafficExtension } from './traffic-extension';
import { virtualService } from './virtual-service';
import { wasmPlugin } from './wasm-plugin';
import { workloadEntry } from './workload-entry';
import { workloadGroup } from './workload-group';

/**
 * The 15 kinds of Istio's API as istio/istio at 86c9f01fd735 (1.32 development) defines them, in
 * manifests/charts/base/files/crd-all.gen.yaml. test/shared/istio-schemas.test.ts compares field by field.
 */
export const istioKinds: readonly KindSchema[] = [
  authorizationPolicy,
  destinationRule,
  envoyFilter,
  gateway,
  peerAuthentication,
  proxyConfig,
  requestAuthentication,
  serviceEntry,
  sidecar,
  telemetry,
  trafficExtension,
  virtualService,
  wasmPlugin,
  workloadEntry,
  workloadGroup,
];

const byName = new Map(istioKinds.map((schema) => [`${schema.kind}.${schema.group}`, schema]));

/** @param kind as in `Sidecar.networking.istio.io`; undefined for kinds that are none of Istio's */
export function istioKind(kind: string): KindSchema | undefined {
  return byName.get(kind);
}

/** The names of the kinds, as in `Sidecar.networking.istio.io`. */
export const ISTIO_KINDS: readonly string[] = [...byName.keys()];
