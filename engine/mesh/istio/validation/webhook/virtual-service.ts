import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, filled, isEmptyList, isWhole, items, text, texts } from '../read';
import type { Value } from '../read';
import { hostsOverlap, overlappingHosts, wildcardHostFault } from '../values/host';
import { isIp, isIpOrCidr } from '../values/ip';
import { checkAnnotations, checkExportTo, checkSome, shown } from './common';
import type { Problems } from './common';
import { checkDestination, checkShares } from './destination';
import { checkGatewayNames, checkMatchBase } from './http-match';
import { checkHttpRoute } from './http-route';

const MESH = 'mesh';
/** The server names that Istio's own gateways between clusters route by. */
const ROUTED_NAME = /^outbound_\.\d+_\.[^_]*_\./;

/** What istiod's webhook says of a VirtualService, apart from routes that are never reached. */
export function* checkVirtualService(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  const place = spec ?? resource.titlePlace;
  if (place === undefined || spec?.type === 'unknown') return;
  const hosts = at(spec, 'hosts');
  const gateways = at(spec, 'gateways');
  const isDelegate = isEmptyList(hosts);
  if (isDelegate) {
    for (const field of ['gateways', 'tls', 'tcp']) {
      if (spec === undefined || !filled(at(spec, field))) continue;
      yield {
        place: placeOfKey(spec, field),
        what: `a VirtualService without hosts has "${field}", and others can delegate to it for HTTP alone`,
        todo: `name its hosts, or remove ${field}`,
      };
    }
  }
  if (['http', 'tls', 'tcp'].every((field) => isEmptyList(at(spec, field))) && !isOpen(spec)) {
    yield { place: placeOf(place), what: 'there is no rule in "http", "tls" or "tcp"', todo: 'say where the traffic goes' };
  }
  yield* checkGatewayNames(gateways);
  yield* checkHosts(hosts, gateways);
  const atGateway = !isWhole(gateways) || items(gateways).some((name) => text(name) !== MESH);
  for (const route of items(at(spec, 'http'))) yield* checkHttpRoute(route, { isDelegate, atGateway });
  const covers = coverage(hosts);
  for (const route of items(at(spec, 'tls'))) yield* checkTlsRoute(route, hosts, covers);
  for (const route of items(at(spec, 'tcp'))) yield* checkTcpRoute(route);
  yield* checkExportTo(at(spec, 'exportTo'), resource);
}

function isOpen(node: Value): boolean {
  return node?.type === 'map' && node.open;
}

function* checkHosts(list: Value, gateways: Value): Problems {
  const hosts = texts(list);
  const names = texts(gateways).map(({ value }) => value);
  const forMesh = isWhole(gateways) && (names.includes(MESH) || isEmptyList(gateways));
  const forGateway = names.some((name) => name !== MESH) || !isWhole(gateways);
  let allValid = true;
  for (const { node, value } of hosts) {
    const fault = wildcardHostFault(value);
    if (fault !== undefined && !isIp(value) && !(forGateway && ROUTED_NAME.test(value))) {
      allValid = false;
      yield { place: placeOf(node), what: `the host ${shown(value)} ${fault}`, todo: 'write the name of a host, or an address' };
    } else if (value === '*' && forMesh) {
      allValid = false;
      yield {
        place: placeOf(node),
        what: 'the host "*" is for sidecars as well, which cannot have one rule for every host',
        todo: 'name the hosts, or the gateway in gateways without "mesh"',
      };
    }
  }
  if (!allValid) return;
  const told = new Set<string>();
  for (const [one, other] of overlappingHosts(hosts.map(({ value }) => value))) {
    const [a, b] = [hosts[Math.min(one, other)], hosts[Math.max(one, other)]];
    if (a === undefined || b === undefined || told.has(`${one} ${other}`) || !hostsOverlap(a.value, b.value)) continue;
    told.add(`${other} ${one}`);
    yield {
      place: placeOf(b.node),
      what:
        a.value === b.value
          ? `the host ${shown(b.value)} is there twice`
          : `the hosts ${shown(a.value)} and ${shown(b.value)} overlap`,
      todo: 'keep the wider one, or make two VirtualServices of them',
      related: [{ place: placeOf(a.node), message: `${shown(a.value)} is here` }],
    };
  }
}

function* checkTlsRoute(route: YamlNode, hosts: Value, covers: (name: string) => boolean): Problems {
  for (const match of items(at(route, 'match'))) {
    yield* checkMatchBase(match);
    yield* checkSubnets(at(match, 'destinationSubnets'));
    yield* checkSome(match, 'sniHosts', 'the match names no server', 'set sniHosts');
    for (const { node, value } of texts(at(match, 'sniHosts'))) yield* checkSniHost(node, value, covers, hosts);
  }
  yield* checkSome(route, 'match', 'a rule for TLS matches nothing', 'match by sniHosts');
  yield* checkRouted(route);
}

function* checkSniHost(node: YamlNode, name: string, covers: (name: string) => boolean, hosts: Value): Problems {
  if (isIp(name)) {
    yield {
      place: placeOf(node),
      what: `${shown(name)} is an address, and the name that a TLS client sends is never one`,
      effect: 'the rule matches hardly any connection',
      todo: 'match by destinationSubnets in a rule for tcp',
    };
    return;
  }
  const fault = wildcardHostFault(name);
  if (fault !== undefined) {
    yield { place: placeOf(node), what: `the server name ${shown(name)} ${fault}`, todo: 'write the name of a host' };
  } else if (isWhole(hosts) && texts(hosts).length === items(hosts).length && !covers(name)) {
    yield {
      place: placeOf(node),
      what: `the server name ${shown(name)} is covered by none of the hosts of the VirtualService`,
      todo: 'add it to hosts, or correct it',
    };
  }
}

/** Whether a name lies within one of the hosts. */
function coverage(list: Value): (name: string) => boolean {
  const exact = new Set<string>();
  const wild = new Set<string>();
  for (const { value } of texts(list)) {
    if (value.startsWith('*')) wild.add(value.slice(1));
    else exact.add(value);
  }
  return (name) => {
    if (exact.has(name)) return true;
    const tail = name.startsWith('*') ? name.slice(1) : name;
    for (let start = 0; start <= tail.length; start++) if (wild.has(tail.slice(start))) return true;
    return false;
  };
}

function* checkTcpRoute(route: YamlNode): Problems {
  for (const match of items(at(route, 'match'))) {
    yield* checkMatchBase(match);
    yield* checkSubnets(at(match, 'destinationSubnets'));
  }
  yield* checkRouted(route);
}

function* checkRouted(route: YamlNode): Problems {
  yield* checkSome(route, 'route', 'the rule says nothing of where its connections go', 'set route');
  for (const destination of items(at(route, 'route'))) yield* checkDestination(at(destination, 'destination'));
  yield* checkShares(route);
}

function* checkSubnets(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    if (isIpOrCidr(value)) continue;
    yield {
      place: placeOf(node),
      what: `${shown(value)} is no address`,
      todo: 'write an IP address, or a range such as 10.0.0.0/8',
    };
  }
}
