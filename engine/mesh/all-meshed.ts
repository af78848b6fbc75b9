import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isSet, itemsOf, lookup, stringOf } from '../yaml/tree';
import { infrastructureRole, isNeverClient } from './infrastructure';
import { ignoredNamespaces } from './istio/sidecar-injection';
import type { MeshView } from './view';

/**
 * The workloads of an environment whose pods could open connections, when every one of them is in Istio's mesh; undefined as soon as one
 * is outside, or a template or a Namespace that no file defines leaves it open. Of alternatives that define one workload each must be in.
 * What calls no application (`isNeverClient`) and what runs in the namespaces that Istio never meshes is left out. A memoised query.
 */
export function allMeshed(view: MeshView): readonly Resource[] | undefined {
  const query = view.extension('allMeshed', (graph) => {
    const within = graph.family('allMeshed.in', (namespace: string) => meshedIn(namespace, view));
    return graph.computed('allMeshed', () => {
      const found: Resource[] = [];
      for (const namespace of view.index.workloadNamespaces()) {
        const meshed = within(namespace);
        if (meshed === undefined) return undefined;
        found.push(...meshed);
      }
      return found;
    });
  });
  return query.get();
}

function meshedIn(namespace: string, view: MeshView): readonly Resource[] | undefined {
  const meshed = new Map<string | Resource, Resource>();
  if (ignoredNamespaces.includes(namespace)) return [];
  for (const workload of view.index.workloadsIn(namespace)) {
    const membership = view.membership(workload);
    const role = infrastructureRole(workload);
    if (membership === undefined || (role !== undefined && isNeverClient(role))) continue;
    if (membership.sidecar.joins !== 'yes' && membership.ambient.joins !== 'yes') return undefined;
    meshed.set(workload.key ?? workload, workload);
  }
  return [...meshed.values()];
}

/**
 * Whether files show that somebody whom no workload stands for may call the pods of a namespace: an ingress or another implementation of
 * the Gateway API, a port of the node or a load balancer, a Prometheus operator, the API server by a webhook or an aggregated API. None of
 * them has a certificate of the mesh unless somebody meshes it.
 */
export function hasUnseenCallers(view: MeshView, namespace: string): boolean {
  const { index } = view;
  return (
    index.inNamespace('Service', namespace).some(isExposed) ||
    index.inNamespace('Ingress.networking.k8s.io', namespace).length > 0 ||
    ROUTES.some((kind) => index.inNamespace(kind, namespace).some((route) => isOfForeignGateway(route, view))) ||
    // Their selectors reach into other namespaces as well.
    MONITORS.some((kind) => view.ofKind(kind).length > 0) ||
    index.grouped('called by the API server', API_SERVER_CALLS, calledNamespaces).get(namespace).length > 0
  );
}

const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].map((kind) => `${kind}.gateway.networking.k8s.io`);
const MONITORS = ['ServiceMonitor.monitoring.coreos.com', 'PodMonitor.monitoring.coreos.com'];
const API_SERVER_CALLS = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'APIService.apiregistration.k8s.io',
];

/** A gateway of the mesh is exposed for its own clients, who reach no other pod by that. */
function isExposed(service: Resource): boolean {
  const type = stringOf(service.at('spec', 'type'));
  return (type === 'NodePort' || type === 'LoadBalancer') && infrastructureRole(service) === undefined;
}

/** Whether a route hangs on a Gateway that is not shown to be Istio's own. */
function isOfForeignGateway(route: Resource, view: MeshView): boolean {
  return itemsOf(route.at('spec', 'parentRefs')).some((parent) => {
    if ((stringOf(lookup(parent, 'kind')) ?? 'Gateway') !== 'Gateway') return false;
    const namespace = stringOf(lookup(parent, 'namespace')) ?? route.namespace ?? UNSET_NAMESPACE;
    const gateways = view.index.named('Gateway.gateway.networking.k8s.io', namespace, stringOf(lookup(parent, 'name')) ?? '');
    return !gateways.some((gateway) => stringOf(gateway.at('spec', 'gatewayClassName'))?.startsWith('istio') === true);
  });
}

/** The namespaces of the Services that the API server calls because of a resource. */
function calledNamespaces(resource: Resource): readonly string[] {
  const services = [
    resource.at('spec', 'service'),
    ...itemsOf(resource.at('webhooks')).map((webhook) => lookup(webhook, 'clientConfig', 'service')),
  ];
  return services.flatMap((service) => (isSet(service) ? (stringOf(lookup(service, 'namespace')) ?? UNSET_NAMESPACE) : []));
}
