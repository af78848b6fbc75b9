import type { DocumentedRule } from '../engine/findings/rule';
import { rule as adoptionAmbientCandidate } from './adoption/ambient-candidate';
import { rule as adoptionIstioFeaturesUnused } from './adoption/istio-features-unused';
import { rule as adoptionMeshForFewServices } from './adoption/mesh-for-few-services';
import { rule as adoptionMeshUnobserved } from './adoption/mesh-unobserved';
import { rule as adoptionMessagingBehindProxies } from './adoption/messaging-behind-proxies';
import { rule as adoptionPermissiveLeftOn } from './adoption/permissive-left-on';
import { rule as adoptionPlaintextByDefault } from './adoption/plaintext-by-default';
import { rule as adoptionRetriesTwice } from './adoption/retries-twice';
import { rule as adoptionTwoMeshes } from './adoption/two-meshes';
import { rule as coexistenceDoubleInjection } from './coexistence/double-injection';
import { rule as istioAccessLogWithoutProvider } from './istio/access-log-without-provider';
import { rule as istioAlphaAnnotation } from './istio/alpha-annotation';
import { rule as istioAmbiguousDestinationPort } from './istio/ambiguous-destination-port';
import { rule as istioAuthorizationNamespaceNotFound } from './istio/authorization-namespace-not-found';
import { rule as istioCertificateOnSeveralGateways } from './istio/certificate-on-several-gateways';
import { rule as istioClaimsWithoutAuthentication } from './istio/claims-without-authentication';
import { rule as istioConflictingFields } from './istio/conflicting-fields';
import { rule as istioConflictingGateways } from './istio/conflicting-gateways';
import { rule as istioConflictingInjectionLabels } from './istio/conflicting-injection-labels';
import { rule as istioConflictingMeshHosts } from './istio/conflicting-mesh-hosts';
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
import { rule as istioGatewayApiTooOld } from './istio/gateway-api-too-old';
import { rule as istioGatewayPortNotOnService } from './istio/gateway-port-not-on-service';
import { rule as istioGatewaySecretNotFound } from './istio/gateway-secret-not-found';
import { rule as istioGatewaySecretUnusable } from './istio/gateway-secret-unusable';
import { rule as istioGatewayWithoutWorkload } from './istio/gateway-without-workload';
import { rule as istioHostNotOnGateway } from './istio/host-not-on-gateway';
import { rule as istioIneffectiveMatch } from './istio/ineffective-match';
import { rule as istioInjectedByDefault } from './istio/injected-by-default';
import { rule as istioInternalGateway } from './istio/internal-gateway';
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
import { rule as istioJwksFetchUnrestricted } from './istio/jwks-fetch-unrestricted';
import { rule as istioMisplacedAnnotation } from './istio/misplaced-annotation';
import { rule as istioMissingField } from './istio/missing-field';
import { rule as istioNamespaceNotInjected } from './istio/namespace-not-injected';
import { rule as istioOverlappingSelectors } from './istio/overlapping-selectors';
import { rule as istioPolicyWithoutWorkload } from './istio/policy-without-workload';
import { rule as istioPortNumberConflict } from './istio/port-number-conflict';
import { rule as istioPortProtocolConflict } from './istio/port-protocol-conflict';
import { rule as istioPortWithoutProtocol } from './istio/port-without-protocol';
import { rule as istioProxyImageNotFilled } from './istio/proxy-image-not-filled';
import { rule as istioProxyUserId } from './istio/proxy-user-id';
import { rule as istioRemovedKind } from './istio/removed-kind';
import { rule as istioRoutesBypassedAtGateway } from './istio/routes-bypassed-at-gateway';
import { rule as istioRuleForUnknownHost } from './istio/rule-for-unknown-host';
import { rule as istioSelectorOnKubernetesGateway } from './istio/selector-on-kubernetes-gateway';
import { rule as istioServiceEntryProtocolConflict } from './istio/service-entry-protocol-conflict';
import { rule as istioServiceEntryWithoutAddress } from './istio/service-entry-without-address';
import { rule as istioSeveralNamespaceDefaults } from './istio/several-namespace-defaults';
import { rule as istioSidecarInAmbient } from './istio/sidecar-in-ambient';
import { rule as istioSidecarNotInjected } from './istio/sidecar-not-injected';
import { rule as istioStrictMtlsBeforeMeshed } from './istio/strict-mtls-before-meshed';
import { rule as istioSubsetWithoutPods } from './istio/subset-without-pods';
import { rule as istioUnknownAnnotation } from './istio/unknown-annotation';
import { rule as istioUnknownDestination } from './istio/unknown-destination';
import { rule as istioUnknownField } from './istio/unknown-field';
import { rule as istioUnknownGateway } from './istio/unknown-gateway';
import { rule as istioUnknownNetworkRegistry } from './istio/unknown-network-registry';
import { rule as istioUnknownSubset } from './istio/unknown-subset';
import { rule as istioUnreachableRoute } from './istio/unreachable-route';
import { rule as istioUnservedVersion } from './istio/unserved-version';
import { rule as istioUnverifiedServer } from './istio/unverified-server';
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
  adoptionIstioFeaturesUnused,
  adoptionMeshForFewServices,
  adoptionMeshUnobserved,
  adoptionMessagingBehindProxies,
  adoptionPermissiveLeftOn,
  adoptionPlaintextByDefault,
  adoptionRetriesTwice,
  adoptionTwoMeshes,
  coexistenceDoubleInjection,
  istioAccessLogWithoutProvider,
  istioAlphaAnnotation,
  istioAmbiguousDestinationPort,
  istioAuthorizationNamespaceNotFound,
  istioCertificateOnSeveralGateways,
  istioClaimsWithoutAuthentication,
  istioConflictingFields,
  istioConflictingGateways,
  istioConflictingInjectionLabels,
  istioConflictingMeshHosts,
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
  istioGatewayApiTooOld,
  istioGatewayPortNotOnService,
  istioGatewaySecretNotFound,
  istioGatewaySecretUnusable,
  istioGatewayWithoutWorkload,
  istioHostNotOnGateway,
  istioIneffectiveMatch,
  istioInjectedByDefault,
  istioInternalGateway,
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
  istioJwksFetchUnrestricted,
  istioMisplacedAnnotation,
  istioMissingField,
  istioNamespaceNotInjected,
  istioOverlappingSelectors,
  istioPolicyWithoutWorkload,
  istioPortNumberConflict,
  istioPortProtocolConflict,
  istioPortWithoutProtocol,
  istioProxyImageNotFilled,
  istioProxyUserId,
  istioRemovedKind,
  istioRoutesBypassedAtGateway,
  istioRuleForUnknownHost,
  istioSelectorOnKubernetesGateway,
  istioServiceEntryProtocolConflict,
  istioServiceEntryWithoutAddress,
  istioSeveralNamespaceDefaults,
  istioSidecarInAmbient,
  istioSidecarNotInjected,
  istioStrictMtlsBeforeMeshed,
  istioSubsetWithoutPods,
  istioUnknownAnnotation,
  istioUnknownDestination,
  istioUnknownField,
  istioUnknownGateway,
  istioUnknownNetworkRegistry,
  istioUnknownSubset,
  istioUnreachableRoute,
  istioUnservedVersion,
  istioUnverifiedServer,
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
