import type { Resource } from '../../resources/resource';
import { known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isOlder, parseVersion } from '../istio/control-plane';
import type { IstioVersion } from '../istio/control-plane';
import { helmValue } from '../helm-references';
import type { HelmReference } from '../helm-references';
import { byDefault, ENCRYPTION_KEYS, flagOf, rawEncryption, setPerNode, shown, writtenAt } from './reading';
import type { Written } from './reading';
import type { CiliumReader } from './read-settings';
import type { CiliumEncryption, CiliumSetting } from './settings';

/** The first release whose chart knows encryption by ztunnel; and in which `authentication.enabled` is false by default (#42665). */
const CILIUM_1_19: IstioVersion = { major: 1, minor: 19 };

/** A version as `parseVersion` reads it: nothing of it is Istio's own. */
type Version = IstioVersion;

const ENCRYPTIONS: readonly string[] = ['ipsec', 'wireguard', 'ztunnel'];

export interface Release {
  readonly reference: HelmReference;
  /** It also gets values that nobody can read here. */
  readonly isPartial: boolean;
  /** The version that the configuration names, which beats the release's. */
  readonly configured: string | undefined;
}

/**
 * The settings that a release of Cilium's chart makes, by its values and their defaults (cilium/cilium
 * install/kubernetes/cilium/values.yaml and templates/cilium-configmap.yaml, v1.18.0 and v1.20.0). What `extraConfig` sets is written
 * behind all else, under the agents' own names.
 * @param nodeConfigs those of the environment
 */
export function chartReader({ reference, isPartial, configured }: Release, nodeConfigs: readonly Resource[]): CiliumReader {
  const installation = reference.chart?.node;
  const version = parseVersion(configured ?? reference.version?.text ?? '');
  const at = (...path: readonly string[]): Written => writtenAt(helmValue(reference, ...path));
  const extra = (key: string): Written => at('extraConfig', key);
  const orDefault = <T>(value: Tristate<T>): CiliumSetting<T> =>
    isPartial ? byDefault(unknown, installation) : byDefault(value, installation);

  const setting = <T>(
    key: string,
    written: Written,
    read: (written: Written) => Tristate<T>,
    standard: Tristate<T>,
  ): CiliumSetting<T> => {
    const elsewhere = setPerNode(nodeConfigs, [key]);
    const raw = extra(key);
    const set = [raw, written].find(({ text }) => text.is !== 'absent');
    return elsewhere ?? (set === undefined ? orDefault(standard) : shown(read(set), set.node));
  };

  const encryption = (): CiliumSetting<CiliumEncryption> => {
    const enabled = at('encryption', 'enabled');
    const isOn = flagOf(enabled);
    if (isOn.is === 'absent') return orDefault(known('none'));
    if (isOn.is === 'unknown') return shown(unknown, enabled.node);
    if (!isOn.value) return shown(known('none'), enabled.node);
    const type = at('encryption', 'type');
    if (type.text.is === 'absent') return orDefault(known('ipsec'));
    if (type.text.is === 'unknown') return shown(unknown, type.node);
    // What the chart does not know it leaves out, and says nothing.
    const isKnown = ENCRYPTIONS.includes(type.text.value) && !(type.text.value === 'ztunnel' && isBefore119(version));
    return shown(known(isKnown ? (type.text.value as CiliumEncryption) : 'none'), type.node);
  };

  const chaining = (): Written => {
    const mode = at('cni', 'chainingMode');
    const target = at('cni', 'chainingTarget');
    return mode.text.is === 'absent' && target.text.is !== 'absent' ? { text: known('generic-veth'), node: target.node } : mode;
  };

  return {
    encryption: () =>
      setPerNode(
        nodeConfigs,
        ENCRYPTION_KEYS.map(([key]) => key),
      ) ??
      rawEncryption(extra) ??
      encryption(),
    authentication: () =>
      setting('mesh-auth-enabled', at('authentication', 'enabled'), flagOf, version ? known(isBefore119(version)) : unknown),
    spire: () => setting('mesh-auth-mutual-enabled', at('authentication', 'mutual', 'spire', 'enabled'), flagOf, known(false)),
    policyMode: () => setting('enable-policy', at('policyEnforcementMode'), lowered, known('default')),
    policyAudit: () => setting('policy-audit-mode', at('policyAuditMode'), flagOf, known(false)),
    chaining: () => setting('cni-chaining-mode', chaining(), ({ text }) => text, known('none')),
    clusterMesh: () => {
      const all = [at('clustermesh', 'useAPIServer'), at('clustermesh', 'config', 'enabled')];
      const states = all.map(flagOf);
      const on = states.findIndex((state) => state.is === 'known' && state.value);
      if (on >= 0) return shown(known(true), all[on]?.node);
      const open = states.findIndex((state) => state.is === 'unknown');
      return open >= 0 ? shown(unknown, all[open]?.node) : orDefault(known(false));
    },
  };
}

function isBefore119(version: Version | undefined): boolean {
  return version !== undefined && isOlder(version, CILIUM_1_19);
}

function lowered({ text }: Written): Tristate<string> {
  return text.is === 'known' ? known(text.value.toLowerCase()) : text;
}
