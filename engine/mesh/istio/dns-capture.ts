import type { Answer } from '../../resources/labels';
import { isSet, lookup } from '../../yaml/tree';
import type { MeshView } from '../view';
import { meshConfigs } from './mesh-config';

/**
 * Whether sidecars answer the DNS requests of their applications, with addresses that istiod gives to ServiceEntries without one: as
 * `ISTIO_META_DNS_CAPTURE` of the mesh configuration's `proxyMetadata` says (istio.io, "DNS Proxying"). One configuration that turns it on is
 * enough; a workload may turn it on for itself all the same. A memoised query.
 */
export function dnsCapture(view: MeshView): Answer {
  return view.extension('istio.dnsCapture', (graph) => graph.computed('istio.dnsCapture', () => captured(view))).get();
}

function captured(view: MeshView): Answer {
  const values = meshConfigs(view).map((config) => lookup(config, 'defaultConfig', 'proxyMetadata', 'ISTIO_META_DNS_CAPTURE'));
  if (values.some((node) => node?.type === 'scalar' && String(node.value) === 'true')) return 'yes';
  return values.some((node) => isSet(node) && node.type !== 'scalar') ? 'unknown' : 'no';
}
