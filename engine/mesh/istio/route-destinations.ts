import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/** One place that a VirtualService sends traffic to. */
export interface RouteDestination {
  /** The node of the host, and what it says. */
  readonly node: YamlNode;
  readonly host: string;
  /** The map that names host, subset and port. */
  readonly destination: YamlNode;
  /** `mirror` gets copies, whose answers nobody waits for. */
  readonly use: 'http' | 'tls' | 'tcp' | 'mirror';
  /** The subset, undefined where none is set or a template hides it. */
  readonly subset: { readonly node: YamlNode; readonly name: string } | undefined;
  readonly port: DestinationPort;
}

export type DestinationPort =
  | { readonly is: 'known'; readonly number: number; readonly node: YamlNode }
  /** None is set. */
  | { readonly is: 'absent' }
  | { readonly is: 'unknown' };

/** The destinations of a VirtualService whose host no template hides, in the order of the text. */
export function destinationsOf(virtualService: Resource): readonly RouteDestination[] {
  return [
    ...httpDestinations(virtualService),
    ...rawDestinations(virtualService, 'tls'),
    ...rawDestinations(virtualService, 'tcp'),
  ];
}

function* httpDestinations(virtualService: Resource): Iterable<RouteDestination> {
  for (const route of itemsOf(virtualService.at('spec', 'http'))) {
    for (const one of itemsOf(lookup(route, 'route'))) yield* read(lookup(one, 'destination'), 'http');
    yield* read(lookup(route, 'mirror'), 'mirror');
    for (const one of itemsOf(lookup(route, 'mirrors'))) yield* read(lookup(one, 'destination'), 'mirror');
  }
}

function* rawDestinations(virtualService: Resource, use: 'tls' | 'tcp'): Iterable<RouteDestination> {
  for (const route of itemsOf(virtualService.at('spec', use))) {
    for (const one of itemsOf(lookup(route, 'route'))) yield* read(lookup(one, 'destination'), use);
  }
}

function* read(destination: YamlNode | undefined, use: RouteDestination['use']): Iterable<RouteDestination> {
  const node = lookup(destination, 'host');
  const host = stringOf(node);
  if (destination === undefined || node === undefined || host === undefined || host === '') return;
  const subset = lookup(destination, 'subset');
  const name = stringOf(subset);
  yield {
    node,
    host,
    destination,
    use,
    subset: subset === undefined || name === undefined || name === '' ? undefined : { node: subset, name },
    port: portOf(destination),
  };
}

function portOf(destination: YamlNode): DestinationPort {
  const port = lookup(destination, 'port');
  if (!isSet(port)) return { is: 'absent' };
  const node = lookup(port, 'number');
  const number = numberOf(node);
  return node === undefined || number === undefined ? { is: 'unknown' } : { is: 'known', number, node };
}
