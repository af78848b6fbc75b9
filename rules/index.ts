import type { DocumentedRule } from '../engine/findings/rule';
import { rule as adoptionAmbientCandidate } from './adoption/ambient-candidate';
import { rule as coexistenceDoubleInjection } from './coexistence/double-injection';
import { rule as istioAlphaAnnotation } from './istio/alpha-annotation';
import { rule as istioConflictingFields } from './istio/conflicting-fields';
import { rule as istioConflictingInjectionLabels } from './istio/conflicting-injection-labels';
import { rule as istioDeprecatedAnnotation } from './istio/deprecated-annotation';
import { rule as istioDeprecatedField } from './istio/deprecated-field';
import { rule as istioDeprecatedTracingProvider } from './istio/deprecated-tracing-provider';
import { rule as istioDeprecatedVersion } from './istio/deprecated-version';
import { rule as istioEnvoyFilterIneffectiveAdd } from './istio/envoy-filter-ineffective-add';
import { rule as istioEnvoyFilterIneffectiveRemove } from './istio/envoy-filter-ineffective-remove';
import { rule as istioEnvoyFilterIneffectiveReplace } from './istio/envoy-filter-ineffective-replace';
import { rule as istioEnvoyFilterRelativeOrder } from './istio/envoy-filter-relative-order';
import { rule as istioEnvoyFilterVersionOrder } from './istio/envoy-filter-version-order';
import { rule as istioExternalNamePort } from './istio/external-name-port';
import { rule as istioInjectedByDefault } from './istio/injected-by-default';
import { rule as istioInvalidAnnotationValue } from './istio/invalid-annotation-value';
import { rule as istioInvalidAuthorizationPolicy } from './istio/invalid-authorization-policy';
import { rule as istioInvalidDestinationRule } from './istio/invalid-destination-rule';
import { rule as istioInvalidEnvoyFilter } from './istio/invalid-envoy-filter';
import { rule as istioInvalidGateway } from './istio/invalid-gateway';
import { rule as istioInvalidPeerAuthentication } from './istio/invalid-peer-authentication';
import { rule as istioInvalidProxyConfig } from './istio/invalid-proxy-config';
import { rule as istioInvalidRequestAuthentication } from './istio/invalid-request-authentication';
import { rule as istioInvalidServiceEntry } from './istio/invalid-service-entry';
import { rule as istioInvalidSidecar } from './istio/invalid-sidecar';
import { rule as istioInvalidTelemetry } from './istio/invalid-telemetry';
import { rule as istioInvalidTrafficExtension } from './istio/invalid-traffic-extension';
import { rule as istioInvalidValue } from './istio/invalid-value';
import { rule as istioInvalidVirtualService } from './istio/invalid-virtual-service';
import { rule as istioInvalidWasmPlugin } from './istio/invalid-wasm-plugin';
import { rule as istioInvalidWorkloadEntry } from './istio/invalid-workload-entry';
import { rule as istioInvalidWorkloadGroup } from './istio/invalid-workload-group';
import { rule as istioMisplacedAnnotation } from './istio/misplaced-annotation';
import { rule as istioMissingField } from './istio/missing-field';
import { rule as istioNamespaceNotInjected } from './istio/namespace-not-injected';
import { rule as istioPortNumberConflict } from './istio/port-number-conflict';
import { rule as istioPortProtocolConflict } from './istio/port-protocol-conflict';
import { rule as istioPortWithoutProtocol } from './istio/port-without-protocol';
import { rule as istioProxyImageNotFilled } from './istio/proxy-image-not-filled';
import { rule as istioProxyUserId } from './istio/proxy-user-id';
import { rule as istioRemovedKind } from './istio/removed-kind';
import { rule as istioSidecarNotInjected } from './istio/sidecar-not-injected';
import { rule as istioStrictMtlsBeforeMeshed } from './istio/strict-mtls-before-meshed';
import { rule as istioUnknownAnnotation } from './istio/unknown-annotation';
import { rule as istioUnknownField } from './istio/unknown-field';
import { rule as istioUnknownNetworkRegistry } from './istio/unknown-network-registry';
import { rule as istioUnservedVersion } from './istio/unserved-version';
import { rule as istioWebhookAddressIsIp } from './istio/webhook-address-is-ip';
import { rule as istioWebhookOverlap } from './istio/webhook-overlap';
import { rule as istioWebhookWithoutAddress } from './istio/webhook-without-address';
import { rule as istioWebhookWithoutService } from './istio/webhook-without-service';
import { rule as linkerdEdgeChannel } from './linkerd/edge-channel';
import { rule as linkerdEnterpriseLicense } from './linkerd/enterprise-license';
import { rule as linkerdLicenseInRepository } from './linkerd/license-in-repository';
import { rule as linkerdMisplacedInject } from './linkerd/misplaced-inject';
import { rule as linkerdStableChannel } from './linkerd/stable-channel';
import { rule as manifestConfiguration } from './manifest/configuration';
import { rule as manifestDuplicateResource } from './manifest/duplicate-resource';
import { rule as manifestKustomization } from './manifest/kustomization';
import { rule as manifestSyntax } from './manifest/syntax';
import { rule as manifestTooLarge } from './manifest/too-large';
import { rule as manifestUnusedSuppression } from './manifest/unused-suppression';

