import type { Tristate } from '../../tristate';
import type { YamlNode } from '../../yaml/tree';
import type { Joining } from '../membership';
import type { SharedValue } from '../namespaces';
import { ENROLMENT_LABEL } from './enrolment-label';
import type { CiliumEncryption, CiliumSetting } from './settings';
import { decideZtunnel } from './ztunnel-enrolment';
import type { ZtunnelDecision } from './ztunnel-enrolment';

/** What a workload's enrolment is decided from. */
export interface EnrolmentSources {
  /** Label `io.cilium/mtls-enabled` of its Namespace. */
  readonly label: SharedValue;
  /** Where its Namespace is defined. */
  readonly namespacePlaces: () => readonly YamlNode[];
  readonly hostNetwork: Tristate<boolean>;
  readonly hostNetworkPlaces: () => readonly YamlNode[];
  readonly encryption: () => CiliumSetting<CiliumEncryption>;
}

/**
 * Whether Cilium's ztunnel takes in a workload's pods. Undefined where that is no question: the Namespace shows no label for it, and nothing
 * here shows that Cilium encrypts with ztunnel, which it does not by default.
 */
export function ztunnelJoining(sources: EnrolmentSources): Joining<'cilium'> | undefined {
  const { label, hostNetwork } = sources;
  const encryption = sources.encryption();
  const isAsked = label.evidence.some(({ key }) => key?.value === ENROLMENT_LABEL);
  const isOn = encryption.value.is === 'known' && encryption.value.value === 'ztunnel';
  if (!isAsked && !isOn) return undefined;
  const decision = decideZtunnel({ namespace: { mtlsEnabled: label.value }, pod: { hostNetwork }, encryption });
  const { enrolled, basis, reason, assumes } = decision;
  return {
    mesh: 'cilium',
    joins: enrolled,
    basis,
    reason,
    evidence: evidenceOf(decision, sources, encryption),
    ...(assumes !== undefined && { assumes }),
  };
}

function evidenceOf(
  { decidedBy, enrolled }: ZtunnelDecision,
  { label, namespacePlaces, hostNetworkPlaces }: EnrolmentSources,
  encryption: CiliumSetting<CiliumEncryption>,
): readonly YamlNode[] {
  switch (decidedBy) {
    case 'host-network':
      return hostNetworkPlaces();
    case 'no-label':
      return namespacePlaces();
    case 'namespace-label':
      return enrolled === 'yes' ? [...label.evidence, ...encryption.evidence] : label.evidence;
    case 'encryption':
      return [...label.evidence, ...encryption.evidence];
  }
}
