import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, entries, filled, given, isEmptyList, isWhole, items, keyText, missing, text, texts, unset, wordAt } from '../read';

import { isDnsLabel, isHost, isHostOrIp, isPartialWildcard, wildcardHostFault } from '../values/host';
import { isIp, isIpOrCidr } from '../values/ip';
import { checkAnnotations, checkDnsLabel, checkExportTo, checkPort, checkSelector, shown } from './common';
import type { Problems } from './common';
import { checkProtocol, isHttp, isTls, protocolOf } from './ports';
import { checkWorkload } from './workload-entry';

const SOCKET = 'unix://';
const USE_WAYPOINT = 'istio.io/use-waypoint';

/** What istiod's webhook says of a ServiceEntry, apart from addresses that a TCP port needs, which depends on the mesh. */
export function* checkServiceEntry(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  if (!given(spec)) return;
  const resolution = wordAt(at(spec, 'resolution'), 'NONE');
  yield* checkSelector(at(spec, 'workloadSelector'), 'labels');
  yield* checkHosts(spec, resolution);
  for (const { node, value } of texts(at(spec, 'addresses'))) {
    if (!isIpOrCidr(value)) {
      yield {
        place: placeOf(node),
        what: `${shown(value)} is no address`,
        todo: 'write an IP address, or a range such as 10.0.0.0/24',
      };
    }
  }
  const ports = items(at(spec, 'ports'));
  for (const port of ports) {
    yield* checkDnsLabel(at(port, 'name'), 'the name of the port');
    yield* checkProtocol(port, true);
    yield* checkPort(at(port, 'number'));
    if (filled(at(port, 'targetPort'))) yield* checkPort(at(port, 'targetPort'));
  }
  for (const endpoint of items(at(spec, 'endpoints'))) yield* checkWorkload(endpoint);
  yield* checkResolution(resource, spec, resolution);
  yield* checkSharedPorts(spec, resolution);
  yield* checkExportTo(at(spec, 'exportTo'), resource, { none: true });
}

function* checkHosts(spec: YamlNode, resolution: string | undefined): Problems {
  for (const { node, value } of texts(at(spec, 'hosts'))) {
    // "*" is CEL's to refuse.
    if (value === '*') continue;
    const fault = wildcardHostFault(value);
    if (fault !== undefined)
      yield { place: placeOf(node), what: `the host ${shown(value)} ${fault}`, todo: 'write the name of a host' };
    else if (isPartialWildcard(value) && resolution !== undefined && resolution !== 'DYNAMIC_DNS') {
      yield {
        place: placeOf(node),
        what: `the wildcard of ${shown(value)} stands for a part of a label`,
        effect: 'proxies that compare whole labels do not match it',
        todo: 'write *. and a domain',
      };
    }
  }
}

function* checkResolution(resource: Resource, spec: YamlNode, resolution: string | undefined): Problems {
  switch (resolution) {
    case 'NONE':
      if (given(at(spec, 'workloadSelector'))) {
        yield {
          place: placeOfKey(spec, 'workloadSelector'),
          what: 'workloads are selected, and resolution NONE sends traffic to the address that the client asked for',
          effect: 'the selector has no effect',
          todo: 'set resolution to STATIC',
        };
      }
      return;
    case 'STATIC':
      yield* checkStatic(spec);
      return;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      yield* checkDns(spec, resolution);
      return;
    case 'DYNAMIC_DNS':
      yield* checkDynamicDns(resource, spec);
      return;
    default:
  }
}

function* checkStatic(spec: YamlNode): Problems {
  const ports = items(at(spec, 'ports'));
  for (const endpoint of items(at(spec, 'endpoints'))) {
    const address = at(endpoint, 'address');
    const written = text(address);
    if (address !== undefined && written?.startsWith(SOCKET) === true) {
      if (isWhole(at(spec, 'ports')) && ports.length !== 1) {
        yield {
          place: placeOf(address),
          what: `an endpoint is a socket, and the service has ${ports.length} ports`,
          todo: 'give the service one port',
        };
      }
    } else if (address !== undefined && written !== undefined && written !== '' && !isIp(written)) {
      yield {
        place: placeOf(address),
        what: `resolution STATIC takes addresses, and ${shown(written)} is a name`,
        todo: 'write its IP address, or set resolution to DNS',
      };
    }
    yield* checkEndpointPorts(spec, endpoint);
  }
}

