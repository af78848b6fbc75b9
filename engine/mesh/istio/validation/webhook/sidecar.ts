import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, given, isEmptyList, isWhole, items, missing, number, text, texts, unset } from '../read';
import type { Value } from '../read';
import { isDnsLabel, isHost, isPartialWildcard, wildcardHostFault } from '../values/host';
import { checkAnnotations, checkDistinct, checkDnsLabel, checkPort, checkSelector, checkSome, shown } from './common';
import type { Problems } from './common';
import { checkPortSelector } from './destination';
import { checkBind } from './gateway';
import { checkServerPort, isHttp, isTls, protocolOf } from './ports';
import { checkSidecarTls } from './tls';
import { checkConnectionPool } from './traffic-policy';

const SOCKET = 'unix://';

/** What istiod's webhook says of a Sidecar. */
export function* checkSidecar(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  const place = spec ?? resource.titlePlace;
  if (place === undefined || spec?.type === 'unknown') return;
  yield* checkSelector(at(spec, 'workloadSelector'), 'labels');
  const fields = ['ingress', 'egress'];
  const others = ['outboundTrafficPolicy', 'inboundConnectionPool'];
  if (fields.every((field) => isEmptyList(at(spec, field))) && others.every((field) => missing(at(spec, field)))) {
    yield { place: placeOf(place), what: 'the Sidecar says nothing', todo: `set one of ${[...fields, ...others].join(', ')}` };
  }
  yield* checkIngress(items(at(spec, 'ingress')));
  const pool = at(spec, 'inboundConnectionPool');
  yield* checkConnectionPool(pool);
  yield* checkEgress(items(at(spec, 'egress')));
  yield* checkOutbound(at(spec, 'outboundTrafficPolicy'));
}

function* checkIngress(listeners: readonly YamlNode[]): Problems {
  for (const listener of listeners) {
    const port = at(listener, 'port');
    if (given(port)) {
      yield* checkServerPort(port, false);
      if (missing(at(port, 'number'))) yield { place: placeOf(port), what: 'the port has no number', todo: 'set it' };
    }
    const bind = at(listener, 'bind');
    const address = text(bind);
    if (bind !== undefined && address !== undefined && address !== '') yield* checkBind(bind, address);
    yield* checkDefaultEndpoint(listener);
    const tls = at(listener, 'tls');
    yield* checkSidecarTls(tls);
    const protocol = protocolOf(at(port, 'protocol'));
    if (given(tls) && protocol !== undefined && !isTls(protocol)) {
      yield {
        place: placeOfKey(listener, 'tls'),
        what: `a listener of protocol ${protocol} has "tls"`,
        todo: 'set the protocol to HTTPS or TLS',
      };
    }
    const pool = at(listener, 'connectionPool');
    yield* checkConnectionPool(pool);
    if (pool !== undefined && given(at(pool, 'http')) && protocol !== undefined && !isHttp(protocol)) {
      yield {
        place: placeOfKey(pool, 'http'),
        what: `limits for HTTP are set on a port of protocol ${protocol}`,
        effect: 'they have no effect',
        todo: 'set the protocol to HTTP, or remove them',
      };
    }
  }
  yield* checkDistinct(
    listeners,
    (listener) => at(listener, 'port', 'number'),
    (value) => ({ what: `two listeners are on port ${value}`, todo: 'make one of them' }),
  );
}

const ENDPOINT = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]|::1|::)?:(\d{1,5})$/;

function* checkDefaultEndpoint(listener: YamlNode): Problems {
  const node = at(listener, 'defaultEndpoint');
  const endpoint = text(node);
  if (node === undefined || endpoint === undefined || endpoint === '') return;
  if (endpoint.startsWith(SOCKET)) {
    yield* checkBind(node, endpoint);
    return;
  }
  const port = Number(ENDPOINT.exec(endpoint)?.[1] ?? Number.NaN);
  if (port >= 1 && port <= 65535) return;
  yield {
    place: placeOf(node),
    what: `${shown(endpoint)} is not where an application of the pod can listen`,
    todo: 'write 127.0.0.1:port, [::1]:port, 0.0.0.0:port, [::]:port or unix:///path',
  };
}

