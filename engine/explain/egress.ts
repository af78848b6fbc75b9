import { egressOf } from '../mesh/istio/sidecar-egress';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { joined, resourceList, statement } from './statement';
import type { Statement } from './statement';

/** The hosts that the sidecar of a workload's pods knows, where a Sidecar resource narrows them; nothing for pods without a sidecar. */
export function egressStatements(workload: Resource, view: MeshView): Statement[] {
  if (view.membership(workload)?.sidecar.joins !== 'yes') return [];
  const { sidecars, hosts } = egressOf(workload, view);
  const by = resourceList(sidecars, view);
  if (sidecars.length > 1) return [statement('egress', 'Which hosts its sidecar knows is open: it depends on ', ...by, '.')];
  if (hosts === undefined) return [];
  const listed = joined(hosts, ({ text, node }) => ({ text, place: { node } }));
  return [statement('egress', 'Of the hosts in the mesh its sidecar knows ', ...listed, ', as ', ...by, ' says.')];
}
