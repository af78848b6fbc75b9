/**
 * The compiled validators of Istio's kinds, one module a kind. The only file that imports them: the build may put each into a file of its
 * own and load it when a resource of the kind is first met (scripts/lazy-validators.mjs).
 */
import authorizationPolicy from '../generated/istio/authorization-policy.js';
import destinationRule from '../generated/istio/destination-rule.js';
import envoyFilter from '../generated/istio/envoy-filter.js';
import gateway from '../generated/istio/gateway.js';
import peerAuthentication from '../generated/istio/peer-authentication.js';
import proxyConfig from '../generated/istio/proxy-config.js';
import requestAuthentication from '../generated/istio/request-authentication.js';
import serviceEntry from '../generated/istio/service-entry.js';
import sidecar from '../generated/istio/sidecar.js';
import telemetry from '../generated/istio/telemetry.js';
import trafficExtension from '../generated/istio/traffic-extension.js';
import virtualService from '../generated/istio/virtual-service.js';
import wasmPlugin from '../generated/istio/wasm-plugin.js';
import workloadEntry from '../generated/istio/workload-entry.js';
import workloadGroup from '../generated/istio/workload-group.js';
import type { Validate } from '../validator';

const validators: ReadonlyMap<string, Validate> = new Map([
  ['AuthorizationPolicy', authorizationPolicy],
  ['DestinationRule', destinationRule],
  ['EnvoyFilter', envoyFilter],
  ['Gateway', gateway],
  ['PeerAuthentication', peerAuthentication],
  ['ProxyConfig', proxyConfig],
  ['RequestAuthentication', requestAuthentication],
  ['ServiceEntry', serviceEntry],
  ['Sidecar', sidecar],
  ['Telemetry', telemetry],
  ['TrafficExtension', trafficExtension],
  ['VirtualService', virtualService],
  ['WasmPlugin', wasmPlugin],
  ['WorkloadEntry', workloadEntry],
  ['WorkloadGroup', workloadGroup],
]);

/** The validator of a whole document of one of Istio's kinds, named without its group; undefined for other kinds. */
export function validatorOf(kind: string): Validate | undefined {
  return validators.get(kind);
}
