import { Labels } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, stringOf } from '../../yaml/tree';
import type { MeshView } from '../view';

const GATEWAY = 'Gateway.networking.istio.io';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/**
 * Whether a policy or filter attaches to gateways and no other proxy: it names a target, or its selector picks pods of a gateway, by the
 * selector of a Gateway of the environment or by a label that only gateways have.
 *
 * @param selectorPath where its selector's labels stand
 */
export function isForGateways(resource: Resource, selectorPath: readonly string[], view: MeshView): boolean {
  // A proxy that is no gateway and no waypoint ignores every policy with a target.
  if (isSet(resource.at('spec', 'targetRef')) || itemsOf(resource.at('spec', 'targetRefs')).length > 0) return true;
  const selector = new Labels(resource.at(...selectorPath));
  return !selector.isEmpty && areGatewayLabels(selector, view);
}

/** Whether a VirtualService concerns the proxies of the mesh: it names no gateway, or `mesh` among them, or hides what it names. */
export function isMeshBound(virtualService: Resource): boolean {
  const gateways = virtualService.at('spec', 'gateways');
  if (gateways?.type === 'unknown') return true;
  const names = itemsOf(gateways);
  return names.length === 0 || names.some((name) => (stringOf(name) ?? 'mesh') === 'mesh');
}

function areGatewayLabels(labels: Labels, view: MeshView): boolean {
  const istio = labels.get('istio');
  if (istio.is === 'known' && /^(?:[a-z-]*gateway|ingress|egress)$/.test(istio.value)) return true;
  if (labels.get(GATEWAY_NAME).is === 'known') return true;
  // One pair of a selector is enough to find a Gateway by: labels that it picks have them all.
  const bySelector = view.index.grouped('istio.gatewaysBySelector', [GATEWAY], (gateway) => firstPair(selectorOf(gateway)));
  return labels.keys().some((key) => {
    const label = labels.get(key);
    if (label.is !== 'known') return false;
    return bySelector.get(`${key}\0${label.value}`).some((gateway) => labels.matches(selectorOf(gateway)) === 'yes');
  });
}

function selectorOf(gateway: Resource): Labels {
  return new Labels(gateway.at('spec', 'selector'));
}

function firstPair(selector: Labels): readonly string[] {
  for (const key of [...selector.keys()].sort()) {
    const label = selector.get(key);
    if (label.is === 'known') return [`${key}\0${label.value}`];
  }
  return [];
}
