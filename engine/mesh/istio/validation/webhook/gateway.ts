import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, filled, given, isTrue, items, missing, number, text, texts } from '../read';
import type { Value } from '../read';
import { isDnsLabel, isPartialWildcard, wildcardHostFault } from '../values/host';
import { isIp } from '../values/ip';
import { checkAnnotations, checkDistinct, checkSome, shown } from './common';
import type { Problems } from './common';
import { checkServerPort, isHttp, isTls, protocolOf } from './ports';
import { checkServerTls } from './tls';

const SOCKET = 'unix://';

/** What istiod's webhook says of a Gateway. */
export function* checkGateway(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const name = resource.at('metadata', 'name');
  const title = text(name);
  if (name !== undefined && title !== undefined && !isDnsLabel(title)) {
    yield {
      place: placeOf(name),
      what: `the name ${shown(title)} has more than letters, digits and hyphens`,
      todo: 'name it without dots',
    };
  }
  const spec = resource.at('spec');
  if (spec === undefined) {
    const place = resource.titlePlace;
    if (place !== undefined) yield { place: placeOf(place), what: 'the Gateway serves nothing', todo: 'set spec.servers' };
    return;
  }
  yield* checkSome(spec, 'servers', 'the Gateway serves nothing', 'set servers');
  const servers = items(at(spec, 'servers'));
  for (const server of servers) yield* checkServer(server);
  yield* checkDistinct(
    servers,
    (server) => at(server, 'port', 'name'),
    (value) => ({ what: `two servers have a port of the name ${shown(value)}`, todo: 'give each port a name of its own' }),
  );
}

function* checkServer(server: YamlNode): Problems {
  yield* checkSome(server, 'hosts', 'the server has no hosts', 'name them, or "*" for all');
  for (const { node, value } of texts(at(server, 'hosts'))) yield* checkServerHost(node, value);
  const port = at(server, 'port');
  const bind = at(server, 'bind');
  const address = text(bind);
  const isSocket = address?.startsWith(SOCKET) === true;
  if (given(port)) {
    // A socket has no port: there the number must be 0.
    if (!isSocket) yield* checkServerPort(port, true);
    else if ((number(at(port, 'number')) ?? 0) !== 0) {
      yield {
        place: placeOfKey(port, 'number'),
        what: 'the server listens on a socket, and has a port',
        todo: 'set the number to 0',
      };
    }
  }
  if (bind !== undefined && address !== undefined && address !== '') yield* checkBind(bind, address);
  yield* checkTlsOfServer(server, port);
}

function* checkServerHost(node: YamlNode, host: string): Problems {
  const slash = host.indexOf('/');
  const namespace = slash < 0 ? undefined : host.slice(0, slash);
  const name = host.slice(slash + 1);
  if (namespace !== undefined && namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace)) {
    yield {
      place: placeOf(node),
      what: `the host ${shown(host)} begins with what is no namespace`,
      todo: 'write namespace/host, ./host or */host',
    };
    return;
  }
  const fault = isPartialWildcard(name) ? 'has a wildcard that is not all of the first label' : wildcardHostFault(name);
  if (fault !== undefined && !isIp(name)) {
    yield {
      place: placeOf(node),
      what: `the host ${shown(host)} ${fault}`,
      todo: 'write a host such as shop.example.com, or *.example.com',
    };
  } else if (name !== '*' && !name.includes('.') && !isIp(name)) {
    yield { place: placeOf(node), what: `the host ${shown(host)} is a short name`, todo: 'write it in full, with its domain' };
  }
}

/** An address to listen on, or a socket. */
export function* checkBind(node: YamlNode, bind: string): Problems {
  if (bind.startsWith(SOCKET)) {
    if (!/^[/@]/.test(bind.slice(SOCKET.length))) {
      yield { place: placeOf(node), what: `${shown(bind)} is no absolute path`, todo: 'write unix:///path of the socket' };
    }
  } else if (!isIp(bind)) {
    yield {
      place: placeOf(node),
      what: `${shown(bind)} is no address`,
      todo: 'write an IP address, or unix:///path of a socket',
    };
  }
}

function* checkTlsOfServer(server: YamlNode, port: Value): Problems {
  const tls = at(server, 'tls');
  yield* checkServerTls(tls);
  const protocol = protocolOf(at(port, 'protocol'));
  if (protocol === undefined || !given(port)) return;
  if (missing(tls)) {
    if (isTls(protocol)) {
      const todo = 'set tls, with a certificate or mode PASSTHROUGH';
      yield { place: placeOfKey(port, 'protocol'), what: `the server of protocol ${protocol} has no "tls"`, todo };
    }
    return;
  }
  if (!given(tls)) return;
  const redirects = isTrue(at(tls, 'httpsRedirect'));
  if (isHttp(protocol)) {
    const mode = at(tls, 'mode');
    const isEnded = given(mode) && !text(mode)?.endsWith('PASSTHROUGH');
    const field = isEnded ? 'mode' : FILES.find((one) => filled(at(tls, one)));
    if (field !== undefined) {
      yield {
        place: placeOfKey(tls, field),
        what: `a server of protocol ${protocol} has "tls" with more than httpsRedirect`,
        todo: 'set the protocol to HTTPS, or keep httpsRedirect alone',
      };
    }
  } else if (TCP_LIKE.has(protocol)) {
    yield {
      place: placeOfKey(server, 'tls'),
      what: `a server of protocol ${protocol} has "tls"`,
      todo: 'set the protocol to TLS, or remove it',
    };
  } else if (redirects) {
    yield {
      place: placeOfKey(tls, 'httpsRedirect'),
      what: `a server of protocol ${protocol} has "httpsRedirect"`,
      effect: 'it has no effect: only plain HTTP is redirected',
      todo: 'move it to the server of protocol HTTP',
    };
  }
}

/** What turns TLS on where a server of plain HTTP has none. */
const FILES = ['serverCertificate', 'privateKey', 'caCertificates'];
const TCP_LIKE = new Set(['TCP', 'MONGO', 'MYSQL', 'REDIS', 'UDP']);
