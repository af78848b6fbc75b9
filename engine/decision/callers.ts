import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { Labels } from '../resources/labels';
import { podTemplateOf } from '../resources/workload';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationServices, applicationWorkloads } from './applications';
import { placesOf, query } from './evidence';

/** Who calls a workload, as far as files tell. */
export interface Callers {
  readonly workloads: readonly Resource[];
  /** Where their manifests name it, or a policy lets them in. */
  readonly evidence: readonly Place[];
  /** Whether traffic from outside the cluster comes to it: a Service of type LoadBalancer or NodePort, an Ingress, a route of a gateway. */
  readonly fromOutside: boolean;
}

/**
 * The callers of each application workload that a Service selects, by its first definition. A workload calls another where a variable or an
 * argument of its names one of the other's Services as a host, or where a NetworkPolicy of the other lets its pods in. Nobody else can be
 * told from manifests: a name that a program builds, or that stands in its own configuration, is not seen.
 */
export function callersOf(view: MeshView): ReadonlyMap<Resource, Callers> {
  return query(view, 'callers', () => {
    const served = servedBy(view);
    const exposed = exposedServices(view);
    const found = new Map<Resource, { workloads: Set<Resource>; nodes: YamlNode[]; fromOutside: boolean }>();
    for (const { workload, hosts } of served) {
      found.set(workload, { workloads: new Set(), nodes: [], fromOutside: [...hosts].some((host) => exposed.has(host)) });
    }
    const byHost = new Map<string, Resource[]>();
    for (const { workload, hosts } of served) for (const host of hosts) byHost.set(host, [...(byHost.get(host) ?? []), workload]);
    const note = (called: Resource, caller: Resource, node: YamlNode): void => {
      const entry = found.get(called);
      if (entry === undefined || called === caller) return;
      entry.workloads.add(caller);
      entry.nodes.push(node);
    };
    for (const [caller] of applicationWorkloads(view)) {
      for (const { host, node } of hostsNamedBy(caller)) for (const called of byHost.get(host) ?? []) note(called, caller, node);
    }
    for (const { called, caller, node } of letIn(view)) note(called, caller, node);
    return new Map(
      [...found].map(([workload, { workloads, nodes, fromOutside }]) => [
        workload,
        { workloads: [...workloads], evidence: placesOf(nodes), fromOutside },
      ]),
    );
  });
}

interface Served {
  readonly workload: Resource;
  /** `name/namespace` of the Services that select it. */
  readonly hosts: ReadonlySet<string>;
}

function servedBy(view: MeshView): Served[] {
  const services = applicationServices(view).map(([service]) => ({
    service,
    selector: new Labels(service.at('spec', 'selector')),
  }));
  const byNamespace = groupedBy(services, ({ service }) => service.namespace);
  return applicationWorkloads(view).flatMap(([workload]) => {
    const labels = podTemplateOf(workload)?.labels;
    const own = (byNamespace.get(workload.namespace) ?? []).filter(
      ({ selector }) => !selector.isEmpty && labels?.matches(selector) === 'yes',
    );
    return own.length === 0
      ? []
      : [{ workload, hosts: new Set(own.map(({ service }) => hostOf(service.name, service.namespace))) }];
  });
}

function hostOf(name: string | undefined, namespace: string | undefined): string {
  return `${name ?? ''}/${namespace ?? ''}`;
}

/** No more of one value is read: a variable may hold a whole document. */
const LONGEST_VALUE = 2000;

/** Names of variables whose value is a host even when nothing else says so. */
const HOST_VARIABLE = /(?:HOST|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVICE)$/i;

/** A host in a text: with a scheme before it, a port after it, or with the domain of a cluster. */
const HOST = /(\/\/)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)((?:\.[a-z0-9-]{1,63}){0,5})(:\d{1,5})?/g;

function hostsNamedBy(caller: Resource): { readonly host: string; readonly node: YamlNode }[] {
  const template = podTemplateOf(caller);
  if (template === undefined) return [];
  return [...template.containers, ...template.initContainers].flatMap(({ node }) => [
    ...itemsOf(lookup(node, 'env')).flatMap((variable) => {
      const value = lookup(variable, 'value');
      const isHost = HOST_VARIABLE.test(stringOf(lookup(variable, 'name')) ?? '');
      return value === undefined ? [] : hostsIn(value, caller.namespace, isHost);
    }),
    ...[...itemsOf(lookup(node, 'command')), ...itemsOf(lookup(node, 'args'))].flatMap((text) =>
      hostsIn(text, caller.namespace, false),
    ),
  ]);
}

