import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, filled, missing, text, unset } from '../read';
import type { Value } from '../read';
import { checkDnsLabel, checkPort, shown } from './common';
import type { Problems } from './common';

/** Names of protocols, compared without regard to case (pkg/config/protocol/instance.go). */
const PROTOCOLS = [
  'HTTP',
  'HTTPS',
  'GRPC',
  'GRPC-WEB',
  'HTTP2',
  'HTTP_PROXY',
  'MONGO',
  'REDIS',
  'MYSQL',
  'TCP',
  'TLS',
  'UDP',
  'HBONE',
  'DOUBLE-HBONE',
];
const HTTP = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB']);

/** A protocol in capitals; undefined where none is named, or none that Istio knows. */
export function protocolOf(node: Value): string | undefined {
  const name = text(node)?.toUpperCase();
  return name !== undefined && PROTOCOLS.includes(name) ? name : undefined;
}

/** Whether requests of the protocol can be told apart: plain HTTP and what runs on it. */
export function isHttp(protocol: string): boolean {
  return HTTP.has(protocol);
}

export function isTls(protocol: string): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

/** @param isOptional whether the protocol may be left out */
export function* checkProtocol(port: YamlNode, isOptional: boolean): Problems {
  const node = at(port, 'protocol');
  const name = text(node);
  if (node === undefined || name === '') {
    if (!isOptional && missing(node) && port.type === 'map' && !port.open) {
      yield {
        place: placeOf(port),
        what: 'the port names no protocol',
        todo: `write one of ${PROTOCOLS.slice(0, 11).join(', ')}`,
      };
    }
    return;
  }
  if (name === undefined || protocolOf(node) !== undefined) return;
  yield {
    place: placeOf(node),
    what: `${shown(name)} is no protocol that Istio knows`,
    todo: `write one of ${PROTOCOLS.slice(0, 11).join(', ')}`,
  };
}

/** A port of a Gateway or Sidecar: its number, its protocol, and the field that must not be. */
export function* checkServerPort(port: YamlNode, nameNeeded: boolean): Problems {
  yield* checkPort(at(port, 'number'));
  yield* checkProtocol(port, false);
  const name = at(port, 'name');
  if (nameNeeded && name !== undefined && text(name) === '') {
    yield { place: placeOf(name), what: 'the port has an empty name', todo: 'name it' };
  } else if (!nameNeeded && !unset(name)) yield* checkDnsLabel(name, 'the name of the port');
  if (filled(at(port, 'targetPort'))) {
    yield {
      place: placeOfKey(port, 'targetPort'),
      what: '"targetPort" is set, and Istio does not map ports here',
      todo: 'remove it; number is the port that is opened',
    };
  }
}
