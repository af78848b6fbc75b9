import type { Tristate } from '../../tristate';
import type { YamlNode } from '../../yaml/tree';
import type { Basis } from '../istio/sidecar-injection';
import type { CiliumSetting, CiliumSettings } from './settings';

/** What becomes of a demand for mutual authentication. */
export interface AuthenticationState {
  /**
   * `on`: both ends have to prove who they are. `dropped`: nobody can, so that the traffic does not pass. `ignored`: Cilium enforces no
   * policies. `open`: files do not show what of these it is.
   */
  readonly is: 'on' | 'dropped' | 'ignored' | 'open';
  readonly basis: Basis;
  /** The settings that say so. */
  readonly evidence: readonly YamlNode[];
}

/**
 * What Cilium makes of `authentication.mode: required` by its settings. It takes `authentication.enabled` and a SPIRE; without either the
 * traffic is dropped (cilium/cilium #26208). In policy mode `never` no policy counts (Documentation/security/policy/intro.rst, v1.20.0),
 * and in audit mode none is enforced.
 */
export function decideAuthentication(
  settings: Pick<CiliumSettings, 'authentication' | 'spire' | 'policyMode' | 'policyAudit'>,
): AuthenticationState {
  const { authentication, spire, policyMode, policyAudit } = settings;
  if (isKnownAs(policyMode.value, 'never')) return { is: 'ignored', basis: policyMode.basis, evidence: policyMode.evidence };
  if (isKnownAs(policyAudit.value, true)) return { is: 'ignored', basis: policyAudit.basis, evidence: policyAudit.evidence };
  const both = [authentication, spire];
  const isEnforced = isKnown(policyMode) && isKnown(policyAudit);
  const off = both.filter(({ value }) => isKnownAs(value, false));
  if (off.length > 0 && isEnforced) return state('dropped', off);
  if (isEnforced && both.every(({ value }) => isKnownAs(value, true))) return state('on', both);
  return { is: 'open', basis: 'shown', evidence: [] };
}

function state(is: 'on' | 'dropped', settings: readonly CiliumSetting<boolean>[]): AuthenticationState {
  // Of several that are off, one that somebody has switched off says it by itself.
  const shown = settings.filter(({ basis }) => basis === 'shown');
  const decisive = is === 'dropped' && shown.length > 0 ? shown : settings;
  return {
    is,
    basis: decisive.every(({ basis }) => basis === 'shown') ? 'shown' : 'assumed',
    evidence: [...new Set(decisive.flatMap(({ evidence }) => evidence))],
  };
}

function isKnown({ value }: CiliumSetting<unknown>): boolean {
  return value.is === 'known';
}

function isKnownAs<T>(value: Tristate<T>, wanted: T): boolean {
  return value.is === 'known' && value.value === wanted;
}
