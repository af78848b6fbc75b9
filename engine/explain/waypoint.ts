import type { MeshView } from '../mesh/view';
import type { Label } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { isWorkloadKind } from '../resources/workload';
import { count, resourceLink, statement } from './statement';
import type { Part, Statement } from './statement';

const WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';

/** What `istio.io/use-waypoint` does on a Namespace, a Service or a pod (istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go). */
export function waypointStatements(resource: Resource, label: Label, view: MeshView): Statement[] {
  if (label.is !== 'known' || label.value === '') return [statement('waypoint', 'Which waypoint it names is unknown.')];
  if (label.value === 'none') return [statement('waypoint', `Traffic to ${whom(resource, view)} goes through no waypoint.`)];
  return [
    statement(
      'waypoint',
      `In ambient mode, traffic to ${whom(resource, view)} goes through waypoint `,
      ...waypoint(resource, label.value, view),
      '.',
    ),
  ];
}

function whom(resource: Resource, view: MeshView): string {
  if (resource.kind !== 'Namespace') return isWorkloadKind(resource.kind) ? 'the addresses of these pods' : 'this Service';
  const services = resource.name === undefined ? [] : view.index.inNamespace('Service', resource.name);
  return `the ${count(services.length, 'Service')} of this Namespace that ${services.length === 1 ? 'has' : 'have'} no such label`;
}

function waypoint(resource: Resource, name: string, view: MeshView): Part[] {
  const elsewhere = resource.labels.get(WAYPOINT_NAMESPACE);
  if (elsewhere.is === 'unknown') return [name, ' of a namespace that a template hides'];
  const own = resource.kind === 'Namespace' ? resource.name : resource.namespace;
  const namespace = elsewhere.is === 'known' ? elsewhere.value : own;
  const gateways = namespace === undefined ? [] : view.index.named('Gateway.gateway.networking.k8s.io', namespace, name);
  const [gateway] = gateways;
  return gateway === undefined ? [`${namespace ?? ''}/${name}, which no file here defines`] : [resourceLink(gateway)];
}