function* checkDns(spec: YamlNode, resolution: string): Problems {
  const endpoints = at(spec, 'endpoints');
  if (isEmptyList(endpoints) && missing(at(spec, 'workloadSelector'))) {
    for (const { node, value } of texts(at(spec, 'hosts'))) {
      if (isHost(value) || wildcardHostFault(value) !== undefined || value === '*') continue;
      yield {
        place: placeOf(node),
        what: `resolution ${resolution} has no endpoints to ask for, and the host ${shown(value)} is a wildcard`,
        todo: 'name the host in full, add endpoints, or set resolution to NONE',
      };
    }
  }
  for (const endpoint of items(endpoints)) {
    const address = at(endpoint, 'address');
    const written = text(address);
    if (address !== undefined && written !== undefined && written !== '' && !isHostOrIp(written)) {
      yield {
        place: placeOf(address),
        what: `DNS cannot be asked for ${shown(written)}`,
        todo: 'write the name of a host, or an address',
      };
    }
    yield* checkEndpointPorts(spec, endpoint);
  }
  const [first, second] = items(at(spec, 'addresses'));
  const hosts = items(at(spec, 'hosts'));
  const tcp = items(at(spec, 'ports')).find((port) => protocolOf(at(port, 'protocol')) === 'TCP');
  if (first !== undefined && tcp !== undefined && hosts.length > 1) {
    yield {
      place: placeOf(first),
      what: `${second === undefined ? 'an address is' : 'addresses are'} given for ${hosts.length} hosts with a port of protocol TCP`,
      effect: 'by the address alone the proxy cannot tell the hosts apart: all of their traffic goes to one of them',
      todo: 'make a ServiceEntry for each host',
    };
  }
}

/** Ports that an endpoint maps must be ports of the service. */
function* checkEndpointPorts(spec: YamlNode, endpoint: YamlNode): Problems {
  const ports = at(spec, 'ports');
  const names = items(ports).map((port) => text(at(port, 'name')));
  if (!isWhole(ports) || names.includes(undefined)) return;
  for (const entry of entries(at(endpoint, 'ports'))) {
    const name = keyText(entry);
    if (names.includes(name) || !isDnsLabel(name)) continue;
    yield {
      place: { node: entry.key },
      what: `the endpoint maps port ${shown(name)}, which the service does not have`,
      todo: 'use the name of one of its ports',
    };
  }
}

const DYNAMIC_PROTOCOLS = ['HTTP', 'TLS', 'GRPC', 'HTTP2'];

function* checkDynamicDns(resource: Resource, spec: YamlNode): Problems {
  for (const { node, value } of texts(at(spec, 'hosts'))) {
    if (value.startsWith('*')) continue;
    yield {
      place: placeOf(node),
      what: `resolution DYNAMIC_DNS is for wildcards, and ${shown(value)} is none`,
      todo: 'set resolution to DNS',
    };
  }
  for (const field of ['addresses', 'endpoints']) {
    if (!filled(at(spec, field))) continue;
    yield {
      place: placeOfKey(spec, field),
      what: `"${field}" are given, and DYNAMIC_DNS asks DNS for the name of each request`,
      todo: `remove ${field}`,
    };
  }
  for (const port of items(at(spec, 'ports'))) {
    const node = at(port, 'protocol');
    const protocol = protocolOf(node);
    const isLeftOut = unset(node) && port.type === 'map' && !port.open;
    if (!isLeftOut && (protocol === undefined || DYNAMIC_PROTOCOLS.includes(protocol))) continue;
    yield {
      place: placeOf(node ?? port),
      what: `a port of protocol ${protocol ?? 'TCP'} carries no name that DYNAMIC_DNS could ask for`,
      todo: `use one of ${DYNAMIC_PROTOCOLS.join(', ')}`,
    };
  }
  const waypoint = resource.labels.get(USE_WAYPOINT);
  if (text(at(spec, 'location')) === 'MESH_INTERNAL' && waypoint.is === 'known') {
    yield {
      place: { node: waypoint.key },
      what: 'a waypoint is asked for, and DYNAMIC_DNS within the mesh has none',
      todo: 'set location to MESH_EXTERNAL, or remove the label',
    };
  }
}

/** Several hosts on one port can be told apart by HTTP and TLS alone. */
function* checkSharedPorts(spec: YamlNode, resolution: string | undefined): Problems {
  if (resolution === undefined || resolution === 'NONE' || items(at(spec, 'hosts')).length < 2) return;
  for (const port of items(at(spec, 'ports'))) {
    const node = at(port, 'protocol');
    const protocol = protocolOf(node);
    if (protocol === undefined || isHttp(protocol) || isTls(protocol) || !given(node)) continue;
    yield {
      place: placeOf(node),
      what: `several hosts share a port of protocol ${protocol}, by which they cannot be told apart`,
      todo: 'make a ServiceEntry for each host, or set resolution to NONE',
    };
  }
}
