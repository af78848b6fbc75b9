import type { Answer } from '../../resources/labels';
import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { Tristate } from '../../tristate';
import { itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { exportScopeOf, reaches } from './export-scope';
import { fullName, wildcardsOver } from './host-name';
import type { HostName } from './host-name';

/**
 * The hosts that an environment defines: Services, what makes Services, and ServiceEntries. All look-ups go by name, and are recorded as
 * reads of the resources of that name alone.
 */

/** A resource that gives a host to the mesh. */
export interface HostDefinition {
  /** A Service, a ServiceEntry, or what makes a Service: a Knative Service, a Gateway of the Gateway API. */
  readonly resource: Resource;
  /** `unknown` where nothing says in which namespace it, or who names the host, will be. */
  readonly is: 'yes' | 'unknown';
}

/** Who gives a host. */
export interface HostDefinitions {
  readonly definitions: readonly HostDefinition[];
  /** Whether a resource whose name or hosts a template hides may give it as well. */
  readonly open: boolean;
}

const SERVICE_ENTRY = 'ServiceEntry.networking.istio.io';
const KNATIVE_SERVICE = 'Service.serving.knative.dev';
const GATEWAY = 'Gateway.gateway.networking.k8s.io';

/** Where resources stand whose name, or a host of theirs, a template hides. No host has this name. */
const HIDDEN = '';
/** Where ServiceEntries stand that have any wildcard: mostly none, which saves looking for each that may cover a host. */
const WILD = '**';
/** Where those stand that have one of the form `*abc.com`. */
const PARTIAL = '***';

/** Who gives a host, whether or not others see it: see `sees`. A host with a wildcard is given by a ServiceEntry that has it, or a wider one. */
export function definitionsOf(view: MeshView, host: HostName): HostDefinitions {
  const services = host.is === 'service' ? servicesNamed(view, host.name, host.namespace) : NOBODY;
  const full = fullName(host);
  const entries = full === undefined ? NOBODY : entriesFor(view, full);
  // A ServiceEntry for a host of the cluster itself is rare: one that a template hides is not taken for it.
  return {
    definitions: [...services.definitions, ...entries.definitions],
    open: services.open || (host.is === 'other' && entries.open),
  };
}

/** Whether proxies in a namespace know a host by this definition. */
export function sees(namespace: Tristate<string>, { resource, is }: HostDefinition): Answer {
  const answer = reaches(exportScopeOf(resource), namespace);
  return answer === 'yes' ? is : answer;
}

/** Services of a name, of whatever namespace: for suggestions. */
export function servicesOfName(view: MeshView, name: string): readonly Resource[] {
  return serviceNames(view)
    .get(name)
    .filter(({ kind }) => kind === 'Service');
}

/** Whether a ServiceEntry gives a host that a wildcard such as `*.example.com` covers. */
export function hasEntryUnder(view: MeshView, wildcard: string): boolean {
  const byWildcard = view.index.grouped('istio.serviceEntriesByWildcard', [SERVICE_ENTRY], (entry) => [
    ...new Set(hostsOf(entry).flatMap(wildcardsOver)),
  ]);
  return byWildcard.get(wildcard).length > 0;
}

/** One port of a host, as clients call it. */
export interface HostPort {
  readonly number: number;
  readonly name: string | undefined;
  /** The item of the list of ports. */
  readonly node: YamlNode;
}

export interface HostPorts {
  readonly ports: readonly HostPort[];
  /** Whether a template may add ports, or nothing here says which there are. */
  readonly open: boolean;
}

/** The ports of a host by one of its definitions. */
export function portsOf({ resource }: HostDefinition): HostPorts {
  if (resource.kind !== 'Service' && resource.kind !== SERVICE_ENTRY) return { ports: [], open: true };
  const list = resource.at('spec', 'ports');
  const items = itemsOf(list);
  const field = resource.kind === 'Service' ? 'port' : 'number';
  const ports = items.flatMap((node): HostPort[] => {
    const number = numberOf(lookup(node, field));
    return number === undefined ? [] : [{ number, name: stringOf(lookup(node, 'name')), node }];
  });
  const isHidden = list?.type === 'unknown' || (list?.type === 'sequence' && list.open) || ports.length < items.length;
  // An alias has the ports of what it stands for.
  const isAlias = ports.length === 0 && stringOf(resource.at('spec', 'type')) === 'ExternalName';
  return { ports, open: isHidden || isAlias };
}

const NOBODY: HostDefinitions = { definitions: [], open: false };

function servicesNamed(view: MeshView, name: string, namespace: Tristate<string>): HostDefinitions {
  const byName = serviceNames(view);
  const isThere = (resource: Resource): Answer => sameNamespaceName(namespace, resource.header.namespace);
  return {
    definitions: byName.get(name).flatMap((resource) => {
      const is = isThere(resource);
      return is === 'no' ? [] : [{ resource, is }];
    }),
    open: byName.get(HIDDEN).some((resource) => isThere(resource) !== 'no'),
  };
}

function serviceNames(view: MeshView): { get(key: string): readonly Resource[] } {
  return view.index.grouped('istio.servicesByName', ['Service', KNATIVE_SERVICE, GATEWAY], (resource) => [
    nameOfService(resource),
  ]);
}

/** A Gateway of class `istio` gets a Service `<name>-istio` (istio.io, "Kubernetes Gateway API: Automated deployment"). */
function nameOfService(resource: Resource): string {
  const { name } = resource;
  if (name === undefined || resource.kind !== GATEWAY) return name ?? HIDDEN;
  const gatewayClass = stringOf(resource.at('spec', 'gatewayClassName'));
  // Waypoints are called as their Gateway is.
  return gatewayClass === undefined || gatewayClass.includes('waypoint') ? name : `${name}-${gatewayClass}`;
}

function entriesFor(view: MeshView, full: string): HostDefinitions {
  const byHost = view.index.grouped('istio.serviceEntriesByHost', [SERVICE_ENTRY], hostKeys);
  const found = new Set<Resource>();
  const keys = [full];
  if (byHost.get(WILD).length > 0) {
    if (!full.startsWith('*')) keys.push(...wildcardsOver(full));
    else if (full.startsWith('*.')) keys.push(...wildcardsOver(full.slice(2)));
    for (const entry of byHost.get(PARTIAL))
      if (hostsOf(entry).some((host) => isPartial(host) && full.endsWith(host.slice(1)))) found.add(entry);
  }
  for (const key of keys) for (const entry of byHost.get(key)) found.add(entry);
  return { definitions: [...found].map((resource) => ({ resource, is: 'yes' })), open: byHost.get(HIDDEN).length > 0 };
}

function hostKeys(entry: Resource): readonly string[] {
  const list = entry.at('spec', 'hosts');
  const hosts = hostsOf(entry);
  const isHidden = list?.type === 'unknown' || (list?.type === 'sequence' && (list.open || hosts.length < list.items.length));
  const keys = new Set(hosts);
  if (isHidden) keys.add(HIDDEN);
  if (hosts.some((host) => host.startsWith('*'))) keys.add(WILD);
  if (hosts.some(isPartial)) keys.add(PARTIAL);
  return [...keys];
}

function hostsOf(entry: Resource): readonly string[] {
  return itemsOf(entry.at('spec', 'hosts')).flatMap((host) => stringOf(host) ?? []);
}

function isPartial(host: string): boolean {
  return host.startsWith('*') && host.length > 1 && !host.startsWith('*.');
}
