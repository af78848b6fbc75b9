import type { Resource } from '../../resources/resource';
import { absent, known, unknown } from '../../tristate';
import { byDefault, ENCRYPTION_KEYS, flagOf, rawEncryption, setPerNode, shown, writtenAt } from './reading';
import type { Written } from './reading';
import type { CiliumReader } from './read-settings';
import type { CiliumSetting } from './settings';

/**
 * The settings in the ConfigMap `cilium-config`, by the names under which the chart writes them (cilium/cilium
 * install/kubernetes/cilium/templates/cilium-configmap.yaml, v1.18.0 and v1.20.0). It writes `mesh-auth-enabled` in any case,
 * `mesh-auth-mutual-enabled` and the ways to encrypt where they are on.
 * @param nodeConfigs those of the environment
 */
export function configMapReader(map: Resource, nodeConfigs: readonly Resource[]): CiliumReader {
  const at = (key: string): Written => writtenAt(map.at('data', key));
  const flag = (key: string, unset: CiliumSetting<boolean>): CiliumSetting<boolean> => {
    const written = at(key);
    return setPerNode(nodeConfigs, [key]) ?? (written.text.is === 'absent' ? unset : shown(flagOf(written), written.node));
  };
  const text = (key: string, standard: string): CiliumSetting<string> => {
    const written = at(key);
    const isSet = written.text.is !== 'absent';
    return isSet ? shown(lowered(written), written.node) : byDefault(known(standard), map.titlePlace);
  };
  const off: CiliumSetting<boolean> = byDefault(known(false), map.titlePlace);
  const open: CiliumSetting<boolean> = byDefault<boolean>(unknown, map.titlePlace);
  return {
    encryption: () =>
      setPerNode(
        nodeConfigs,
        ENCRYPTION_KEYS.map(([key]) => key),
      ) ??
      rawEncryption(at) ??
      byDefault(known('none'), map.titlePlace),
    authentication: () => flag('mesh-auth-enabled', open),
    spire: () => flag('mesh-auth-mutual-enabled', at('mesh-auth-enabled').text.is === 'absent' ? open : off),
    policyMode: () => text('enable-policy', 'default'),
    policyAudit: () => flag('policy-audit-mode', off),
    chaining: () => text('cni-chaining-mode', 'none'),
    // Its secrets tell, which are in no repository.
    clusterMesh: () => byDefault(absent, undefined),
  };
}

function lowered({ text }: Written): Written['text'] {
  return text.is === 'known' ? known(text.value.toLowerCase()) : text;
}