/** Every rule there is, in the order of their ids. */
export const rules: readonly DocumentedRule[] = [
  adoptionAmbientCandidate,
  coexistenceDoubleInjection,
  istioAlphaAnnotation,
  istioConflictingFields,
  istioConflictingInjectionLabels,
  istioDeprecatedAnnotation,
  istioDeprecatedField,
  istioDeprecatedTracingProvider,
  istioDeprecatedVersion,
  istioEnvoyFilterIneffectiveAdd,
  istioEnvoyFilterIneffectiveRemove,
  istioEnvoyFilterIneffectiveReplace,
  istioEnvoyFilterRelativeOrder,
  istioEnvoyFilterVersionOrder,
  istioExternalNamePort,
  istioInjectedByDefault,
  istioInvalidAnnotationValue,
  istioInvalidAuthorizationPolicy,
  istioInvalidDestinationRule,
  istioInvalidEnvoyFilter,
  istioInvalidGateway,
  istioInvalidPeerAuthentication,
  istioInvalidProxyConfig,
  istioInvalidRequestAuthentication,
  istioInvalidServiceEntry,
  istioInvalidSidecar,
  istioInvalidTelemetry,
  istioInvalidTrafficExtension,
  istioInvalidValue,
  istioInvalidVirtualService,
  istioInvalidWasmPlugin,
  istioInvalidWorkloadEntry,
  istioInvalidWorkloadGroup,
  istioMisplacedAnnotation,
  istioMissingField,
  istioNamespaceNotInjected,
  istioPortNumberConflict,
  istioPortProtocolConflict,
  istioPortWithoutProtocol,
  istioProxyImageNotFilled,
  istioProxyUserId,
  istioRemovedKind,
  istioSidecarNotInjected,
  istioStrictMtlsBeforeMeshed,
  istioUnknownAnnotation,
  istioUnknownField,
  istioUnknownNetworkRegistry,
  istioUnservedVersion,
  istioWebhookAddressIsIp,
  istioWebhookOverlap,
  istioWebhookWithoutAddress,
  istioWebhookWithoutService,
  linkerdEdgeChannel,
  linkerdEnterpriseLicense,
  linkerdLicenseInRepository,
  linkerdMisplacedInject,
  linkerdStableChannel,
  manifestConfiguration,
  manifestDuplicateResource,
  manifestKustomization,
  manifestSyntax,
  manifestTooLarge,
  manifestUnusedSuppression,
];
