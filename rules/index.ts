import type { DocumentedRule } from '../engine/findings/rule';
import { rule as adoptionAmbientCandidate } from './adoption/ambient-candidate';
import { rule as coexistenceDoubleInjection } from './coexistence/double-injection';
import { rule as istioConflictingFields } from './istio/conflicting-fields';
import { rule as istioConflictingInjectionLabels } from './istio/conflicting-injection-labels';
import { rule as istioInvalidValue } from './istio/invalid-value';
import { rule as istioMissingField } from './istio/missing-field';
import { rule as istioNamespaceNotInjected } from './istio/namespace-not-injected';
import { rule as istioStrictMtlsBeforeMeshed } from './istio/strict-mtls-before-meshed';
import { rule as istioUnknownField } from './istio/unknown-field';
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
  istioConflictingFields,
  istioConflictingInjectionLabels,
  istioInvalidValue,
  istioMissingField,
  istioNamespaceNotInjected,
  istioStrictMtlsBeforeMeshed,
  istioUnknownField,
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