function* checkEgress(listeners: readonly YamlNode[]): Problems {
  const all = listeners.filter(
    (listener) => listener.type === 'map' && missing(at(listener, 'port')) && unset(at(listener, 'bind')),
  );
  const last = listeners.at(-1);
  const [first, second] = all;
  if (first !== undefined && second !== undefined) {
    yield {
      place: placeOf(second),
      what: 'two listeners are for all ports',
      todo: 'put their hosts together',
      related: [{ place: placeOf(first), message: 'The first is here' }],
    };
  } else if (first !== undefined && first !== last) {
    yield { place: placeOf(first), what: 'the listener for all ports stands before others', todo: 'move it to the end' };
  }
  const seen = new Map<string, YamlNode>();
  for (const listener of listeners) {
    yield* checkEgressAddress(listener);
    yield* checkEgressHosts(listener);
    const bind = text(at(listener, 'bind')) ?? '';
    const port = at(listener, 'port', 'number');
    const key = bind.startsWith(SOCKET) ? bind : number(port) === undefined ? undefined : String(number(port));
    if (key === undefined || key === '0') continue;
    const earlier = seen.get(key);
    const own = bind.startsWith(SOCKET) ? at(listener, 'bind') : port;
    if (own === undefined) continue;
    if (earlier === undefined) seen.set(key, own);
    else
      yield {
        place: placeOf(own),
        what: `two listeners are on ${bind.startsWith(SOCKET) ? shown(key) : `port ${key}`}`,
        todo: 'make one of them',
        related: [{ place: placeOf(earlier), message: 'The first is here' }],
      };
  }
}

function* checkEgressAddress(listener: YamlNode): Problems {
  const bind = at(listener, 'bind');
  const address = text(bind);
  const port = at(listener, 'port');
  const isSocket = address?.startsWith(SOCKET) === true;
  if (bind !== undefined && address !== undefined && address !== '') {
    yield* checkBind(bind, address);
    if (isSocket && text(at(listener, 'captureMode')) === 'IPTABLES') {
      yield {
        place: placeOfKey(listener, 'captureMode'),
        what: 'iptables cannot catch what is sent to a socket',
        todo: 'use DEFAULT or NONE',
      };
    }
  }
  if (!given(port)) return;
  const numeric = at(port, 'number');
  if (isSocket && unset(numeric)) return;
  if (unset(numeric) && port.type === 'map' && !port.open) {
    yield {
      place: placeOfKey(port, 'number'),
      what: 'the port is 0, and the listener is on no socket',
      todo: 'write 1 to 65535, or bind to unix:///path',
    };
  } else yield* checkPort(numeric);
  const name = at(port, 'name');
  if (!unset(name)) yield* checkDnsLabel(name, 'the name of the port');
}

function* checkEgressHosts(listener: YamlNode): Problems {
  yield* checkSome(listener, 'hosts', 'the listener knows no hosts', 'name them, as namespace/host');
  const hosts = texts(at(listener, 'hosts'));
  const seen = new Map<string, YamlNode>();
  for (const { node, value } of hosts) {
    const fault = egressHostFault(value);
    if (fault !== undefined)
      yield {
        place: placeOf(node),
        what: `${shown(value)} ${fault}`,
        todo: 'write namespace/host, such as ./* or shop/cart.shop.svc.cluster.local',
      };
    const first = seen.get(value);
    if (first === undefined) seen.set(value, node);
    else
      yield {
        place: placeOf(node),
        what: `${shown(value)} is there twice`,
        effect: 'the second has no effect',
        todo: 'remove it',
        related: [{ place: placeOf(first), message: 'The first is here' }],
      };
  }
  const everything = seen.get('*/*');
  if (everything === undefined || hosts.length < 2) return;
  yield {
    place: placeOf(everything),
    what: '"*/*" takes in every host, and others are named beside it',
    effect: 'the others have no effect',
    todo: 'remove it, or the others',
  };
}

function egressHostFault(value: string): string | undefined {
  const slash = value.indexOf('/');
  if (slash < 0) return 'names no namespace';
  const [namespace, host] = [value.slice(0, slash), value.slice(slash + 1)];
  if (namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace.replace(/^~/, '') || 'x'))
    return 'begins with what is no namespace';
  if (host === '*') return undefined;
  if (isPartialWildcard(host)) return 'has a wildcard that is not all of the first label';
  const fault = wildcardHostFault(host);
  return fault === undefined ? undefined : `is of a host that ${fault}`;
}

function* checkOutbound(policy: Value): Problems {
  const proxy = at(policy, 'egressProxy');
  if (policy === undefined || !given(proxy)) return;
  const mode = at(policy, 'mode');
  if (mode === undefined ? isWhole(policy) : given(mode) && text(mode) !== 'ALLOW_ANY') {
    yield {
      place: placeOfKey(policy, 'egressProxy'),
      what: '"egressProxy" is set, and traffic for unknown hosts is not let through',
      todo: 'set mode to ALLOW_ANY',
    };
  }
  const host = at(proxy, 'host');
  const name = text(host);
  if (host !== undefined && name !== undefined && !isHost(name)) {
    yield { place: placeOf(host), what: `the proxy ${shown(name)} is no host`, todo: 'write its name in full' };
  }
  const port = at(proxy, 'port');
  if (missing(port) && isWhole(proxy)) yield { place: placeOf(proxy), what: 'the proxy has no port', todo: 'set port.number' };
  yield* checkPortSelector(port);
}
