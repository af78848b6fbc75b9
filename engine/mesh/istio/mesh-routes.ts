import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { isSameHost } from './destination-rules';
import { exportScopeOf, isEverywhere, scopesMeet } from './export-scope';
import { fullName, hostKey, isWildcard, readHost, wildcardsOver } from './host-name';
import type { HostName } from './host-name';
import { destinationsOf } from './route-destinations';

const KIND = 'VirtualService.networking.istio.io';

/** A host that a VirtualService is for. */
export interface RoutedHost {
  readonly node: YamlNode;
  readonly text: string;
  readonly host: HostName;
}

/** The hosts that a VirtualService is for, without what a template hides. */
export function routedHosts(virtualService: Resource): readonly RoutedHost[] {
  return itemsOf(virtualService.at('spec', 'hosts')).flatMap((node): RoutedHost[] => {
    const text = stringOf(node);
    return text === undefined || text === '' ? [] : [{ node, text, host: readHost(text, virtualService.header.namespace) }];
  });
}

/** Whether the rules of a VirtualService hold for the proxies of the mesh for sure: it names no gateway, or `mesh` among them. */
export function isForMesh(virtualService: Resource): boolean {
  const gateways = virtualService.at('spec', 'gateways');
  if (!isSet(gateways)) return true;
  if (gateways.type !== 'sequence') return false;
  return (gateways.items.length === 0 && !gateways.open) || gateways.items.some((name) => stringOf(name) === 'mesh');
}

/**
 * The other VirtualServices of the mesh for a host, as far as some proxy sees both of them. Those that are another version of the same
 * resource are none of them.
 */
export function rivalsFor(view: MeshView, virtualService: Resource, host: HostName): readonly Resource[] {
  const byHost = view.index.grouped('istio.meshRoutesByHost', [KIND], (other) =>
    isForMesh(other) ? [...new Set(routedHosts(other).map((one) => hostKey(one.host)))] : [],
  );
  const scope = exportScopeOf(virtualService);
  return byHost
    .get(hostKey(host))
    .filter(
      (other) =>
        other !== virtualService &&
        other.key !== virtualService.key &&
        routedHosts(other).some((one) => isSameHost(host, one.host) === 'yes') &&
        scopesMeet(scope, exportScopeOf(other)) === 'yes',
    );
}

/**
 * The other VirtualServices of the mesh for a host that has a name in common with this one, without being it: of the two, one is a wildcard.
 * A proxy takes the rules for the more specific one; old releases could take those of the older VirtualService (istio/istio
 * PERSIST_OLDEST_FIRST_HEURISTIC_FOR_VIRTUAL_SERVICE_HOST_MATCHING; up to which release is not known here). Only pairs of which one is
 * exported to all namespaces and the other is not, as istioctl has it.
 */
export function overlapsWith(view: MeshView, virtualService: Resource, host: HostName): readonly Resource[] {
  const full = fullName(host);
  if (full === undefined) return [];
  const wild = view.index.grouped('istio.meshRoutesWithWildcards', [KIND], (other) =>
    isForMesh(other) ? [...new Set(routedHosts(other).flatMap((one) => (isWildcard(one.host) ? [one.text, ANY] : [])))] : [],
  );
  const scope = exportScopeOf(virtualService);
  const found = new Set<Resource>();
  if (wild.get(ANY).length > 0) for (const wider of widerThan(full)) for (const other of wild.get(wider)) found.add(other);
  if (isWildcard(host)) for (const other of narrowerThan(view, full)) found.add(other);
  return [...found].filter((other) => {
    const theirs = exportScopeOf(other);
    return (
      other.key !== virtualService.key && isEverywhere(scope) !== isEverywhere(theirs) && scopesMeet(scope, theirs) === 'yes'
    );
  });
}

/** Where all stand that have a wildcard. */
const ANY = '';

/** The wildcards that cover a host or a wildcard, apart from itself. */
function widerThan(host: string): readonly string[] {
  return wildcardsOver(host.replace(/^\*\./, '')).filter((wildcard) => wildcard !== host);
}

function narrowerThan(view: MeshView, wildcard: string): readonly Resource[] {
  const under = view.index.grouped('istio.meshRoutesByWildcard', [KIND], (other) =>
    isForMesh(other) ? [...new Set(routedHosts(other).flatMap((one) => widerThan(fullName(one.host) ?? '')))] : [],
  );
  return under.get(wildcard);
}

/** The VirtualServices that send traffic to a subset of a host, or may do so. */
export function routesToSubset(view: MeshView, host: HostName, subset: string): readonly Resource[] {
  const bySubset = view.index.grouped('istio.routesBySubset', [KIND], (virtualService) => [
    ...new Set(
      destinationsOf(virtualService).flatMap((destination) =>
        destination.subset === undefined
          ? []
          : [subsetKey(readHost(destination.host, virtualService.header.namespace), destination.subset.name)],
      ),
    ),
  ]);
  return bySubset
    .get(subsetKey(host, subset))
    .filter((one) =>
      destinationsOf(one).some(
        (destination) =>
          destination.subset?.name === subset && isSameHost(host, readHost(destination.host, one.header.namespace)) !== 'no',
      ),
    );
}

/** The VirtualServices for a host that send its requests to subsets of it. */
export function subsetRoutesFor(view: MeshView, host: HostName): readonly Resource[] {
  const byHost = view.index.grouped('istio.subsetRoutesByHost', [KIND], (virtualService) => [
    ...new Set(dividedHosts(virtualService).map(hostKey)),
  ]);
  return byHost.get(hostKey(host)).filter((other) => dividedHosts(other).some((one) => isSameHost(host, one) === 'yes'));
}

/** The hosts that a VirtualService is for and sends to subsets of. */
function dividedHosts(virtualService: Resource): readonly HostName[] {
  const own = routedHosts(virtualService).map(({ host }) => host);
  const divided = destinationsOf(virtualService).flatMap(({ use, subset, host }) =>
    use === 'http' && subset !== undefined ? [readHost(host, virtualService.header.namespace)] : [],
  );
  return own.filter((host) => divided.some((one) => isSameHost(host, one) === 'yes'));
}

function subsetKey(host: HostName, subset: string): string {
  return `${hostKey(host)}\0${subset}`;
}
