import type { Answer } from '../../resources/labels';
import type { Tristate } from '../../tristate';
import type { Basis } from '../istio/sidecar-injection';
import { ENROLMENT_LABEL } from './enrolment-label';
import type { CiliumEncryption } from './settings';

export interface ZtunnelInput {
  readonly namespace: {
    /** Label `io.cilium/mtls-enabled`. */
    readonly mtlsEnabled: Tristate<string>;
  };
  readonly pod: {
    readonly hostNetwork: Tristate<boolean>;
  };
  /** How Cilium encrypts. Absent: nothing here says how it is set. */
  readonly encryption: {
    readonly value: Tristate<CiliumEncryption>;
    readonly basis: Basis;
  };
}

export interface ZtunnelDecision {
  readonly enrolled: Answer;
  /** Says nothing when `enrolled` is `unknown`. */
  readonly basis: Basis;
  /** The input that settled it; when `enrolled` is `unknown`, the one that leaves it open. */
  readonly decidedBy: 'host-network' | 'no-label' | 'namespace-label' | 'encryption';
  /** A clause in plain English, without a full stop. */
  readonly reason: string;
  /** What else has to hold, as a clause that follows "assuming that". */
  readonly assumes?: string;
}

/**
 * Whether Cilium's ztunnel takes in a pod: it does where Cilium encrypts with it and the Namespace's label says `true`, in these letters
 * (cilium/cilium pkg/ztunnel/table/enrolled_namespaces.go, v1.20.0). Pods have no say of their own; one on the host network is skipped
 * (Documentation/security/network/encryption-ztunnel.rst, v1.20.0). With any other encryption nobody reads the label.
 *
 * Encryption is off by default, yet a label is there for ztunnel alone: where nothing shows how Cilium is set, it is taken at its word, and
 * says so.
 *
 * @returns the answer, with what decided it; never throws
 */
export function decideZtunnel({ namespace: { mtlsEnabled }, pod: { hostNetwork }, encryption }: ZtunnelInput): ZtunnelDecision {
  const steps = [hostNetworkStep(hostNetwork), labelStep(mtlsEnabled), encryptionStep(encryption)];
  return (
    steps.find((step) => step?.enrolled === 'no') ??
    steps.find((step) => step?.enrolled === 'unknown') ??
    enrolled(encryption.value)
  );
}

function hostNetworkStep(value: Tristate<boolean>): ZtunnelDecision | undefined {
  if (value.is === 'unknown') return undecided('host-network', 'The hostNetwork of the pod is unknown');
  return value.is === 'known' && value.value ? no('host-network', 'The pod uses the host network') : undefined;
}

function labelStep(label: Tristate<string>): ZtunnelDecision | undefined {
  if (label.is === 'unknown') return undecided('namespace-label', `The namespace label ${ENROLMENT_LABEL} is unknown`);
  if (label.is === 'absent') return no('no-label', `The namespace has no label ${ENROLMENT_LABEL}=true`);
  if (label.value === 'true') return undefined;
  return no('namespace-label', `Namespace label ${ENROLMENT_LABEL}=${label.value === '' ? '""' : label.value}`);
}

const INSTEAD: Readonly<Record<Exclude<CiliumEncryption, 'ztunnel'>, string>> = {
  none: 'Cilium does not encrypt',
  ipsec: 'Cilium encrypts with IPsec',
  wireguard: 'Cilium encrypts with WireGuard',
};

function encryptionStep({ value, basis }: ZtunnelInput['encryption']): ZtunnelDecision | undefined {
  if (value.is === 'unknown') return undecided('encryption', 'Whether Cilium encrypts with ztunnel is unknown');
  if (value.is === 'absent' || value.value === 'ztunnel') return undefined;
  const decision = no(
    'encryption',
    `Namespace label ${ENROLMENT_LABEL}=true, but ${INSTEAD[value.value]}, and only ztunnel heeds it`,
  );
  return basis === 'shown' ? decision : { ...decision, basis, assumes: 'nothing but these files sets how Cilium encrypts' };
}

function enrolled(encryption: Tristate<CiliumEncryption>): ZtunnelDecision {
  const decision = { enrolled: 'yes', decidedBy: 'namespace-label' } as const;
  const reason = `Namespace label ${ENROLMENT_LABEL}=true`;
  return encryption.is === 'known'
    ? { ...decision, basis: 'shown', reason: `${reason}, and Cilium encrypts with ztunnel` }
    : { ...decision, basis: 'assumed', reason, assumes: 'Cilium encrypts with ztunnel, which no file here shows' };
}

const no = (decidedBy: ZtunnelDecision['decidedBy'], reason: string): ZtunnelDecision => ({
  enrolled: 'no',
  basis: 'shown',
  decidedBy,
  reason,
});
const undecided = (decidedBy: ZtunnelDecision['decidedBy'], reason: string): ZtunnelDecision => ({
  enrolled: 'unknown',
  basis: 'shown',
  decidedBy,
  reason,
});
