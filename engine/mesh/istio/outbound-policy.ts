import { lookup, stringOf } from '../../yaml/tree';
import type { MeshView } from '../view';
import { meshConfigs } from './mesh-config';

/**
 * Whether the mesh configuration lets proxies open connections to no host but those that Services and ServiceEntries give:
 * `outboundTrafficPolicy.mode: REGISTRY_ONLY` in each that the environment shows. Otherwise it is ALLOW_ANY, which is the default.
 */
export function isRegistryOnly(view: MeshView): boolean {
  const modes = meshConfigs(view).map((config) => stringOf(lookup(config, 'outboundTrafficPolicy', 'mode')));
  return modes.length > 0 && modes.every((mode) => mode === 'REGISTRY_ONLY');
}