function hostsIn(node: YamlNode, namespace: string | undefined, isHost: boolean): { host: string; node: YamlNode }[] {
  const text = stringOf(node)?.slice(0, LONGEST_VALUE);
  if (text === undefined) return [];
  return [...text.matchAll(HOST)].flatMap(([whole, scheme, name = '', rest = '', port]) => {
    const isWhole = isHost && whole === text;
    if (scheme === undefined && port === undefined && !rest.includes('.svc') && !isWhole) return [];
    const [, other = namespace] = rest.split('.');
    return [{ host: hostOf(name, other), node }];
  });
}

/** Services that something outside the cluster can reach. */
function exposedServices(view: MeshView): ReadonlySet<string> {
  const exposed = new Set<string>();
  for (const service of view.ofKind('Service')) {
    if (['LoadBalancer', 'NodePort'].includes(stringOf(service.at('spec', 'type')) ?? ''))
      exposed.add(hostOf(service.name, service.namespace));
  }
  const add = (name: YamlNode | undefined, from: Resource): void => {
    const text = stringOf(name);
    if (text === undefined) return;
    const [first = '', namespace = from.namespace] = text.split('.');
    exposed.add(hostOf(first, namespace));
  };
  for (const ingress of view.ofKind('Ingress.networking.k8s.io')) {
    add(ingress.at('spec', 'defaultBackend', 'service', 'name'), ingress);
    for (const rule of itemsOf(ingress.at('spec', 'rules'))) {
      for (const path of itemsOf(lookup(rule, 'http', 'paths'))) add(lookup(path, 'backend', 'service', 'name'), ingress);
    }
  }
  for (const route of view.ofKind('HTTPRoute.gateway.networking.k8s.io')) {
    const parents = itemsOf(route.at('spec', 'parentRefs')).map((parent) => stringOf(lookup(parent, 'kind')) ?? 'Gateway');
    if (!parents.includes('Gateway')) continue;
    const backends = itemsOf(route.at('spec', 'rules')).flatMap((rule) => itemsOf(lookup(rule, 'backendRefs')));
    for (const backend of backends) add(lookup(backend, 'name'), route);
  }
  for (const route of view.ofKind('VirtualService.networking.istio.io')) {
    const gateways = itemsOf(route.at('spec', 'gateways')).map(stringOf);
    if (gateways.every((gateway) => gateway === 'mesh')) continue;
    const routes = itemsOf(route.at('spec', 'http')).flatMap((http) => itemsOf(lookup(http, 'route')));
    for (const destination of routes) add(lookup(destination, 'destination', 'host'), route);
  }
  return exposed;
}

/** Pods that NetworkPolicies of the same namespace let in by their labels; a policy that names no labels says nothing of anybody. */
function letIn(view: MeshView): { readonly called: Resource; readonly caller: Resource; readonly node: YamlNode }[] {
  const byNamespace = groupedBy(
    applicationWorkloads(view).map(([first]) => first),
    ({ namespace }) => namespace,
  );
  const matching = (namespace: string | undefined, labels: YamlNode | undefined): Resource[] => {
    if (entriesOf(labels).length === 0) return [];
    const selector = new Labels(labels);
    return (byNamespace.get(namespace) ?? []).filter((one) => podTemplateOf(one)?.labels.matches(selector) === 'yes');
  };
  return view.ofKind('NetworkPolicy.networking.k8s.io').flatMap((policy) => {
    const called = matching(policy.namespace, policy.at('spec', 'podSelector', 'matchLabels'));
    if (called.length === 0) return [];
    const sources = itemsOf(policy.at('spec', 'ingress')).flatMap((rule) => itemsOf(lookup(rule, 'from')));
    return sources.flatMap((source) => {
      const node = lookup(source, 'podSelector', 'matchLabels');
      if (node === undefined || lookup(source, 'namespaceSelector') !== undefined) return [];
      const callers = matching(policy.namespace, node);
      return called.flatMap((one) => callers.map((caller) => ({ called: one, caller, node })));
    });
  });
}

function groupedBy<K, V>(values: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
